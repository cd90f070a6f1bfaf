//! The command line tool of zephyr-wasm: runs apps on this machine, and prepares them for a board. What is public is for its
//! binary, and for the fuzzers in `tests/fuzz`.

#![deny(clippy::print_stdout)]

#[macro_use]
mod say;

mod added;
mod allowed;
mod bindings;
mod call;
mod check;
mod code;
mod compile;
mod component;
mod contract;
mod data;
mod declared;
mod docs;
mod dump;
mod entry;
mod explain;
mod fits;
pub mod fuzz;
mod host;
mod image;
mod input;
mod keys;
mod lines;
mod machine;
mod manifest;
mod meant;
mod module;
mod native;
mod new;
mod pack;
mod post_mortem;
mod program;
mod remote;
mod renamed;
mod replace;
mod run;
mod shrink;
mod sign;
mod stack;
mod supervise;
mod temporary;
mod text;
mod trace;
mod watch;
mod world;

use clap::{Parser, Subcommand};
use remote::Doing;
use std::process::ExitCode;

/// Runs sandboxed WebAssembly apps on this machine as a board would, and prepares them for one.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    New(new::New),
    Run(Box<run::Run>),
    Call(Box<call::Call>),
    Check(check::Check),
    Pack(pack::Pack),
    Compile(compile::Compile),
    Image(image::Image),
    Push(remote::Push),
    Ps(remote::Ps),
    Logs(remote::Logs),
    /// Starts an app of a board.
    Start(remote::Named),
    /// Stops an app of a board.
    Stop(remote::Named),
    /// Erases an app of a board, and all its versions.
    Rm(remote::Named),
    /// Tells what an app of a board uses, and how it ended.
    Info(remote::Named),
    /// Ends the trial of an app of a board: it stays.
    Confirm(remote::Named),
    /// Goes back to the version before.
    Rollback(remote::Named),
    Revoke(remote::Revoke),
    Keygen(keys::Keygen),
    Sign(sign::Sign),
    Verify(sign::Verify),
    #[command(hide = true)]
    Keys(keys::Keys),
    Explain(explain::Explain),
    #[command(name = "core")]
    Dump(dump::Dump),
    Component(component::Component),
    Bindings(bindings::Bindings),
    Host(host::Host),
    #[command(hide = true)]
    HostBindings(host::HostBindings),
    Docs(docs::Docs),
}

/// Does what the command line says.
pub fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::New(new) => new.execute(),
        Command::Run(run) => run.execute(),
        Command::Call(call) => call.execute(),
        Command::Check(check) => check.execute(),
        Command::Pack(pack) => pack.execute(),
        Command::Compile(compile) => compile.execute(),
        Command::Image(image) => image.execute(),
        Command::Push(push) => push.execute(),
        Command::Ps(ps) => ps.execute(),
        Command::Logs(logs) => logs.execute(),
        Command::Start(named) => named.execute(Doing::Start),
        Command::Stop(named) => named.execute(Doing::Stop),
        Command::Rm(named) => named.execute(Doing::Erase),
        Command::Info(named) => named.execute(Doing::Info),
        Command::Confirm(named) => named.execute(Doing::Confirm),
        Command::Rollback(named) => named.execute(Doing::Rollback),
        Command::Revoke(revoke) => revoke.execute(),
        Command::Keygen(keygen) => keygen.execute(),
        Command::Sign(sign) => sign.execute(),
        Command::Verify(verify) => verify.execute(),
        Command::Keys(keys) => keys.execute(),
        Command::Explain(explain) => explain.execute(),
        Command::Dump(dump) => dump.execute(),
        Command::Component(component) => component.execute(),
        Command::Bindings(bindings) => bindings.execute(),
        Command::Host(host) => host.execute(),
        Command::HostBindings(bindings) => bindings.execute(),
        Command::Docs(docs) => docs.execute(),
    };
    result.unwrap_or_else(|error| {
        // It may quote a file, or a board.
        eprintln!("error: {}", text::shown(&format!("{error:#}")));
        ExitCode::FAILURE
    })
}
