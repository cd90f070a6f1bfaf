/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The way from an app in user mode to the host APIs, which stay in the kernel. Nothing that comes
 * this way is trusted: numbers and pointers are checked here and by zephyr_wasm_pool_slot(), and an
 * app that sends wrong ones, which the runtime never does, ends as one that faulted.
 */

#include <zephyr/app_memory/app_memdomain.h>
#include <zephyr/internal/syscall_handler.h>
#include <zephyr/kernel.h>
#include <zephyr/linker/linker-defs.h>
#include <zephyr/sys/libc-hooks.h>

#include <zephyr_wasm/message.h>

#include "api/coap/coap.h"
#include "api/storage/storage.h"
#include "core/app.h"
#include "core/mark.h"
#include "core/pool.h"
#include "core/slots.h"
#include "core/thread.h"
#include "core/wall.h"
#include "net/address.h"
#include "observe/metrics.h"
#include "zephyr_wasm_declared.h"

#include "zephyr_wasm_gate.h"

/* A host API's WIT package, and whether an app needs a manifest for it. No name: any app may. */
struct package {
	const char *name;
	bool is_restricted;
};

/* What of the kernel serves one function. */
struct server {
	void (*serve)(void *frame);
	uint16_t frame_size;
	uint16_t frame_alignment;
};

/* What an app's manifest has of these, by their place: looked up as the app is launched. */
static uint32_t allowed[CONFIG_WASM_MAX_APPS];

#define ALLOWED(api)                                                                               \
	K_OOPS(K_SYSCALL_VERIFY(                                                                   \
		(allowed[zephyr_wasm_slot_of(zephyr_wasm_current())] & BIT(api)) != 0))

/* The runtime has looked already, and told the app that does not know. */
#define GRANTED(condition) K_OOPS(K_SYSCALL_VERIFY(condition))

/* Memory that all apps share could change between a check and its use. */
static bool is_shared(const void *pointer, size_t count, size_t size)
{
	const struct k_mem_partition *const shared[] = {
		&zephyr_wasm_engine_partition,
#if Z_LIBC_PARTITION_EXISTS
		&z_libc_partition,
#endif
	};
	uintptr_t start = (uintptr_t)pointer;

	for (size_t i = 0; i < ARRAY_SIZE(shared); i++) {
		if (start < shared[i]->start + shared[i]->size &&
		    start + count * size > shared[i]->start) {
			return true;
		}
	}
	return false;
}

static inline bool is_in(uintptr_t start, size_t room, const void *pointer, size_t size)
{
	size_t offset = (uintptr_t)pointer - start;

	return offset < room && size <= room - offset;
}

/* For ARMv7-M's protection unit, the linker rounds the image's end up to a power of two. */
#ifdef CONFIG_CPU_CORTEX_M
#define IMAGE_SIZE ((size_t)_flash_used)
#else
#define IMAGE_SIZE ((size_t)__rom_region_size)
#endif

/* To the protection unit of ARMv7-M, flash is as large as a power of two, and there may be less of
 * it: where nothing is, an app would have the kernel fault in the middle of a call, with the lock
 * of a socket or a bus. And what is behind the image is not for apps. What one passes that is not
 * its own is the image's. */
static inline bool is_there(const void *pointer, size_t size)
{
	const size_t slot = zephyr_wasm_slot_of(zephyr_wasm_current());

	return is_in((uintptr_t)__rom_region_start, IMAGE_SIZE, pointer, size) ||
	       is_in((uintptr_t)zephyr_wasm_user_of(slot), CONFIG_WASM_APP_HEAP_SIZE, pointer,
		     size) ||
	       /* Its stack, say. */
	       arch_buffer_validate(pointer, size, true) == 0;
}

#define IS_ALIGNED_FOR(pointer, alignment) ((uintptr_t)(pointer) % (alignment) == 0)

/* What Zephyr has of a thread at the end of the thread's own stack (thread-local storage), and
 * believes: on RISC-V, whether the thread is in user mode. What the thread writes there itself, a
 * system call mends as it begins; in the middle of one, it would have the kernel fault with its
 * locks held. */
static bool is_believed(const void *pointer, size_t size)
{
	uintptr_t end = _current->stack_info.start + _current->stack_info.size;
	uintptr_t start = (uintptr_t)pointer;

	return start < end && start + size > end - _current->stack_info.delta;
}

