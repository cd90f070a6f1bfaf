/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The attacks stand where the runtime asks the firmware for more host APIs, on the app's thread:
 * they do what the engine could be made to do if it had a hole. One argument is bad, all others are
 * as good as the runtime would have them.
 */

#include <string.h>

#include <zephyr/app_memory/app_memdomain.h>

#include "attacks.h"

/* Where apps can read it. */
K_APP_DMEM(zephyr_wasm_engine_partition) enum role role = NOTHING;
K_APP_DMEM(zephyr_wasm_engine_partition) struct attack attack = {NULL};
K_APP_DMEM(zephyr_wasm_engine_partition) int64_t result = 0;
K_APP_DMEM(zephyr_wasm_engine_partition) bool is_open = true;
K_APP_DMEM(zephyr_wasm_engine_partition) bool is_holding = false;
K_APP_DMEM(zephyr_wasm_engine_partition) bool lets_go = false;
K_APP_DMEM(zephyr_wasm_engine_partition) static uint8_t shared[64] __aligned(8) = {0};

uint8_t in_kernel[256] __aligned(8) = {[0 ... 255] = IN_KERNEL};

static const uint8_t in_flash[64] __aligned(8) = {1};

/* Of an argument's own memory, and how many a function has at most. */
#define BUFFER        2048
#define MOST_POINTERS 5

/* What the manifest grants, by what a function's name begins with: for who attacks, and for who
 * holds what only one can have. */
static const struct {
	const char *api;
	const char *text;
	const char *held;
} granted[] = {
	{"adc", "battery", "battery"},
	{"ble", "mine-it", "mine-it"},
	{"coap", "mine/it", "mine/held"},
	{"gpio", "button", "led"},
	{"i2c", "sensors", "sensors"},
	{"message", "mine/it", "mine/it"},
	{"pwm", "fan", "spare-fan"},
	{"sensor", "ambient", "ambient"},
	{"sockets", "mine.example.com", "mine.example.com"},
	{"spi", "display", "display"},
	{"storage", "mine-it", "mine-it"},
	{"uart", "modem", "spare-modem"},
	{"watchdog", "process", "process"},
	{"dir", "/RAM:/mine", "/RAM:/mine"},
	{"file", "/RAM:/mine/it", "/RAM:/mine/held"},
	{"path", "/RAM:/mine/it", "/RAM:/mine/held"},
};

/* Numbers that the runtime would send; 0 for all others. */
static const struct {
	const char *function;
	const char *argument;
	uint64_t value;
} good_numbers[] = {
	{"timer_start", "duration", 1ULL << 60},
	{"message_subscribe", "capacity", 1},
	{"message_subscribe", "most", 2},
	{"coap_serve", "capacity", 1},
	{"coap_ask", "method", 1},
	{"coap_notify", "code", 0x45},
	{"gpio_open", "mode", UINT64_MAX},
	{"i2c_transfer", "address", 0x4c},
	{"storage_store", "quota", 100},
	{"pwm_set", "period", 1000},
	{"uart_set_baud_rate", "rate", 115200},
	{"sensor_watch", "value", NSEC_PER_SEC},
	{"sensor_watch", "capacity", 1},
	/* To write to it, and make it if it is not there. */
	{"file_open", "how", 3},
	{"output", "number", 1},
};

/* What gives the number that other functions of an API begin with, and what takes it back. */
static const struct {
	const char *api;
	const char *opens;
	const char *closes;
	/* Only one app at a time can have it: who attacks, unless src/radio.c says otherwise. */
	bool is_only_one;
} holdings[] = {
	{"timer", "timer_start", "timer_close"},
	{"sockets", "sockets_create", "sockets_close"},
	{"message", "message_subscribe", "message_unsubscribe"},
	{"coap", "coap_serve", "coap_end"},
	{"gpio", "gpio_open", "gpio_close"},
	{"uart", "uart_open", "uart_close"},
	{"pwm", "pwm_open", "pwm_close"},
	{"sensor", "sensor_watch", "sensor_stop"},
	{"file", "file_open", "file_close"},
	{"dir", "dir_open", "dir_close"},
	{"ble_scan", "ble_scan", "ble_scan_stop", true},
	{"ble", "ble_advertise", "ble_end_advertising", true},
};

/* A request: its URL, and what the runtime makes of it. */
static const char request[] = "http://127.0.0.1:81/mine\000127.0.0.1\00081\0/mine\0\0";

/* What lengths there are below a buffer's, and beyond all memory. */
static const uint32_t lengths[] = {
	0,    1,    2,    3,    7,    8,          9,          31,         32,         33,  63,
	64,   65,   127,  128,  129,  255,        256,        257,        511,        512, 513,
	1023, 1024, 1025, 1500, 2048, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff,
};

