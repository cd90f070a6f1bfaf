"""A bar chart in SVG: how many times the instructions of C at -O2 a kernel takes, by kind."""

from results import COMPILED, INTERPRETED, KERNELS

WIDTH, LEFT, BAR, GAP, TOP = 760, 90, 12, 14, 56
COLOURS = {"size": "#8da0cb", "balanced": "#66c2a5", "speed": "#fc8d62", "compiled-Os": "#e5c494", "compiled-O2": "#a6761d"}
KINDS = [*INTERPRETED, *COMPILED]


def ratios(results, board):
    """Kernels with the ratio of each kind."""
    for guest in KERNELS:
        row = {}
        for profile in KINDS:
            run, native = results.run(board, profile, guest), results.native(board, "-O2", guest)
            if run and native:
                row[profile] = run / native
        if row:
            yield guest, row


def plot(results, board):
    """The chart of a board."""
    rows = list(ratios(results, board))
    largest = max(ratio for _, row in rows for ratio in row.values())
    scale = (WIDTH - LEFT - 60) / largest
    shapes, y = [], TOP
    for guest, row in rows:
        middle = y + len(row) * BAR / 2
        shapes.append(f'<text x="{LEFT - 8}" y="{middle:.0f}" text-anchor="end" dominant-baseline="middle">{guest}</text>')
        for profile, ratio in row.items():
            width = ratio * scale
            shapes.append(f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR - 1}" fill="{COLOURS[profile]}"/>')
            shapes.append(f'<text x="{LEFT + width + 4:.1f}" y="{y + BAR - 3}" font-size="10">{ratio:.1f}</text>')
            y += BAR
        y += GAP
    legend = []
    for i, profile in enumerate(KINDS):
        legend.append(f'<rect x="{LEFT + i * 110}" y="32" width="12" height="12" fill="{COLOURS[profile]}"/>')
        legend.append(f'<text x="{LEFT + i * 110 + 18}" y="42">{profile}</text>')
    title = f"Instructions on {board}, as a multiple of those of the same code in C at -O2"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{y}" fill="white"/>',
        f'<text x="{LEFT}" y="20" font-size="14">{title}</text>',
        *legend,
        *shapes,
        "</svg>\n",
    ])
