//! What is around the apps, from the command line and from traces of real data.

use crate::input;
use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use zephyr_wasm_api::sensor::{CHANNELS, SensorChannel};
use zephyr_wasm_platform_host::{Advertisement, Configured, Trace, World as Around};

/// The devices of the board that this machine plays.
#[derive(Args)]
#[command(next_help_heading = "The board that this machine plays")]
pub struct World {
    /// A sensor: NAME=FILE, a CSV or JSON table with a column `time` in seconds, and a column a channel in its unit
    /// (`ambient-temp`, `humidity` ...).
    #[arg(long, value_name = "NAME=FILE")]
    sensor: Vec<String>,
    /// An input line: NAME=FILE, a table of `time` and `active` (0 or 1).
    #[arg(long, value_name = "NAME=FILE")]
    line: Vec<String>,
    /// An analog input: NAME=VOLTS, or NAME=FILE, a table of `time` and `volts`.
    #[arg(long, value_name = "NAME=VOLTS|FILE")]
    adc: Vec<String>,
    /// A device on an I2C bus: BUS@ADDRESS=HEX, as sensors@0x48=0a1b: the registers it begins with.
    #[arg(long, value_name = "BUS@ADDRESS=HEX")]
    i2c: Vec<String>,
    /// Where a serial port leads: NAME=FILE, a file or terminal. One without leads back to the app.
    #[arg(long, value_name = "NAME=FILE")]
    uart: Vec<String>,
    /// Bluetooth advertisements: a table of `time`, `address`, `rssi` and `data` (in hexadecimal).
    #[arg(long, value_name = "FILE")]
    ble: Option<PathBuf>,
    /// Where apps keep what they store; in memory without it.
    #[arg(long, value_name = "DIRECTORY")]
    storage: Option<PathBuf>,
    /// The port of the CoAP server.
    #[arg(long, default_value_t = 5683)]
    coap_port: u16,
    /// The longest body of a CoAP request or answer in bytes (CONFIG_WASM_COAP_SIZE); without it, that of `--board`.
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u16).range(16..=32768))]
    coap_size: Option<u16>,
}

impl World {
    /// Reads the traces, around a firmware that is configured so.
    ///
    /// # Errors
    /// The file, and the line in it.
    pub fn read(&self, mut configured: Configured) -> Result<Around> {
        configured.coap = self.coap_size.map_or(configured.coap, usize::from);
        let mut around = Around {
            storage: self.storage.clone(),
            coap_port: Some(self.coap_port),
            configured,
            ..Around::default()
        };
        for sensor in &self.sensor {
            let (name, file) = pair(sensor)?;
            let table = Table::read(Path::new(file))?;
            let mut channels = Vec::new();
            for column in table.names.iter().filter(|name| *name != "time") {
                let known = CHANNELS.iter().find(|channel| channel_name(**channel) == *column);
                let channel = known.ok_or_else(|| anyhow!("{file}: no channel `{column}`"))?;
                channels.push((*channel, table.trace(column)?));
            }
            around.sensors.push((name.to_owned(), channels));
        }
        for line in &self.line {
            let (name, file) = pair(line)?;
            around.lines.insert(name.to_owned(), Table::read(Path::new(file))?.trace("active")?);
        }
        for input in &self.adc {
            let (name, value) = pair(input)?;
            let trace = match micro(value) {
                Ok(volts) => Trace::constant(volts),
                Err(_) => Table::read(Path::new(value))?.trace("volts")?,
            };
            around.inputs.insert(name.to_owned(), trace);
        }
        for device in &self.i2c {
            let (name, registers) = pair(device)?;
            if !name.contains("@0x") {
                bail!("--i2c {device}: a device is BUS@ADDRESS, as sensors@0x48");
            }
            around.i2c.insert(name.to_owned(), bytes(registers)?);
        }
        for port in &self.uart {
            let (name, path) = pair(port)?;
            around.uarts.insert(name.to_owned(), path.into());
        }
        if let Some(file) = &self.ble {
            around.advertisements = advertisements(&Table::read(file)?)?;
        }
        Ok(around)
    }
}

fn advertisements(table: &Table) -> Result<Vec<Advertisement>> {
    let mut all = Vec::new();
    for row in 0..table.rows.len() {
        all.push(Advertisement {
            time: seconds(table.cell(row, "time")?)?,
            address: table.cell(row, "address")?.to_owned(),
            rssi: table.cell(row, "rssi")?.trim().parse().context("rssi")?,
            data: bytes(table.cell(row, "data")?)?,
        });
    }
    all.sort_by_key(|one| one.time);
    Ok(all)
}

