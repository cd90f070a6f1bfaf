/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The threads of the storm. Each does one thing after another with an app that it finds, or that
 * any of them has started: so every call meets every other one in the middle.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys/printk.h>
#include <zephyr/ztest.h>

#include "storm.h"

/* Before apps, which have 8, among them, and behind them. */
static const int priorities[] = {2, 7, 8, 11};

#define THREADS ARRAY_SIZE(priorities)

enum doing {
	START,
	START_AND_FORGET,
	CALL,
	KILL,
	STOP,
	RELEASE,
	RESTART,
	PAUSE,
	RESUME,
	WAIT,
	STATUS,
	LIST,
	DOINGS,
};

static const char *const words[DOINGS] = {
	"start", "start and forget", "call", "kill",   "stop", "release", "restart",
	"pause", "resume",           "wait", "status", "list",
};

struct storm {
	struct k_thread thread;
	uint32_t random;
	/* What it is in, and how often it has done something. */
	volatile enum doing doing;
	volatile uint32_t done;
	uint32_t seen;
	/* How often what it did was well. */
	uint32_t well[DOINGS];
};

static K_THREAD_STACK_ARRAY_DEFINE(stacks, THREADS, 4096);
static struct storm storms[THREADS];
static volatile bool is_over;

/* What the threads have started, in any state by now, and perhaps on a slot that is another's. */
static struct zephyr_wasm_app *volatile started[2 * CONFIG_WASM_MAX_APPS];

static uint32_t next(struct storm *storm)
{
	/* Xorshift, so that a seed is enough to repeat it. */
	storm->random ^= storm->random << 13;
	storm->random ^= storm->random >> 17;
	storm->random ^= storm->random << 5;
	return storm->random;
}

static const struct zephyr_wasm_image *any_image(struct storm *storm)
{
	const struct zephyr_wasm_image *image;
	size_t count;

	STRUCT_SECTION_COUNT(zephyr_wasm_image, &count);
	STRUCT_SECTION_GET(zephyr_wasm_image, next(storm) % count, &image);
	return image;
}

static struct zephyr_wasm_app *any_app(struct storm *storm)
{
	return next(storm) % 2 == 0 ? started[next(storm) % ARRAY_SIZE(started)]
				    : zephyr_wasm_find(any_image(storm)->name);
}

static int start(struct storm *storm)
{
	struct zephyr_wasm_app *app;
	int result = zephyr_wasm_start(any_image(storm), &app);

	if (result == 0) {
		started[next(storm) % ARRAY_SIZE(started)] = app;
	}
	return result;
}

static int call(struct storm *storm)
{
	/* Outlives every app, whoever takes its slot. */
	static char result[32];
	static const struct zephyr_wasm_call mean = {"mean", "[1, -2, 10]", result, sizeof(result)};
	struct zephyr_wasm_app *app;
	int outcome = zephyr_wasm_call(zephyr_wasm_find_image("greet"), &mean, &app);

	if (outcome == 0) {
		started[next(storm) % ARRAY_SIZE(started)] = app;
		outcome = zephyr_wasm_wait(app, K_MSEC(20), NULL);
		(void)zephyr_wasm_release(app);
	}
	return outcome;
}

static int list(void)
{
	struct zephyr_wasm_status status;

	for (struct zephyr_wasm_app *app = NULL; (app = zephyr_wasm_next(app)) != NULL;) {
		/* The name of whatever is there, as the shell shows it. */
		zassert_not_null(app->image, "an app is listed that has no image");
		zassert_true(app->image->name[0] != '\0');
		if (zephyr_wasm_status(app, &status) == 0) {
			zassert_not_null(zephyr_wasm_state_name(status.state), "state %d",
					 status.state);
		}
	}
	return 0;
}

static int status_of(struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_status status;
	int result = zephyr_wasm_status(app, &status);

	if (result == 0) {
		zassert_between_inclusive(status.state, ZEPHYR_WASM_STATE_STARTING,
					  ZEPHYR_WASM_STATE_BACKING_OFF);
	}
	return result;
}

static int act(struct storm *storm, enum doing doing)
{
	struct zephyr_wasm_app *app = any_app(storm);
	struct zephyr_wasm_status status;

	switch (doing) {
	case START:
		return start(storm);
	case START_AND_FORGET:
		return zephyr_wasm_start(any_image(storm), NULL);
	case CALL:
		return call(storm);
	case KILL:
		return zephyr_wasm_kill(app);
	case STOP:
		return zephyr_wasm_stop(app, K_MSEC(next(storm) % 30));
	case RELEASE:
		return zephyr_wasm_release(app);
	case RESTART:
		return zephyr_wasm_restart(app, K_MSEC(next(storm) % 30));
	case PAUSE:
		return zephyr_wasm_pause(app);
	case RESUME:
		return zephyr_wasm_resume(app);
	case WAIT:
		return zephyr_wasm_wait(app, K_MSEC(next(storm) % 10), &status);
	case STATUS:
		return status_of(app);
	default:
		return list();
	}
}

static void run(void *self, void *unused1, void *unused2)
{
	struct storm *storm = self;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	while (!is_over) {
		storm->doing = next(storm) % DOINGS;
		if (act(storm, storm->doing) == 0) {
			storm->well[storm->doing]++;
		}
		storm->done++;
		/* From none to some ticks, so that the others come in between anywhere. */
		k_sleep(K_USEC(next(storm) % 3000));
	}
}

void storm_begin(uint32_t seed)
{
	for (size_t i = 0; i < THREADS; i++) {
		/* Never 0, which stays 0. */
		storms[i].random = (seed * 2654435761u + i) | 1;
		k_thread_create(&storms[i].thread, stacks[i], K_THREAD_STACK_SIZEOF(stacks[i]), run,
				&storms[i], NULL, NULL, priorities[i], 0, K_NO_WAIT);
		k_thread_name_set(&storms[i].thread, "storm");
	}
}

void storm_look(void)
{
	for (size_t i = 0; i < THREADS; i++) {
		printk("thread of priority %d: %u times\n", priorities[i], storms[i].done);
		zassert_true(storms[i].done != storms[i].seen,
			     "the thread of priority %d hangs in %s", priorities[i],
			     words[storms[i].doing]);
		storms[i].seen = storms[i].done;
	}
}

void storm_end(void)
{
	is_over = true;
	for (size_t i = 0; i < THREADS; i++) {
		zassert_ok(k_thread_join(&storms[i].thread, K_SECONDS(10)),
			   "the thread of priority %d hangs in %s", priorities[i],
			   words[storms[i].doing]);
	}
	for (size_t doing = 0; doing < DOINGS; doing++) {
		uint32_t sum = 0;

		for (size_t i = 0; i < THREADS; i++) {
			sum += storms[i].well[doing];
		}
		printk("%-16s %u times well\n", words[doing], sum);
		zassert_true(sum > 0, "%s was never tried with success", words[doing]);
	}
}
