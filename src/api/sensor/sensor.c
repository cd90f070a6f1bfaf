/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:sensor, by Zephyr's sensor drivers. Streams are sampled on a thread of their
 * own, because a driver may sleep. The samples are in queues outside the memory of apps. The
 * processor time of a sample counts towards the share of the app.
 */

#include <zephyr/device.h>
#include <zephyr/devicetree.h>
#include <zephyr/drivers/sensor.h>
#include <zephyr/kernel.h>

#include "api/clocks/clocks.h"
#include "core/locks.h"
#include "core/mark.h"
#include "core/names.h"
#include "core/pool.h"
#include "core/thread.h"
#include "core/timing.h"
#include "core/wall.h"
#include "observe/log_rate.h"
#include "observe/supervisor.h"
#include "zephyr_wasm_declared.h"
#include "zephyr_wasm_manifest.h"

#define NODE DT_COMPAT_GET_ANY_STATUS_OKAY(zephyr_wasm_sensors)

/* Drivers whose triggers apps must not set. In that of icm42x70, a threshold takes the driver's
 * lock for ever; in that of icp201xx, so does removing a trigger. Those of ST have threads that
 * loop as long as there is new data that nobody reads, such as the acceleration if an app watches
 * the temperature. docs/upstream has more. */
#define HAS_COMPAT(node, compatible) DT_NODE_HAS_COMPAT(DT_PHANDLE(node, device), compatible)
#define KEEPS_TRIGGERS(node)                                                                       \
	(HAS_COMPAT(node, invensense_icm42370p) || HAS_COMPAT(node, invensense_icm42670p) ||       \
	 HAS_COMPAT(node, invensense_icm42670s) || HAS_COMPAT(node, invensense_icp201xx) ||        \
	 HAS_COMPAT(node, st_iis2iclx) || HAS_COMPAT(node, st_ism330dhcx) ||                       \
	 HAS_COMPAT(node, st_lsm6dso) || HAS_COMPAT(node, st_lsm6dso32) ||                         \
	 HAS_COMPAT(node, st_lsm6dso16is))

#define ENTRY(node)                                                                                \
	{.name = DT_NODE_FULL_NAME(node),                                                          \
	 .device = DEVICE_DT_GET(DT_PHANDLE(node, device)),                                        \
	 IF_ENABLED(CONFIG_WASM_API_SENSOR_STREAMS,                                                \
		    (.keeps_triggers = DT_PROP(node, no_triggers) || KEEPS_TRIGGERS(node), ))},

static const struct {
	const char *name;
	const struct device *device;
#ifdef CONFIG_WASM_API_SENSOR_STREAMS
	/* Apps must not set its triggers, because of the devicetree or because of its driver. */
	bool keeps_triggers;
#endif
} sensors[] = {
#if DT_HAS_COMPAT_STATUS_OKAY(zephyr_wasm_sensors)
	DT_FOREACH_CHILD_STATUS_OKAY(NODE, ENTRY)
#endif
};

static const uint8_t channels[] = {ZEPHYR_WASM_SENSOR_CHANNELS};

BUILD_ASSERT(ARRAY_SIZE(channels) <= 32, "a bit each");

/* A sample is fetched and then read, and no other thread may fetch in between. With one app and no
 * streams, there is no other thread. */
#define IS_SHARED (CONFIG_WASM_MAX_APPS > 1 || IS_ENABLED(CONFIG_WASM_API_SENSOR_STREAMS))

static K_MUTEX_DEFINE(lock);

ZEPHYR_WASM_LOCKS_DEFINE(sensor_locks, &lock, 1);

static void begin(void)
{
	zephyr_wasm_hurry_current();
	k_mutex_lock(&lock, K_FOREVER);
}

/** Returns the number of a sensor, or FAILURE_UNKNOWN. */
int32_t zephyr_wasm_sensor_find(const char *name, size_t length)
{
	int32_t place = zephyr_wasm_find_name(sensors, ARRAY_SIZE(sensors), sizeof(sensors[0]),
					      name, length);

	return place >= 0 && !device_is_ready(sensors[place].device) ? FAILURE_UNKNOWN : place;
}

/** Returns the name of a sensor, or NULL after the last. */
const char *zephyr_wasm_sensor_name(uint32_t sensor)
{
	return sensor < ARRAY_SIZE(sensors) ? sensors[sensor].name : NULL;
}

/* Many drivers fetch all channels at once. Some 60 of them, such as that of the BME280, assert that
 * the caller asks for that. An app would panic with the lock held. */
