//! Whenever and however an app ends, what it holds is closed.

use roundtrip_host::cells;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::time::{Duration, Instant};
use zephyr_wasm_platform_host::{Added, App, HostPlatform, RegionAllocator, Settings, held};
use zephyr_wasm_runtime::abi::{
    Caller, Error, Function, HostFunction, HostState, Interface, Store,
};
use zephyr_wasm_runtime::engine::TrapCode;
use zephyr_wasm_runtime::{App as State, End, HostApi, Platform};

#[global_allocator]
static ALLOCATOR: RegionAllocator = RegionAllocator;

/// The tests count what all apps hold, and so take turns.
static TURN: Mutex<()> = Mutex::new(());

/// How long apps are started and killed, and how long at most for as many as that are to be: a busy machine may not let an
/// app get far in so short a time.
const TIME: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes and drops resources of each kind of host API, always several of them, until it is killed.
const CHURNS: &str = r#"(module
    (@custom "zephyr-wasm:app" "name churns\0atest:roundtrip\0azephyr:message subscribe *")
    (import "test:roundtrip/echo@0.1.0" "[constructor]cell" (func $new (param i32 i32) (result i32)))
    (import "test:roundtrip/echo@0.1.0" "[static]cell.join" (func $join (param i32 i32) (result i32)))
    (import "test:roundtrip/echo@0.1.0" "[resource-drop]cell" (func $drop (param i32)))
    (import "test:roundtrip/echo@0.1.0" "cells" (func $cells (param i32 i32 i32)))
    (import "zephyr:message/message@0.1.0" "[resource-drop]subscription" (func $leave (param i32)))
    (import "zephyr:message/message@0.1.0" "[static]subscription.open" (func $listen (param i32 i32 i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 64) "a/b")
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
    (func (export "run") (result i32)
        (local $one i32) (local $two i32)
        (loop $again
            (local.set $one (call $new (i32.const 64) (i32.const 3)))
            (local.set $two (call $new (i32.const 64) (i32.const 2)))
            (local.set $one (call $join (local.get $one) (local.get $two)))
            ;; Two texts of no bytes.
            (call $cells (i32.const 128) (i32.const 2) (i32.const 256))
            (call $listen (i32.const 64) (i32.const 3) (i32.const 1) (i32.const 512))
            (if (i32.eqz (i32.load8_u (i32.const 512)))
                (then (call $leave (i32.load (i32.const 516)))))
            (call $drop (i32.load (i32.load (i32.const 256))))
            (call $drop (i32.load offset=4 (i32.load (i32.const 256))))
            (call $drop (local.get $two))
            (call $drop (local.get $one))
            (br $again))
        unreachable))"#;

/// Numbers that look random, and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn start(added: Added, wasm: &[u8]) -> App {
    let settings = Settings {
        added,
        ..Settings::new("ends")
    };
    App::start(settings, wasm.to_vec()).expect("there is a thread")
}

#[test]
fn a_kill_at_any_time_leaves_nothing() {
    let _turn = TURN.lock();
    let wasm = wat::parse_str(CHURNS).unwrap();
    let added: Added = &[<roundtrip_host::Api as HostApi<HostPlatform>>::INTERFACES];
    let (mut numbers, mut killed, mut holding) = (Numbers(0x5eed), 0, 0);
    let begin = Instant::now();
    let is_enough = |killed, holding| killed > 50 && holding > 10;
    while begin.elapsed() < TIME || (!is_enough(killed, holding) && begin.elapsed() < PATIENCE) {
        // Before it runs, as it begins, and in its calls.
        let most = [1, 50, 300, 3000][killed % 4];
        let delay = Duration::from_micros(numbers.below(most));
        let app = start(added, &wasm);
        let mut started = Instant::now();
        // The last of them has begun, however long others keep it from the processor.
        while most == 3000 && cells::open() < 2 && begin.elapsed() < PATIENCE {
            std::thread::yield_now();
            started = Instant::now();
        }
        while started.elapsed() < delay {
            std::hint::spin_loop();
        }
        holding += usize::from(cells::open() > 1);
        app.kill();
        let (end, message, _) = app.join();
        assert_eq!(end, End::Killed, "{message}");
        assert_eq!(
            (cells::open(), held()),
            (0, 0),
            "after {delay:?}, app {killed}: a resource outlives its app"
        );
        killed += 1;
    }
    // Some of them were in the middle of it.
    assert!(
        is_enough(killed, holding),
        "{killed} killed, {holding} held several"
    );
}

/// How many resources of [`Odd`] there are.
static OPEN: AtomicI32 = AtomicI32::new(0);

/// How they are closed.
static CLOSING: AtomicU32 = AtomicU32::new(0);

/// A host API whose code does what it may.
struct Odd;

const TYPE: u32 = 0x0dd;

fn open(cx: &mut Caller<'_, State<HostPlatform>>) -> Result<i32, Error> {
    OPEN.fetch_add(1, Ordering::SeqCst);
    cx.data_mut().handles().insert(TYPE, 7)
}

impl Interface<State<HostPlatform>> for Odd {
    fn name(&self) -> &'static str {
        "test:odd/odd"
    }

    fn function(
        &self,
        name: &str,
        store: &mut Store<State<HostPlatform>>,
    ) -> Option<(Function, u32)> {
        let function = match name {
            "open" => open as fn(&mut Caller<'_, State<HostPlatform>>) -> Result<i32, Error>,
            _ => return None,
        };
        Some((function.into_function(store), 0))
    }

    fn close(&self, app: &mut State<HostPlatform>, ty: u32, _: u32) -> bool {
        OPEN.fetch_sub(1, Ordering::SeqCst);
        match CLOSING.load(Ordering::SeqCst) {
            0 => {
                app.platform.hold();
                app.platform.release();
            }
            // As it would wait for a device.
            _ => {
                app.platform.release();
                app.platform.hold();
            }
        }
        ty == TYPE
    }
}

/// Opens three, and then does something.
fn holds_three(then: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
            (import "test:odd/odd" "open" (func $open (result i32)))
            (func (export "run") (result i32)
                (drop (call $open)) (drop (call $open)) (drop (call $open)) {then}))"#
    );
    wat::parse_str(text).unwrap()
}

fn ends(then: &str, kill: bool) -> End {
    let app = start(&[&[&Odd]], &holds_three(then));
    while kill && OPEN.load(Ordering::SeqCst) < 3 {
        std::thread::yield_now();
    }
    if kill {
        app.kill();
    }
    let (end, _, _) = app.join();
    end
}

/// Code that closes may hold a kill off and let it in, as any of a host's may: the app is not ended once more by that.
#[test]
fn a_kill_closes_all_whatever_closing_does() {
    let _turn = TURN.lock();
    for closing in 0..2 {
        CLOSING.store(closing, Ordering::SeqCst);
        let spins = "(loop $spin (br $spin)) unreachable";
        assert_eq!(ends(spins, true), End::Killed);
        assert_eq!(OPEN.load(Ordering::SeqCst), 0, "killed, {closing}");
        assert_eq!(
            ends("unreachable", false).codes().0,
            End::Trapped(TrapCode::UnreachableCodeReached).codes().0
        );
        assert_eq!(OPEN.load(Ordering::SeqCst), 0, "trapped, {closing}");
        assert_eq!(ends("i32.const 5", false), End::Returned(5));
        assert_eq!(OPEN.load(Ordering::SeqCst), 0, "returned, {closing}");
    }
}
