//! The command line tool of zephyr-wasm.

#[global_allocator]
static ALLOCATOR: zephyr_wasm_platform_host::RegionAllocator = zephyr_wasm_platform_host::RegionAllocator;

fn main() -> std::process::ExitCode {
    // Who closes our output has seen enough, as `zephyr-wasm check app.wasm | head -1`.
    sigpipe::reset();
    zephyr_wasm_cli::main()
}