/* So many of a type; where there are none, there is any address in Rust. */
#define ACCESSES(access, pointer, count)                                                           \
	do {                                                                                       \
		K_OOPS(K_SYSCALL_VERIFY((count) == 0 ||                                            \
					IS_ALIGNED_FOR(pointer, __alignof__(*(pointer)))));        \
		K_OOPS((count) != 0 &&                                                             \
		       K_SYSCALL_MEMORY_ARRAY_##access(pointer, count, sizeof(*(pointer))));       \
		K_OOPS(K_SYSCALL_VERIFY(!is_shared(pointer, count, sizeof(*(pointer)))));          \
	} while (false)
#define READS(pointer, count)                                                                      \
	do {                                                                                       \
		ACCESSES(READ, pointer, count);                                                    \
		K_OOPS((count) != 0 && !is_there(pointer, (count) * sizeof(*(pointer))));          \
	} while (false)
#define WRITES(pointer, count)                                                                     \
	do {                                                                                       \
		ACCESSES(WRITE, pointer, count);                                                   \
		K_OOPS(K_SYSCALL_VERIFY(!is_believed(pointer, (count) * sizeof(*(pointer)))));     \
	} while (false)

/* An app can write any byte where a bool should be: C and Rust, which decides what is granted,
 * could take it for another. */
#define IS_BOOL(field) (*(const uint8_t *)(field) <= 1)

/* A host API does what it does as itself, with objects that are not the app's: the sockets of
 * Zephyr's CoAP server are not. */
#define AS_THE_KERNEL() (_current->syscall_frame = NULL)

#define COUNT(api) zephyr_wasm_count(api)

#include "zephyr_wasm_wrapped.c"

BUILD_ASSERT(ARRAY_SIZE(packages) <= 32, "a bit for each host API");
BUILD_ASSERT(CONFIG_PRIVILEGED_STACK_SIZE >= 2048,
	     "host calls need CONFIG_PRIVILEGED_STACK_SIZE=2048 or more");
BUILD_ASSERT(!IS_ENABLED(CONFIG_CURRENT_THREAD_USE_TLS),
	     "an app could say in its own memory that it is another thread");

void zephyr_wasm_gate_launched(const struct zephyr_wasm_app *app)
{
	const struct zephyr_wasm_image *image = app->image;
	uint32_t found = 0;

	for (size_t i = 0; i < ARRAY_SIZE(packages); i++) {
		if (packages[i].name == NULL ||
		    zephyr_wasm_rs_allows(image->wasm, image->size, packages[i].name,
					  packages[i].is_restricted)) {
			found |= BIT(i);
		}
	}
	allowed[zephyr_wasm_slot_of(app)] = found;
	zephyr_wasm_pools_launched(app);
}

bool zephyr_wasm_granted(const char *kind, const char *text, size_t length)
{
	const struct zephyr_wasm_image *image = zephyr_wasm_current()->image;

	return zephyr_wasm_rs_granted(image->wasm, image->size, kind, text, length);
}

uint32_t zephyr_wasm_granted_number(const char *kind, uint32_t otherwise)
{
	const struct zephyr_wasm_image *image = zephyr_wasm_current()->image;

	return zephyr_wasm_rs_setting(image->wasm, image->size, kind, otherwise);
}

/* Frames are of words; a call of memcpy() is longer than most of them take. */
static inline void copy_words(void *to, const void *from, size_t size)
{
	for (size_t i = 0; i < size / sizeof(uint32_t); i++) {
		((uint32_t *)to)[i] = ((const uint32_t *)from)[i];
	}
}

/* The frame is the kernel's own copy. */
void z_impl_zephyr_wasm_gate(uint32_t number, uintptr_t frame)
{
	servers[number].serve((void *)frame);
}

static inline void z_vrfy_zephyr_wasm_gate(uint32_t number, uintptr_t frame)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();
	union frame copy;

	K_OOPS(K_SYSCALL_VERIFY(app != NULL));
	/* All that an app asks the kernel for comes by here; src/core/mark.c says what the mark is.
	 * The checks are behind it: what they log of a wrong call has room in the log that would
	 * never be filled if a kill came meanwhile, and nothing behind it would be printed. */
	zephyr_wasm_mark_begin(app);
	K_OOPS(K_SYSCALL_VERIFY(zephyr_wasm_is_on_its_stack(_current->syscall_frame)));
	K_OOPS(K_SYSCALL_VERIFY(number < ARRAY_SIZE(servers)));
	K_OOPS(K_SYSCALL_VERIFY(IS_ALIGNED_FOR(frame, servers[number].frame_alignment)));
	K_OOPS(K_SYSCALL_MEMORY_WRITE((void *)frame, servers[number].frame_size));
	K_OOPS(K_SYSCALL_VERIFY(!is_believed((void *)frame, servers[number].frame_size)));
	copy_words(&copy, (const void *)frame, servers[number].frame_size);
	z_impl_zephyr_wasm_gate(number, (uintptr_t)&copy);
	zephyr_wasm_mark_end(app);
	copy_words((void *)frame, &copy, servers[number].frame_size);
}
#include <zephyr/syscalls/zephyr_wasm_gate_mrsh.c>
