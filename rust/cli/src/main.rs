//! The command line tool of zephyr-wasm.

#[global_allocator]
static ALLOCATOR: zephyr_wasm_platform_desk::RegionAllocator = zephyr_wasm_platform_desk::RegionAllocator;

fn main() -> std::process::ExitCode {
    zephyr_wasm_cli::main()
}
