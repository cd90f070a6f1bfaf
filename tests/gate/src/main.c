/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every function behind the gate is called with every bad argument that its declaration has room
 * for, by an app that has broken the first wall. The kernel stays as it was, and so does what
 * another app holds.
 */

#include <ff.h>

#include <zephyr/fs/fs.h>
#include <zephyr/logging/log.h>
#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

#include "attacks.h"

/* Of the devices that are models. */
LOG_MODULE_REGISTER(firmware, LOG_LEVEL_NONE);

ZEPHYR_WASM_IMAGE_DECLARE(attacker);
ZEPHYR_WASM_IMAGE_DECLARE(holder);

/* An app that waits for something is killed after this. */
#define PATIENCE K_MSEC(20)

static struct zephyr_wasm_app *other;

static FATFS fat;
static struct fs_mount_t card = {.type = FS_FATFS, .mnt_point = "/RAM:", .fs_data = &fat};

static void *begin(void)
{
	zassert_ok(fs_mount(&card));
	zassert_ok(fs_mkdir("/RAM:/mine"));
	role = HOLDS;
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(holder), &other));
	for (int i = 0; i < 100 && !is_holding; i++) {
		k_sleep(K_MSEC(10));
	}
	zassert_true(is_holding, "the neighbour has not got what it wants: %d", (int)result);
	return NULL;
}

/* It still has all that it held. */
static void end(void *unused)
{
	struct zephyr_wasm_status status;

	ARG_UNUSED(unused);
	lets_go = true;
	zassert_ok(zephyr_wasm_wait(other, K_SECONDS(10), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "neighbour: end %d: %s", status.end,
		      status.message);
	zassert_equal(status.held, 0);
	zassert_ok(zephyr_wasm_release(other));
}

static enum zephyr_wasm_end run(const struct attack *which, enum outcome expected)
{
	/* What has to be refused waits for nothing, and may take as long as the machine lets it. */
	bool is_refused = expected == FAULT || expected == NOT_DONE;
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;
	int tries = 0;
	int waited;

	role = ATTACKS;
	attack = *which;
	result = 0;
	is_open = false;
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(attacker), &app));
	/* What it calls about may have to be waited for. */
	do {
		waited = zephyr_wasm_wait(app, is_refused ? K_SECONDS(10) : PATIENCE, &status);
	} while (waited != 0 && !is_open && ++tries < 1000);
	if (waited != 0) {
		(void)zephyr_wasm_kill(app);
		zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status), "%s hangs",
			   which->function->name);
	}
	zassert_equal(status.held, 0, "%s: holds %u", which->function->name,
		      (unsigned int)status.held);
	zassert_ok(zephyr_wasm_release(app));
	return status.end;
}

static void check(const struct attack *which, enum outcome expected)
{
	const struct function *function = which->function;
	const char *argument = which->argument < function->count
				       ? function->arguments[which->argument].name
				       : "nothing bad";
	enum zephyr_wasm_end ended = run(which, expected);
	bool has_faulted = ended == ZEPHYR_WASM_END_FAULTED;
	bool is_right = expected == ANY || (expected == FAULT && has_faulted) ||
			(expected == NO_FAULT && !has_faulted) ||
			(expected == DONE && !has_faulted && result >= 0) ||
			(expected == NOT_DONE && (has_faulted || result < 0));

	zassert_true(is_right, "%s, %s, attack %u: end %d, result %d", function->name, argument,
		     (unsigned int)which->number, ended, (int)result);
	zassert_true(is_open, "%s: nothing to call it on", function->name);
	for (size_t i = 0; i < sizeof(in_kernel); i++) {
		zassert_equal(in_kernel[i], IN_KERNEL, "%s, %s, attack %u", function->name,
			      argument, (unsigned int)which->number);
	}
}

ZTEST(gate, test_every_argument)
{
	size_t total = 0;

	for (size_t i = 0; i < function_count; i++) {
		struct attack which = {.function = &functions[i]};
		int expected;

		for (which.argument = 0; which.argument <= functions[i].count; which.argument++) {
			for (which.number = 0; (expected = zephyr_wasm_attack_outcome(&which)) >= 0;
			     which.number++) {
				check(&which, expected);
				total++;
			}
		}
	}
	TC_PRINT("%u attacks on %u functions\n", (unsigned int)total, (unsigned int)function_count);
	zassert_true(total > 500);
}

ZTEST_SUITE(gate, NULL, begin, NULL, NULL, end);
