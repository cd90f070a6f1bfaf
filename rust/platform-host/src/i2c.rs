//! `zephyr:i2c` with devices of 256 registers: what is written begins with the register's number.

use crate::current;
use crate::platform::HostPlatform;
use crate::pool::lock;
use crate::world::world;
use std::collections::BTreeMap;
use std::sync::Mutex;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::i2c::Device;

const REGISTERS: usize = 256;

struct Target {
    registers: [u8; REGISTERS],
    /// The register that is read or written next.
    next: u8,
}

static DEVICES: Mutex<BTreeMap<String, Target>> = Mutex::new(BTreeMap::new());

/// The names of the buses that have devices.
fn buses() -> Vec<&'static str> {
    let mut names: Vec<&str> = world().i2c.keys().filter_map(|key| key.split('@').next()).collect();
    names.dedup();
    names
}

impl Device for HostPlatform {
    fn find(&self, name: &str) -> Result<u32, Failure> {
        current::outside(|_| {
            let place = buses().iter().position(|known| *known == name);
            place.map(|place| place as u32).ok_or(Failure::Unknown)
        })
    }

    fn name(&self, bus: u32) -> String {
        current::outside(|_| buses().get(bus as usize).map_or(String::new(), |name| (*name).to_owned()))
    }

    fn most(&self) -> u32 {
        world().configured.i2c as u32
    }

    fn transfer(&self, bus: u32, address: u16, write: &[u8], read: &mut [u8]) -> Result<(), Failure> {
        current::outside(|_| {
            let key = format!("{}@{address:#04x}", buses().get(bus as usize).ok_or(Failure::Unknown)?);
            let first = world().i2c.get(&key).ok_or(Failure::Io)?;
            let mut devices = lock(&DEVICES);
            let device = devices.entry(key).or_insert_with(|| {
                let mut registers = [0; REGISTERS];
                let length = first.len().min(REGISTERS);
                registers[..length].copy_from_slice(&first[..length]);
                Target { registers, next: 0 }
            });
            if let Some((register, values)) = write.split_first() {
                device.next = *register;
                for value in values {
                    device.registers[usize::from(device.next)] = *value;
                    device.next = device.next.wrapping_add(1);
                }
            }
            for byte in read {
                *byte = device.registers[usize::from(device.next)];
                device.next = device.next.wrapping_add(1);
            }
            Ok(())
        })
    }
}
