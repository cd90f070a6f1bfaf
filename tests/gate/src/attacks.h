/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What stands behind the gate, as its declarations have it, and what an app makes of it that has
 * got the runtime under its control.
 */

#ifndef TESTS_GATE_ATTACKS_H_
#define TESTS_GATE_ATTACKS_H_

#include <zephyr/kernel.h>

#include <zephyr_wasm/message.h>

#include "api/ble/ble.h"
#include "api/coap/coap.h"
#include "api/storage/storage.h"
#include "core/wasi_sizes.h"
#include "net/net.h"
#include "zephyr_wasm_gate.h"

enum kind {
	/* A pointer to what is read, or written; OPTIONAL is written unless it is NULL. */
	READ,
	WRITTEN,
	OPTIONAL,
	/* How much there is behind the pointer before. */
	LENGTH,
	NUMBER,
	/* In nanoseconds. */
	TIME,
	FLAG,
};

#define MOST_ARGUMENTS 9

struct argument {
	const char *name;
	enum kind kind;
	/* A pointer: the next argument is its length. */
	bool counted;
	/* A pointer: of one of what is there, and of how many if no length says it. */
	size_t size;
	size_t room;
};

struct function {
	const char *name;
	/* The result, if it is negative for a failure. */
	int64_t (*call)(const uint64_t *arguments);
	size_t count;
	struct argument arguments[MOST_ARGUMENTS];
};

extern const struct function functions[];
extern const size_t function_count;

/** What an attack has to come to. */
enum outcome {
	/* All arguments are good: anything but a fault. */
	NO_FAULT,
	/* The same, and it is done. */
	DONE,
	FAULT,
	/* Refused, or a fault. */
	NOT_DONE,
	/* Anything that ends; the kernel is as it was. */
	ANY,
};

/** Which: all of a function's attacks on an argument have numbers from 0. */
struct attack {
	const struct function *function;
	/* Past the last one: none, all are good. */
	size_t argument;
	size_t number;
};

/** What it has to come to; -1 if the argument has fewer attacks. */
int zephyr_wasm_attack_outcome(const struct attack *attack);

/** What the next apps do before their first instruction. */
enum role {
	NOTHING,
	HOLDS,
	ATTACKS,
	USES_RADIO,
};
extern enum role role;
extern struct attack attack;

/** What the last call came to. */
extern int64_t result;

/** Whether the app got what the call is about. */
extern bool is_open;

/** Whether the neighbour has all that it holds, and when it is to let go of it. */
extern bool is_holding;
extern bool lets_go;

/** What an app does that uses the radio (radio.c). */
void attack_by_radio(void);

/** What is attacked in the kernel's memory. */
extern uint8_t in_kernel[256];
#define IN_KERNEL 0x5a

#endif /* TESTS_GATE_ATTACKS_H_ */
