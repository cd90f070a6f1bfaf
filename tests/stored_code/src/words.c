/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the firmware logs, to be looked at.
 */

#include <string.h>

#include <zephyr/logging/log_backend.h>
#include <zephyr/logging/log_ctrl.h>
#include <zephyr/logging/log_output.h>

#include "common.h"

/* The last of it. */
static char text[2048];
static size_t length;

static int keep(uint8_t *data, size_t size, void *context)
{
	size_t part = MIN(size, sizeof(text) / 2);

	ARG_UNUSED(context);
	if (length + part >= sizeof(text)) {
		memmove(text, &text[sizeof(text) / 2], sizeof(text) / 2);
		length -= MIN(length, sizeof(text) / 2);
	}
	memcpy(&text[length], data, part);
	length += part;
	return (int)size;
}

static uint8_t piece[64];
LOG_OUTPUT_DEFINE(output, keep, piece, sizeof(piece));

static void process(const struct log_backend *const backend, union log_msg_generic *message)
{
	ARG_UNUSED(backend);
	log_output_msg_process(&output, &message->log, 0);
}

static void panic(const struct log_backend *const backend)
{
	ARG_UNUSED(backend);
}

static const struct log_backend_api api = {
	.process = process,
	.panic = panic,
};

LOG_BACKEND_DEFINE(words, api, true);

static void wait(void)
{
	for (int tries = 0; tries < 200 && log_data_pending(); tries++) {
		k_msleep(1);
	}
}

void words_forget(void)
{
	wait();
	length = 0;
	memset(text, 0, sizeof(text));
}

bool words_have(const char *words)
{
	wait();
	/* The last message may be on its way. */
	k_msleep(1);
	return strstr(text, words) != NULL;
}
