/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An app is killed in every function of every host API, at many places of each, over drivers that
 * sleep with a lock held: none of the locks is left behind, and what it held is given back. A
 * driver that does not come back from closing keeps no other app from ending.
 */

#include <zephyr/ztest.h>

#include <zephyr_wasm/message.h>
#include <zephyr_wasm/zephyr_wasm.h>

#ifndef CONFIG_WASM_USERSPACE
#include "core/pool.h"
#endif
#include "controller.h"
#include "seen.h"
#include "servers.h"
#include "slow.h"
#include "slow_files.h"

ZEPHYR_WASM_IMAGE_DECLARE(caller);
ZEPHYR_WASM_IMAGE_DECLARE(returns);
ZEPHYR_WASM_IMAGE_DECLARE(urgent);
ZEPHYR_WASM_IMAGE_DECLARE(radio);
#ifdef CONFIG_WASM_WASI
ZEPHYR_WASM_IMAGE_DECLARE(files);
#endif

/* In the order of caller/src/lib.rs and net.rs, and of radio; and then those of a program, by its
 * argument. */
static const struct {
	const char *name;
	/* Whether it reaches a slow driver, or firmware. */
	bool is_slow;
	/* Whether it waits for somebody to come. */
	bool is_visited;
	const struct zephyr_wasm_image *image;
	const char *program;
} calls[] = {
	{"gpio line.input, drop", true},
	{"gpio line.output, drop", true},
	{"gpio line.read", true},
	{"gpio line.write", true},
	{"gpio line.wait", true},
	{"sensor sensor.open, drop", false},
	{"sensor sensor.read", true},
	{"sensor names", false},
	{"sensor channels", true},
	{"sensor samples.watch data-ready, drop", true},
	{"sensor samples.watch above, drop", true},
	{"sensor samples.watch period, next, lost", true},
	{"i2c open, read", true},
	{"i2c write", true},
	{"i2c write-read", true},
	{"spi open, read", true},
	{"spi write", true},
	{"spi transfer", true},
	{"adc read", true},
	{"pwm open, drop", true},
	{"pwm set", true},
	{"uart open, drop", true},
	{"uart set-baud-rate", true},
	{"uart write", true},
	{"uart read, lost", true},
	{"storage get", true},
	{"storage set", true},
	{"storage delete", true},
	{"storage list-keys", true},
	{"message publish", true},
	{"message request", true},
	{"message respond", false},
	{"message receive", false},
	{"message lost", false},
	{"timer one-shot, wait", false},
	{"timer periodic, expired, cancel", false},
	{"clocks wait-for", false},
	{"clocks now, wait-until", false},
	{"random", false},
	{"log", false},
	{"lifecycle", false},
	{"clocks wait-for, with a line open", true},
	{"sensor samples.watch each nanosecond", true},
	{"timer five periods of a nanosecond", false},
	{"sockets udp create, bind, get-local-address", false},
	{"sockets udp send, receive", true},
	{"sockets tcp create, connect, get-remote-address, shutdown", true},
	{"sockets tcp send, receive", true},
	{"sockets tcp bind, listen, accept", true, .is_visited = true},
	{"sockets poll", true},
	{"sockets resolve-addresses", true},
	{"sockets resolve-addresses, of a server that is silent", true},
	{"coap ask", true},
	{"coap ask, of a server that is silent", true},
	{"coap served.open, observable, next, respond, notify", true, .is_visited = true},
	{"http request", true},
	{"http request, of a server that is silent", true},
	{"http request, of a server that is silent, for long", true},
	{"watchdog feed", false},
	{"ble scan.start, drop", true, .image = ZEPHYR_WASM_IMAGE(radio)},
	{"ble scan.next", true, .image = ZEPHYR_WASM_IMAGE(radio)},
	{"ble peripheral.start, drop", true, .image = ZEPHYR_WASM_IMAGE(radio)},
	{"ble peripheral.set, written", true, .image = ZEPHYR_WASM_IMAGE(radio)},
#ifdef CONFIG_WASM_WASI
	{"wasi path_open, fd_close", true, .program = "0"},
	{"wasi fd_read, fd_pread, fd_seek", true, .program = "1"},
	{"wasi fd_write, fd_pwrite, fd_filestat_set_size, fd_sync", true, .program = "2"},
	{"wasi path_create_directory, path_filestat_get, path_remove_directory", true,
	 .program = "3"},
	{"wasi path_rename, path_unlink_file", true, .program = "4"},
	{"wasi fd_readdir", true, .program = "5"},
	{"wasi poll_oneoff, streams", true, .program = "6"},
	{"wasi poll_oneoff, sched_yield, clock_time_get, random_get", false, .program = "7"},
	{"wasi fd_write of thousands of pieces", true, .program = "8"},
	{"wasi fd_filestat_set_size of a large file", true, .program = "9"},
	{"wasi fd_pwrite far behind the end", true, .program = "10"},
#endif
};

