/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What one app can have at a time, two do not get that come at once: here, the other one goes on
 * whenever a host API lets the scheduler go.
 */

#include <zephyr/ztest.h>

#include "slow.h"

/* Host APIs, as the Rust side calls them. */
int32_t zephyr_wasm_gpio_open(const char *name, size_t length, int32_t mode);
int32_t zephyr_wasm_gpio_set(uint32_t number, bool active);
int32_t zephyr_wasm_gpio_wait(uint32_t number, uint32_t edge, uint64_t debounce, uint64_t timeout);
void zephyr_wasm_gpio_close(uint32_t number);
int32_t zephyr_wasm_sensor_watch(uint32_t sensor, uint32_t channel, uint32_t trigger, int64_t value,
				 uint32_t capacity);
int32_t zephyr_wasm_sensor_next(uint32_t number, uint64_t timeout, uint64_t *time, int64_t *micro);
void zephyr_wasm_sensor_stop(uint32_t number);
int32_t zephyr_wasm_uart_open(const char *name, size_t length);
int32_t zephyr_wasm_uart_set_baud_rate(uint32_t number, uint32_t rate);
void zephyr_wasm_uart_close(uint32_t number);
int32_t zephyr_wasm_pwm_open(const char *name, size_t length);
int32_t zephyr_wasm_pwm_set(uint32_t number, uint32_t period, uint32_t pulse);
void zephyr_wasm_pwm_close(uint32_t number);
int32_t zephyr_wasm_i2c_transfer(uint32_t bus, uint32_t address, const uint8_t *write,
				 size_t write_size, uint8_t *read, size_t read_size);
int32_t zephyr_wasm_spi_transfer(uint32_t device, const uint8_t *write, size_t write_size,
				 uint8_t *read, size_t read_size);
int32_t zephyr_wasm_coap_serve(const char *path, size_t length, uint32_t capacity);
void zephyr_wasm_coap_end(uint32_t number);

#define TEXT(literal) literal, sizeof(literal) - 1

/* In the order of wit/gpio.wit and wit/sensor.wit. */
#define INPUT      -1
#define OUTPUT     0
#define EDGE_BOTH  2
#define LIGHT      14
#define PERIOD     0
#define DATA_READY 1
#define ABOVE      2
#define BELOW      3

#define RACERS 2

static K_THREAD_STACK_ARRAY_DEFINE(stacks, RACERS, 2048);
static struct k_thread racers[RACERS];
static volatile bool is_racing;
static int32_t results[RACERS];

void __real_k_sched_unlock(void);
void __wrap_k_sched_unlock(void);

void __wrap_k_sched_unlock(void)
{
	k_tid_t current;

	__real_k_sched_unlock();
	if (!is_racing || k_is_in_isr()) {
		return;
	}
	current = k_current_get();
	if ((current == &racers[0] || current == &racers[1]) && current->base.sched_locked == 0) {
		k_yield();
	}
}

static int32_t watch_data(int racer)
{
	ARG_UNUSED(racer);
	return zephyr_wasm_sensor_watch(0, LIGHT, DATA_READY, 0, 1);
}

static int32_t watch_threshold(int racer)
{
	return zephyr_wasm_sensor_watch(0, LIGHT, racer == 0 ? ABOVE : BELOW, 0, 1);
}

static int32_t open_port(int racer)
{
	ARG_UNUSED(racer);
	return zephyr_wasm_uart_open(TEXT("modem"));
}

static int32_t open_output(int racer)
{
	ARG_UNUSED(racer);
	return zephyr_wasm_pwm_open(TEXT("fan"));
}

static int32_t drive_line(int racer)
{
	return zephyr_wasm_gpio_open(TEXT("led"), racer == 0 ? OUTPUT : INPUT);
}

static int32_t read_line(int racer)
{
	ARG_UNUSED(racer);
	return zephyr_wasm_gpio_open(TEXT("button"), INPUT);
}

static int32_t serve(int racer)
{
	ARG_UNUSED(racer);
	return zephyr_wasm_coap_serve(TEXT("kills/it"), 1);
}

