/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An app that has broken the first wall, which is the runtime, does not get through the second.
 */

#include <errno.h>

#include <zephyr/logging/log_ctrl.h>
#include <zephyr/logging/log_msg.h>
#include <zephyr/net/socket.h>
#include <zephyr/ztest.h>

#include <zephyr_wasm/net_names.h>
#include <zephyr_wasm/zephyr_wasm.h>

#include "attacks.h"
#include "core/app.h"
#include "core/slots.h"
#include "core/thread.h"

ZEPHYR_WASM_IMAGE_DECLARE(returns);
ZEPHYR_WASM_IMAGE_DECLARE(neighbour);
ZEPHYR_WASM_IMAGE_DECLARE(tiny);

/* Waits for an app's end, which returns where it says that it was. */
static uint32_t check_end(struct zephyr_wasm_app *app, enum zephyr_wasm_end end, const char *who)
{
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status));
	zassert_equal(status.end, end, "%s: end %d: %s", who, status.end, status.message);
	zassert_equal(status.held, 0, "%s: holds %u", who, (unsigned int)status.held);
	zassert_ok(zephyr_wasm_release(app));
	return status.place;
}

/* Starts an app that attacks, or calls a function of it, beside one that does not. */
static struct zephyr_wasm_app *begin_call(enum attack which, const struct zephyr_wasm_call *call,
					  struct zephyr_wasm_app **other)
{
	struct zephyr_wasm_app *app;

	neighbour = NULL;
	was_in_user_mode = false;
	holds_files = true;
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(neighbour), other));
	k_sleep(K_MSEC(50));
	holds_files = false;
	neighbour = *other;
	attack = which;
	if (call == NULL) {
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(returns), &app));
	} else {
		zassert_ok(zephyr_wasm_call(ZEPHYR_WASM_IMAGE(returns), call, &app));
	}
	return app;
}

static struct zephyr_wasm_app *begin(enum attack which, struct zephyr_wasm_app **other)
{
	return begin_call(which, NULL, other);
}

/* Runs an app that attacks, and returns where it says that it was. */
static uint32_t check(enum attack which, enum zephyr_wasm_end end)
{
	struct zephyr_wasm_app *other;
	uint32_t place = check_end(begin(which, &other), end, "attacker");

	zassert_true(was_in_user_mode);
	zassert_equal(in_kernel, IN_KERNEL, "attack %d", which);
	zassert_equal(k_sem_count_get(&of_kernel), 0, "attack %d", which);
	check_end(other, ZEPHYR_WASM_END_RETURNED, "neighbour");
	return place;
}

ZTEST(user_mode, test_no_attack)
{
	check(NO_ATTACK, ZEPHYR_WASM_END_RETURNED);
}

/* Calls the app by the name of its function. Its result, as text, is in the caller's memory. */
static void check_call(enum attack which, enum zephyr_wasm_end end, const char *expected)
{
	static char result[8];
	const struct zephyr_wasm_call call = {
		.function = "run",
		.result = result,
		.result_size = sizeof(result),
	};
	struct zephyr_wasm_app *other;

	check_end(begin_call(which, &call, &other), end, "attacker");
	zassert_true(was_in_user_mode);
	zassert_equal(in_kernel, IN_KERNEL, "attack %d", which);
	zassert_str_equal(result, expected);
	check_end(other, ZEPHYR_WASM_END_RETURNED, "neighbour");
}

ZTEST(user_mode, test_calls_by_name)
{
	check_call(NO_ATTACK, ZEPHYR_WASM_END_RETURNED, "0");
	check_call(RESULT_FROM_KERNEL, ZEPHYR_WASM_END_FAULTED, "");
	check_call(RESULT_FROM_NEIGHBOUR, ZEPHYR_WASM_END_FAULTED, "");
	check_call(RESULT_OF_NOTHING, ZEPHYR_WASM_END_FAULTED, "");
}

ZTEST(user_mode, test_what_is_granted)
{
	check(USES_WHAT_IS_GRANTED, ZEPHYR_WASM_END_RETURNED);
}

/* Of CONFIG_WASM_USERSPACE_CALLS, with the kernel's objects that are for all. */
ZTEST(user_mode, test_what_is_opened)
{
	check(USES_OPENED_CALL, ZEPHYR_WASM_END_RETURNED);
	k_object_access_all_grant(&for_all);
	check(GIVES_SEMAPHORE_FOR_ALL, ZEPHYR_WASM_END_RETURNED);
	zassert_equal(k_sem_count_get(&for_all), 1);
}

ZTEST(user_mode, test_every_attack)
{
	for (enum attack which = HARMLESS + 1; which < ATTACKS; which++) {
		TC_PRINT("attack %d\n", which);
		if (which == FINDS_SECRET_IN_REGION || which == FINDS_SECRET_ON_STACK) {
			check(LEAVES_SECRETS, ZEPHYR_WASM_END_RETURNED);
		}
		check(which, ZEPHYR_WASM_END_FAULTED);
	}
	zassert_true(card_is_whole());
}

static K_SEM_DEFINE(is_logging, 0, 1);
static volatile bool is_awaited;

void __real_z_log_msg_commit(struct log_msg *message);
void __wrap_z_log_msg_commit(struct log_msg *message);

/* Whoever kills comes as an app's thread has room in the log, and has not filled it. */
void __wrap_z_log_msg_commit(struct log_msg *message)
{
	if (is_awaited && zephyr_wasm_current() != NULL) {
		is_awaited = false;
		k_sem_give(&is_logging);
	}
	__real_z_log_msg_commit(message);
}