/* Firmware that is as slow as a driver. */
static void listen(const struct zephyr_wasm_message *message)
{
	ARG_UNUSED(message);
	(void)slow_transfer();
}

ZEPHYR_WASM_LISTENER_DEFINE(listener, "kills/listener", listen);

/* Starts an app, and tells it what to do. */
static struct zephyr_wasm_app *tell(const struct zephyr_wasm_image *image, uint8_t kind,
				    const char *name)
{
	struct zephyr_wasm_status status = {0};
	struct zephyr_wasm_app *app;
	int receivers = 0;

	zassert_ok(zephyr_wasm_start(image, &app));
	for (int tries = 0; tries < 1000 && receivers == 0; tries++) {
		k_sleep(K_MSEC(1));
		receivers = zephyr_wasm_publish("kills/kind", &kind, sizeof(kind));
	}
	(void)zephyr_wasm_status(app, &status);
	zassert_equal(receivers, 1, "%s: %d: %s", name, receivers, status.message);
	return app;
}

/* Has an app make a host call, over and over. */
static struct zephyr_wasm_app *begin(uint8_t kind)
{
	if (!IS_ENABLED(CONFIG_WASM_USERSPACE)) {
		seen_kind(kind);
	}
	servers_visit(calls[kind].is_visited);
#ifdef CONFIG_WASM_WASI
	if (calls[kind].program != NULL) {
		return slow_files_run(ZEPHYR_WASM_IMAGE(files), calls[kind].program, slow_streams);
	}
#endif
	return tell(calls[kind].image != NULL ? calls[kind].image : ZEPHYR_WASM_IMAGE(caller), kind,
		    calls[kind].name);
}

static void finish(struct zephyr_wasm_app *app, const char *name)
{
	struct zephyr_wasm_status status;

	/* A look-up takes its time (CONFIG_NET_SOCKETS_DNS_TIMEOUT). */
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(3), &status), "%s: is not reaped", name);
	zassert_equal(status.end, ZEPHYR_WASM_END_KILLED, "%s: end %d, %d: %s", name, status.end,
		      status.detail, status.message);
	zassert_equal(status.held, 0, "%s: holds %u", name, (unsigned int)status.held);
	zassert_ok(zephyr_wasm_release(app));
	servers_visit(false);
	zassert_true(slow_is_given_back(), "%s: a driver's lock is left", name);
	zassert_true(!IS_ENABLED(CONFIG_WASM_WASI) || slow_files_are_closed(),
		     "%s: a file is left open", name);
	zassert_true(controller_is_idle(), "%s: the controller scans or advertises still", name);
}

static void kill(struct zephyr_wasm_app *app)
{
	if (!IS_ENABLED(CONFIG_WASM_USERSPACE) && seen_inside() != SEEN_NONE) {
		seen[seen_inside()].kills++;
	}
	zassert_ok(zephyr_wasm_kill(app));
}

/* Waits until an app that has just begun has made that many transfers. */
static void wait_for_transfers(uint32_t before, uint32_t count)
{
	for (int tries = 0; tries < 2000 && slow_transfers() - before < count; tries++) {
		k_sleep(K_MSEC(1));
	}
	zassert_true(slow_transfers() - before >= count, "the driver is not reached");
}

/* Lets an app get to another place of what takes 0.7 ms and more each time: behind some transfers,
 * if it makes them, and within one. */
static void go_on(uint32_t before, int round)
{
	for (int tries = 0; tries < 10 * round && slow_transfers() - before < 3U * round; tries++) {
		k_sleep(K_MSEC(1));
	}
	k_sleep(K_USEC(300 * round));
}

ZTEST(kills, test_no_lock_is_left)
{
	for (uint8_t kind = 0; kind < ARRAY_SIZE(calls); kind++) {
		const char *name = calls[kind].name;

		for (int round = 0; round < ROUNDS; round++) {
			uint32_t before = slow_transfers();
			struct zephyr_wasm_app *app = begin(kind);

			if (calls[kind].is_slow) {
				wait_for_transfers(before, 1);
			}
			go_on(before, round);
			if (calls[kind].is_visited) {
				k_sleep(K_MSEC(20 * round));
			}
			kill(app);
			finish(app, name);
		}
		TC_PRINT("%s: killed %d times\n", name, ROUNDS);
	}
}

