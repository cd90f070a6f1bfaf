//! The command line tool of zephyr-wasm: runs apps on the desk, and prepares them for a board.

mod bindings;
mod call;
mod check;
mod component;
mod contract;
mod docs;
mod host;
mod keys;
mod manifest;
mod module;
mod new;
mod pack;
mod run;
mod shrink;
mod sign;
mod supervise;
mod watch;
mod world;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Runs sandboxed WebAssembly apps on the desk as a board would, and prepares them for one.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    New(new::New),
    Run(run::Run),
    Call(call::Call),
    Check(check::Check),
    Pack(pack::Pack),
    Keygen(keys::Keygen),
    Sign(sign::Sign),
    Verify(sign::Verify),
    #[command(hide = true)]
    Keys(keys::Keys),
    Component(component::Component),
    Bindings(bindings::Bindings),
    Host(host::Host),
    Docs(docs::Docs),
}

#[global_allocator]
static ALLOCATOR: zephyr_wasm_platform_desk::RegionAllocator = zephyr_wasm_platform_desk::RegionAllocator;

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::New(new) => new.execute(),
        Command::Run(run) => run.execute(),
        Command::Call(call) => call.execute(),
        Command::Check(check) => check.execute(),
        Command::Pack(pack) => pack.execute(),
        Command::Keygen(keygen) => keygen.execute(),
        Command::Sign(sign) => sign.execute(),
        Command::Verify(verify) => verify.execute(),
        Command::Keys(keys) => keys.execute(),
        Command::Component(component) => component.execute(),
        Command::Bindings(bindings) => bindings.execute(),
        Command::Host(host) => host.execute(),
        Command::Docs(docs) => docs.execute(),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
