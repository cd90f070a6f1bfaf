/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:gpio, by Zephyr's GPIO drivers.
 */

#include <zephyr/devicetree.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/kernel.h>

#include "core/mark.h"
#include "core/names.h"
#include "core/pool.h"
#include "core/timing.h"
#include "core/wall.h"
#include "observe/log_rate.h"
#include "zephyr_wasm_declared.h"

#define NODE DT_COMPAT_GET_ANY_STATUS_OKAY(zephyr_wasm_gpios)
#define ENTRY(node)                                                                                \
	{                                                                                          \
		.name = DT_NODE_FULL_NAME(node),                                                   \
		.spec = GPIO_DT_SPEC_GET(node, gpios),                                             \
	},

static const struct {
	const char *name;
	struct gpio_dt_spec spec;
} names[] = {
#if DT_HAS_COMPAT_STATUS_OKAY(zephyr_wasm_gpios)
	DT_FOREACH_CHILD_STATUS_OKAY(NODE, ENTRY)
#endif
};

/* What an app asks for when it takes a line. */
enum mode {
	MODE_INPUT = -1,
	MODE_OUTPUT_INACTIVE = 0,
	MODE_OUTPUT_ACTIVE = 1,
};

/* In the order of wit/gpio.wit. What has happened is a set of the first two. */
enum edge {
	EDGE_ACTIVATED,
	EDGE_DEACTIVATED,
	EDGE_BOTH,
};

/* Returned by settle() if the line has changed and changed back. */
#define SAME_AS_BEFORE 2

/* What an app does with a line that it has open. */
enum use {
	/* The app drives the line. Without this bit, it reads the line. */
	OUTPUT = BIT(0),
	/* The pin is configured. */
	SET_UP = BIT(1),
	/* The app has waited for a change, so the pin's interrupt is on. */
	ARMED = BIT(2),
};

struct line {
	zephyr_wasm_owner_t owner;
	const struct gpio_dt_spec *spec;
	/* A set of enum use. */
	uint8_t uses;
	/* The value of the line when it was last stable. */
	bool was_active;
	/* The changes since the last wait. */
	uint8_t changes;
	struct k_sem changed;
	struct gpio_callback callback;
};

static void close(void *slot);

ZEPHYR_WASM_WAKER(wake, struct line, changed)

ZEPHYR_WASM_OPENER(open, struct line, changed, 1)

ZEPHYR_WASM_POOL_DEFINE_WAKING(lines, struct line, CONFIG_WASM_GPIO_LINE_COUNT, open, close, wake);

/* Whether another app has the same line open, and that app or this one has this use of it. */
static bool is_shared(const struct line *self, enum use use)
{
	for (size_t i = 0; i < ARRAY_SIZE(lines_slots); i++) {
		const struct line *line = &lines_slots[i];

		if (line != self && line->owner != NULL && line->spec == self->spec &&
		    ((line->uses | self->uses) & use) != 0) {
			return true;
		}
	}
	return false;
}

/* Zephyr keeps shared state of a port's lines without a lock: the list of callbacks, which lines
 * are inverted, and, with many drivers, registers that are read and written back. If another
 * thread, such as one of the firmware, changed something of its line in between, that change would
 * be lost, or the list would lead back to itself. So each change is made with the scheduler locked.
 * The drivers of expanders sleep during a change, but have locks of their own. */

static int end_step(int result)
{
	k_sched_unlock();
	return result;
}

static int configure(const struct gpio_dt_spec *spec, gpio_flags_t flags)
{
	k_sched_lock();
	return end_step(gpio_pin_configure_dt(spec, flags));
}

static int set_interrupt(const struct gpio_dt_spec *spec, gpio_flags_t flags)
{
	k_sched_lock();
	return end_step(gpio_pin_interrupt_configure_dt(spec, flags));
}

/* Adds the line's callback to the list of its port, or removes it. */
static int manage_callback(struct line *line, bool is_called)
{
	k_sched_lock();
	return end_step(is_called ? gpio_add_callback_dt(line->spec, &line->callback)
				  : gpio_remove_callback_dt(line->spec, &line->callback));
}

static bool is_armed(const struct line *line)
{
	return (line->uses & ARMED) != 0 || is_shared(line, ARMED);
}