#ifndef CONFIG_WASM_USERSPACE
/* What the first kills did not come upon: as soon as an app is there. */
static void kill_in(size_t function)
{
	const struct seen *of = &seen[function];

	for (int tries = 0; tries < 5 && of->kills == 0; tries++) {
		struct zephyr_wasm_app *app = begin(of->kind);

		for (int looks = 0; looks < 20000 && seen_inside() != function; looks++) {
			k_sleep(K_TICKS(1));
		}
		kill(app);
		finish(app, of->name);
	}
}

/* A host API's function that no kind of call makes is one that no app is killed in. */
ZTEST(kills, test_none_is_left_out)
{
	const char *left_out = NULL;

	for (size_t i = 0; i < seen_count; i++) {
		const struct seen *of = &seen[i];

		if (of->transfers > 0 && of->kills == 0) {
			kill_in(i);
		}
		TC_PRINT("%s: used drivers in %u of %u calls, killed %u times\n", of->name,
			 of->transfers, of->calls, of->kills);
		if (of->calls == 0 || (of->transfers > 0 && of->kills == 0)) {
			left_out = of->name;
		}
	}
	zassert_is_null(left_out, "%s: no app was killed in it here", left_out);
}
#endif

/* The call of caller/src/checks.rs that asks a server which takes the connection and says nothing,
 * and has the patience of a quarter of an hour. */
#define FETCHES_FOR_LONG 120

/* As it begins, as it connects, and as it waits. */
ZTEST(kills, test_who_waits_for_a_silent_server)
{
	static const char name[] = "http request, of a quarter of an hour";
	struct zephyr_wasm_app *app;

	for (int round = 0; round < 5 * ROUNDS; round++) {
		app = tell(ZEPHYR_WASM_IMAGE(caller), FETCHES_FOR_LONG, name);
		k_sleep(K_USEC(500 * round));
		zassert_ok(zephyr_wasm_kill(app));
		finish(app, name);
	}
	app = tell(ZEPHYR_WASM_IMAGE(caller), FETCHES_FOR_LONG, name);
	k_sleep(K_MSEC(100));
	/* It comes back: the shell does so. */
	zassert_equal(zephyr_wasm_stop(app, K_MSEC(50)), -ETIMEDOUT);
	finish(app, name);
}

#if CONFIG_WASM_MAX_APPS > 2
/* Two that read a sensor, of whom one waits for the other: that one goes on, too, while a third
 * computes that is more urgent, or the first would not end. */
ZTEST(kills, test_who_waits_for_a_lock_of_another)
{
	static const char name[] = "sensor sensor.read, by two";

	for (int round = 0; round < 2 * ROUNDS; round++) {
		struct zephyr_wasm_app *readers[] = {begin(6), begin(6)};
		struct zephyr_wasm_app *spinner;

		k_sleep(K_USEC(2000 + 300 * round));
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(urgent), &spinner));
		k_sleep(K_MSEC(20));
		zassert_equal(zephyr_wasm_stop(readers[round % 2], K_MSEC(50)), -ETIMEDOUT);
		zassert_ok(zephyr_wasm_kill(spinner));
		zassert_ok(zephyr_wasm_wait(spinner, K_SECONDS(3), NULL));
		zassert_ok(zephyr_wasm_release(spinner));
		zassert_ok(zephyr_wasm_kill(readers[(round + 1) % 2]));
		finish(readers[0], name);
		finish(readers[1], name);
	}
}
#endif

/* One whose streams are sampled, while another computes that is more urgent: the thread that
 * samples comes to the end of that. */
ZTEST(kills, test_who_computes_keeps_no_stream_from_its_end)
{
	static const char name[] = "sensor samples.watch, beside one that computes";

	for (int round = 0; round < 2 * ROUNDS; round++) {
		struct zephyr_wasm_app *watcher = begin(11);
		struct zephyr_wasm_app *spinner;

		k_sleep(K_USEC(20000 + 300 * round));
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(urgent), &spinner));
		k_sleep(K_MSEC(20));
		zassert_ok(zephyr_wasm_kill(watcher));
		finish(watcher, name);
		zassert_ok(zephyr_wasm_kill(spinner));
		zassert_ok(zephyr_wasm_wait(spinner, K_SECONDS(3), NULL));
		zassert_ok(zephyr_wasm_release(spinner));
	}
}

/* A lock of flash, which is no mutex, is given back, and the firmware gets it, while one computes
 * that is more urgent than the app that has it. */
