/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Beside an app that does nothing but ask a host API, with a hundredth of the processor and drivers
 * that keep the processor busy, a neighbour of the same priority keeps its periods, and the shell
 * answers.
 */

#include <string.h>

#include <zephyr/shell/shell.h>
#include <zephyr/shell/shell_dummy.h>
#include <zephyr/ztest.h>

#include <zephyr_wasm/message.h>
#include <zephyr_wasm/zephyr_wasm.h>

#include "slow.h"
#include "slow_files.h"

ZEPHYR_WASM_IMAGE_DECLARE(asker);
ZEPHYR_WASM_IMAGE_DECLARE(file_asker);
ZEPHYR_WASM_IMAGE_DECLARE(radio_asker);
ZEPHYR_WASM_IMAGE_DECLARE(neighbour);

/* What caller makes by these numbers, or another app; and programs. */
static const struct asked {
	uint8_t kind;
	const char *name;
	const struct zephyr_wasm_image *image;
	/* By its argument, and over slow streams or a pipe of its own. */
	const char *program;
	bool is_piped;
} asked[] = {
	{1, "gpio: opens and drops a line"},
	{3, "gpio: writes"},
	{4, "gpio: waits"},
	{6, "sensor: reads"},
	{8, "sensor: asks for channels"},
	{9, "sensor: sets a trigger"},
	{11, "sensor: takes samples"},
	{14, "i2c: transfers"},
	{17, "spi: transfers"},
	{18, "adc: reads"},
	{20, "pwm: sets"},
	{23, "uart: writes"},
	{25, "storage: reads"},
	{26, "storage: writes"},
	{27, "storage: removes"},
	{29, "message: publishes"},
	{30, "message: requests"},
	{32, "message: subscribes"},
	{34, "timer: waits"},
	{36, "clocks: waits"},
	{37, "clocks: looks"},
	{38, "random"},
	{39, "log: lines"},
	{40, "lifecycle"},
	{42, "sensor: a sample each nanosecond"},
	{43, "timer: five that expire each nanosecond"},
	{44, "sockets: makes and drops them"},
	{45, "sockets: datagrams"},
	{46, "sockets: connects"},
	{47, "sockets: bytes"},
	{48, "sockets: listens"},
	{49, "sockets: polls"},
	{50, "sockets: looks up"},
	{51, "sockets: looks up what nobody knows"},
	{52, "coap: asks"},
	{53, "coap: asks who does not answer"},
	{54, "coap: serves"},
	{55, "http: asks"},
	{56, "http: asks who does not answer"},
	{58, "watchdog: feeds"},
	{59, "ble: scans", ZEPHYR_WASM_IMAGE(radio_asker)},
	{60, "ble: listens", ZEPHYR_WASM_IMAGE(radio_asker)},
	{61, "ble: advertises", ZEPHYR_WASM_IMAGE(radio_asker)},
	{62, "ble: sets a value", ZEPHYR_WASM_IMAGE(radio_asker)},
	{.name = "wasi: opens and closes a file", .program = "0"},
	{.name = "wasi: reads it", .program = "1"},
	{.name = "wasi: writes it", .program = "2"},
	{.name = "wasi: makes directories", .program = "3"},
	{.name = "wasi: renames and removes", .program = "4"},
	{.name = "wasi: lists a directory", .program = "5"},
	{.name = "wasi: reads and writes streams", .program = "6"},
	{.name = "wasi: reads and writes a pipe", .program = "6", .is_piped = true},
	{.name = "wasi: polls, and looks at clocks", .program = "7"},
};

/* Missed periods of 100. */
#define MOST_LATE 5

/* What the shell's thread may wait for an app's turn. */
#define MOST_MS 100

static struct zephyr_wasm_app *begin(const struct asked *what)
{
	struct zephyr_wasm_stream streams[3];
	struct zephyr_wasm_app *app;
	int receivers = 0;

	if (what->program != NULL) {
		memcpy(streams, slow_streams, sizeof(streams));
		if (what->is_piped) {
			zassert_ok(zephyr_wasm_stream_pipe(NULL, &streams[0], &streams[1]));
		}
		return slow_files_run(ZEPHYR_WASM_IMAGE(file_asker), what->program, streams);
	}
	zassert_ok(zephyr_wasm_start(what->image != NULL ? what->image : ZEPHYR_WASM_IMAGE(asker),
				     &app));
	for (int tries = 0; tries < 5000 && receivers == 0; tries++) {
		k_sleep(K_MSEC(1));
		receivers = zephyr_wasm_publish("kills/kind", &what->kind, 1);
	}
	zassert_equal(receivers, 1, "%s", what->name);
	return app;
}

/* The cycles that an app has run. */
static uint64_t run_of(struct zephyr_wasm_app *app, const char *name)
{
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_status(app, &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_NONE, "%s: %s", name, status.message);
	return status.run_cycles;
}

static void check_shell(const char *name)
{
	const struct shell *sh = shell_backend_dummy_get_ptr();
	int64_t began = k_uptime_get();
	const char *output;
	size_t size;

	shell_backend_dummy_clear_output(sh);
	zassert_ok(shell_execute_cmd(sh, "wasm list"), "%s", name);
	output = shell_backend_dummy_get_output(sh, &size);
	zassert_not_null(strstr(output, "asker"), "%s: %s", name, output);
	zassert_true(k_uptime_delta(&began) < MOST_MS, "%s: the shell does not answer", name);
}

ZTEST(starvation, test_a_neighbour_keeps_its_periods)
{
	/* The shell has begun. */
	k_sleep(K_MSEC(100));
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		const char *name = asked[i].name;
		struct zephyr_wasm_app *asker = begin(&asked[i]);
		struct zephyr_wasm_app *neighbour;
		struct zephyr_wasm_status status;
		uint64_t ran;

		k_sleep(K_MSEC(20));
		ran = run_of(asker, name);
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(neighbour), &neighbour));
		check_shell(name);
		zassert_ok(zephyr_wasm_wait(neighbour, K_SECONDS(3), &status), "%s: it starves",
			   name);
		/* It has asked all the time. */
		ran = run_of(asker, name) - ran;
		TC_PRINT("%s: %d of 100 periods missed, beside %u us\n", name, status.detail,
			 (unsigned int)k_cyc_to_us_floor64(ran));
		zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s: %s", name, status.message);
		zassert_between_inclusive(status.detail, 0, MOST_LATE, "%s: %d periods missed",
					  name, status.detail);
		zassert_ok(zephyr_wasm_release(neighbour));
		zassert_ok(zephyr_wasm_kill(asker));
		zassert_ok(zephyr_wasm_wait(asker, K_SECONDS(3), NULL), "%s: is not reaped", name);
		zassert_ok(zephyr_wasm_release(asker));
	}
}

static void *setup(void)
{
	slow_files_begin();
	slow_be_busy(true);
	return NULL;
}

static void teardown(void *unused)
{
	ARG_UNUSED(unused);
	slow_be_busy(false);
}

ZTEST_SUITE(starvation, NULL, setup, NULL, NULL, teardown);