static int fetch(const struct device *device, enum sensor_channel wanted)
{
	bool is_all_first = IS_ENABLED(CONFIG_ASSERT);
	int result = sensor_sample_fetch_chan(device, is_all_first ? SENSOR_CHAN_ALL : wanted);

	if (result == -ENOTSUP) {
		result = sensor_sample_fetch_chan(device, is_all_first ? wanted : SENSOR_CHAN_ALL);
	}
	return result;
}

static int32_t take_reading(uint32_t sensor, uint32_t channel, int64_t *micro)
{
	const struct device *device = sensors[sensor].device;
	enum sensor_channel wanted = (enum sensor_channel)channels[channel];
	struct sensor_value value;
	int result;

	if (IS_SHARED) {
		begin();
	}
	result = fetch(device, wanted);
	if (result == 0) {
		result = sensor_channel_get(device, wanted, &value);
	}
	if (IS_SHARED) {
		k_mutex_unlock(&lock);
	}
	if (result == 0) {
		*micro = sensor_value_to_micro(&value);
		return 0;
	}
	return result == -ENOTSUP ? FAILURE_NOT_SUPPORTED : FAILURE_IO;
}

#ifdef CONFIG_WASM_USERSPACE
bool zephyr_wasm_sensor_may_read(uint32_t sensor, uint32_t channel, int64_t *micro)
{
	ARG_UNUSED(channel);
	ARG_UNUSED(micro);
	return sensor < ARRAY_SIZE(sensors) &&
	       zephyr_wasm_granted("zephyr:sensor read", sensors[sensor].name,
				   strlen(sensors[sensor].name));
}

bool zephyr_wasm_sensor_may_watch(uint32_t sensor, uint32_t channel, uint32_t trigger,
				  int64_t value, uint32_t capacity)
{
	ARG_UNUSED(trigger);
	ARG_UNUSED(value);
	ARG_UNUSED(capacity);
	return zephyr_wasm_sensor_may_read(sensor, channel, NULL);
}
#endif

#ifdef CONFIG_WASM_LOG_LIMIT
/* An app may ask for channels that a sensor does not have, to find out. Many drivers log that. So
 * it is remembered for a minute, by a bit for each channel. */
static struct {
	uint32_t minute;
	uint32_t channels;
} unsupported[MAX(ARRAY_SIZE(sensors), 1)];

static uint32_t this_minute(void)
{
	return k_uptime_seconds() / SEC_PER_MIN;
}

static bool is_unsupported(uint32_t sensor, uint32_t channel)
{
	bool is_known;

	k_sched_lock();
	is_known = unsupported[sensor].minute == this_minute() &&
		   (unsupported[sensor].channels & BIT(channel)) != 0;
	k_sched_unlock();
	return is_known;
}

static void note_unsupported(uint32_t sensor, uint32_t channel)
{
	uint32_t minute = this_minute();

	k_sched_lock();
	if (unsupported[sensor].minute != minute) {
		unsupported[sensor].minute = minute;
		unsupported[sensor].channels = 0;
	}
	unsupported[sensor].channels |= BIT(channel);
	k_sched_unlock();
}
#else
#define is_unsupported(sensor, channel) false
#define note_unsupported(sensor, channel)
#endif

int32_t zephyr_wasm_sensor_read(uint32_t sensor, uint32_t channel, int64_t *micro)
{
	int32_t result;

	if (!zephyr_wasm_holds(sensor < ARRAY_SIZE(sensors) && channel < ARRAY_SIZE(channels))) {
		return FAILURE_INVALID;
	}
	if (is_unsupported(sensor, channel)) {
		return FAILURE_NOT_SUPPORTED;
	}
	result = take_reading(sensor, channel, micro);
	if (result == FAILURE_NOT_SUPPORTED) {
		note_unsupported(sensor, channel);
	} else if (result == FAILURE_IO) {
		zephyr_wasm_failed();
	}
	return result;
}

#ifdef CONFIG_WASM_API_SENSOR_STREAMS

struct sample {
	uint64_t time;
	int64_t micro;
};

/* In the order of wit/sensor.wit. */
enum trigger {
	TRIGGER_PERIOD,
	TRIGGER_DATA_READY,
	TRIGGER_ABOVE,
	TRIGGER_BELOW,
};