ZTEST(kills, test_who_computes_keeps_nobody_from_flash)
{
	static const char name[] = "storage get, beside one that computes";

	for (int round = 0; round < 2 * ROUNDS; round++) {
		uint32_t before = slow_transfers();
		struct zephyr_wasm_app *reader = begin(25);
		struct zephyr_wasm_app *spinner;

		wait_for_transfers(before, 1);
		k_sleep(K_USEC(300 * round));
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(urgent), &spinner));
		k_sleep(K_MSEC(20));
		zassert_true(slow_is_given_back(), "an app keeps the lock");
		zassert_ok(zephyr_wasm_kill(spinner));
		zassert_ok(zephyr_wasm_wait(spinner, K_SECONDS(3), NULL));
		zassert_ok(zephyr_wasm_release(spinner));
		zassert_ok(zephyr_wasm_kill(reader));
		finish(reader, name);
	}
}

/* The call that makes transfers until the app is asked to end. */
#define TRANSFERS_UNTIL_ASKED 124

/* What a driver waits for is not there earlier because an app is asked to end. */
ZTEST(kills, test_a_driver_sleeps_as_long_as_it_has_to)
{
	static const char name[] = "transfers until it is asked";
	uint32_t before = slow_short_sleeps();

	for (int round = 0; round < 10; round++) {
		struct zephyr_wasm_app *app =
			tell(ZEPHYR_WASM_IMAGE(caller), TRANSFERS_UNTIL_ASKED, name);
		uint32_t transfers = slow_transfers();

		wait_for_transfers(transfers, 3);
		k_sleep(K_USEC(100 * round));
		zassert_ok(zephyr_wasm_stop(app, K_SECONDS(1)));
		zassert_ok(zephyr_wasm_release(app));
	}
	zassert_equal(slow_short_sleeps(), before);
}

/* And as it sends, to one that reads nothing. */
#define ASKS_AT_LENGTH 123

ZTEST(kills, test_who_sends_to_a_server_that_does_not_read)
{
	static const char name[] = "http request, of many headers";

	for (int round = 1; round <= 2; round++) {
		struct zephyr_wasm_app *app = tell(ZEPHYR_WASM_IMAGE(caller), ASKS_AT_LENGTH, name);

		k_sleep(K_MSEC(200 * round));
		zassert_ok(zephyr_wasm_kill(app));
		finish(app, name);
	}
}

/* The same of one that answers with the end of a line, and hangs up. */
#define FETCHES_NOTHING 122

ZTEST(kills, test_who_is_answered_with_the_end_of_a_line)
{
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app = tell(ZEPHYR_WASM_IMAGE(caller), FETCHES_NOTHING, "http");

	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status), "it does not come back");
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_equal(status.detail, 0, "it takes that for something else");
	zassert_ok(zephyr_wasm_release(app));
}

/* The calls of radio/src/lib.rs that set a value: over and over, and as a peer writes. */
#define SETS_A_VALUE      62
#define SETS_WHAT_IT_GETS 125

ZTEST(kills, test_what_peers_read_ends_with_its_app)
{
	struct zephyr_wasm_app *app = tell(ZEPHYR_WASM_IMAGE(radio), SETS_A_VALUE, "ble");

	for (int tries = 0; tries < 1000 && controller_value_size() == 0; tries++) {
		k_sleep(K_MSEC(1));
	}
	zassert_equal(controller_value_size(), 1);
	zassert_ok(zephyr_wasm_kill(app));
	finish(app, "ble");
	zassert_equal(controller_value_size(), 0);
}

/* Of whom the controller hears, and for whom. */
ZTEST(kills, test_a_peer_writes)
{
	static const uint8_t written[] = {1, 2, 3};
	struct zephyr_wasm_app *app = tell(ZEPHYR_WASM_IMAGE(radio), SETS_WHAT_IT_GETS, "ble");
	struct zephyr_wasm_status status;

	for (int tries = 0; tries < 1000 && !controller_write(written, sizeof(written)); tries++) {
		k_sleep(K_MSEC(1));
	}
	for (int tries = 0; tries < 1000 && controller_value_size() == 0; tries++) {
		k_sleep(K_MSEC(1));
	}
	zassert_equal(controller_value_size(), sizeof(written));
	/* Of more bytes, or behind others: of neither, the app gets to know. */
	zassert_false(controller_write((const uint8_t[21]){0}, 21));
	/* Its last one. */
	zassert_true(controller_write("", 0));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(3), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_equal(status.detail, CONTROLLER_RSSI, "%d", status.detail);
	zassert_ok(zephyr_wasm_release(app));
	zassert_true(controller_is_idle());
	zassert_false(controller_write(written, sizeof(written)), "nobody is there to read it");
}

#ifdef CONFIG_WASM_WASI
/* What another program cuts off meanwhile is filled with zeroes again, one piece after the other: a
 * kill waits for one of them. */
