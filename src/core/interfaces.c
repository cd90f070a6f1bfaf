/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host APIs of the image. The Rust library has all of them; the linker drops what is not named
 * here.
 */

#include <stddef.h>

#include <zephyr/sys/util.h>

/* Of the Rust side: rust/platform-zephyr/src/added.rs. */
struct zephyr_wasm_interface;

#define DECLARE(name) extern const struct zephyr_wasm_interface zephyr_wasm_interface_##name;

DECLARE(wasi_logging_logging)
DECLARE(wasi_clocks_monotonic_clock)
DECLARE(zephyr_timer_timer)
DECLARE(wasi_random_random)
DECLARE(zephyr_lifecycle_lifecycle)
DECLARE(zephyr_sensor_sensor)
DECLARE(zephyr_sensor_discovery)
DECLARE(zephyr_sensor_streams)
DECLARE(zephyr_gpio_gpio)
DECLARE(zephyr_message_message)
DECLARE(zephyr_message_requests)
DECLARE(zephyr_storage_storage)
DECLARE(zephyr_sockets_sockets)
DECLARE(zephyr_coap_coap)
DECLARE(zephyr_http_http)
DECLARE(zephyr_i2c_i2c)
DECLARE(zephyr_spi_spi)
DECLARE(zephyr_uart_uart)
DECLARE(zephyr_adc_adc)
DECLARE(zephyr_pwm_pwm)
DECLARE(zephyr_ble_ble)
DECLARE(wasi)
DECLARE(wasi_files)

#define INTERFACE(symbol, name)                                                                    \
	COND_CODE_1(CONFIG_WASM_API_##symbol, (&zephyr_wasm_interface_##name, ), ())

const struct zephyr_wasm_interface *const zephyr_wasm_interfaces[] = {
	/* clang-format off */
	INTERFACE(LOG, wasi_logging_logging)
	INTERFACE(CLOCKS, wasi_clocks_monotonic_clock)
	INTERFACE(TIMER, zephyr_timer_timer)
	INTERFACE(RANDOM, wasi_random_random)
	INTERFACE(LIFECYCLE, zephyr_lifecycle_lifecycle)
	INTERFACE(SENSOR, zephyr_sensor_sensor)
	INTERFACE(SENSOR_DISCOVERY, zephyr_sensor_discovery)
	INTERFACE(SENSOR_STREAMS, zephyr_sensor_streams)
	INTERFACE(GPIO, zephyr_gpio_gpio)
	INTERFACE(MESSAGE, zephyr_message_message)
	INTERFACE(MESSAGE_REQUESTS, zephyr_message_requests)
	INTERFACE(STORAGE, zephyr_storage_storage)
	INTERFACE(SOCKETS, zephyr_sockets_sockets)
	INTERFACE(COAP, zephyr_coap_coap)
	INTERFACE(HTTP, zephyr_http_http)
	INTERFACE(I2C, zephyr_i2c_i2c)
	INTERFACE(SPI, zephyr_spi_spi)
	INTERFACE(UART, zephyr_uart_uart)
	INTERFACE(ADC, zephyr_adc_adc)
	INTERFACE(PWM, zephyr_pwm_pwm)
	INTERFACE(BLE, zephyr_ble_ble)
#if defined(CONFIG_WASM_WASI_FILES)
	&zephyr_wasm_interface_wasi_files,
#elif defined(CONFIG_WASM_WASI)
	&zephyr_wasm_interface_wasi,
#endif
	/* clang-format on */
	NULL,
};

/* What calls functions by their names, in the same way. */
extern const struct zephyr_wasm_caller zephyr_wasm_caller;
extern const struct zephyr_wasm_floats zephyr_wasm_floats;
extern const struct zephyr_wasm_commands zephyr_wasm_commands;
extern const struct zephyr_wasm_autopsy zephyr_wasm_autopsy;

const struct zephyr_wasm_caller *const zephyr_wasm_caller_of_image =
	COND_CODE_1(CONFIG_WASM_CALL, (&zephyr_wasm_caller), (NULL));
const struct zephyr_wasm_floats *const zephyr_wasm_floats_of_image =
	COND_CODE_1(CONFIG_WASM_CALL_FLOATS, (&zephyr_wasm_floats), (NULL));
const struct zephyr_wasm_commands *const zephyr_wasm_commands_of_image =
	COND_CODE_1(CONFIG_WASM_WASI, (&zephyr_wasm_commands), (NULL));
const struct zephyr_wasm_autopsy *const zephyr_wasm_autopsy_of_image =
	COND_CODE_1(CONFIG_WASM_TRACE, (&zephyr_wasm_autopsy), (NULL));

/* Without the last, which keeps the table from being empty. */
const size_t zephyr_wasm_interface_count = ARRAY_SIZE(zephyr_wasm_interfaces) - 1;