struct stream {
	zephyr_wasm_owner_t owner;
	uint8_t sensor;
	uint8_t channel;
	uint8_t trigger;
	uint8_t capacity;
	uint8_t first;
	uint8_t used;
	uint32_t lost;
	struct k_sem filled;
	struct k_timer timer;
	struct k_work_delayable work;
	/* The shortest time between two samples, and the time when the last sample was due, in
	 * ticks. */
	k_ticks_t shortest;
	k_ticks_t last;
	struct sensor_trigger driver;
	struct sample samples[CONFIG_WASM_SENSOR_STREAM_CAPACITY];
};

static K_KERNEL_STACK_DEFINE(sampler_stack, CONFIG_WASM_SENSOR_STACK_SIZE);
static struct k_work_q sampler;

static int start_sampler(void)
{
	const struct k_work_queue_config config = {.name = "wasm sensors"};

	k_work_queue_start(&sampler, sampler_stack, K_KERNEL_STACK_SIZEOF(sampler_stack),
			   CONFIG_WASM_SENSOR_PRIORITY, &config);
	return 0;
}

SYS_INIT(start_sampler, APPLICATION, CONFIG_KERNEL_INIT_PRIORITY_DEFAULT);

/* Waits for a sample that is being taken. Before and after that, the sampler has its own priority,
 * and an app that computes could keep it from finishing. So its priority is raised. */
static void end_sampling(struct stream *stream)
{
	k_tid_t thread = k_work_queue_thread_get(&sampler);

	while ((k_work_cancel_delayable(&stream->work) & K_WORK_RUNNING) != 0) {
		k_sched_lock();
		if (k_thread_priority_get(thread) > ZEPHYR_WASM_HURRIED) {
			k_thread_priority_set(thread, ZEPHYR_WASM_HURRIED);
		}
		k_sched_unlock();
		k_sleep(K_MSEC(1));
	}
}

static void close(void *slot)
{
	struct stream *stream = slot;

	if (stream->trigger != TRIGGER_PERIOD) {
		begin();
		(void)sensor_trigger_set(sensors[stream->sensor].device, &stream->driver, NULL);
		k_mutex_unlock(&lock);
		/* Not all drivers forget a trigger. From here on, a call for it is ignored. */
		stream->trigger = TRIGGER_PERIOD;
	}
	k_timer_stop(&stream->timer);
	end_sampling(stream);
}

ZEPHYR_WASM_WAKER(wake, struct stream, filled)

ZEPHYR_WASM_OPENER(open, struct stream, filled, 1)

ZEPHYR_WASM_POOL_DEFINE_WAKING(streams, struct stream, CONFIG_WASM_SENSOR_STREAM_COUNT, open, close,
			       wake);

/* Whether the last sample of a sensor has failed, by a bit for each channel. It is kept for the
 * sensor and not for the stream, because an app could open one stream after the other. */
static uint32_t failing[MAX(ARRAY_SIZE(sensors), 1)];

static bool is_failing(const struct stream *stream)
{
	return (failing[stream->sensor] & BIT(stream->channel)) != 0;
}

static void add_sample(struct stream *stream)
{
	struct sample sample = {.time = zephyr_wasm_clock_now()};
	bool taken = take_reading(stream->sensor, stream->channel, &sample.micro) == 0;

	k_sched_lock();
	WRITE_BIT(failing[stream->sensor], stream->channel, !taken);
	if (!taken) {
		stream->lost++;
		zephyr_wasm_has_failed(stream->owner);
	} else {
		if (stream->used == stream->capacity) {
			stream->first = (stream->first + 1) % stream->capacity;
			stream->used--;
			stream->lost++;
		}
		stream->samples[(stream->first + stream->used) % stream->capacity] = sample;
		stream->used++;
		zephyr_wasm_signal(stream->owner, &stream->filled);
	}
	k_sched_unlock();
}

static void on_work(struct k_work *work)
{
	struct stream *stream = CONTAINER_OF(k_work_delayable_from_work(work), struct stream, work);
	uint64_t from = zephyr_wasm_pay_from();

	if (k_thread_priority_get(k_current_get()) != CONFIG_WASM_SENSOR_PRIORITY) {
		/* end_sampling() has raised the priority for the last sample. */
		k_thread_priority_set(k_current_get(), CONFIG_WASM_SENSOR_PRIORITY);
	}
	if (zephyr_wasm_is_over_share(stream->owner) ||
	    (is_failing(stream) && !zephyr_wasm_may_fail(stream->owner))) {
		k_sched_lock();
		stream->lost++;
		k_sched_unlock();
		return;
	}
	/* A driver may lock a bus by a semaphore, and an app that computes must not keep the bus
	 * from the firmware's threads. The priority is set before the lock is taken, because
	 * releasing the lock restores the priority with which it was taken. */
	k_thread_priority_set(k_current_get(),
			      MIN(ZEPHYR_WASM_HURRIED, CONFIG_WASM_SENSOR_PRIORITY));
	add_sample(stream);
	k_thread_priority_set(k_current_get(), CONFIG_WASM_SENSOR_PRIORITY);
	zephyr_wasm_pay(stream->owner, from);
}