/// `AmbientTemp` is `ambient-temp` in WIT.
fn channel_name(channel: SensorChannel) -> String {
    let mut name = String::new();
    for c in format!("{channel:?}").chars() {
        if c.is_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

fn pair(text: &str) -> Result<(&str, &str)> {
    text.split_once('=').ok_or_else(|| anyhow!("{text}: has no `=`"))
}

/// A decimal number in millionths.
fn micro(text: &str) -> Result<i64> {
    let number: f64 = text.trim().parse().with_context(|| format!("{text:?} is not a number"))?;
    let micro = (number * 1e6).round();
    if !micro.is_finite() || micro.abs() >= i64::MAX as f64 {
        bail!("{text} is too large");
    }
    Ok(micro as i64)
}

/// Seconds in nanoseconds.
fn seconds(text: &str) -> Result<u64> {
    Ok(u64::try_from(micro(text)?).context("a time before the start")?.saturating_mul(1000))
}

fn bytes(text: &str) -> Result<Vec<u8>> {
    let text = text.trim();
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        bail!("{text:?} is not bytes in hexadecimal");
    }
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16);
    (0..text.len()).step_by(2).map(|at| byte(at).with_context(|| format!("{text:?}"))).collect()
}

/// A table of texts with names of its columns.
struct Table {
    file: String,
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A `.json` file is an array of objects, any other is CSV with a header.
    fn read(path: &Path) -> Result<Self> {
        let text = input::text(path)?;
        let file = path.display().to_string();
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        let (names, rows) =
            if is_json { from_json(&text) } else { from_csv(&text) }.with_context(|| file.clone())?;
        Ok(Table { file, names, rows })
    }

    fn cell(&self, row: usize, column: &str) -> Result<&str> {
        let place = self.names.iter().position(|name| name == column);
        let place = place.ok_or_else(|| anyhow!("{}: no column `{column}`", self.file))?;
        Ok(self.rows[row].get(place).map_or("", String::as_str))
    }

    /// A column over time; an empty cell is no change.
    fn trace(&self, column: &str) -> Result<Trace> {
        let mut points = Vec::new();
        for row in 0..self.rows.len() {
            if !self.cell(row, column)?.trim().is_empty() {
                let point = self.point(row, column);
                points.push(point.with_context(|| format!("{}: row {}", self.file, row + 1))?);
            }
        }
        Ok(Trace::new(points))
    }

    fn point(&self, row: usize, column: &str) -> Result<(u64, i64)> {
        Ok((seconds(self.cell(row, "time")?)?, micro(self.cell(row, column)?)?))
    }
}

type Rows = (Vec<String>, Vec<Vec<String>>);

fn from_csv(text: &str) -> Result<Rows> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let names = owned(reader.headers()?);
    let rows = reader.records().map(|record| Ok(owned(&record?))).collect::<Result<_>>()?;
    Ok((names, rows))
}

fn from_json(text: &str) -> Result<Rows> {
    let objects: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(text)?;
    let mut names: Vec<String> = objects.iter().flat_map(|object| object.keys().cloned()).collect();
    names.sort();
    names.dedup();
    let cell = |value: Option<&serde_json::Value>| match value {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(serde_json::Value::Bool(active)) => u8::from(*active).to_string(),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let rows =
        objects.iter().map(|object| names.iter().map(|name| cell(object.get(name))).collect()).collect();
    Ok((names, rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_both_kinds_are_the_same() {
        let csv = from_csv("time, ambient-temp\n0, 20.5\n1.5, -3\n").unwrap();
        let json =
            from_json(r#"[{"time": 0, "ambient-temp": 20.5}, {"time": 1.5, "ambient-temp": -3}]"#).unwrap();
        let trace =
            |(names, rows): Rows| Table { file: "t".into(), names, rows }.trace("ambient-temp").unwrap();
        let (csv, json) = (trace(csv), trace(json));
        assert_eq!(csv, json);
        assert_eq!(
            (csv.at(0), csv.at(1_499_999_999), csv.at(1_500_000_000)),
            (20_500_000, 20_500_000, -3_000_000)
        );
    }

    #[test]
    fn channels_have_the_names_of_wit() {
        let wit = include_str!("../../../wit/sensor.wit");
        for channel in CHANNELS {
            let name = channel_name(channel);
            assert!(wit.contains(&format!(" {name},")), "{name}");
        }
        assert_eq!(channel_name(SensorChannel::AmbientTemp), "ambient-temp");
    }

    #[test]
    fn what_is_wrong_with_a_table_is_told() {
        let table = Table {
            file: "t.csv".into(),
            names: vec!["time".into(), "active".into()],
            rows: vec![vec!["x".into(), "1".into()]],
        };
        assert_eq!(
            format!("{:#}", table.trace("active").unwrap_err()),
            "t.csv: row 1: \"x\" is not a number: invalid float literal"
        );
        assert!(bytes("0g").is_err() && bytes("012").is_err());
        assert_eq!(bytes("0aff").unwrap(), [10, 255]);
    }
}
