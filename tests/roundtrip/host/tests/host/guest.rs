//! The guest, built and loaded.

use roundtrip_host::Api;
use roundtrip_host::bindings::exports::{self, test_roundtrip_echo};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use zephyr_wasm_runtime::abi::Store;
use zephyr_wasm_runtime::{App, Code, HostApi, HostApis, Instance, Job, Limits, Message, Platform};

/// A platform on which nothing is killed.
pub struct Bench;

impl Platform for Bench {
    const STACKS_STAY: bool = true;

    fn next_allocation_may_fail(&self) {}
    fn linear_memory(&self, _: usize, _: usize) -> bool {
        true
    }
    fn room(&self, _: usize, _: usize, most: usize) -> usize {
        most
    }
    fn linear_memory_stays(&self, _: usize) {}
    fn started(&self, _: *mut Instance<Self>) {}
    fn stopped(&self) {}
    fn hold(&self) {}
    fn is_held(&self) -> bool {
        false
    }
    fn release(&self) {}
}

static APIS: HostApis<App<Bench>> = HostApis {
    interfaces: &[],
    added: &[<Api as HostApi<Bench>>::INTERFACES],
    known: "",
};

/// The loaded guest.
pub struct Guest {
    pub store: Store<App<Bench>>,
    pub world: exports::Exports,
    pub echo: test_roundtrip_echo::Exports,
}

impl Guest {
    pub fn load() -> Self {
        static WASM: OnceLock<Vec<u8>> = OnceLock::new();
        let wasm = WASM.get_or_init(|| std::fs::read(build()).expect("the guest was built"));
        let limits = Limits {
            value_stack: 65536,
            ..Limits::default()
        };
        let job = Job {
            code: Code::untrusted(wasm),
            limits: &limits,
            apis: &APIS,
            call: None,
            calls: None,
            commands: None,
            autopsy: None,
            check: false,
        };
        let mut message = Message::new();
        let loaded = Instance::new(&job, Bench, &mut message);
        let Instance { store, instance } =
            loaded.unwrap_or_else(|end| panic!("{end:?}: {}", message.as_str()));
        Guest {
            world: exports::Exports::new(&store, &instance).unwrap(),
            echo: test_roundtrip_echo::Exports::new(&store, &instance).unwrap(),
            store,
        }
    }

    /// Ends it, and closes what it holds.
    pub fn close(mut self) {
        APIS.close(self.store.data_mut());
    }
}

/// Builds the guest with stock tools, and returns where it is.
fn build() -> PathBuf {
    let crate_ = Path::new(env!("CARGO_MANIFEST_DIR")).join("../guest");
    // scripts/test names a directory that apps of other tests and of firmware share.
    let target = std::env::var_os("ZEPHYR_WASM_GUESTS").map_or_else(
        || Path::new(env!("CARGO_TARGET_TMPDIR")).join("guests"),
        PathBuf::from,
    );
    let status = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--release",
            "--target",
            "wasm32v1-none",
            "--target-dir",
        ])
        .arg(&target)
        .current_dir(crate_)
        .env(
            "RUSTFLAGS",
            "-Clink-arg=--page-size=1 -Clink-arg=-zstack-size=4096 -Clink-arg=--stack-first",
        )
        // As zephyr_wasm_app() has them: Cargo builds the generator of bindings anew for others.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "z")
        .env("CARGO_PROFILE_RELEASE_LTO", "true")
        .env("CARGO_PROFILE_RELEASE_PANIC", "abort")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1")
        .status();
    assert!(
        status.expect("cargo runs").success(),
        "the guest does not build"
    );
    target.join("wasm32v1-none/release/roundtrip_guest.wasm")
}
