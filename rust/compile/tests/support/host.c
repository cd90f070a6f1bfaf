/*
 * What a firmware gives to compiled apps, on this machine and for tests: it stands behind what has
 * been compiled.
 */

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* A memory may grow to all of this; only what is written takes memory. */
#define ROOM  0x100000000ull
/* How much of the stack a call may take. */
#define STACK (256 * 1024)

struct host {
	zephyr_wasm_compiled_entry *entry;
	struct zephyr_wasm_compiled_instance *instance;
	struct zephyr_wasm_compiled_import *imports;
	jmp_buf *frame;
	uint32_t code;
	uint32_t place;
};

static __attribute__((noreturn)) void host_trap(struct zephyr_wasm_compiled_instance *instance,
						uint32_t code, uint32_t place)
{
	struct host *host = instance->host;

	host->code = code;
	host->place = place;
	longjmp(*host->frame, 1);
}

static uint32_t host_grow_memory(struct zephyr_wasm_compiled_instance *instance, uint32_t size)
{
	instance->memory_size = size;
	return 1;
}

static uint32_t host_grow_table(struct zephyr_wasm_compiled_instance *instance, uint32_t count,
				uint32_t desired)
{
	(void)instance;
	return desired >= count;
}

static const struct zephyr_wasm_compiled_runtime host_runtime = {host_trap, host_grow_memory,
								 host_grow_table};

/* Whatever is imported does nothing. */
static void host_nothing(void)
{
}

static uint32_t host_enter(struct host *host, uint32_t operation, uint32_t number, void *values)
{
	jmp_buf frame, *before = host->frame;
	uint32_t code;

	host->instance->stack_limit = (uintptr_t)__builtin_frame_address(0) - STACK;
	host->frame = &frame;
	host->place = 0;
	if (setjmp(frame) == 0) {
		code = host->entry(operation, host->instance, number, values);
	} else {
		code = host->code;
	}
	host->frame = before;
	return code;
}

struct host *host_new(zephyr_wasm_compiled_entry *entry, uint32_t *code)
{
	struct host *host = calloc(1, sizeof(*host));
	struct zephyr_wasm_compiled_info info;

	entry(ZEPHYR_WASM_COMPILED_INFO, NULL, 0, &info);
	host->entry = entry;
	host->instance = calloc(1, info.instance_size);
	host->imports = calloc(info.import_count + 1, sizeof(*host->imports));
	for (uint32_t index = 0; index < info.import_count; index++) {
		host->imports[index].call = host_nothing;
	}
	host->instance->memory = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	host->instance->memory_size = (uint32_t)info.memory_min;
	host->instance->runtime = &host_runtime;
	host->instance->imports = host->imports;
	host->instance->host = host;
	*code = host_enter(host, ZEPHYR_WASM_COMPILED_INIT, 0, NULL);
	return host;
}

uint32_t host_call(struct host *host, uint32_t number, void *values)
{
	return host_enter(host, ZEPHYR_WASM_COMPILED_CALL, number, values);
}

uint32_t host_place(struct host *host)
{
	return host->place;
}

const uint8_t *host_memory(struct host *host, uint32_t *size)
{
	*size = host->instance->memory_size;
	return host->instance->memory;
}

void host_free(struct host *host)
{
	munmap(host->instance->memory, ROOM);
	free(host->imports);
	free(host->instance);
	free(host);
}
