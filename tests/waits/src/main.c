/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An app that waits in a host call is stopped: the call returns, and the app ends by itself. It is
 * killed: it ends at once, from any of them, and leaves nothing behind.
 */

#include <zephyr/ztest.h>

#include <zephyr_wasm/message.h>
#include <zephyr_wasm/zephyr_wasm.h>

ZEPHYR_WASM_IMAGE_DECLARE(waiter);
ZEPHYR_WASM_IMAGE_DECLARE(spins);
ZEPHYR_WASM_IMAGE_DECLARE(spins_in_realloc);

/* In virtual time; elsewhere, time is that of the machine, which has other things to do. */
#define SOON(milliseconds) K_MSEC(IS_ENABLED(CONFIG_QEMU_ICOUNT) ? (milliseconds) : 5000)
#define AT_ONCE            SOON(10)

/* In the order of waiter/src/lib.rs. */
static const char *const waits[] = {
	"clocks wait-for", "timer wait", "message receive", "message request",
	"gpio wait",       "uart read",  "sensor next",     "sockets receive",
};

/* A poll of Zephyr's sockets cannot be woken: it is cut into slices. */
#define SLICED 7

/* Somebody whom the app may ask, and who does not answer. */
static void ignore(const struct zephyr_wasm_message *message)
{
	ARG_UNUSED(message);
}

ZEPHYR_WASM_LISTENER_DEFINE(nobody, "ask/nobody", ignore);

/* What kills and stops took. */
struct measured {
	uint32_t most;
	uint64_t sum;
	uint32_t count;
};

static void add(struct measured *measured, uint32_t cycles)
{
	measured->most = MAX(measured->most, cycles);
	measured->sum += cycles;
	measured->count++;
}

static void print(const char *how, const char *from, const struct measured *measured)
{
	TC_PRINT("{\"%s\": \"%s\", \"count\": %u, \"mean_cycles\": %u, \"most_cycles\": %u}\n", how,
		 from, measured->count, (uint32_t)(measured->sum / measured->count),
		 measured->most);
}

/* Has an app wait in a host call. */
static struct zephyr_wasm_app *begin(uint8_t wait)
{
	struct zephyr_wasm_app *app;
	int receivers = 0;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(waiter), &app));
	for (int tries = 0; tries < 100 && receivers == 0; tries++) {
		k_sleep(K_MSEC(1));
		receivers = zephyr_wasm_publish("wait/for", &wait, sizeof(wait));
	}
	zassert_equal(receivers, 1, "%s: %d", waits[wait], receivers);
	k_sleep(K_MSEC(5));
	return app;
}

static void finish(struct zephyr_wasm_app *app, enum zephyr_wasm_end end, const char *from)
{
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_wait(app, K_NO_WAIT, &status));
	zassert_equal(status.end, end, "%s: end %d: %s", from, status.end, status.message);
	zassert_equal(status.detail, 0, "%s: %d", from, status.detail);
	zassert_equal(status.held, 0, "%s: holds %u", from, (unsigned int)status.held);
	zassert_ok(zephyr_wasm_release(app));
}

ZTEST(waits, test_a_stop_wakes_every_wait)
{
	for (uint8_t wait = 0; wait < ARRAY_SIZE(waits); wait++) {
		struct measured measured = {0};

		for (int round = 0; round < ROUNDS; round++) {
			struct zephyr_wasm_app *app = begin(wait);
			k_timeout_t patience =
				SOON(100 + (wait == SLICED ? CONFIG_WASM_SOCKETS_SLICE_MS : 0));
			uint32_t began = k_cycle_get_32();

			zassert_ok(zephyr_wasm_stop(app, patience), "%s: does not return",
				   waits[wait]);
			add(&measured, k_cycle_get_32() - began);
			finish(app, ZEPHYR_WASM_END_RETURNED, waits[wait]);
		}
		print("stop", waits[wait], &measured);
	}
}

static uint32_t kill(struct zephyr_wasm_app *app, const char *from)
{
	uint32_t began = k_cycle_get_32();

	zassert_ok(zephyr_wasm_kill(app));
	zassert_ok(zephyr_wasm_wait(app, AT_ONCE, NULL), "%s: is not killed", from);
	return k_cycle_get_32() - began;
}

ZTEST(waits, test_a_kill_ends_every_wait)
{
	for (uint8_t wait = 0; wait < ARRAY_SIZE(waits); wait++) {
		struct measured measured = {0};

		for (int round = 0; round < ROUNDS; round++) {
			struct zephyr_wasm_app *app = begin(wait);

			add(&measured, kill(app, waits[wait]));
			finish(app, ZEPHYR_WASM_END_KILLED, waits[wait]);
		}
		print("kill", waits[wait], &measured);
	}
}

/* Kills an app after some time that is another in each round. */
static void check_kill(const struct zephyr_wasm_image *image, enum zephyr_wasm_state state,
		       const char *from)
{
	struct measured measured = {0};

	for (int round = 0; round < ROUNDS; round++) {
		struct zephyr_wasm_app *app;
		struct zephyr_wasm_status status;

		zassert_ok(zephyr_wasm_start(image, &app));
		do {
			k_sleep(K_USEC(100));
			zassert_ok(zephyr_wasm_status(app, &status));
		} while (status.state == ZEPHYR_WASM_STATE_STARTING &&
			 state != ZEPHYR_WASM_STATE_STARTING);
		k_sleep(K_USEC(13 * (round % 100)));
		if (state == ZEPHYR_WASM_STATE_PAUSED) {
			zassert_ok(zephyr_wasm_pause(app));
		}
		add(&measured, kill(app, from));
		finish(app, ZEPHYR_WASM_END_KILLED, from);
	}
	print("kill", from, &measured);
}

ZTEST(waits, test_a_kill_ends_every_doing)
{
	check_kill(ZEPHYR_WASM_IMAGE(waiter), ZEPHYR_WASM_STATE_STARTING, "starting");
	check_kill(ZEPHYR_WASM_IMAGE(spins), ZEPHYR_WASM_STATE_RUNNING, "computing");
	check_kill(ZEPHYR_WASM_IMAGE(spins), ZEPHYR_WASM_STATE_PAUSED, "paused");
	check_kill(ZEPHYR_WASM_IMAGE(spins_in_realloc), ZEPHYR_WASM_STATE_RUNNING,
		   "in cabi_realloc");
}

ZTEST_SUITE(waits, NULL, NULL, NULL, NULL, NULL);