static void on_timer(struct k_timer *timer)
{
	struct stream *stream = CONTAINER_OF(timer, struct stream, timer);

	(void)k_work_schedule_for_queue(&sampler, &stream->work, K_NO_WAIT);
}

/* Whether a driver's call is for a stream. The address of the trigger does not tell: some drivers
 * pass a copy on the stack of their own thread (temp_nrfs), or call before they have stored the
 * address. */
static bool is_meant(const struct stream *stream, const struct device *device,
		     const struct sensor_trigger *trigger)
{
	return stream->owner != NULL && stream->trigger != TRIGGER_PERIOD &&
	       sensors[stream->sensor].device == device &&
	       (trigger == NULL || trigger->type == stream->driver.type);
}

/* Schedules a sample. Returns false if one is scheduled already. Called with interrupts locked. */
static bool schedule(struct stream *stream)
{
	k_ticks_t now = k_uptime_ticks();
	k_ticks_t due = MAX(now, stream->last + stream->shortest);

	if (k_work_schedule_for_queue(&sampler, &stream->work, K_TICKS(due - now)) != 1) {
		return false;
	}
	stream->last = due;
	return true;
}

/* How long a driver is made to wait that calls again before a sample was taken. */
#define NOT_AGAIN K_MSEC(1)

/* Called by drivers, possibly in an interrupt, and as often as they like. */
static void on_trigger(const struct device *device, const struct sensor_trigger *trigger)
{
	bool is_new = false;
	/* In one step, so that whoever closes the stream cancels what is scheduled, and no more
	 * follows. */
	unsigned int key = irq_lock();

	for (size_t i = 0; i < ARRAY_SIZE(streams_slots); i++) {
		if (is_meant(&streams_slots[i], device, trigger)) {
			is_new |= schedule(&streams_slots[i]);
		}
	}
	irq_unlock(key);
	/* Many drivers expect that their handler reads the sensor at once. Until the sensor is
	 * read, a level interrupt comes again, and a thread that checks for new data finds it
	 * again. Most of these threads are cooperative, and nobody else would run to read the
	 * sensor. So the driver waits. */
	if (!is_new && !k_is_in_isr()) {
		k_sleep(NOT_AGAIN);
	}
}

/* Whether an app may set the sensor's triggers. A threshold is written to the sensor before its
 * driver is asked to report. If the driver cannot report, its thresholds have another purpose, such
 * as the voltages of a power supply (npm2100_vbat). */
static bool has_triggers(uint32_t sensor)
{
	const struct sensor_driver_api *api = sensors[sensor].device->api;

	return !sensors[sensor].keeps_triggers && api->trigger_set != NULL;
}

static int set_trigger(struct stream *stream, int64_t value)
{
	const struct device *device = sensors[stream->sensor].device;
	enum sensor_channel channel = (enum sensor_channel)channels[stream->channel];
	struct sensor_value threshold;
	int result = 0;

	stream->driver.chan = channel;
	stream->driver.type = SENSOR_TRIG_DATA_READY;
	if (stream->trigger != TRIGGER_DATA_READY) {
		stream->driver.type = SENSOR_TRIG_THRESHOLD;
		result = sensor_value_from_micro(&threshold, value);
		if (result != 0) {
			/* No sensor has a threshold this large. */
			return result;
		}
		result =
			sensor_attr_set(device, channel,
					stream->trigger == TRIGGER_ABOVE ? SENSOR_ATTR_UPPER_THRESH
									 : SENSOR_ATTR_LOWER_THRESH,
					&threshold);
	}
	return result != 0 ? result : sensor_trigger_set(device, &stream->driver, on_trigger);
}

/* Whether another stream has this trigger. A driver has one handler for each trigger, whatever
 * names the sensor has. */
static bool is_taken(uint32_t sensor, uint32_t trigger)
{
	for (size_t i = 0; i < ARRAY_SIZE(streams_slots); i++) {
		const struct stream *stream = &streams_slots[i];

		if (stream->owner != NULL &&
		    sensors[stream->sensor].device == sensors[sensor].device &&
		    stream->trigger != TRIGGER_PERIOD &&
		    (stream->trigger == TRIGGER_DATA_READY) == (trigger == TRIGGER_DATA_READY)) {
			return true;
		}
	}
	return false;
}

