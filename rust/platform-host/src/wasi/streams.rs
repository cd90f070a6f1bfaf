//! What the standard streams of a program lead to.

use super::{Owner, files};
use crate::log::log_line;
use crate::pool::{Pool, lock};
use crate::shared::Shared;
use crate::wait::{wait_for, wait_for_room};
use crate::world::world;
use std::collections::{BTreeMap, VecDeque};
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use zephyr_wasm_api::wasi::{END, Errno, How};
use zephyr_wasm_runtime::text::is_hidden;

/// The level of a program's lines in the log, as Kconfig counts them.
const INFO: usize = 3;

/// The longest name of a pipe.
const LONGEST_NAME: usize = 15;

/// A standard stream.
pub enum Stream {
    /// This process's.
    Console,
    /// Nothing: at its end, and taking all.
    Null,
    /// A file, and where in it the next bytes are; behind what it has then, at [`END`].
    File(u32, Mutex<u64>),
    /// The log.
    Log,
    /// The reading or writing end of a pipe.
    Pipe(Arc<Pipe>, bool),
    /// It could not be opened.
    Unopened,
}

/// Bytes on their way from one program to another.
#[derive(Default)]
pub struct Pipe(Mutex<Inside>);

#[derive(Default)]
struct Inside {
    bytes: VecDeque<u8>,
    /// How many have each end, and whether anybody has had it.
    ends: [(usize, bool); 2],
}

impl Inside {
    /// Whether it has what nobody has come for yet: what somebody wrote, and its end.
    fn is_left(&self) -> bool {
        let [(_, had_reader), (_, had_writer)] = self.ends;
        had_writer && !had_reader
    }
}

static PIPES: Mutex<BTreeMap<String, Arc<Pipe>>> = Mutex::new(BTreeMap::new());

/// The streams of all apps: whose, which one, and what it leads to.
static STREAMS: Pool<(Owner, u8, Stream)> = Pool::new();

impl Drop for Stream {
    fn drop(&mut self) {
        match self {
            Stream::Pipe(pipe, writes) => lock(&pipe.0).ends[usize::from(*writes)].0 -= 1,
            Stream::File(file, _) => files::close(*file),
            _ => {}
        }
    }
}

/// The stream of an app, which is opened as its manifest says on its first use. If that cannot be, it is told once.
pub fn stream(app: &Shared, number: u8) -> Arc<(Owner, u8, Stream)> {
    let owner = super::owner(app);
    let known = |all: Vec<Arc<(Owner, u8, Stream)>>| {
        all.into_iter().find(|stream| stream.0 == owner && stream.1 == number)
    };
    if let Some(stream) = known(STREAMS.all()) {
        return stream;
    }
    let to = app.streams[usize::from(number)].as_deref();
    let stream = open(owner, to, number).unwrap_or_else(|Errno(errno)| {
        let kind = ["stdin", "stdout", "stderr"][usize::from(number)];
        let to = to.unwrap_or_default().replace(is_hidden, "?");
        log_line("err", &app.name, &format!("its {kind} cannot be opened: {to}: {errno} of WASI"));
        Stream::Unopened
    });
    STREAMS.get(STREAMS.add((owner, number, stream)))
}

/// Closes what an app has.
pub fn close_all(owner: Owner) {
    STREAMS.remove_all(|stream| stream.0 == owner);
}

fn open(owner: Owner, to: Option<&str>, number: u8) -> Result<Stream, Errno> {
    let writes = number != 0;
    let Some(to) = to else { return Ok(Stream::Console) };
    if let Some(name) = to.strip_prefix("pipe:") {
        if !(1..=LONGEST_NAME).contains(&name.len()) {
            return Err(Errno::INVAL);
        }
        let mut pipes = lock(&PIPES);
        let in_use = |pipe: &Arc<Pipe>| lock(&pipe.0).ends.iter().any(|(now, _)| *now > 0);
        if !pipes.get(name).is_some_and(in_use)
            && pipes.values().filter(|pipe| in_use(pipe)).count() >= world().configured.pipes
        {
            return Err(Errno::NOMEM);
        }
        let pipe = Arc::clone(pipes.entry(name.to_owned()).or_default());
        let mut inside = lock(&pipe.0);
        if inside.ends.iter().all(|(now, _)| *now == 0) && !inside.is_left() {
            // Those who had it are gone, and what they left with them.
            *inside = Inside::default();
        }
        inside.ends[usize::from(writes)].0 += 1;
        inside.ends[usize::from(writes)].1 = true;
        drop(inside);
        return Ok(Stream::Pipe(pipe, writes));
    }
    match to {
        "console" => return Ok(Stream::Console),
        "null" => return Ok(Stream::Null),
        "log" if writes => return Ok(Stream::Log),
        _ => {}
    }
    let (path, append) = match to.strip_prefix(">>") {
        Some(path) => (path, true),
        None => (to, false),
    };
    if world().configured.wasi_files == 0 {
        return Err(Errno::NOENT);
    }
    let truncate = writes && !append;
    let how = How { read: !writes, write: writes, create: writes, truncate, exclusive: false };
    let from = if append { END } else { 0 };
    Ok(Stream::File(files::open_stream(owner, path, how)?, Mutex::new(from)))
}

