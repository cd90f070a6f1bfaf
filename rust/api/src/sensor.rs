//! `zephyr:sensor`: readings, and bounded streams of them.

use crate::Failure;
use crate::bindings::zephyr_sensor_discovery as discovery;
use crate::bindings::zephyr_sensor_sensor::{Channel, Error, Host, Quantity, Sensor};
use crate::bindings::zephyr_sensor_streams as streams;
use crate::pause::pause;
use alloc::string::String;
use alloc::vec::Vec;
use streams::{Duration, Sample, Samples, Trigger};
use zephyr_wasm_runtime::{App, Platform};

pub use crate::bindings::zephyr_sensor_sensor::Channel as SensorChannel;
pub use crate::bindings::zephyr_sensor_streams::Trigger as SensorTrigger;

const PACKAGE: &str = "zephyr:sensor";

/// The sensors of a board, by their place in its list. Values are in millionths of the channel's unit.
pub trait Device: Platform {
    /// The name of the sensor at that place; none after the last.
    fn name(&self, sensor: u32) -> Option<String>;

    /// The place of a sensor.
    ///
    /// # Errors
    /// [`Failure::Unknown`], also for one that did not start.
    fn find(&self, name: &str) -> Result<u32, Failure>;

    /// Whether it measures this.
    fn measures(&self, sensor: u32, channel: Channel) -> bool;

    /// Takes a reading.
    ///
    /// # Errors
    /// [`Failure::NotSupported`], [`Failure::Io`].
    fn read(&self, sensor: u32, channel: Channel) -> Result<i64, Failure>;

    /// Starts a stream, and returns its number.
    ///
    /// # Errors
    /// As in WIT.
    fn watch(&self, sensor: u32, channel: Channel, trigger: Trigger, capacity: u32) -> Result<u32, Failure>;

    /// Waits for a sample of a stream: when it was taken, its channel and its value.
    fn next(&self, stream: u32, timeout: u64) -> Option<(u64, Channel, i64)>;

    /// How many samples were lost since the last call.
    fn lost(&self, stream: u32) -> u32;

    /// Stops a stream and gives it back.
    fn stop(&self, stream: u32);
}

/// Every channel, in the order of WIT.
pub const CHANNELS: [Channel; 24] = [
    Channel::AccelX,
    Channel::AccelY,
    Channel::AccelZ,
    Channel::GyroX,
    Channel::GyroY,
    Channel::GyroZ,
    Channel::MagnX,
    Channel::MagnY,
    Channel::MagnZ,
    Channel::DieTemp,
    Channel::AmbientTemp,
    Channel::Press,
    Channel::Prox,
    Channel::Humidity,
    Channel::Light,
    Channel::Altitude,
    Channel::Distance,
    Channel::Co2,
    Channel::Voltage,
    Channel::Current,
    Channel::Power,
    Channel::Resistance,
    Channel::Rotation,
    Channel::Rpm,
];

/// A value in its channel's unit.
fn quantity(channel: Channel, micro: i64) -> Quantity {
    match channel {
        Channel::AccelX | Channel::AccelY | Channel::AccelZ => Quantity::MetresPerSecondSquared(micro),
        Channel::GyroX | Channel::GyroY | Channel::GyroZ => Quantity::RadiansPerSecond(micro),
        Channel::MagnX | Channel::MagnY | Channel::MagnZ => Quantity::Gauss(micro),
        Channel::DieTemp | Channel::AmbientTemp => Quantity::Celsius(micro),
        Channel::Press => Quantity::Kilopascals(micro),
        Channel::Prox => Quantity::Unitless(micro),
        Channel::Humidity => Quantity::Percent(micro),
        Channel::Light => Quantity::Lux(micro),
        Channel::Altitude | Channel::Distance => Quantity::Metres(micro),
        Channel::Co2 => Quantity::PartsPerMillion(micro),
        Channel::Voltage => Quantity::Volts(micro),
        Channel::Current => Quantity::Amperes(micro),
        Channel::Power => Quantity::Watts(micro),
        Channel::Resistance => Quantity::Ohms(micro),
        Channel::Rotation => Quantity::Degrees(micro),
        Channel::Rpm => Quantity::RevolutionsPerMinute(micro),
    }
}

fn error(failure: Failure) -> Error {
    match failure {
        Failure::Unknown => Error::UnknownSensor,
        Failure::NotSupported => Error::NotSupported,
        Failure::Limit | Failure::Busy => Error::Limit,
        Failure::Invalid => Error::Invalid,
        _ => Error::Io,
    }
}

impl<P: Device> Host for App<P> {
    fn sensor_open(&mut self, name: &str) -> Result<Sensor, Error> {
        if !self.manifest().grants_to(PACKAGE, "read", name) {
            return Err(Error::NotGranted);
        }
        self.platform.find(name).map(Sensor).map_err(error)
    }

    fn sensor_read(&mut self, this: Sensor, channel: Channel) -> Result<Quantity, Error> {
        let micro = self.platform.read(this.0, channel).map_err(error)?;
        Ok(quantity(channel, micro))
    }

    fn sensor_drop(&mut self, _: Sensor) {}
}

impl<P: Device> discovery::Host for App<P> {
    fn names(&mut self) -> Vec<String> {
        let all = (0..).map_while(|sensor| self.platform.name(sensor));
        all.filter(|name| self.manifest().grants_to(PACKAGE, "read", name)).collect()
    }

    fn channels(&mut self, sensor: Sensor) -> Vec<Channel> {
        let measures = |channel: &Channel| {
            // The sensor is read, which may take a second: for all channels, half a minute.
            pause(&self.platform);
            self.platform.measures(sensor.0, *channel)
        };
        CHANNELS.iter().copied().filter(measures).collect()
    }
}

impl<P: Device> streams::Host for App<P> {
    fn samples_watch(
        &mut self,
        sensor: Sensor,
        channel: Channel,
        trigger: Trigger,
        capacity: u32,
    ) -> Result<Samples, Error> {
        self.platform.watch(sensor.0, channel, trigger, capacity).map(Samples).map_err(error)
    }

    fn samples_next(&mut self, this: Samples, timeout: Duration) -> Option<Sample> {
        let (time, channel, micro) = self.platform.next(this.0, timeout)?;
        Some(Sample { time, value: quantity(channel, micro) })
    }

    fn samples_lost(&mut self, this: Samples) -> u32 {
        self.platform.lost(this.0)
    }

    fn samples_drop(&mut self, this: Samples) {
        self.platform.stop(this.0);
    }
}