static const uint64_t numbers[] = {
	0,          1,          2,          3,          4,          7,          8,     31,
	32,         33,         127,        255,        256,        65535,      65536, 0x7fffffff,
	0x80000000, 0x80000001, 0xffffffff, 1ULL << 32, 1ULL << 63, UINT64_MAX,
};

static const uint64_t times[] = {
	0, 1, 1000, 1000000, 0xffffffff, 1ULL << 32, (1ULL << 63) - 1, 1ULL << 63, UINT64_MAX,
};

static const uint8_t flags[] = {0, 1, 2, 0x80, 0xff};

enum bad_pointer {
	BAD_NULL,
	BAD_KERNEL,
	BAD_NEIGHBOUR,
	BAD_BEGIN,
	BAD_END,
	BAD_SHARED,
	BAD_NOWHERE,
	/* What the kernel believes of the thread, and where its errno is, at the end of the app's
	 * own stack. */
	BAD_THREAD,
	/* From here on those that may be read. */
	BAD_FLASH,
	/* From here on what a text may not have in it. */
	HAS_ZERO,
	HAS_NO_END,
	BAD_POINTERS,
};

static bool is_text(const struct argument *argument)
{
	return argument->kind == READ && argument->counted && argument->size == 1 &&
	       (strcmp(argument->name, "name") == 0 || strcmp(argument->name, "path") == 0 ||
		strcmp(argument->name, "topic") == 0 || strcmp(argument->name, "pattern") == 0 ||
		strcmp(argument->name, "key") == 0 || strcmp(argument->name, "from") == 0 ||
		strcmp(argument->name, "to") == 0);
}

static int outcome_of_pointer(const struct argument *argument, size_t number)
{
	switch (number) {
	case BAD_NULL:
		return argument->kind == OPTIONAL ? NO_FAULT : FAULT;
	case BAD_FLASH:
		return argument->kind == READ ? ANY : FAULT;
	case HAS_ZERO:
		return is_text(argument) ? NOT_DONE : ANY;
	default:
		return number < BAD_POINTERS ? (number < BAD_FLASH ? FAULT : ANY) : -1;
	}
}

/* What gives the number that these begin with is no function of theirs alone. */
static bool opens_otherwise(const struct function *function)
{
	return strcmp(function->name, "message_respond") == 0 ||
	       strcmp(function->name, "http_size") == 0 || strcmp(function->name, "http_take") == 0;
}

int zephyr_wasm_attack_outcome(const struct attack *which)
{
	const struct argument *argument = &which->function->arguments[which->argument];
	size_t number = which->number;

	if (which->argument == which->function->count) {
		return number > 0 ? -1 : opens_otherwise(which->function) ? DONE : NO_FAULT;
	}
	switch (argument->kind) {
	case READ:
	case WRITTEN:
	case OPTIONAL:
		return outcome_of_pointer(argument, number);
	case LENGTH:
		/* The grant of a text is of all of it, so even short ones may end the app. */
		return number < ARRAY_SIZE(lengths) ? (lengths[number] > BUFFER ? FAULT : ANY) : -1;
	case NUMBER:
		return number < ARRAY_SIZE(numbers) ? ANY : -1;
	case TIME:
		return number < ARRAY_SIZE(times) ? ANY : -1;
	default:
		return number < ARRAY_SIZE(flags) ? ANY : -1;
	}
}

static const char *text_of(const char *function)
{
	for (size_t i = 0; i < ARRAY_SIZE(granted); i++) {
		if (strncmp(function, granted[i].api, strlen(granted[i].api)) == 0) {
			return role == HOLDS ? granted[i].held : granted[i].text;
		}
	}
	return "mine";
}

/* What stands behind a good pointer, and its length. */
static uint64_t fill(const struct function *function, const struct argument *argument,
		     uint8_t *buffer)
{
	const char *text = text_of(function->name);
	size_t length = strlen(text);

	memset(buffer, 'k', BUFFER);
	if (argument->size == sizeof(struct zephyr_wasm_address)) {
		const struct zephyr_wasm_address address = {
			.bytes = {127, 0, 0, 1},
			.port = strncmp(function->name, "coap", 4) == 0 ? 5683 : 9,
		};

		memcpy(buffer, &address, sizeof(address));
		return 1;
	}
	if (strcmp(function->name, "http_fetch") == 0 && strcmp(argument->name, "text") == 0) {
		text = request;
		length = sizeof(request) - 1;
	}
	if (argument->kind == READ) {
		memcpy(buffer, text, length);
		return length / argument->size;
	}
	return 16;
}

