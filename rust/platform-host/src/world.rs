//! What is around the apps: the devices of the board that this machine plays, and what happens to them.

use crate::configured::Configured;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;
use zephyr_wasm_api::sensor::SensorChannel;

/// What a board would have, from the command line.
#[derive(Default)]
pub struct World {
    /// Sensors by name, each with what its channels measure over time.
    pub sensors: Vec<(String, Vec<(SensorChannel, Trace)>)>,
    /// What happens to input lines; those without a trace are inactive.
    pub lines: BTreeMap<String, Trace>,
    /// The volts at analog inputs.
    pub inputs: BTreeMap<String, Trace>,
    /// Devices on I2C buses, as `bus@0x48`, with the registers they begin with.
    pub i2c: BTreeMap<String, Vec<u8>>,
    /// Where serial ports lead: a file or terminal. Those without come back to the app.
    pub uarts: BTreeMap<String, PathBuf>,
    /// Advertisements of other devices.
    pub advertisements: Vec<Advertisement>,
    /// Where apps keep values; in memory without it.
    pub storage: Option<PathBuf>,
    /// Directories of this machine that are file systems of the board: where, and which.
    pub mounts: Vec<(String, PathBuf)>,
    /// The port of the CoAP server; 5683 without it.
    pub coap_port: Option<u16>,
    /// How large its firmware has what it has.
    pub configured: Configured,
}

/// A value over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// When, in nanoseconds from the start on, and what it becomes then, in millionths.
    points: Vec<(u64, i64)>,
}

/// An advertisement of another device.
pub struct Advertisement {
    /// When, in nanoseconds from the start on.
    pub time: u64,
    /// Who.
    pub address: String,
    /// How strong, in dBm.
    pub rssi: i8,
    /// What.
    pub data: Vec<u8>,
}

impl Trace {
    /// A trace of points, by their time.
    pub fn new(mut points: Vec<(u64, i64)>) -> Self {
        points.sort_by_key(|(time, _)| *time);
        Trace { points }
    }

    /// No points: 0 for ever.
    pub const fn none() -> Self {
        Trace { points: Vec::new() }
    }

    /// A value that stays.
    pub fn constant(value: i64) -> Self {
        Trace { points: vec![(0, value)] }
    }

    /// The value at a time; before the first point, that one's.
    pub fn at(&self, time: u64) -> i64 {
        let after = self.points.partition_point(|(start, _)| *start <= time);
        self.points.get(after.saturating_sub(1)).map_or(0, |(_, value)| *value)
    }

    /// The next point after a time that becomes what is wanted, given its value and the one before.
    pub fn next(&self, time: u64, wanted: impl Fn(i64, i64) -> bool) -> Option<u64> {
        let first = self.points.partition_point(|(start, _)| *start <= time).max(1);
        let mut pairs = self.points.windows(2).skip(first - 1);
        pairs.find(|pair| wanted(pair[0].1, pair[1].1)).map(|pair| pair[1].0)
    }
}

static WORLD: OnceLock<World> = OnceLock::new();

/// Sets what is around, before the first app starts; the first call counts.
pub fn set_world(world: World) {
    let _ = WORLD.set(world);
}

pub fn world() -> &'static World {
    WORLD.get_or_init(World::default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_holds_its_values() {
        let trace = Trace::new(vec![(20, 3), (10, 1)]);
        assert_eq!([0, 10, 19, 20, 99].map(|time| trace.at(time)), [1, 1, 1, 3, 3]);
        assert_eq!(Trace::default().at(5), 0);
    }

    #[test]
    fn points_are_found_by_what_changes() {
        let trace = Trace::new(vec![(0, 0), (10, 5), (20, 0), (30, 7)]);
        let above = |before, after| before <= 4 && after > 4;
        assert_eq!(trace.next(0, above), Some(10));
        assert_eq!(trace.next(10, above), Some(30));
        assert_eq!(trace.next(30, above), None);
        assert_eq!(trace.next(0, |_, _| true), Some(10));
    }
}
