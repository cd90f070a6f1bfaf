//! A board on the other end of a wire.

use super::patience::{Serial, Udp};
use super::protocol::{GROUP, Info, List, Listed, Payload, Request, UPLOAD_OVERHEAD, Upload, Uploaded};
use crate::text::shown;
use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use mcumgr_toolkit::MCUmgrClient;
use mcumgr_toolkit::client::MCUmgrClientError;
use mcumgr_toolkit::connection::ExecuteError;
use std::time::Duration;
use zephyr_wasm_signature::digest;

/// The port of SMP over UDP.
const PORT: u16 = 1337;
/// The rate of a serial port, if none is given.
const RATE: u32 = 115_200;
/// The frames of a board that does not say what it takes: MCUmgr's default is 384.
const SMALLEST_FRAME: usize = 384;

/// Where a board is.
#[derive(Args, Clone, Debug)]
#[group(required = false, multiple = false)]
pub struct Address {
    /// The board at this host, by UDP.
    #[arg(long, value_name = "HOST[:PORT]")]
    pub udp: Option<String>,
    /// The board at this serial port.
    #[arg(long, value_name = "DEVICE[:BAUD]")]
    pub serial: Option<String>,
}

impl Address {
    /// What people call it.
    pub fn text(&self) -> String {
        match (&self.udp, &self.serial) {
            (Some(udp), _) => udp.clone(),
            (_, Some(serial)) => serial.clone(),
            _ => "no board".into(),
        }
    }
}

/// How to speak to boards.
#[derive(Args, Clone, Debug)]
pub struct Manner {
    /// How long to wait for an answer in milliseconds.
    #[arg(long, default_value_t = 2000)]
    timeout: u64,
    /// How often to ask again.
    #[arg(long, default_value_t = 4)]
    retries: u8,
    /// The number of the group: CONFIG_WASM_SMP_GROUP of the board.
    #[arg(long, default_value_t = GROUP)]
    group: u16,
}

/// More apps than any board has: the list of one that says more has no end.
const MOST_APPS: u32 = 1000;
/// How often a board may say where it is in an upload without being any further.
const MOST_REPEATS: usize = 20;

/// A board that answers.
pub struct Board {
    client: MCUmgrClient,
    group: u16,
    frame: usize,
}

impl Board {
    /// Connects to a board.
    ///
    /// # Errors
    /// What is wrong with its address, or the way there.
    pub fn connect(address: &Address, manner: &Manner) -> Result<Self> {
        let timeout = Duration::from_millis(manner.timeout);
        let client = match (&address.udp, &address.serial) {
            (Some(udp), _) => {
                let whole = if udp.contains(':') { udp.clone() } else { format!("{udp}:{PORT}") };
                let way = Udp::connect(&whole, timeout).with_context(|| format!("cannot reach {whole}"))?;
                MCUmgrClient::new_from_transport(way)
            }
            (_, Some(serial)) => {
                let (device, rate) =
                    match serial.rsplit_once(':').map(|(device, rate)| (device, rate.parse())) {
                        Some((device, Ok(rate))) => (device, rate),
                        _ => (serial.as_str(), RATE),
                    };
                let port = serialport::new(device, rate)
                    .timeout(timeout)
                    .open()
                    .with_context(|| format!("cannot open {device}"))?;
                MCUmgrClient::new_from_transport(Serial::transport(port, timeout))
            }
            _ => bail!("which board? --udp HOST, --serial DEVICE, or push --all --devices FILE"),
        };
        client.set_retries(manner.retries);
        let frame = match client.os_mcumgr_parameters() {
            Ok(parameters) => {
                (parameters.buf_size as usize).min(if address.udp.is_some() { 1024 } else { usize::MAX })
            }
            Err(error) if is_silence(&error) => {
                bail!(
                    "{} does not answer; is it on, and does its firmware have CONFIG_MCUMGR?",
                    address.text()
                )
            }
            Err(_) => SMALLEST_FRAME,
        };
        Ok(Board { client, group: manner.group, frame })
    }

    /// Has the board do something.
    ///
    /// # Errors
    /// What the board says, or that it does not.
    pub fn ask<P: Payload>(&self, payload: P) -> Result<P::Response> {
        self.client.raw_command(&Request::new(self.group, payload)).map_err(explain)
    }

    /// All its apps, and how much room there is.
    pub fn list(&self) -> Result<(Vec<Listed>, u32)> {
        let mut apps = Vec::new();
        for index in 0..MOST_APPS {
            let listed = self.ask(List { index })?.shown();
            let (end, free) = (listed.end, listed.free);
            if listed.name.is_some() {
                apps.push(listed);
            }
            if end {
                return Ok((apps, free));
            }
        }
        bail!("the board says that it has more than {MOST_APPS} apps")
    }

    /// What the board has of an app's file, if it has installed it.
    pub fn find(&self, app: &[u8]) -> Result<Option<Listed>> {
        let sha = digest(app);
        let (apps, _) = self.list()?;
        Ok(apps.into_iter().find(|listed| listed.hash.as_deref() == Some(sha.as_slice())))
    }

    /// Whether an app of that name is loaded and has not ended.
    pub fn is_alive(&self, name: &str) -> bool {
        self.ask(Info { name }).is_ok_and(|used| !used.has_ended())
    }

    /// Brings an app, from where it is: `progress` is told how much is there.
    pub fn upload(&self, app: &[u8], start: bool, progress: &mut dyn FnMut(usize)) -> Result<Uploaded> {
        let sha = digest(app);
        let size = u32::try_from(app.len()).context("too large an app")?;
        let most = self.frame.saturating_sub(UPLOAD_OVERHEAD).max(32);
        // Nothing, to learn what is there already.
        let mut answer = self.ask(Upload { off: 0, len: Some(size), sha: &sha, data: &[], start })?;
        let (mut farthest, mut repeats) = (0, 0);
        loop {
            let off = answer.off as usize;
            repeats = if off > farthest { 0 } else { repeats + 1 };
            farthest = farthest.max(off);
            if repeats > MOST_REPEATS {
                bail!("the board does not get further than {farthest} bytes");
            }
            progress(off.min(app.len()));
            let Some(rest) = app.get(off..) else { bail!("the board has more than there is: {off} bytes") };
            if rest.is_empty() {
                return Ok(answer);
            }
            let data = &rest[..rest.len().min(most)];
            let len = (off == 0).then_some(size);
            answer = self.ask(Upload { off: answer.off, len, sha: &sha, data, start })?;
        }
    }
}

fn is_silence(error: &MCUmgrClientError) -> bool {
    matches!(
        error,
        MCUmgrClientError::ExecuteError(ExecuteError::ReceiveFailed(_) | ExecuteError::SendFailed(_))
    )
}

/// What the board has said, without the way it came.
fn explain(error: MCUmgrClientError) -> anyhow::Error {
    match error {
        MCUmgrClientError::ExecuteError(ExecuteError::ErrorResponse(error)) => anyhow!("{}", said(&error)),
        error if is_silence(&error) => anyhow!("the board does not answer"),
        error => anyhow::Error::new(error),
    }
}

fn said(error: &mcumgr_toolkit::smp_errors::DeviceError) -> String {
    use mcumgr_toolkit::smp_errors::DeviceError;
    const NOT_SUPPORTED: i32 = 8;
    match error {
        DeviceError::V1 { rsn: Some(reason), .. } => shown(reason),
        DeviceError::V1 { rc: NOT_SUPPORTED, .. } => {
            "its firmware has no such command (CONFIG_WASM_SMP, CONFIG_WASM_SMP_GROUP)".into()
        }
        other => other.to_string(),
    }
}