static uint64_t good_number(const struct function *function, const struct argument *argument)
{
	for (size_t i = 0; i < ARRAY_SIZE(good_numbers); i++) {
		if (strcmp(function->name, good_numbers[i].function) == 0 &&
		    strcmp(argument->name, good_numbers[i].argument) == 0) {
			return good_numbers[i].value;
		}
	}
	return 0;
}

/* All as the runtime would have them, in memory of the app's. */
static void make_good(const struct function *function, uint64_t *values, uint8_t (*buffers)[BUFFER])
{
	uint64_t length = 0;
	size_t used = 0;

	for (size_t i = 0; i < function->count; i++) {
		const struct argument *argument = &function->arguments[i];

		switch (argument->kind) {
		case READ:
		case WRITTEN:
		case OPTIONAL:
			if (used == MOST_POINTERS) {
				k_oops();
			}
			length = fill(function, argument, buffers[used]);
			values[i] = (uintptr_t)buffers[used++];
			break;
		case LENGTH:
			values[i] = length;
			break;
		default:
			values[i] = good_number(function, argument);
			break;
		}
	}
}

/* Before and behind what the app has of its own are others' regions. */
static uint64_t bad_pointer(enum bad_pointer which, const struct argument *argument, uint64_t good)
{
	struct zephyr_wasm_user *own = zephyr_wasm_user_of(1);
	const size_t size = argument->size;
	/* A single byte is over the end, or not, as a whole. */
	const size_t inside =
		size == 1 && !argument->counted && argument->room == 0 ? 0 : MAX(size / 2, 1);

	switch (which) {
	case BAD_NULL:
		return 0;
	case BAD_KERNEL:
		return (uintptr_t)in_kernel;
	case BAD_NEIGHBOUR:
		return (uintptr_t)(zephyr_wasm_user_of(0) + 1);
	case BAD_BEGIN:
		return (uintptr_t)own - MAX(size / 2, 1);
	case BAD_END:
		return (uintptr_t)own + CONFIG_WASM_APP_HEAP_SIZE - inside;
	case BAD_SHARED:
		return (uintptr_t)shared;
	case BAD_NOWHERE:
		return 0xdfff0000;
	case BAD_FLASH:
		return (uintptr_t)in_flash;
	default:
		return good;
	}
}

/* As much as the function writes, up to where the app's stack ends. */
static uint64_t to_end_of_stack(const struct argument *argument, uint64_t count)
{
	uintptr_t end = (uintptr_t)K_THREAD_STACK_BUFFER(zephyr_wasm_stacks[1]) +
			K_THREAD_STACK_SIZEOF(zephyr_wasm_stacks[1]);
	size_t size =
		argument->counted ? count * argument->size : MAX(argument->size, argument->room);

	return ROUND_DOWN(end - size, sizeof(uint64_t));
}

static void make_bad(const struct attack *which, uint64_t *values)
{
	const struct argument *argument = &which->function->arguments[which->argument];
	uint64_t *value = &values[which->argument];
	size_t number = which->number;

	if (which->argument == which->function->count) {
		return;
	}
	switch (argument->kind) {
	case READ:
	case WRITTEN:
	case OPTIONAL:
		if (number == HAS_ZERO) {
			((uint8_t *)(uintptr_t)*value)[1] = '\0';
		} else if (number == HAS_NO_END) {
			memset((uint8_t *)(uintptr_t)*value, 'k', BUFFER);
		}
		*value = bad_pointer(number, argument, *value);
		/* More than one, so that it goes over the end. */
		if (argument->counted && number < HAS_ZERO) {
			value[1] = MAX(value[1], 4);
		} else if (argument->counted && number == HAS_NO_END) {
			value[1] = BUFFER / argument->size;
		}
		if (number == BAD_THREAD) {
			*value = to_end_of_stack(argument, argument->counted ? value[1] : 0);
		}
		break;
	case LENGTH:
		*value = lengths[number];
		break;
	case NUMBER:
		*value = numbers[number];
		break;
	case TIME:
		*value = times[number];
		break;
	default:
		*value = flags[number];
		break;
	}
}

static const struct function *function_of(const char *name)
{
	for (size_t i = 0; i < function_count; i++) {
		if (strcmp(functions[i].name, name) == 0) {
			return &functions[i];
		}
	}
	/* It has another name now. */
	k_oops();
	return NULL;
}

/* Where attacks have their memory: on the app's stack. */
typedef uint8_t buffers_t[MOST_POINTERS][BUFFER];

static size_t holding(const char *api)
{
	size_t place = 0;

	while (strcmp(holdings[place].api, api) != 0) {
		place++;
	}
	return place;
}

static int64_t open_one(size_t which, buffers_t buffers)
{
	const struct function *function = function_of(holdings[which].opens);
	uint64_t values[MOST_ARGUMENTS] = {0};

	make_good(function, values, buffers);
	return function->call(values);
}

