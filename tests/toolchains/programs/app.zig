// SPDX-License-Identifier: Apache-2.0
//
// An app in Zig. The host function is imported as it is.

extern "wasi:logging/logging@0.1.0-draft" fn log(level: i32, context: [*]const u8, context_size: usize, text: [*]const u8, size: usize) void;

var composite: [1000]bool = @splat(false);

export fn run() i32 {
    const text = "counted";
    log(2, text, 0, text, text.len);
    var count: i32 = 0;
    for (2..composite.len) |number| {
        if (composite[number]) continue;
        count += 1;
        var multiple = number * 2;
        while (multiple < composite.len) : (multiple += number) composite[multiple] = true;
    }
    return count;
}
