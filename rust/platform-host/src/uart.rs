//! `zephyr:uart` over a file or terminal of the system, or led back to the app.

use crate::current;
use crate::platform::HostPlatform;
use crate::pool::{Pool, lock};
use crate::shared::Shared;
use crate::wait::wait_for;
use crate::world::world;
use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Mutex;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::uart::Device;

struct Port {
    name: String,
    leads_to: Option<File>,
    /// What was written and led back, and how much of that was lost.
    back: Mutex<(VecDeque<u8>, u32)>,
}

static PORTS: Pool<Port> = Pool::new();

impl Port {
    fn read(&self, buffer: &mut [u8]) -> Option<Result<u32, Failure>> {
        match &self.leads_to {
            Some(file) => match (&*file).read(buffer) {
                Ok(0) => None,
                Ok(length) => Some(Ok(length as u32)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => None,
                Err(_) => Some(Err(Failure::Io)),
            },
            None => {
                let back = &mut lock(&self.back).0;
                let length = back.len().min(buffer.len());
                for (place, byte) in buffer.iter_mut().zip(back.drain(..length)) {
                    *place = byte;
                }
                (length > 0).then_some(Ok(length as u32))
            }
        }
    }

    /// Writes all, as fast as a terminal or pipe takes it.
    fn write(mut file: &File, app: &Shared, mut data: &[u8]) -> Result<(), Failure> {
        while !data.is_empty() {
            let write = || match file.write(data) {
                Ok(0) => Some(Err(Failure::Io)),
                Ok(length) => Some(Ok(length)),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => None,
                Err(_) => Some(Err(Failure::Io)),
            };
            let length = wait_for(app, u64::MAX, write).unwrap_or(Err(Failure::Timeout))?;
            data = &data[length..];
        }
        Ok(())
    }

    /// Keeps what is written until it is read. What does not fit is lost, as on a board: an app may write for ever.
    fn lead_back(&self, data: &[u8], room: usize) {
        let (back, lost) = &mut *lock(&self.back);
        let fits = data.len().min(room.saturating_sub(back.len()));
        back.extend(&data[..fits]);
        *lost = lost.saturating_add((data.len() - fits) as u32);
    }
}

impl Device for HostPlatform {
    fn open(&self, name: &str) -> Result<u32, Failure> {
        current::outside(|_| {
            if PORTS.all().iter().any(|port| port.name == name) {
                return Err(Failure::Busy);
            }
            let open = |path| {
                OpenOptions::new()
                    .read(true)
                    .write(true)
                    .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
                    .open(path)
            };
            let leads_to = world().uarts.get(name).map(open).transpose().map_err(|_| Failure::Unknown)?;
            let port = Port { name: name.to_owned(), leads_to, back: Mutex::default() };
            PORTS.add_within(world().configured.uart_ports, port)
        })
    }

    fn set_baud_rate(&self, _: u32, rate: u32) -> Result<(), Failure> {
        let board = &world().configured;
        if (board.uart_rate_min..=board.uart_rate_max).contains(&(rate as usize)) {
            Ok(())
        } else {
            Err(Failure::NotSupported)
        }
    }

    fn write(&self, port: u32, data: &[u8]) -> Result<(), Failure> {
        current::outside(|app| match &PORTS.get(port).leads_to {
            Some(file) => Port::write(file, app, data),
            None => {
                PORTS.get(port).lead_back(data, world().configured.uart_buffer);
                Ok(())
            }
        })
    }

    fn read(&self, port: u32, buffer: &mut [u8], timeout: u64) -> Result<u32, Failure> {
        current::outside(|app| {
            let port = PORTS.get(port);
            wait_for(app, timeout, || port.read(buffer)).unwrap_or(Err(Failure::Timeout))
        })
    }

    fn overrun(&self, port: u32) -> u32 {
        current::outside(|_| std::mem::take(&mut lock(&PORTS.get(port).back).1))
    }

    fn close_port(&self, port: u32) {
        current::outside_or_ending(|| PORTS.remove(port));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_led_back_and_not_read_is_lost() {
        let port = Port { name: "modem".into(), leads_to: None, back: Mutex::default() };
        for _ in 0..3 {
            port.lead_back(&[7; 10], 16);
        }
        assert_eq!(port.read(&mut [0; 32]), Some(Ok(16)));
        assert_eq!(lock(&port.back).1, 14);
        assert_eq!(port.read(&mut [0; 32]), None);
    }
}
