// An app for zephyr-wasm.

// The functions of wit/log.wit and wit/clocks.wit. A text is a pointer and how many bytes it has.
extern "wasi:logging/logging@0.1.0-draft" fn log(level: i32, context: [*]const u8, context_size: usize, text: [*]const u8, size: usize) void;
extern "wasi:clocks/monotonic-clock@0.3.0" fn @"wait-for"(nanoseconds: u64) void;

fn info(text: []const u8) void {
    log(2, text.ptr, 0, text.ptr, text.len);
}

export fn run() i32 {
    for ([_][]const u8{ "hello, 1", "hello, 2", "hello, 3" }) |text| {
        info(text);
        @"wait-for"(10_000_000);
    }
    return 0;
}