/* A request to the app, which firmware makes all the time. */
static int64_t open_request(buffers_t buffers)
{
	const struct function *receive = function_of("message_receive");
	uint64_t values[MOST_ARGUMENTS] = {0};
	int64_t subscription = open_one(holding("message"), buffers);
	size_t request = 0;

	make_good(receive, values, buffers);
	values[0] = (uint64_t)subscription;
	while (strcmp(receive->arguments[request].name, "request") != 0) {
		if (++request == receive->count) {
			k_oops();
		}
	}
	for (size_t i = 1; i < receive->count; i++) {
		if (receive->arguments[i].kind == TIME) {
			values[i] = NSEC_PER_SEC;
		}
	}
	if (subscription < 0 || receive->call(values) < 0) {
		return -1;
	}
	return *(uint32_t *)(uintptr_t)values[request];
}

/* An answer of the server that firmware has. Connections that have just been closed may take the
 * place of a new one for a moment, and a machine that does something else besides takes long to
 * answer. */
static int64_t open_exchange(buffers_t buffers)
{
	const struct function *fetch = function_of("http_fetch");
	uint64_t values[MOST_ARGUMENTS] = {0};
	int64_t exchange = -1;

	for (int tries = 0; exchange < 0 && tries < 10; tries++) {
		make_good(fetch, values, buffers);
		for (size_t i = 0; i < fetch->count; i++) {
			if (strcmp(fetch->arguments[i].name, "milliseconds") == 0) {
				values[i] = 10 * MSEC_PER_SEC;
			}
		}
		exchange = fetch->call(values);
	}
	return exchange;
}

/* The place in `holdings` of what a function begins with the number of, or that of all of them. */
static size_t holding_of(const struct function *function)
{
	size_t place = 0;

	while (place < ARRAY_SIZE(holdings) &&
	       (strncmp(function->name, holdings[place].api, strlen(holdings[place].api)) != 0 ||
		strcmp(function->name, holdings[place].opens) == 0 ||
		strcmp(function->name, "sensor_read") == 0 ||
		strcmp(function->name, "sensor_name") == 0)) {
		place++;
	}
	return place;
}

/* A function that begins with the number of something gets one of the app's own, or else each of
 * its attacks would fault for that. */
static void give_own(const struct function *function, uint64_t *values, buffers_t buffers)
{
	const struct argument *first = &function->arguments[0];
	size_t place = holding_of(function);
	bool is_list = function->count > 0 && first->kind == READ && first->counted &&
		       first->size == sizeof(uint32_t);
	bool is_number = function->count > 0 && first->kind == NUMBER;
	int64_t own = 0;

	if (opens_otherwise(function)) {
		own = strcmp(function->name, "message_respond") == 0 ? open_request(buffers)
								     : open_exchange(buffers);
	} else if (place < ARRAY_SIZE(holdings) && (is_list || is_number)) {
		own = open_one(place, buffers);
	}
	is_open = own >= 0;
	make_good(function, values, buffers);
	if (is_list) {
		*(uint32_t *)(uintptr_t)values[0] = (uint32_t)own;
		values[1] = 1;
	} else if (is_number && (place < ARRAY_SIZE(holdings) || opens_otherwise(function))) {
		values[0] = (uint64_t)own;
	}
}

static void commit(void)
{
	buffers_t buffers __aligned(8);
	uint64_t values[MOST_ARGUMENTS] = {0};

	is_open = false;
	give_own(attack.function, values, buffers);
	make_bad(&attack, values);
	result = attack.function->call(values);
}

static void hold(void)
{
	buffers_t buffers __aligned(8);
	int64_t held[ARRAY_SIZE(holdings)];

	for (size_t i = 0; i < ARRAY_SIZE(holdings); i++) {
		held[i] = holdings[i].is_only_one ? 0 : open_one(i, buffers);
		if (held[i] < 0) {
			result = -(int64_t)i * 1000 + held[i];
			k_oops();
		}
	}
	is_holding = true;
	while (!lets_go) {
		uint64_t pause = NSEC_PER_MSEC;

		(void)function_of("clock_sleep")->call(&pause);
	}
	/* One that is not its own any more is a fault. */
	for (size_t i = 0; i < ARRAY_SIZE(holdings); i++) {
		uint64_t number = held[i];

		if (!holdings[i].is_only_one) {
			(void)function_of(holdings[i].closes)->call(&number);
		}
	}
}

/* Called by the Rust side on the app's thread. */
void zephyr_wasm_add_apis(void *added)
{
	ARG_UNUSED(added);
	if (role == HOLDS) {
		hold();
	} else if (role == ATTACKS) {
		commit();
	} else if (role == USES_RADIO) {
		attack_by_radio();
	}
}
