//! One WASI call: the app's memory, and the app beside it.

use super::errno::{Answer, Errno, Fault};
use super::program::{Descriptor, Program};
use super::{LONGEST_PATH, Wasi};
use crate::pause::pause;
use zephyr_wasm_runtime::App;
use zephyr_wasm_runtime::abi::{self, Caller, Error};

/// How much is read or written at once, in bytes. A kill waits for no more than that: an app names as much as it likes in
/// one call, by naming the same memory again and again.
pub const AT_ONCE: u32 = 4096;

/// One WASI call.
pub struct Call<'a, P: Wasi> {
    /// The app's memory.
    pub memory: &'a mut [u8],
    /// The app.
    pub app: &'a mut App<P>,
}

/// Makes a call, and tells its outcome as WASI does.
#[inline(always)]
pub fn enter<P: Wasi>(
    cx: &mut Caller<'_, App<P>>,
    body: impl FnOnce(&mut Call<'_, P>) -> Answer,
) -> Result<i32, Error> {
    let (memory, app) = abi::split(cx.context())?;
    let mut call = Call { memory, app };
    match body(&mut call) {
        Ok(()) => Ok(0),
        Err(Fault::Errno(errno)) => Ok(errno.0.into()),
        Err(Fault::Trap(error)) => Err(error),
    }
}

impl<P: Wasi> Call<'_, P> {
    /// A number in the app's memory.
    pub fn number(&self, at: i32) -> Result<u32, Fault> {
        Ok(u32::from_le_bytes(abi::load(self.memory, at, 0)?))
    }

    /// Writes to the app's memory.
    pub fn put(&mut self, at: i32, bytes: &[u8]) -> Answer {
        Ok(abi::write(self.memory, at, bytes)?)
    }

    /// Writes a number of 32 bits.
    pub fn put_u32(&mut self, at: i32, number: u32) -> Answer {
        self.put(at, &number.to_le_bytes())
    }

    /// Writes a number of 64 bits.
    pub fn put_u64(&mut self, at: i32, number: u64) -> Answer {
        self.put(at, &number.to_le_bytes())
    }

    /// A path: UTF-8 without a zero, and not too long.
    pub fn path(&self, at: i32, length: i32) -> Result<&str, Fault> {
        let bytes = abi::bytes(self.memory, at, length)?;
        if bytes.len() > LONGEST_PATH {
            return Err(Errno::NAMETOOLONG.into());
        }
        match core::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => Ok(text),
            _ => Err(Errno::ILSEQ.into()),
        }
    }

    /// The app as a WASI program, which its first call makes it.
    pub fn program(&mut self) -> &mut Program {
        if self.app.platform.program().is_none() {
            let program = Program::of(self.app);
            *self.app.platform.program() = Some(program);
        }
        match self.app.platform.program().as_mut().and_then(|program| program.downcast_mut()) {
            Some(program) => program,
            None => unreachable!(),
        }
    }

    /// The descriptor of a number.
    pub fn descriptor(&mut self, number: i32) -> Result<&mut Descriptor, Fault> {
        let slot = self.program().descriptors.get_mut(number as u32 as usize);
        slot.and_then(Option::as_mut).ok_or(Fault::Errno(Errno::BADF))
    }

    /// The pieces of memory that a read or write goes over, one after the other, of [`AT_ONCE`] at most. `each` has how
    /// much it did, and fewer than the piece has ends the walk.
    pub fn pieces(
        &mut self,
        vectors: i32,
        count: i32,
        mut each: impl FnMut(&mut Self, i32, i32, u32) -> Result<usize, Fault>,
    ) -> Result<u32, Fault> {
        abi::elements(self.memory, vectors, count, 8)?;
        let mut done = 0u32;
        for index in 0..count {
            let at = vectors.wrapping_add(8 * index);
            let (start, length) = (self.number(at)? as i32, self.number(at.wrapping_add(4))? as i32);
            abi::bytes(self.memory, start, length)?;
            let mut left = length as u32;
            if left == 0 {
                // There may be as many of these as the app's memory has room for.
                pause(&self.app.platform);
            }
            while left > 0 {
                let (piece, from) = (left.min(AT_ONCE), length as u32 - left);
                match each(self, start.wrapping_add(from as i32), piece as i32, done) {
                    Ok(size) => {
                        done = done.saturating_add(size as u32);
                        if size < piece as usize {
                            return Ok(done);
                        }
                    }
                    // What is done already is told first.
                    Err(Fault::Errno(_)) if done > 0 => return Ok(done),
                    Err(fault) => return Err(fault),
                }
                left -= piece;
                pause(&self.app.platform);
            }
        }
        Ok(done)
    }

    /// A piece of memory that [`Self::pieces`] has checked, beside the platform.
    pub fn split(&mut self, start: i32, length: i32) -> Result<(&mut [u8], &P), Fault> {
        Ok((abi::bytes_mut(self.memory, start, length)?, &self.app.platform))
    }
}