/* Kills an app as something is logged of its attack: all that comes behind that is printed. */
static bool is_killed_as_it_is_logged(enum attack which)
{
	struct zephyr_wasm_app *other;
	struct zephyr_wasm_app *app = begin(which, &other);
	bool is_logged;

	is_awaited = true;
	is_logged = k_sem_take(&is_logging, K_SECONDS(1)) == 0;
	is_awaited = false;
	if (is_logged) {
		zassert_ok(zephyr_wasm_kill(app));
	}
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), NULL));
	zassert_ok(zephyr_wasm_release(app));
	check_end(other, ZEPHYR_WASM_END_RETURNED, "neighbour");
	for (int tries = 0; tries < 1000 && log_data_pending(); tries++) {
		k_msleep(1);
	}
	zassert_false(log_data_pending(), "attack %d: the log prints nothing more", which);
	return is_logged;
}

ZTEST(user_mode, test_a_kill_leaves_the_log_as_it_is)
{
	int logged = 0;

	for (enum attack which = FORGES_NUMBER; which <= RESULT_INTO_KERNEL; which++) {
		logged += is_killed_as_it_is_logged(which);
	}
	for (enum attack which = ENTERS_TWICE; which < ATTACKS; which++) {
		/* A call that the firmware has opened logs what is wrong with it as it likes. */
		if (which != GIVES_SEMAPHORE_OF_KERNEL && which != GIVES_WHAT_IS_NONE) {
			logged += is_killed_as_it_is_logged(which);
		}
	}
	TC_PRINT("%d logged\n", logged);
	zassert_true(logged >= 20, "%d", logged);
}

/* It says itself how much of it remains, and a kill waits for each line of that. */
ZTEST(user_mode, test_what_remains)
{
	zassert_equal(check(TELLS_WHAT_REMAINS, ZEPHYR_WASM_END_RETURNED), PLACE);
	zassert_equal(check(TELLS_MORE_THAN_IT_HAS, ZEPHYR_WASM_END_RETURNED), 0);
}

/* It goes to clients that take no answer with a text which is none: they would list no app at all.
 */
ZTEST(user_mode, test_last_words_are_text)
{
	struct zephyr_wasm_app *other;
	struct zephyr_wasm_app *app = begin(LEAVES_NO_TEXT, &other);
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_str_equal(status.message, "??? ??? ???? \303\274");
	zassert_ok(zephyr_wasm_release(app));
	check_end(other, ZEPHYR_WASM_END_RETURNED, "neighbour");
}

/* How an app ends that asks for a function, with a neighbour that is none. */
static enum zephyr_wasm_end end_of_asker(enum attack which)
{
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;

	attack = which;
	neighbour = zephyr_wasm_apps;
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(returns), &app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status));
	zassert_ok(zephyr_wasm_release(app));
	return status.end;
}

/* More than there are. */
#define FUNCTIONS 100

/* Whatever function writes there, the kernel would believe it; and none goes back to a stack where
 * the kernel would. */
ZTEST(user_mode, test_no_frame_is_over_a_thread)
{
	int served = 0;

	for (frame_number = 0; frame_number < FUNCTIONS; frame_number++) {
		if (end_of_asker(FRAME_OF_ITS_OWN) == ZEPHYR_WASM_END_RETURNED) {
			served++;
			zassert_equal(end_of_asker(FRAME_OVER_ITS_THREAD), ZEPHYR_WASM_END_FAULTED,
				      "function %u", (unsigned int)frame_number);
#ifdef CONFIG_CPU_CORTEX_M
			zassert_equal(end_of_asker(CALLS_UNDER_A_CONDITION),
				      ZEPHYR_WASM_END_RETURNED, "function %u",
				      (unsigned int)frame_number);
			zassert_equal(in_kernel, IN_KERNEL, "function %u",
				      (unsigned int)frame_number);
			zassert_equal(end_of_asker(CALLS_ON_SHARED_STACK), ZEPHYR_WASM_END_FAULTED,
				      "function %u", (unsigned int)frame_number);
			zassert_equal(end_of_asker(CALLS_AT_THE_END_OF_ITS_STACK),
				      ZEPHYR_WASM_END_FAULTED, "function %u",
				      (unsigned int)frame_number);
#endif
		}
	}
	frame_number = 0;
	TC_PRINT("%d functions\n", served);
	zassert_true(served > 0);
}

/* Of so few bytes, Zephyr would make a heap of all memory, from which the kernel takes room for the
 * module. */
ZTEST(user_mode, test_heap_of_a_byte)
{
	struct zephyr_wasm_app *app;

	neighbour = NULL;
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(tiny), &app));
	zassert_true(app->heap_size >= 512);
	check_end(app, ZEPHYR_WASM_END_OUT_OF_MEMORY, "tiny");
}

/* What is closed to apps is not to the firmware's own threads in user mode, with all arguments. */
ZTEST_USER(user_mode, test_threads_of_firmware)
{
	const struct net_sockaddr_in peer = {
		.sin_family = NET_AF_INET,
		.sin_port = net_htons(7),
		.sin_addr = {{{127, 0, 0, 1}}},
	};
	int64_t before = k_uptime_ticks();
	int fd = zsock_socket(NET_AF_INET, NET_SOCK_DGRAM, NET_IPPROTO_UDP);

	zassert_true(k_is_user_context());
	zassert_true(fd >= 0, "%d", errno);
	/* Six of them: as many as go without a structure. */
	zassert_equal(
		zsock_sendto(fd, "out", 3, 0, (const struct net_sockaddr *)&peer, sizeof(peer)), 3);
	zassert_ok(zsock_close(fd));
	zassert_ok(k_sleep(K_TICKS(2)));
	zassert_true(k_uptime_ticks() >= before + 2);
}

static void *begin_all(void)
{
	card_begin();
	return NULL;
}

ZTEST_SUITE(user_mode, NULL, begin_all, NULL, NULL, NULL);
