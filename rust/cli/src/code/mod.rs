//! Machine code that an app's file carries, for boards that run what arrives as compiled code.

mod blob;
mod toolchain;

use crate::temporary::Directory;
use anyhow::{Context, Result, bail};
use blob::Blob;
use toolchain::Toolchain;
use zephyr_wasm_code::{Header, Info, Target, append, codes, digest, without};
use zephyr_wasm_compile::Options;

/// How code is made, besides its target.
#[derive(Clone, Copy)]
pub struct Manner<'a> {
    /// For speed and not for size.
    pub speed: bool,
    /// For processors that load words at any address.
    pub unaligned: bool,
    /// The file that the app was packed of, in which traps tell their places.
    pub source: Option<&'a [u8]>,
    pub largest_table: u32,
}

/// Puts code for a target into a packed app, in place of what it had for that.
///
/// # Errors
/// If the app cannot be compiled, or there is no compiler.
pub fn add(app: &[u8], target: Target, manner: &Manner<'_>) -> Result<Vec<u8>> {
    let toolchain = Toolchain::of(target)?;
    let blob = made(app, &toolchain, manner).with_context(|| format!("for {}", target.name()))?;
    let mut app = without(app, |code| code.header.target == target);
    let header = Header {
        target,
        speed: manner.speed,
        unaligned: manner.unaligned,
        places: manner.source.is_some(),
        frame: blob.frame,
        largest_table: manner.largest_table,
        digest: digest(&app),
    };
    append(&mut app, 0, &header, &blob.bytes, &toolchain.name);
    Ok(app)
}

/// Refuses an app that has code which is not what comes of compiling the app here and now.
///
/// # Errors
/// Which code is another, or cannot be compiled here.
pub fn check(app: &[u8], source: Option<&[u8]>) -> Result<()> {
    for code in codes(app) {
        let code = code.map_err(|malformed| anyhow::anyhow!("{malformed}"))?;
        let Header { target, speed, unaligned, places, largest_table, .. } = code.header;
        let name = target.name();
        if code.header.digest != digest(app) {
            bail!(
                "its code for {name} was made of another app: `zephyr-wasm compile --target {name}` makes it anew"
            );
        }
        if places && source.is_none() {
            bail!(
                "its code for {name} tells places in the file that it was packed of: --source names that file"
            );
        }
        let manner = Manner { speed, unaligned, source: source.filter(|_| places), largest_table };
        let toolchain = Toolchain::of(target)?;
        let blob = made(app, &toolchain, &manner).with_context(|| format!("for {name}"))?;
        if blob.bytes != code.bytes || blob.frame != code.header.frame {
            bail!(
                "its code for {name} is not what `{}` makes of it, as `zephyr-wasm compile --target {name}` would; it says \
                 that it was made by `{}`",
                toolchain.name,
                crate::text::shown(code.compiler)
            );
        }
    }
    Ok(())
}

fn made(app: &[u8], toolchain: &Toolchain, manner: &Manner<'_>) -> Result<Blob> {
    let options = Options {
        source: manner.source,
        places: manner.source.is_some(),
        largest_table: manner.largest_table,
        ..Options::new("app")
    };
    let c = zephyr_wasm_compile::compile(app, &options)? + &layout();
    let directory = Directory::new()?;
    blob::make(directory.path(), toolchain, &c, manner.speed, manner.unaligned)
}

/// That what code begins with is where a board will read it, for the compiler.
fn layout() -> String {
    let structure = "struct zephyr_wasm_compiled_info";
    let mut lines = format!("\n_Static_assert(sizeof({structure}) == {}, \"layout\");\n", Info::SIZE);
    for (member, at) in Info::MEMBERS {
        lines += &format!("_Static_assert(offsetof({structure}, {member}) == {at}, \"layout\");\n");
    }
    lines
}

/// Says which code a file has, a line for each.
///
/// # Errors
/// What of it cannot be read.
pub fn told(app: &[u8]) -> Result<Vec<String>> {
    let line = |code: Result<zephyr_wasm_code::Code<'_>, zephyr_wasm_code::Malformed>| {
        let code = code.map_err(|malformed| anyhow::anyhow!("{malformed}"))?;
        let (header, info) = (&code.header, code.info());
        let level = if header.speed { "-O2" } else { "-Os" };
        Ok(format!(
            "code for {}: {} bytes ({level}), ABI {}, {} bytes of globals and tables, frames of at most {} bytes; by {}",
            header.target.name(),
            code.bytes.len(),
            info.abi,
            info.instance_size,
            header.frame,
            crate::text::shown(code.compiler)
        ))
    };
    codes(app).map(line).collect()
}
