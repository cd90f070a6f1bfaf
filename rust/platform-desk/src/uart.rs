//! `zephyr:uart` over a file or terminal of the system, or led back to the app.

use crate::current;
use crate::platform::Desk;
use crate::pool::{Pool, lock};
use crate::wait::wait_for;
use crate::world::world;
use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::uart::Uarts;

struct Port {
    name: String,
    leads_to: Option<File>,
    /// What was written and led back.
    back: Mutex<VecDeque<u8>>,
    /// How much of it found no room.
    lost: AtomicU32,
}

static PORTS: Pool<Port> = Pool::new();

impl Port {
    fn read(&self, buffer: &mut [u8]) -> Option<Result<u32, Failure>> {
        match &self.leads_to {
            Some(file) => match (&*file).read(buffer) {
                Ok(0) => None,
                Ok(length) => Some(Ok(length as u32)),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => None,
                Err(_) => Some(Err(Failure::Io)),
            },
            None => {
                let mut back = lock(&self.back);
                let length = back.len().min(buffer.len());
                for (place, byte) in buffer.iter_mut().zip(back.drain(..length)) {
                    *place = byte;
                }
                (length > 0).then_some(Ok(length as u32))
            }
        }
    }
}

impl Uarts for Desk {
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
            let port =
                Port { name: name.to_owned(), leads_to, back: Mutex::default(), lost: AtomicU32::new(0) };
            PORTS.add_within(world().configured.uart_ports, port)
        })
    }

    fn set_baud_rate(&self, _: u32, rate: u32) -> Result<(), Failure> {
        if rate == 0 { Err(Failure::NotSupported) } else { Ok(()) }
    }

    fn write(&self, port: u32, data: &[u8]) -> Result<(), Failure> {
        current::outside(|_| {
            let port = PORTS.get(port);
            let Some(file) = &port.leads_to else {
                let mut back = lock(&port.back);
                let fits = data.len().min(world().configured.uart_buffer - back.len());
                back.extend(&data[..fits]);
                port.lost.fetch_add((data.len() - fits) as u32, Ordering::Relaxed);
                return Ok(());
            };
            (&*file).write_all(data).map_err(|_| Failure::Io)
        })
    }

    fn read(&self, port: u32, buffer: &mut [u8], timeout: u64) -> Result<u32, Failure> {
        current::outside(|app| {
            let port = PORTS.get(port);
            wait_for(app, timeout, || port.read(buffer)).unwrap_or(Err(Failure::Timeout))
        })
    }

    fn overrun(&self, port: u32) -> u32 {
        current::outside(|_| PORTS.get(port).lost.swap(0, Ordering::Relaxed))
    }

    fn close_port(&self, port: u32) {
        current::outside_or_ending(|| PORTS.remove(port));
    }
}
