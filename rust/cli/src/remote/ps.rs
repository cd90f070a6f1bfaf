//! `zephyr-wasm ps`: the apps of a board.

use super::board::{Address, Board, Manner};
use super::protocol::{Listed, code};
use crate::keys::Hex;
use anyhow::Result;
use clap::Args;
use std::process::ExitCode;

/// Lists the apps of a board: what is installed or embedded, and what it does.
#[derive(Args)]
pub struct Ps {
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    manner: Manner,
    /// As JSON, one app a line.
    #[arg(long)]
    json: bool,
}

impl Ps {
    pub fn execute(&self) -> Result<ExitCode> {
        let (apps, free) = Board::connect(&self.address, &self.manner)?.list()?;
        if self.json {
            apps.iter().for_each(|app| say!("{}", json(app)));
            return Ok(ExitCode::SUCCESS);
        }
        say!(
            "{:<20} {:<10} {:>8}  {:<9} {:<16}  {:<11}  DOES",
            "NAME",
            "VERSION",
            "BYTES",
            "STATE",
            "SIGNED BY",
            "CODE"
        );
        for app in &apps {
            say!(
                "{:<20} {:<10} {:>8}  {:<9} {:<16}  {:<11}  {}",
                app.name.as_deref().unwrap_or_default(),
                app.version,
                app.size,
                app.state,
                app.key.as_deref().map_or_else(|| "-".to_owned(), |key| Hex(key).to_string()),
                app.compiled.map_or("-", code),
                app.run.as_deref().unwrap_or("-")
            );
        }
        say!("{free} bytes are free");
        Ok(ExitCode::SUCCESS)
    }
}

fn json(app: &Listed) -> serde_json::Value {
    let hex = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(|bytes| Hex(bytes).to_string());
    serde_json::json!({
        "name": app.name, "version": app.version, "size": app.size, "state": app.state,
        "run": app.run, "compiled": app.compiled, "hash": hex(&app.hash), "key": hex(&app.key),
    })
}
