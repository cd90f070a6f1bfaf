//! Boards on the other end of a wire: what is done with them by Zephyr's management protocol.

mod board;
mod fleet;
mod logs;
mod patience;
mod protocol;
mod ps;
mod push;
mod revoke;
mod task;
mod trial;

use anyhow::Result;
use board::{Address, Board, Manner};
use clap::Args;
use protocol::{Confirm, Done, Erase, Info, Rollback, Start, Stop};
use std::process::ExitCode;

pub use logs::Logs;
pub use ps::Ps;
pub use push::Push;
pub use revoke::Revoke;

/// An app of a board.
#[derive(Args)]
pub struct Named {
    /// What its manifest calls it.
    name: String,
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    manner: Manner,
}

/// What is done with an app of a board.
#[derive(Clone, Copy)]
pub enum Doing {
    Start,
    Stop,
    Erase,
    Info,
    Confirm,
    Rollback,
}

impl Named {
    pub fn execute(&self, doing: Doing) -> Result<ExitCode> {
        let board = Board::connect(&self.address, &self.manner)?;
        let name = self.name.as_str();
        let done = match doing {
            Doing::Start => board.ask(Start { name }),
            Doing::Stop => board.ask(Stop { name }),
            Doing::Erase => board.ask(Erase { name }),
            Doing::Confirm => board.ask(Confirm { name }),
            Doing::Rollback => board.ask(Rollback { name }),
            Doing::Info => {
                say!("{}", board.ask(Info { name })?);
                if let Some(failed) = trial::failed(&board, name) {
                    say!("failed    {failed}");
                }
                return Ok(ExitCode::SUCCESS);
            }
        };
        let Done {} = done?;
        Ok(ExitCode::SUCCESS)
    }
}
