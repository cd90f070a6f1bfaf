//! `zephyr:sensor` from traces.

use crate::activity::note;
use crate::current;
use crate::platform::HostPlatform;
use crate::pool::{Pool, lock};
use crate::time::now;
use crate::wait::wait_for;
use crate::world::{Trace, world};
use std::sync::Mutex;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::sensor::{Device, SensorChannel as Channel, SensorTrigger as Trigger};

struct Stream {
    trace: &'static Trace,
    channel: Channel,
    trigger: Trigger,
    capacity: u64,
    /// When the last sample was taken that has been counted, and how many were lost.
    state: Mutex<(u64, u32)>,
}

static STREAMS: Pool<Stream> = Pool::new();

fn trace(sensor: u32, channel: Channel) -> Option<&'static Trace> {
    let (_, channels) = world().sensors.get(sensor as usize)?;
    channels.iter().find(|(known, _)| *known as u32 == channel as u32).map(|(_, trace)| trace)
}

impl Stream {
    /// When it takes its next sample after that time.
    fn next_after(&self, time: u64) -> Option<u64> {
        match self.trigger {
            Trigger::Period(period) => time.checked_add(period),
            Trigger::DataReady => self.trace.next(time, |_, _| true),
            Trigger::Above(limit) => self.trace.next(time, |before, after| before <= limit && after > limit),
            Trigger::Below(limit) => self.trace.next(time, |before, after| before >= limit && after < limit),
        }
    }

    /// Takes the oldest sample that a queue of this capacity still has now.
    fn take(&self) -> Option<u64> {
        let mut state = lock(&self.state);
        let (present, (last, lost)) = (now(), &mut *state);
        let mut waiting = std::collections::VecDeque::new();
        let mut time = *last;
        while let Some(next) = self.next_after(time).filter(|next| *next <= present) {
            waiting.push_back(next);
            if waiting.len() as u64 > self.capacity {
                waiting.pop_front();
                *lost = lost.saturating_add(1);
            }
            time = next;
        }
        *last = waiting.pop_front()?;
        Some(*last)
    }
}

impl Device for HostPlatform {
    fn name(&self, sensor: u32) -> Option<String> {
        current::outside(|_| world().sensors.get(sensor as usize).map(|(name, _)| name.clone()))
    }

    fn find(&self, name: &str) -> Result<u32, Failure> {
        current::outside(|app| {
            let place = world().sensors.iter().position(|(known, _)| known == name);
            if place.is_none() {
                note(app, "hint", &format!("no sensor `{name}` here: --sensor {name}=trace.csv adds one"));
            }
            place.map(|place| place as u32).ok_or(Failure::Unknown)
        })
    }

    fn measures(&self, sensor: u32, channel: Channel) -> bool {
        trace(sensor, channel).is_some()
    }

    fn read(&self, sensor: u32, channel: Channel) -> Result<i64, Failure> {
        current::outside(|app| {
            let value = trace(sensor, channel).ok_or(Failure::NotSupported)?.at(now());
            note(app, &format!("sensor {}", world().sensors[sensor as usize].0), &value.to_string());
            Ok(value)
        })
    }

    fn watch(&self, sensor: u32, channel: Channel, trigger: Trigger, capacity: u32) -> Result<u32, Failure> {
        current::outside(|app| {
            let trace = trace(sensor, channel).ok_or(Failure::NotSupported)?;
            if capacity == 0
                || capacity as usize > world().configured.sensor_capacity
                || matches!(trigger, Trigger::Period(0))
            {
                return Err(Failure::Invalid);
            }
            let trigger = match trigger {
                Trigger::Period(period) => Trigger::Period(period.max(app.shortest[1])),
                other => other,
            };
            let state = Mutex::new((now(), 0));
            let stream = Stream { trace, channel, trigger, capacity: capacity.into(), state };
            STREAMS.add_within(world().configured.sensor_streams, stream)
        })
    }

    fn next(&self, stream: u32, timeout: u64) -> Option<(u64, Channel, i64)> {
        current::outside(|app| {
            let stream = STREAMS.get(stream);
            let time = wait_for(app, timeout, || stream.take())?;
            Some((time, stream.channel, stream.trace.at(time)))
        })
    }

    fn lost(&self, stream: u32) -> u32 {
        current::outside(|_| std::mem::take(&mut lock(&STREAMS.get(stream).state).1))
    }

    fn stop(&self, stream: u32) {
        current::outside_or_ending(|| STREAMS.remove(stream));
    }
}
