/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Pipes between programs. A call that waits holds nothing meanwhile.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/ring_buffer.h>

#include <zephyr_wasm/command.h>

#include "core/locks.h"
#include "core/mark.h"
#include "wasi.h"

#define NAME_SIZE 16

struct pipe {
	/* How often each end is open, and whether it has ever been: the reading and the writing
	 * end. */
	uint8_t ends[2];
	bool had[2];
	char name[NAME_SIZE];
	struct ring_buf bytes;
	/* Given when something has changed for readers, and for writers. */
	struct k_sem changed[2];
	uint8_t buffer[CONFIG_WASM_PIPE_SIZE];
};

enum end {
	END_READ,
	END_WRITE,
};

BUILD_ASSERT(
	CONFIG_WASM_PIPE_SIZE <= RING_BUFFER_MAX_SIZE,
	"Zephyr's ring buffers count no more than 32,767 bytes: set CONFIG_RING_BUFFER_LARGE=y");

static struct pipe pipes[CONFIG_WASM_PIPE_COUNT];
static K_MUTEX_DEFINE(lock);
ZEPHYR_WASM_LOCKS_DEFINE(pipe_locks, &lock, 1);

static bool is_open(const struct pipe *pipe)
{
	return pipe->ends[END_READ] > 0 || pipe->ends[END_WRITE] > 0;
}

/* Whether a pipe has data, or just its end, that nobody has read, although its writer is gone. */
static bool is_left(const struct pipe *pipe)
{
	return !is_open(pipe) && pipe->had[END_WRITE] && !pipe->had[END_READ];
}

/* Whether an end was open, and is not any more. */
static bool is_abandoned(const struct pipe *pipe, enum end end)
{
	return pipe->had[end] && pipe->ends[end] == 0;
}

static ssize_t pipe_read(void *context, void *bytes, size_t size, k_timeout_t timeout)
{
	struct pipe *pipe = context;
	k_timepoint_t until = sys_timepoint_calc(timeout);

	while (true) {
		uint32_t got;
		bool over;

		k_mutex_lock(&lock, K_FOREVER);
		got = ring_buf_get(&pipe->bytes, bytes, size);
		over = is_abandoned(pipe, END_WRITE);
		k_sem_give(&pipe->changed[END_WRITE]);
		if (over || !ring_buf_is_empty(&pipe->bytes)) {
			/* One reader was woken, and others may wait, too. */
			k_sem_give(&pipe->changed[END_READ]);
		}
		k_mutex_unlock(&lock);
		if (got > 0 || over || size == 0) {
			return got;
		}
		if (zephyr_wasm_take(&pipe->changed[END_READ], sys_timepoint_timeout(until)) != 0) {
			return -EAGAIN;
		}
	}
}

static int pipe_ready(void *context, k_timeout_t timeout)
{
	struct pipe *pipe = context;
	k_timepoint_t until = sys_timepoint_calc(timeout);

	while (ring_buf_is_empty(&pipe->bytes) && !is_abandoned(pipe, END_WRITE)) {
		if (zephyr_wasm_take(&pipe->changed[END_READ], sys_timepoint_timeout(until)) != 0) {
			return -EAGAIN;
		}
	}
	/* This call takes nothing, so the next reader that waits is woken. */
	k_sem_give(&pipe->changed[END_READ]);
	return 0;
}

static ssize_t pipe_write(void *context, const void *bytes, size_t size)
{
	struct pipe *pipe = context;

	while (true) {
		uint32_t put = 0;
		bool over;

		k_mutex_lock(&lock, K_FOREVER);
		over = is_abandoned(pipe, END_READ);
		if (!over) {
			put = ring_buf_put(&pipe->bytes, bytes, size);
			k_sem_give(&pipe->changed[END_READ]);
		}
		if (over || ring_buf_space_get(&pipe->bytes) > 0) {
			k_sem_give(&pipe->changed[END_WRITE]);
		}
		k_mutex_unlock(&lock);
		if (over) {
			return -EPIPE;
		}
		if (put > 0 || size == 0) {
			return put;
		}
		zephyr_wasm_take(&pipe->changed[END_WRITE], K_FOREVER);
	}
}

static void close_end(struct pipe *pipe, enum end which)
{
	k_mutex_lock(&lock, K_FOREVER);
	pipe->ends[which]--;
	/* Wakes those at the other end, so that they see that this end is closed. */
	k_sem_give(&pipe->changed[END_READ]);
	k_sem_give(&pipe->changed[END_WRITE]);
	k_mutex_unlock(&lock);
}

static void pipe_close_read(void *context)
{
	close_end(context, END_READ);
}

static void pipe_close_write(void *context)
{
	close_end(context, END_WRITE);
}

static const struct zephyr_wasm_stream_api apis[] = {
	[END_READ] = {.read = pipe_read, .ready = pipe_ready, .close = pipe_close_read},
	[END_WRITE] = {.write = pipe_write, .close = pipe_close_write},
};

static void take_end(struct pipe *pipe, enum end which, struct zephyr_wasm_stream *stream)
{
	pipe->ends[which]++;
	pipe->had[which] = true;
	*stream = (struct zephyr_wasm_stream){.api = &apis[which], .context = pipe};
}

/* Returns the pipe of a name, or a new one; NULL if there is no room for that. */
static struct pipe *pipe_of(const char *name)
{
	struct pipe *free = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(pipes); i++) {
		bool is_kept = is_open(&pipes[i]) || is_left(&pipes[i]);

		if (is_kept && name != NULL && strncmp(pipes[i].name, name, NAME_SIZE - 1) == 0) {
			return &pipes[i];
		}
		/* A pipe whose data nobody has read is given up only if no other is free. */
		if (!is_kept || (free == NULL && !is_open(&pipes[i]))) {
			free = &pipes[i];
		}
	}
	if (free == NULL) {
		return NULL;
	}
	memset(free, 0, sizeof(*free));
	if (name != NULL) {
		strncpy(free->name, name, NAME_SIZE - 1);
	}
	ring_buf_init(&free->bytes, sizeof(free->buffer), free->buffer);
	k_sem_init(&free->changed[END_READ], 0, 1);
	k_sem_init(&free->changed[END_WRITE], 0, 1);
	return free;
}

/* A name that is too long is refused: cut, it could be the name of another pipe. An empty name is
 * that of pipes that cannot be looked up. */
static bool is_name(const char *name)
{
	return name[0] != '\0' && strlen(name) < NAME_SIZE;
}

int zephyr_wasm_wasi_pipe_open(const char *name, bool writes, struct zephyr_wasm_stream *stream)
{
	struct pipe *pipe;

	if (!is_name(name)) {
		return -EINVAL;
	}
	k_mutex_lock(&lock, K_FOREVER);
	pipe = pipe_of(name);
	if (pipe != NULL) {
		take_end(pipe, writes ? END_WRITE : END_READ, stream);
	}
	k_mutex_unlock(&lock);
	return pipe == NULL ? -ENOMEM : 0;
}

int zephyr_wasm_stream_pipe(const char *name, struct zephyr_wasm_stream *in,
			    struct zephyr_wasm_stream *out)
{
	struct pipe *pipe;

	if (name != NULL && !is_name(name)) {
		return -EINVAL;
	}
	k_mutex_lock(&lock, K_FOREVER);
	pipe = pipe_of(name);
	if (pipe != NULL) {
		take_end(pipe, END_READ, in);
		take_end(pipe, END_WRITE, out);
	}
	k_mutex_unlock(&lock);
	return pipe == NULL ? -ENOMEM : 0;
}