static void run_racer(void *claim, void *racer, void *unused)
{
	int number = POINTER_TO_INT(racer);

	ARG_UNUSED(unused);
	results[number] = ((int32_t (*)(int))claim)(number);
}

/* Has two threads make a claim at once. */
static void race(int32_t (*claim)(int racer))
{
	is_racing = true;
	for (int i = 0; i < RACERS; i++) {
		k_thread_create(&racers[i], stacks[i], K_THREAD_STACK_SIZEOF(stacks[i]), run_racer,
				(void *)claim, INT_TO_POINTER(i), NULL, 10, 0, K_NO_WAIT);
	}
	for (int i = 0; i < RACERS; i++) {
		zassert_ok(k_thread_join(&racers[i], K_SECONDS(5)));
	}
	is_racing = false;
}

ZTEST(claims, test_one_of_two_has_it)
{
	static const struct {
		const char *name;
		int32_t (*claim)(int racer);
		void (*close)(uint32_t number);
	} claims[] = {
		{"sensor: new data", watch_data, zephyr_wasm_sensor_stop},
		{"sensor: a threshold", watch_threshold, zephyr_wasm_sensor_stop},
		{"uart", open_port, zephyr_wasm_uart_close},
		{"pwm", open_output, zephyr_wasm_pwm_close},
		{"gpio: one drives it", drive_line, zephyr_wasm_gpio_close},
		{"coap", serve, zephyr_wasm_coap_end},
	};

	for (size_t i = 0; i < ARRAY_SIZE(claims); i++) {
		int have = 0;

		race(claims[i].claim);
		for (int racer = 0; racer < RACERS; racer++) {
			if (results[racer] >= 0) {
				claims[i].close(results[racer]);
				have++;
			}
		}
		zassert_equal(have, 1, "%s: %d have it: %d, %d", claims[i].name, have, results[0],
			      results[1]);
		/* The one that has not has left nothing. */
		results[0] = claims[i].claim(0);
		zassert_true(results[0] >= 0, "%s: %d", claims[i].name, results[0]);
		claims[i].close(results[0]);
	}
}

ZTEST(claims, test_the_rate_of_a_port_ends_with_who_has_set_it)
{
	uint32_t before = slow_baud_rate();
	int32_t port = open_port(0);

	zassert_true(port >= 0, "%d", port);
	zassert_ok(zephyr_wasm_uart_set_baud_rate(port, 2 * before));
	zassert_ok(zephyr_wasm_uart_set_baud_rate(port, 3 * before));
	zassert_equal(slow_baud_rate(), 3 * before);
	zephyr_wasm_uart_close(port);
	zassert_equal(slow_baud_rate(), before);
}

/* Drivers would stop the port, or divide by zero, and wait with interrupts off. */
ZTEST(claims, test_a_rate_that_no_port_has_is_not_the_drivers)
{
	static const uint32_t rates[] = {
		0,       1,          CONFIG_WASM_UART_RATE_MIN - 1, CONFIG_WASM_UART_RATE_MAX + 1,
		BIT(28), UINT32_MAX,
	};
	uint32_t before = slow_baud_rate();
	int32_t port = open_port(0);

	zassert_true(port >= 0, "%d", port);
	ARRAY_FOR_EACH(rates, i)
	{
		zassert_true(zephyr_wasm_uart_set_baud_rate(port, rates[i]) < 0, "%u", rates[i]);
		zassert_equal(slow_baud_rate(), before, "%u", rates[i]);
	}
	zassert_ok(zephyr_wasm_uart_set_baud_rate(port, CONFIG_WASM_UART_RATE_MAX));
	zephyr_wasm_uart_close(port);
}

/* Drivers divide by the cycles of a period; this one's take a microsecond. */
ZTEST(claims, test_a_period_of_no_cycle_is_not_the_drivers)
{
	int32_t output = open_output(0);
	uint32_t before = slow_watch(k_current_get());

	zassert_true(output >= 0, "%d", output);
	zassert_true(zephyr_wasm_pwm_set(output, 1, 0) < 0);
	zassert_true(zephyr_wasm_pwm_set(output, 999, 999) < 0);
	zassert_equal(slow_watch(k_current_get()), before);
	zassert_ok(zephyr_wasm_pwm_set(output, 1000, 0));
	zephyr_wasm_pwm_close(output);
}