/* Turns the line's interrupt on if any app waits for it, and otherwise off. If several apps begin
 * and end to wait at once, the last one that returns from the driver sees what has changed
 * meanwhile, and repeats this. */
static int match_interrupt(const struct line *line)
{
	bool wanted;
	int result;

	do {
		wanted = is_armed(line);
		result = set_interrupt(line->spec, wanted ? GPIO_INT_EDGE_BOTH : GPIO_INT_DISABLE);
	} while (CONFIG_WASM_MAX_APPS > 1 && result == 0 && wanted != is_armed(line));
	return result;
}

static void close(void *slot)
{
	struct line *line = slot;

	if ((line->uses & ARMED) != 0) {
		line->uses &= ~ARMED;
		if (!is_shared(line, ARMED)) {
			(void)match_interrupt(line);
		}
		(void)manage_callback(line, false);
	}
	if ((line->uses & OUTPUT) != 0) {
		(void)configure(line->spec, GPIO_INPUT);
	}
}

static gpio_flags_t flags_of(int32_t mode)
{
	switch (mode) {
	case MODE_INPUT:
		return GPIO_INPUT;
	case MODE_OUTPUT_INACTIVE:
		/* Input as well, so that the app can read back what it drives. */
		return GPIO_INPUT | GPIO_OUTPUT_INACTIVE;
	default:
		return GPIO_INPUT | GPIO_OUTPUT_ACTIVE;
	}
}

/* Configures a line that has its slot. A line that another app reads is configured already, and
 * keeps its interrupts. If several apps open a line at once, each configures it, and none disturbs
 * one that waits already. */
static bool set_up(struct line *line, int32_t mode)
{
	if (!is_shared(line, SET_UP)) {
		if (configure(line->spec, flags_of(mode)) != 0) {
			return false;
		}
		if (CONFIG_WASM_MAX_APPS > 1 && is_shared(line, ARMED)) {
			(void)match_interrupt(line);
		}
	}
	line->uses |= SET_UP;
	return true;
}

/* Counts a line of the log, because drivers of expanders log each failure. */
static int32_t failed(void)
{
	zephyr_wasm_failed();
	return FAILURE_IO;
}

/** Returns 1 if the line is active. */
int32_t zephyr_wasm_gpio_get(uint32_t number)
{
	struct line *line = zephyr_wasm_pool_slot(&lines, number);
	int value = gpio_pin_get_dt(line->spec);

	return value < 0 ? failed() : value;
}

/** Opens a line in a mode. Returns its number. */
#ifdef CONFIG_WASM_USERSPACE
bool zephyr_wasm_gpio_may_open(const char *name, size_t length, int32_t mode)
{
	return zephyr_wasm_granted(mode == MODE_INPUT ? "zephyr:gpio input" : "zephyr:gpio output",
				   name, length);
}
#endif

int32_t zephyr_wasm_gpio_open(const char *name, size_t length, int32_t mode)
{
	int32_t place =
		zephyr_wasm_find_name(names, ARRAY_SIZE(names), sizeof(names[0]), name, length);
	struct line *line;
	int32_t number;
	bool busy;

	if (place < 0 || !gpio_is_ready_dt(&names[place].spec)) {
		return FAILURE_UNKNOWN;
	}
	number = zephyr_wasm_pool_take(&lines);
	if (number < 0) {
		return number;
	}
	line = zephyr_wasm_pool_slot(&lines, number);
	k_sched_lock();
	line->spec = &names[place].spec;
	line->uses = mode == MODE_INPUT ? 0 : OUTPUT;
	busy = is_shared(line, OUTPUT);
	if (busy) {
		/* Another app has the pin. Closing this slot must not change it. */
		line->uses = 0;
	}
	k_sched_unlock();
	if (busy || !set_up(line, mode)) {
		zephyr_wasm_pool_give(&lines, number);
		return busy ? FAILURE_BUSY : failed();
	}
	line->was_active = zephyr_wasm_gpio_get(number) == 1;
	return number;
}

int32_t zephyr_wasm_gpio_set(uint32_t number, bool active)
{
	struct line *line = zephyr_wasm_pool_slot(&lines, number);

	if ((line->uses & OUTPUT) == 0) {
		return FAILURE_NOT_SUPPORTED;
	}
	k_sched_lock();
	return end_step(gpio_pin_set_dt(line->spec, active)) == 0 ? 0 : failed();
}