ZTEST(kills, test_a_file_that_is_cut_as_it_grows)
{
	static const char *const programs[] = {"9", "10"};

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		uint32_t before = slow_transfers();
		struct zephyr_wasm_stream cut;
		struct zephyr_wasm_app *app =
			slow_files_run(ZEPHYR_WASM_IMAGE(files), programs[i], slow_streams);

		/* Some thousand pieces. */
		for (int tries = 0; tries < 20000 && slow_transfers() - before < 6000; tries++) {
			k_sleep(K_MSEC(1));
		}
		zassert_true(slow_transfers() - before >= 6000);
		zassert_ok(zephyr_wasm_stream_file("/slow/file", ZEPHYR_WASM_STREAM_WRITE, &cut));
		k_sleep(K_MSEC(5));
		zassert_ok(zephyr_wasm_kill(app));
		zassert_ok(zephyr_wasm_wait(app, K_MSEC(500), NULL), "a kill waits for all of it");
		zephyr_wasm_stream_close(&cut);
		finish(app, "files");
	}
}
#endif

/* What an app does with a socket that has something else in store is its own error. */
#define TELLS_APART 121

ZTEST(kills, test_sockets_are_told_apart)
{
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app = tell(ZEPHYR_WASM_IMAGE(caller), TELLS_APART, "sockets");

	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_equal(status.detail, 0, "0x%x", status.detail);
	zassert_ok(zephyr_wasm_release(app));
}

static void on_the_system_queue(struct k_work *work)
{
	ARG_UNUSED(work);
}

ZTEST(kills, test_a_driver_that_does_not_come_back)
{
	uint32_t before = slow_transfers();
	struct zephyr_wasm_app *stuck = begin(3);
	struct zephyr_wasm_app *other;
	struct zephyr_wasm_status status;
	struct k_work_sync sync;
	struct k_work work;

	/* Its line is open, and closing that is a transfer: what it is in, or that, is stuck. */
	wait_for_transfers(before, 5);
	slow_get_stuck(true);
	zassert_ok(zephyr_wasm_kill(stuck));
	zassert_equal(zephyr_wasm_wait(stuck, K_MSEC(200), NULL), -EAGAIN);

	/* The queue of the system, and the ends of others, go on. */
	k_work_init(&work, on_the_system_queue);
	(void)k_work_submit(&work);
	(void)k_work_flush(&work, &sync);
	for (int round = 0; round < 3; round++) {
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(returns), &other));
		zassert_ok(zephyr_wasm_wait(other, K_SECONDS(2), &status));
		zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
		zassert_ok(zephyr_wasm_release(other));
	}
	slow_get_stuck(false);
	finish(stuck, "stuck");
}

/* The same, where it is closing that is stuck, and nothing before. */
ZTEST(kills, test_a_close_that_does_not_come_back)
{
	/* It waits for a timer, with a line open. */
	uint32_t before = slow_transfers();
	struct zephyr_wasm_app *stuck = begin(41);
	struct zephyr_wasm_app *other;

	/* To set the line up, and to look at it. */
	wait_for_transfers(before, 2);
	k_sleep(K_MSEC(20));
	slow_get_stuck(true);
	zassert_ok(zephyr_wasm_kill(stuck));
	zassert_equal(zephyr_wasm_wait(stuck, K_MSEC(200), NULL), -EAGAIN);
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(returns), &other));
	zassert_ok(zephyr_wasm_wait(other, K_SECONDS(2), NULL));
	zassert_ok(zephyr_wasm_release(other));
	slow_get_stuck(false);
	finish(stuck, "stuck");
}

static void *setup(void)
{
	if (IS_ENABLED(CONFIG_WASM_WASI)) {
		slow_files_begin();
	}
	return NULL;
}

#ifndef CONFIG_WASM_USERSPACE
/* A kill may come as soon as a slot is the app's, before the call has made more of it. */
ZTEST(kills, test_a_slot_can_be_woken_at_once)
{
	int woken = 0;

	STRUCT_SECTION_FOREACH(zephyr_wasm_pool, pool) {
		int32_t number = zephyr_wasm_pool_take(pool);

		if (number >= 0 && pool->wake != NULL) {
			pool->wake(zephyr_wasm_pool_slot(pool, number));
			woken++;
		}
		if (number >= 0) {
			*(zephyr_wasm_owner_t *)zephyr_wasm_pool_slot(pool, number) = NULL;
		}
	}
	zassert_true(woken >= 7, "%d", woken);
}
#endif

ZTEST_SUITE(kills, NULL, setup, NULL, NULL, NULL);
