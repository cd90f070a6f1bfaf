//! What the firmware of the board that `zephyr-wasm run` plays is configured to have: sizes, and how much of something all apps
//! share.

use core::ops::RangeInclusive;

/// Makes each field of its symbol of Kconfig, what it has here where no board in particular is played, and the symbol's
/// range.
macro_rules! configured {
    ($($(#[$text:meta])* $name:ident: $symbol:literal = $default:expr, $range:expr,)*) => {
        /// What Kconfig has of a board's host APIs.
        #[derive(Clone, Debug)]
        pub struct Configured {
            $(
                $(#[$text])*
                #[doc = concat!("It is `", $symbol, "`.")]
                pub $name: usize,
            )*
        }

        impl Default for Configured {
            fn default() -> Self {
                Configured { $($name: $default,)* }
            }
        }

        impl Configured {
            /// What Kconfig lets each be.
            pub const RANGES: &'static [(&'static str, RangeInclusive<usize>)] = &[$(($symbol, $range),)*];

            /// As a firmware has it, given the values of symbols. What it has no value for is as it is without a board.
            pub fn read(value: impl Fn(&str) -> Option<usize>) -> Self {
                let host = Configured::default();
                Configured { $($name: value($symbol).unwrap_or(host.$name),)* }
            }
        }
    };
}

/// Of what there is here as much as anybody asks for.
const ANY: usize = usize::MAX;

configured! {
    /// The most apps at the same time.
    apps: "CONFIG_WASM_MAX_APPS" = ANY, 1..=32,
    /// The least severe level of the log that is written: 1 for errors, up to 4.
    log_level: "CONFIG_WASM_LOG_LEVEL" = 4, 0..=4,
    /// The longest line of an app's log in bytes.
    log_message: "CONFIG_WASM_LOG_MESSAGE_SIZE" = ANY, 16..=1024,
    /// The shortest periods of timers and of samples in microseconds.
    timer_period_us: "CONFIG_WASM_TIMER_PERIOD_MIN_US" = 1000, 100..=1_000_000,
    sensor_period_us: "CONFIG_WASM_SENSOR_PERIOD_MIN_US" = 1000, 100..=10_000_000,
    /// The most timers: of all apps on a board, and of each here.
    timers: "CONFIG_WASM_TIMER_COUNT" = crate::expiry::TIMERS, 1..=256,
    /// The most streams of samples, and the most samples of one.
    sensor_streams: "CONFIG_WASM_SENSOR_STREAM_COUNT" = ANY, 1..=32,
    sensor_capacity: "CONFIG_WASM_SENSOR_STREAM_CAPACITY" = ANY, 1..=255,
    /// The most lines.
    gpio_lines: "CONFIG_WASM_GPIO_LINE_COUNT" = ANY, 1..=64,
    /// The most outputs.
    pwm_outputs: "CONFIG_WASM_PWM_OUTPUT_COUNT" = ANY, 1..=32,
    /// The most serial ports that are open, the bytes that wait in one, and the rates that apps set.
    uart_ports: "CONFIG_WASM_UART_PORT_COUNT" = ANY, 1..=16,
    uart_buffer: "CONFIG_WASM_UART_BUFFER_SIZE" = 4096, 8..=4096,
    uart_rate_min: "CONFIG_WASM_UART_RATE_MIN" = 9600, 50..=1_000_000,
    uart_rate_max: "CONFIG_WASM_UART_RATE_MAX" = 115_200, 50..=20_000_000,
    /// The most bytes of one transfer.
    i2c: "CONFIG_WASM_I2C_SIZE" = 256, 1..=4096,
    spi: "CONFIG_WASM_SPI_SIZE" = 256, 1..=4096,
    /// The longest payload of a message in bytes, the most that wait in a subscription, and the most subscriptions and requests.
    message: "CONFIG_WASM_MESSAGE_SIZE" = 1024, 8..=4096,
    message_capacity: "CONFIG_WASM_MESSAGE_CAPACITY" = 64, 1..=255,
    message_subscriptions: "CONFIG_WASM_MESSAGE_SUBSCRIPTION_COUNT" = ANY, 1..=32,
    message_requests: "CONFIG_WASM_MESSAGE_REQUEST_COUNT" = ANY, 1..=32,
    /// The longest value in bytes, and the most keys of an app.
    storage_value: "CONFIG_WASM_STORAGE_VALUE_SIZE" = 4096, 8..=4096,
    storage_keys: "CONFIG_WASM_STORAGE_KEY_COUNT" = 4096, 1..=4096,
    /// The most sockets, the most names that are remembered of each app, and the most bytes that one call takes or gives.
    sockets: "CONFIG_WASM_SOCKET_COUNT" = ANY, 1..=32,
    names: "CONFIG_WASM_SOCKETS_NAME_COUNT" = ANY, 1..=64,
    datagram: "CONFIG_WASM_SOCKETS_SIZE" = 2048, 64..=65_507,
    /// The longest body of a request or an answer in bytes, and the most requests.
    http: "CONFIG_WASM_HTTP_SIZE" = 64 * 1024, 64..=65_536,
    http_requests: "CONFIG_WASM_HTTP_REQUEST_COUNT" = ANY, 1..=32,
    /// The most paths that are served, the most requests that wait for one, and observers of one; and how many answers
    /// are remembered at least.
    coap_resources: "CONFIG_WASM_COAP_RESOURCE_COUNT" = 32, 1..=32,
    coap_capacity: "CONFIG_WASM_COAP_CAPACITY" = 16, 1..=32,
    coap_observers: "CONFIG_WASM_COAP_OBSERVER_COUNT" = 16, 0..=32,
    coap_answers: "CONFIG_WASM_COAP_ANSWER_COUNT" = 64, 0..=256,
    /// The most requests that apps make.
    coap_requests: "CONFIG_WASM_COAP_REQUEST_COUNT" = ANY, 1..=32,
    /// The longest body of CoAP, and the longest payload of one of its messages, in bytes.
    coap: "CONFIG_WASM_COAP_SIZE" = 1024, 16..=32_768,
    coap_block: "CONFIG_WASM_COAP_BLOCK_SIZE" = 1024, 16..=1024,
    /// The most advertisements that wait for an app.
    ble_reports: "CONFIG_WASM_BLE_REPORT_COUNT" = ANY, 1..=64,
    /// The most files that programs have open, and one program besides its streams; and the most directories that all
    /// programs are listing.
    wasi_files: "CONFIG_WASM_WASI_OPEN_FILE_COUNT" = ANY, 1..=1024,
    wasi_files_of_program: "CONFIG_WASM_WASI_OPEN_FILE_COUNT_PER_PROGRAM" = ANY, 1..=1024,
    wasi_dirs: "CONFIG_WASM_WASI_OPEN_DIR_COUNT" = ANY, 1..=256,
    /// The most pipes, and what one holds in bytes.
    pipes: "CONFIG_WASM_PIPE_COUNT" = ANY, 1..=64,
    pipe: "CONFIG_WASM_PIPE_SIZE" = 65_536, 16..=65_536,
    /// The longest line of a program in the log in bytes.
    wasi_log_line: "CONFIG_WASM_WASI_LOG_LINE_SIZE" = 256, 16..=512,
    /// The first wait before an app is started again, and the longest, in milliseconds.
    backoff_first_ms: "CONFIG_WASM_BACKOFF_MIN_MS" = 1000, 1..=3_600_000,
    backoff_most_ms: "CONFIG_WASM_BACKOFF_MAX_MS" = 60_000, 1..=86_400_000,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_firmware_says_what_it_has() {
        let board = Configured::read(|symbol| (symbol == "CONFIG_WASM_MESSAGE_SIZE").then_some(64));
        assert_eq!(board.message, 64);
        assert_eq!(board.storage_value, Configured::default().storage_value);
    }
}