static void on_change(const struct device *port, struct gpio_callback *callback,
		      gpio_port_pins_t pins)
{
	struct line *line = CONTAINER_OF(callback, struct line, callback);

	ARG_UNUSED(port);
	ARG_UNUSED(pins);
	line->changes |= BIT(gpio_pin_get_dt(line->spec) == 1 ? EDGE_ACTIVATED : EDGE_DEACTIVATED);
	zephyr_wasm_signal(line->owner, &line->changed);
}

/* Turns the pin's interrupt on, at the first wait. Changes are counted from then on. */
static int32_t arm(struct line *line)
{
	int result;

	if ((line->uses & ARMED) != 0) {
		return 0;
	}
	gpio_init_callback(&line->callback, on_change, BIT(line->spec->pin));
	result = manage_callback(line, true);
	if (result == 0) {
		line->uses |= ARMED;
		result = match_interrupt(line);
	}
	if (result == 0) {
		return 0;
	}
	/* Drivers also log that they do not support an interrupt. */
	zephyr_wasm_failed();
	return result == -ENOTSUP || result == -ENOSYS ? FAILURE_NOT_SUPPORTED : FAILURE_IO;
}

static uint8_t take_changes(struct line *line)
{
	unsigned int key = irq_lock();
	uint8_t changes = line->changes;

	line->changes = 0;
	irq_unlock(key);
	return changes;
}

static enum edge edge_to(int32_t value)
{
	return value == 1 ? EDGE_ACTIVATED : EDGE_DEACTIVATED;
}

/* Waits until the line is stable. Returns its value, or SAME_AS_BEFORE if that has not changed. */
static int32_t settle(struct line *line, uint32_t number, uint64_t debounce, k_timepoint_t end)
{
	int32_t value;

	do {
		/* Forget the changes so far, and wait whether another one comes within @p debounce.
		 */
		(void)k_sem_take(&line->changed, K_NO_WAIT);
	} while (zephyr_wasm_take(&line->changed, ZEPHYR_WASM_TIMEOUT(debounce)) == 0 &&
		 !sys_timepoint_expired(end) && !zephyr_wasm_is_asked());
	(void)take_changes(line);
	value = zephyr_wasm_gpio_get(number);
	if (value >= 0 && (value == 1) != line->was_active) {
		line->was_active = value == 1;
		return value;
	}
	return value < 0 ? value : SAME_AS_BEFORE;
}

/** Waits for a change that lasts. Returns the line's new value. */
int32_t zephyr_wasm_gpio_wait(uint32_t number, uint32_t edge, uint64_t debounce, uint64_t timeout)
{
	struct line *line = zephyr_wasm_pool_slot(&lines, number);
	k_timepoint_t end = sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(timeout));
	uint8_t changes, wanted;
	int32_t value;

	if (!zephyr_wasm_holds(edge <= EDGE_BOTH)) {
		return FAILURE_INVALID;
	}
	/* As a set of bits, in the order of the edges. */
	BUILD_ASSERT(EDGE_BOTH + 1 == (BIT(EDGE_ACTIVATED) | BIT(EDGE_DEACTIVATED)));
	wanted = edge + 1;
	value = arm(line);
	while (value >= 0) {
		changes = take_changes(line) & wanted;
		if (changes != 0 && debounce == 0) {
			/* If there were several changes, the last one has led to the present value,
			 * if the app waits for that edge. */
			value = zephyr_wasm_gpio_get(number);
			return value < 0 || (changes & BIT(edge_to(value))) != 0 ? value : !value;
		}
		if (changes != 0) {
			value = settle(line, number, debounce, end);
			if (value < 0 ||
			    (value != SAME_AS_BEFORE && (wanted & BIT(edge_to(value))) != 0)) {
				return value;
			}
		}
		if (zephyr_wasm_gives_up(&line->changed, end)) {
			return FAILURE_TIMEOUT;
		}
	}
	return value;
}

void zephyr_wasm_gpio_close(uint32_t number)
{
	zephyr_wasm_pool_give(&lines, number);
}