impl Stream {
    pub fn read(&self, app: &Shared, into: &mut [u8], wait: bool) -> Result<usize, Errno> {
        if wait {
            wait_for(app, u64::MAX, || self.is_readable().then_some(()));
        } else if !self.is_readable() {
            return Err(Errno::AGAIN);
        }
        match self {
            Stream::Console => std::io::stdin().read(into).map_err(|error| files::errno(&error)),
            Stream::File(file, position) => {
                let mut position = lock(position);
                let size = files::read(*file, *position, into)?;
                *position += size as u64;
                Ok(size)
            }
            Stream::Pipe(pipe, _) => {
                let mut inside = lock(&pipe.0);
                let size = into.len().min(inside.bytes.len());
                inside.bytes.drain(..size).zip(into).for_each(|(byte, to)| *to = byte);
                Ok(size)
            }
            Stream::Null | Stream::Log => Ok(0),
            Stream::Unopened => Err(Errno::IO),
        }
    }

    pub fn is_readable(&self) -> bool {
        match self {
            Stream::Console => {
                let mut poll = libc::pollfd { fd: 0, events: libc::POLLIN, revents: 0 };
                // SAFETY: there is one descriptor to look at.
                unsafe { libc::poll(&raw mut poll, 1, 0) > 0 }
            }
            Stream::Pipe(pipe, _) => {
                let inside = lock(&pipe.0);
                let [_, (writers, had_one)] = inside.ends;
                !inside.bytes.is_empty() || (had_one && writers == 0)
            }
            _ => true,
        }
    }

    pub fn write(&self, app: &Shared, number: u8, bytes: &[u8]) -> Result<usize, Errno> {
        match self {
            Stream::Console => {
                for piece in bytes.chunks(libc::PIPE_BUF) {
                    if !wait_for_room(app, number) {
                        return Err(Errno::AGAIN);
                    }
                    let written = if number == 2 {
                        std::io::stderr().write_all(piece)
                    } else {
                        let mut out = std::io::stdout().lock();
                        out.write_all(piece).and_then(|()| out.flush())
                    };
                    written.map_err(|error| files::errno(&error))?;
                }
                Ok(bytes.len())
            }
            Stream::File(file, position) => {
                let mut position = lock(position);
                let size = files::write(*file, *position, bytes)?;
                if *position != END {
                    *position += size as u64;
                }
                Ok(size)
            }
            Stream::Log => {
                // As on boards, a line is what one write has between two ends.
                let most = world().configured.wasi_log_line;
                for line in bytes.split(|byte| *byte == b'\n').flat_map(|line| line.chunks(most)) {
                    let text = String::from_utf8_lossy(line).replace(is_hidden, "?");
                    if world().configured.log_level >= INFO && wait_for_room(app, 1) {
                        log_line("inf", &app.name, &text);
                    }
                }
                Ok(bytes.len())
            }
            Stream::Pipe(pipe, _) => pipe.write(app, bytes),
            Stream::Null => Ok(bytes.len()),
            Stream::Unopened => Err(Errno::IO),
        }
    }

    /// Whether a person is behind it.
    pub fn is_terminal(&self, number: u8) -> bool {
        // SAFETY: takes a number only.
        matches!(self, Stream::Console) && unsafe { libc::isatty(number.into()) } == 1
    }
}

impl Pipe {
    /// Writes what fits, and waits until something does.
    fn write(&self, app: &Shared, bytes: &[u8]) -> Result<usize, Errno> {
        let written = wait_for(app, u64::MAX, || {
            let mut inside = lock(&self.0);
            let [(readers, had_one), _] = inside.ends;
            if had_one && readers == 0 {
                return Some(Err(Errno::PIPE));
            }
            let size = bytes.len().min(world().configured.pipe - inside.bytes.len());
            inside.bytes.extend(&bytes[..size]);
            (size > 0 || bytes.is_empty()).then_some(Ok(size))
        });
        written.unwrap_or(Err(Errno::AGAIN))
    }
}
