//! Runs compiled modules on this machine: by its compiler of C, and as a shared library.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::ffi::{CString, c_void};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use zephyr_wasm_compile::{Compiler, Error, Options};

const HOST: &str = include_str!("host.c");

/// The largest frame of a function in bytes: any.
pub const FRAME: usize = i32::MAX as usize;

/// A room for the files of a test, or of an example.
pub fn directory(name: &str) -> PathBuf {
    let place = option_env!("CARGO_TARGET_TMPDIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let path = place.join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// Several modules in one file.
pub struct File {
    text: String,
    count: usize,
    /// Whether a warning of the compiler is an error. Of what is random, it may have more to say than of what people write.
    pub is_strict: bool,
}

impl Default for File {
    fn default() -> Self {
        File { text: zephyr_wasm_compile::head(), count: 0, is_strict: true }
    }
}

impl File {
    /// Adds a module, and tells its number.
    pub fn add(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        let number = self.count;
        let (name, prefix) = (format!("m{number}"), format!("m{number}_"));
        let options = Options { prefix: &prefix, ..Options::new(&name) };
        self.text.push_str(&zephyr_wasm_compile::compile_module(bytes, &options)?);
        self.count += 1;
        Ok(number)
    }

    /// Compiles all that has been added, and loads it. In the environment, `LEVEL=-O2` has it optimized more, and
    /// `SANITIZE=1` checked for undefined behaviour, which ends the test.
    ///
    /// # Errors
    /// What the compiler has said.
    pub fn build(&self, path: &Path) -> Result<Library, String> {
        let (source, library) = (path.with_extension("c"), path.with_extension("so"));
        std::fs::write(&source, format!("{}\n{HOST}", self.text)).unwrap();
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".into());
        let mut command = Command::new(&compiler);
        let level = std::env::var("LEVEL").unwrap_or_else(|_| "-O1".into());
        command.args(["-std=gnu11", &level, "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror"]);
        command.args(Compiler::of(&compiler, &[]).flags(FRAME));
        if !self.is_strict {
            command.arg("-w");
        }
        if std::env::var_os("SANITIZE").is_some() {
            command.args(["-fsanitize=undefined", "-fno-sanitize-recover=all", "-w"]);
        }
        let output = command.arg("-o").arg(&library).arg(&source).output().expect("a compiler of C");
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!("{}: {}", source.display(), said.chars().take(2000).collect::<String>()));
        }
        Ok(Library::open(&library))
    }
}

/// What has been loaded.
pub struct Library(*mut c_void);

impl Library {
    fn open(path: &Path) -> Self {
        let path = CString::new(path.to_str().unwrap()).unwrap();
        // SAFETY: the path ends with a zero, and the library was made for this test.
        let handle = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        assert!(!handle.is_null(), "{path:?} cannot be loaded");
        Library(handle)
    }

    /// A function of it.
    fn function(&self, name: &str) -> *mut c_void {
        let name = CString::new(name).unwrap();
        // SAFETY: the handle is of a library that is open, and the name ends with a zero.
        let found = unsafe { libc::dlsym(self.0, name.as_ptr()) };
        assert!(!found.is_null(), "there is no {name:?}");
        found
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        // SAFETY: it is open, and all that came of it has it, too.
        unsafe { libc::dlclose(self.0) };
    }
}

/// An instance of a module in a library.
pub struct Instance {
    library: Rc<Library>,
    host: *mut c_void,
}

impl Instance {
    /// Makes an instance of a module. The code is that of the trap that this ended with, or 0.
    pub fn new(library: &Rc<Library>, module: usize) -> (Self, u32) {
        let entry = library.function(&format!("zephyr_wasm_compiled_app_m{module}"));
        type New = unsafe extern "C" fn(*mut c_void, *mut u32) -> *mut c_void;
        // SAFETY: host.c has it so.
        let new: New = unsafe { std::mem::transmute(library.function("host_new")) };
        let mut code = 0;
        // SAFETY: the entry is one of a compiled module.
        let host = unsafe { new(entry, &raw mut code) };
        (Instance { library: Rc::clone(library), host }, code)
    }

    /// Calls an export by its number. The values are arguments, and then results.
    ///
    /// # Errors
    /// The code of the trap that it ended with.
    pub fn call(&self, export: u32, values: &mut [u64]) -> Result<(), u32> {
        type Call = unsafe extern "C" fn(*mut c_void, u32, *mut u64) -> u32;
        // SAFETY: host.c has it so.
        let call: Call = unsafe { std::mem::transmute(self.library.function("host_call")) };
        // SAFETY: the caller gives room for arguments and results.
        let code = unsafe { call(self.host, export, values.as_mut_ptr()) };
        if code == 0 { Ok(()) } else { Err(code) }
    }

    /// The place of the last trap.
    pub fn place(&self) -> u32 {
        type Place = unsafe extern "C" fn(*mut c_void) -> u32;
        // SAFETY: host.c has it so.
        let place: Place = unsafe { std::mem::transmute(self.library.function("host_place")) };
        // SAFETY: it is an instance.
        unsafe { place(self.host) }
    }

    /// The bytes of its memory.
    pub fn memory(&self) -> &[u8] {
        type Memory = unsafe extern "C" fn(*mut c_void, *mut u32) -> *const u8;
        // SAFETY: host.c has it so.
        let memory: Memory = unsafe { std::mem::transmute(self.library.function("host_memory")) };
        let mut size = 0;
        // SAFETY: it is an instance.
        let at = unsafe { memory(self.host, &raw mut size) };
        // SAFETY: there are so many, and they stay where they are.
        unsafe { std::slice::from_raw_parts(at, size as usize) }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        type Free = unsafe extern "C" fn(*mut c_void);
        // SAFETY: host.c has it so.
        let free: Free = unsafe { std::mem::transmute(self.library.function("host_free")) };
        // SAFETY: it is an instance, which nobody has any more.
        unsafe { free(self.host) };
    }
}
