//! The file that an app was packed of.

use crate::contract::is_packed;
use crate::entry::begun;
use crate::module;
use crate::shrink::shrink;
use crate::trace::traced;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use wasmparser::Parser;

/// What a build made, of which an app may have been packed.
pub struct Source {
    path: PathBuf,
    /// Its core module.
    pub core: Vec<u8>,
}

impl Source {
    /// That of a file.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        Ok(Source { path: path.to_owned(), core: module::read(path)?.core })
    }

    /// Refuses it if `pack` makes another app of it: code with places is made of its functions, and is to be that of the app.
    ///
    /// # Errors
    /// That it is of another app, or cannot be packed.
    pub fn refuse_other(&self, app: &[u8]) -> Result<()> {
        if !self.is_of(app)? {
            bail!(
                "{} (--source) is not what this app was packed of: `zephyr-wasm pack` makes another one of it. Name the file \
                 that it was packed of, or pack it again",
                self.path.display()
            );
        }
        Ok(())
    }

    /// Whether an app is what `pack` makes of it, by any of its options that change more than custom sections.
    fn is_of(&self, app: &[u8]) -> Result<bool> {
        let wanted = sections(app)?;
        if is_packed(&self.core) {
            return Ok(sections(&module::mended(&self.path, &self.core)?)? == wanted);
        }
        for with_trace in [false, true] {
            let core = if with_trace { traced(&self.core)? } else { self.core.clone() };
            let core = begun(&module::mended(&self.path, &core)?)?;
            for (reserves, tells_stack) in [(false, true), (true, true), (false, false), (true, false)] {
                if sections(&shrink(&core, reserves, tells_stack)?)? == wanted {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// What a module has, but for custom sections: the number of each section, and what is in it.
fn sections(module: &[u8]) -> Result<Vec<(u8, &[u8])>> {
    const CUSTOM: u8 = 0;
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Some((id, range)) = payload?.as_section()
            && id != CUSTOM
        {
            found.push((id, &module[range.start as usize..range.end as usize]));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{Options, packed_module};

    fn source(text: &str) -> Source {
        Source { path: "app.wasm".into(), core: wat::parse_str(text).unwrap() }
    }

    fn app(text: &str, options: &Options<'_>) -> Vec<u8> {
        let module = module::of_bytes(wat::parse_str(text).unwrap()).unwrap();
        packed_module(Path::new("app.wasm"), module, None, options).unwrap()
    }

    /// With what packing drops, joins and writes otherwise.
    const APP: &str = r#"(module
        (import "test:test/test" "test" (func $host (param i32)))
        (memory (export "memory") 1)
        (global $__stack_pointer (mut i32) (i32.const 1024))
        (data (i32.const 0) "one") (data (i32.const 16) "two")
        (func $unused (drop (i64.const 123456789)))
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16))
        (func (export "run") (result i32)
            (call $host (select (i32.const 0) (i32.const 4) (i32.eqz (i32.load (i32.const 0)))))
            (i32.const 0)))"#;

    #[test]
    fn what_packing_makes_of_it_is_known() {
        let source = source(APP);
        for trace in [false, true] {
            for no_stack_pointer in [false, true] {
                let app = app(APP, &Options { trace, no_stack_pointer, ..Options::default() });
                source.refuse_other(&app).unwrap();
                let again = Source { path: "app.wasm".into(), core: app.clone() };
                again.refuse_other(&app).unwrap();
            }
        }
    }

    #[test]
    fn each_other_source_is_refused() {
        let app = app(APP, &Options::default());
        for (from, to) in [
            ("(i32.load (i32.const 0))", "(i32.load (i32.const 4))"),
            ("test:test/test", "test:test/tess"),
            (r#"(data (i32.const 0) "one")"#, r#"(data (i32.const 0) "own")"#),
            ("(i32.const 1024)", "(i32.const 2048)"),
            ("(memory (export \"memory\") 1)", "(memory (export \"memory\") 2)"),
        ] {
            assert!(APP.contains(from), "{from}");
            let error = source(&APP.replace(from, to)).refuse_other(&app).unwrap_err().to_string();
            assert!(error.contains("app.wasm (--source) is not what this app was packed of"), "{error}");
        }
    }
}
