//! The table of a manifest's keys: the one place that has a key.
//!
//! A row is `NAME "key": value, "unit", image, "read";` below what the key means, in one line of docs:
//!
//! - *value* is what may stand there, as [`crate::keys::Value`] has it, and *unit* what a number counts;
//! - *image* is what the image has to say of it. `limit(field = other, "SYMBOL")` is a limit: an app that asks for more than
//!   `CONFIG_WASM_APP_SYMBOL` is refused. It has a field in [`crate::Limits`], which is `other` where no firmware says it; with
//!   `of_region` behind the symbol, an app without the key has no limit but its region. `of(Bound, "SYMBOL")` is any other,
//!   with one of [`crate::keys::Bound`];
//! - *read* names the file that reads it on the board.
//!
//! An app's file has its lines in this order.

/// Gives all rows to a macro that makes something of them.
macro_rules! table {
    ($make:ident) => {
        $make! {
            /// What the app is called.
            NAME "name": Name, "", of(Nothing, ""), "store.rs";
            /// An app that is installed is replaced by one of a later version only.
            VERSION "version": Version, "", of(Nothing, ""), "store.rs";
            /// Memory for all that it causes.
            HEAP "heap": Number(0, u32::MAX), "bytes", limit(heap = usize::MAX, "HEAP_SIZE"), "entry.rs";
            /// Native stack that it counts on.
            STACK "stack": Number(0, u32::MAX), "bytes", limit(stack = usize::MAX, "STACK_SIZE"), "limits.rs";
            /// Priority of its thread, as Zephyr counts them; of less than `CONFIG_WASM_APP_PRIORITY_HIGHEST`, it has that.
            PRIORITY "priority": Number(0, 255), "", of(Otherwise, "WASM_APP_PRIORITY"), "entry.rs";
            /// The longest time between two calls of `heartbeat()`; an app that is silent for longer is ended.
            HEARTBEAT "heartbeat": Number(0, u32::MAX), "ms", of(Needs, "WASM_SUPERVISOR"), "promised.rs";
            /// Its share of the processor.
            CPU "cpu": Number(1, 100), "percent", of(Needs, "WASM_CPU_SHARES"), "promised.rs";
            /// The largest linear memory, within `heap`.
            MEMORY "memory": Number(0, u32::MAX), "bytes", limit(memory = usize::MAX, "HEAP_SIZE", of_region), "limits.rs";
            /// Elements of each table.
            TABLE "table": Number(0, u32::MAX), "", limit(table = 1024, "TABLE_SIZE"), "limits.rs";
            /// Timers, sockets and other resources that it holds at once.
            HANDLES "handles": Number(0, u32::MAX), "", limit(handles = 16, "HANDLE_COUNT"), "limits.rs";
            /// Timers among these.
            TIMERS "timers": Number(0, u32::MAX), "", of(Most, "WASM_APP_HANDLE_COUNT"), "timer.rs";
            /// Calls that are active at once, of an interpreted app.
            CALL_DEPTH "call-depth": Number(0, u32::MAX), "", limit(call_depth = 64, "CALL_DEPTH"), "limits.rs";
            /// The interpreter's stack: locals and operands of all active calls.
            VALUE_STACK "value-stack": Number(0, u32::MAX), "bytes", limit(value_stack = 4096, "VALUE_STACK_SIZE"), "limits.rs";
            /// Lines of log.
            LOG_LINES "log-lines": Number(0, u32::MAX), "in a second", of(Most, "WASM_LOG_LINES_PER_SECOND"), "log_rate.c";
            /// Values that it stores.
            STORAGE_WRITES "storage-writes": Number(0, u32::MAX), "in an hour", of(Most, "WASM_STORAGE_WRITES_PER_HOUR"), "storage.c";
            /// Blocks of files that it writes.
            FILE_WRITES "file-writes": Number(0, u32::MAX), "in an hour", of(Most, "WASM_WASI_WRITES_PER_HOUR"), "nodes.c";
            /// The shortest time between two look-ups, CoAP or HTTP requests.
            NET_INTERVAL "net-interval-ms": Number(0, u32::MAX), "ms", of(Least, "WASM_NET_INTERVAL_MS"), "pace.c";
            /// The shortest time between two requests to scan, to advertise or to set a value.
            BLE_INTERVAL "ble-interval-ms": Number(0, u32::MAX), "ms", of(Least, "WASM_BLE_INTERVAL_MS"), "ble.c";
            /// The shortest period of a timer; needs `CONFIG_WASM_SUPERVISOR`.
            TIMER_PERIOD "timer-period-us": Number(0, u32::MAX), "µs", of(Least, "WASM_TIMER_PERIOD_MIN_US"), "timer.c";
            /// The shortest time between two samples of a stream; needs `CONFIG_WASM_SUPERVISOR`.
            SENSOR_PERIOD "sensor-period-us": Number(0, u32::MAX), "µs", of(Least, "WASM_SENSOR_PERIOD_MIN_US"), "sensor.c";
            /// When it is started again after an end.
            RESTART "restart": OneOf(&["never", "on-failure", "always"]), "", of(Needs, "WASM_SUPERVISOR"), "promised.rs";
        }
    };
}