/* A driver takes the first byte of what has none, and goes on behind it. */
ZTEST(claims, test_a_transfer_of_no_bytes_is_not_the_drivers)
{
	uint8_t byte = 0;
	uint32_t before = slow_watch(k_current_get());

	zassert_true(zephyr_wasm_i2c_transfer(0, 0x4c, &byte, 0, &byte, 0) < 0);
	zassert_ok(zephyr_wasm_spi_transfer(0, &byte, 0, &byte, 0));
	zassert_equal(slow_watch(k_current_get()), before);
	zassert_ok(zephyr_wasm_i2c_transfer(0, 0x4c, &byte, 1, &byte, 0));
	zassert_ok(zephyr_wasm_i2c_transfer(0, 0x4c, &byte, 0, &byte, 1));
}

/* What a driver tells that has not forgotten its handler is of no stream in this one's place. */
ZTEST(claims, test_a_trigger_that_a_driver_keeps_is_of_no_use)
{
	const uint64_t soon = 50 * NSEC_PER_MSEC;
	int32_t stream = watch_data(0);
	uint64_t time;
	int64_t micro;

	zassert_true(stream >= 0, "%d", stream);
	slow_sensor_has_data();
	zassert_equal(zephyr_wasm_sensor_next(stream, soon, &time, &micro), LIGHT);
	zephyr_wasm_sensor_stop(stream);
	slow_sensor_has_data();
	zassert_equal(zephyr_wasm_sensor_watch(0, LIGHT, PERIOD, 3600LL * NSEC_PER_SEC, 1), stream);
	slow_sensor_has_data();
	zassert_true(zephyr_wasm_sensor_next(stream, soon, &time, &micro) < 0);
	zephyr_wasm_sensor_stop(stream);
}

ZTEST(claims, test_a_line_that_two_read_is_set_up)
{
	uint32_t before = slow_lines_set_up();

	race(read_line);
	for (int i = 0; i < RACERS; i++) {
		zassert_true(results[i] >= 0, "%d", results[i]);
		zephyr_wasm_gpio_close(results[i]);
	}
	zassert_true(slow_lines_set_up() > before, "each has left it to the other");
}

static int32_t waits, leaves;

static int32_t wait_or_leave(int racer)
{
	if (racer == 0) {
		zephyr_wasm_gpio_close(leaves);
		return 0;
	}
	return zephyr_wasm_gpio_wait(waits, EDGE_BOTH, 0, 1);
}

/* One ends to wait for a line as another begins: the driver is told both, in any order. */
ZTEST(claims, test_a_line_that_one_waits_for_interrupts)
{
	leaves = read_line(0);
	waits = read_line(1);
	zassert_true(leaves >= 0 && waits >= 0);
	(void)zephyr_wasm_gpio_wait(leaves, EDGE_BOTH, 0, 1);
	zassert_true(slow_line_interrupts());
	slow_to_disable(true);
	race(wait_or_leave);
	slow_to_disable(false);
	zassert_true(slow_line_interrupts(), "the one that waits is never told");
	zephyr_wasm_gpio_close(waits);
	zassert_false(slow_line_interrupts());
}

/* Zephyr has a list of all that wait for lines of a port, and no lock of it. */
ZTEST(claims, test_a_line_is_changed_with_no_other_in_between)
{
	uint32_t before = slow_lines_in_between();
	int32_t line = read_line(0);

	zassert_true(line >= 0, "%d", line);
	(void)zephyr_wasm_gpio_wait(line, EDGE_BOTH, 0, 1);
	zephyr_wasm_gpio_close(line);
	line = drive_line(0);
	zassert_true(line >= 0, "%d", line);
	zassert_ok(zephyr_wasm_gpio_set(line, true));
	zephyr_wasm_gpio_close(line);
	zassert_equal(slow_lines_in_between(), before);
}

ZTEST_SUITE(claims, NULL, NULL, NULL, NULL, NULL);
