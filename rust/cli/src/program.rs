//! What `zephyr-wasm run` gives to WASI programs: arguments, environment and directories.

use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::Path;
use zephyr_wasm_api::wasi::guest_and_board;
use zephyr_wasm_platform_host::{Command, World};

/// What WASI programs are given, in place of what their manifests grant. The shell's `wasm run` has the same options.
#[derive(Args)]
#[command(next_help_heading = "WASI programs")]
pub struct Program {
    /// A directory that the program has: `GUEST=DIR`, or one path for both, behind a `=` if it has one.
    #[arg(short, long = "dir", value_name = "[GUEST=]DIR")]
    dirs: Vec<String>,
    /// A directory that it may only read.
    #[arg(short, long, value_name = "[GUEST=]DIR")]
    read_only: Vec<String>,
    /// A variable of its environment.
    #[arg(short, long, value_name = "NAME=VALUE")]
    env: Vec<String>,
    /// A file system of the board: `/lfs=DIR` has directories of manifests in that of this machine.
    #[arg(long, value_name = "BOARD=DIR")]
    mount: Vec<String>,
    /// The program's arguments.
    #[arg(last = true, value_name = "ARGUMENTS")]
    args: Vec<String>,
}

impl Program {
    /// What a program of that name is given; none if its manifest has to say.
    pub fn command(&self, name: &str) -> Option<Command> {
        let nothing = [&self.args, &self.env, &self.dirs, &self.read_only].iter().all(|all| all.is_empty());
        let args = std::iter::once(name.to_owned()).chain(self.args.iter().cloned()).collect();
        (!nothing).then(|| Command {
            args,
            env: self.env.clone(),
            dirs: self.dirs.clone(),
            read_only: self.read_only.clone(),
        })
    }

    /// Adds the file systems to the board.
    ///
    /// # Errors
    /// What is no directory.
    pub fn mount(&self, world: &mut World) -> Result<()> {
        for mount in &self.mount {
            let (board, host) = mount.split_once('=').context("--mount: BOARD=DIR, as /lfs=card")?;
            if !board.starts_with('/') {
                bail!("--mount {mount}: a file system of a board begins with `/`");
            }
            if !Path::new(host).is_dir() {
                bail!("--mount {mount}: {host} is no directory");
            }
            world.mounts.push((board.to_owned(), host.into()));
        }
        for dir in self.dirs.iter().chain(&self.read_only) {
            let (_, board) = guest_and_board(dir);
            let within = |(mount, _): &(String, _)| {
                board
                    .strip_prefix(mount.trim_end_matches('/'))
                    .is_some_and(|r| r.is_empty() || r.starts_with('/'))
            };
            if world.mounts.iter().any(within) {
                continue;
            }
            // Not of the board: a directory of this machine.
            if !Path::new(board).is_dir() {
                let whole = Path::new(dir.as_str()).is_dir();
                let hint =
                    if whole { format!("; for the directory {dir} write ={dir}") } else { String::new() };
                bail!("{board}: no such directory, and no --mount has it{hint}");
            }
            world.mounts.push((board.to_owned(), board.into()));
        }
        Ok(())
    }
}