/* Gives a stream its trigger, unless another stream has it. In one step, because other apps may do
 * the same. */
static bool claim_trigger(struct stream *stream, uint32_t trigger)
{
	bool claimed;

	k_sched_lock();
	claimed = trigger == TRIGGER_PERIOD || !is_taken(stream->sensor, trigger);
	if (claimed) {
		stream->trigger = trigger;
	}
	k_sched_unlock();
	return claimed;
}

/** Opens a stream. Returns its number, or a failure. */
int32_t zephyr_wasm_sensor_watch(uint32_t sensor, uint32_t channel, uint32_t trigger, int64_t value,
				 uint32_t capacity)
{
	struct stream *stream;
	k_timeout_t period;
	int32_t number;
	int result;

	if (capacity == 0 || capacity > CONFIG_WASM_SENSOR_STREAM_CAPACITY ||
	    (trigger == TRIGGER_PERIOD && value == 0) ||
	    !zephyr_wasm_holds(sensor < ARRAY_SIZE(sensors) && channel < ARRAY_SIZE(channels) &&
			       trigger <= TRIGGER_BELOW)) {
		return FAILURE_INVALID;
	}
	if (trigger != TRIGGER_PERIOD && !has_triggers(sensor)) {
		return FAILURE_NOT_SUPPORTED;
	}
	number = zephyr_wasm_pool_take(&streams);
	if (number < 0) {
		return number;
	}
	stream = zephyr_wasm_pool_slot(&streams, number);
	stream->sensor = sensor;
	stream->channel = channel;
	stream->capacity = capacity;
	k_timer_init(&stream->timer, on_timer, NULL);
	k_work_init_delayable(&stream->work, on_work);
	stream->shortest = zephyr_wasm_shortest(ZEPHYR_WASM_KEY_SENSOR_PERIOD_US,
						CONFIG_WASM_SENSOR_PERIOD_MIN_US);
	stream->last = k_uptime_ticks() - stream->shortest;
	if (!claim_trigger(stream, trigger)) {
		zephyr_wasm_pool_give(&streams, number);
		return FAILURE_LIMIT;
	}
	if (trigger == TRIGGER_PERIOD) {
		period = K_TICKS(MAX(zephyr_wasm_ticks((uint64_t)value), stream->shortest));
		k_timer_start(&stream->timer, period, period);
		return number;
	}
	/* With the lock, because another app may read a sensor on the same bus meanwhile, and the
	 * bus driver may have no lock. */
	begin();
	result = set_trigger(stream, value);
	k_mutex_unlock(&lock);
	if (result != 0) {
		zephyr_wasm_pool_give(&streams, number);
		/* Drivers also log that they do not support a trigger. */
		zephyr_wasm_failed();
		return result == -ENOTSUP || result == -ENOSYS ? FAILURE_NOT_SUPPORTED : FAILURE_IO;
	}
	return number;
}

/** Waits for a sample. Returns its channel, or a failure. */
int32_t zephyr_wasm_sensor_next(uint32_t number, uint64_t timeout, uint64_t *time, int64_t *micro)
{
	struct stream *stream = zephyr_wasm_pool_slot(&streams, number);
	k_timepoint_t end = sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(timeout));
	int32_t result = FAILURE_TIMEOUT;

	while (result < 0) {
		k_sched_lock();
		if (stream->used > 0) {
			*time = stream->samples[stream->first].time;
			*micro = stream->samples[stream->first].micro;
			stream->first = (stream->first + 1) % stream->capacity;
			stream->used--;
			result = stream->channel;
		}
		k_sched_unlock();
		if (result < 0 && zephyr_wasm_gives_up(&stream->filled, end)) {
			return FAILURE_TIMEOUT;
		}
	}
	return result;
}

uint32_t zephyr_wasm_sensor_lost(uint32_t number)
{
	struct stream *stream = zephyr_wasm_pool_slot(&streams, number);
	uint32_t lost;

	k_sched_lock();
	lost = stream->lost;
	stream->lost = 0;
	k_sched_unlock();
	return lost;
}

void zephyr_wasm_sensor_stop(uint32_t number)
{
	zephyr_wasm_pool_give(&streams, number);
}

#endif /* CONFIG_WASM_API_SENSOR_STREAMS */
