/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The gate from apps in user mode to the host APIs, which stay in the kernel. Nothing that an app
 * passes is trusted: numbers and pointers are checked here and by zephyr_wasm_pool_slot(). An app
 * that passes wrong ones, which the runtime never does, ends as one that faulted.
 */

#include <zephyr/app_memory/app_memdomain.h>
#include <zephyr/internal/syscall_handler.h>
#include <zephyr/kernel.h>
#include <zephyr/linker/linker-defs.h>
#include <zephyr/sys/libc-hooks.h>

#include <zephyr_wasm/message.h>

#include "api/ble/ble.h"
#include "api/coap/coap.h"
#include "api/storage/storage.h"
#include "core/app.h"
#include "core/mark.h"
#include "core/pool.h"
#include "core/slots.h"
#include "core/thread.h"
#include "core/wall.h"
#include "core/wasi_sizes.h"
#include "net/address.h"
#include "observe/metrics.h"
#include "zephyr_wasm_declared.h"

#include "zephyr_wasm_gate.h"

/* A host API's WIT package, and whether an app needs a manifest for it. No name: any app may. An
 * app that may import `caller` may call it, too: WASI uses clocks and random numbers for its
 * programs.
 */
struct package {
	const char *name;
	bool is_restricted;
	const char *caller;
};

/* How the kernel serves one function of a host API. */
struct server {
	void (*serve)(void *frame);
	uint16_t frame_size;
	uint16_t frame_alignment;
};

/* Which packages each app may use, a bit for each, in the order of the list. Set when the app is
 * launched. */
static uint32_t allowed[CONFIG_WASM_MAX_APPS];

#define ALLOWED(api)                                                                               \
	K_OOPS(K_SYSCALL_VERIFY(                                                                   \
		(allowed[zephyr_wasm_slot_of(zephyr_wasm_current())] & BIT(api)) != 0))

/* The runtime has checked this before, and returns an error to an app that asks for something that
 * is not granted. So an app that gets here without the grant has bypassed the runtime. */
#define GRANTED(condition) K_OOPS(K_SYSCALL_VERIFY(condition))

/* Whether memory is shared by all apps: it could change between a check and its use. */
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

/* On ARMv7-M, the linker rounds the end of the image up to a power of two for the protection unit.
 */
#ifdef CONFIG_CPU_CORTEX_M
#define IMAGE_SIZE ((size_t)_flash_used)
#else
#define IMAGE_SIZE ((size_t)__rom_region_size)
#endif

/* Whether an app may pass memory for reading: only its own memory and the image. On ARMv7-M, the
 * protection unit takes the size of the flash for a power of two, and there may be less. If the
 * kernel read where there is no memory, it would fault in the middle of a call, with the lock of a
 * socket or a bus. And flash behind the image is not for apps. */
static inline bool is_there(const void *pointer, size_t size)
{
	const size_t slot = zephyr_wasm_slot_of(zephyr_wasm_current());

	return is_in((uintptr_t)__rom_region_start, IMAGE_SIZE, pointer, size) ||
	       is_in((uintptr_t)zephyr_wasm_user_of(slot), CONFIG_WASM_APP_HEAP_SIZE, pointer,
		     size) ||
	       /* Other memory of the app, such as its stack. */
	       arch_buffer_validate(pointer, size, true) == 0;
}

#define IS_ALIGNED_FOR(pointer, alignment) ((uintptr_t)(pointer) % (alignment) == 0)

/* Whether memory overlaps what Zephyr keeps at the end of a thread's own stack (thread-local
 * storage), and believes: on RISC-V, whether the thread is in user mode. What the thread itself
 * writes there, the next system call corrects when it begins. But a write in the middle of a call
 * would make the kernel fault with its locks held. And nothing there may be read: errno is there,
 * which the kernel writes in the middle of a call. A text over it would be another one than that
 * which was checked. */
static bool is_believed(const void *pointer, size_t size)
{
	uintptr_t end = _current->stack_info.start + _current->stack_info.size;
	uintptr_t start = (uintptr_t)pointer;

	return start < end && start + size > end - _current->stack_info.delta;
}

/* Checks @p count values of a type. If @p count is 0, any address is allowed, as in Rust. */
#define ACCESSES(access, pointer, count)                                                           \
	do {                                                                                       \
		K_OOPS(K_SYSCALL_VERIFY((count) == 0 ||                                            \
					IS_ALIGNED_FOR(pointer, __alignof__(*(pointer)))));        \
		K_OOPS((count) != 0 &&                                                             \
		       K_SYSCALL_MEMORY_ARRAY_##access(pointer, count, sizeof(*(pointer))));       \
		K_OOPS(K_SYSCALL_VERIFY(!is_shared(pointer, count, sizeof(*(pointer)))));          \
		K_OOPS((count) != 0 && is_believed(pointer, (count) * sizeof(*(pointer))));        \
	} while (false)
#define READS(pointer, count)                                                                      \
	do {                                                                                       \
		ACCESSES(READ, pointer, count);                                                    \
		K_OOPS((count) != 0 && !is_there(pointer, (count) * sizeof(*(pointer))));          \
	} while (false)
#define WRITES(pointer, count) ACCESSES(WRITE, pointer, count)

/* Of a text in C, the runtime passes the size with the zero. */
#define ENDS_WITH_ZERO(text, size) ((size) != 0 && (text)[(size) - 1] == '\0')

/* Whether two pieces of memory, which the app has access to, have no byte in common. */
static inline bool is_apart(const void *one, size_t size, const void *other, size_t other_size)
{
	uintptr_t first = (uintptr_t)one;
	uintptr_t second = (uintptr_t)other;

	return size == 0 || other_size == 0 || first + size <= second ||
	       second + other_size <= first;
}

/* An app can write any byte where a bool should be. C and Rust, which decides what is granted,
 * could each take such a byte for another value. */
#define IS_BOOL(field) (*(const uint8_t *)(field) <= 1)

/* Host APIs act for the kernel, and use objects that the app has no access to, such as the sockets
 * of Zephyr's CoAP server. */
#define AS_THE_KERNEL() (_current->syscall_frame = NULL)

#define COUNT(api) zephyr_wasm_count(api)

#include "zephyr_wasm_wrapped.c"

BUILD_ASSERT(ARRAY_SIZE(packages) <= 32, "a bit for each host API");
BUILD_ASSERT(CONFIG_PRIVILEGED_STACK_SIZE >= 2048,
	     "host calls need CONFIG_PRIVILEGED_STACK_SIZE=2048 or more");
/* Zephyr's Bluetooth host is enabled by the first call that needs it, and asks for random numbers.
 */
#if defined(CONFIG_WASM_API_BLE) && defined(CONFIG_CTR_DRBG_CSPRNG_GENERATOR)
BUILD_ASSERT(CONFIG_PRIVILEGED_STACK_SIZE >= 3072,
	     "Bluetooth with CTR-DRBG needs CONFIG_PRIVILEGED_STACK_SIZE=3072 or more");
#endif
/* What an app logs is on this stack, and below that what Zephyr's log needs. */
#ifdef CONFIG_WASM_LOG_MESSAGE_SIZE
BUILD_ASSERT(CONFIG_PRIVILEGED_STACK_SIZE >= 1280 + CONFIG_WASM_LOG_MESSAGE_SIZE,
	     "CONFIG_WASM_LOG_MESSAGE_SIZE is too large for CONFIG_PRIVILEGED_STACK_SIZE");
#endif
#ifdef CONFIG_WASM_WASI_LOG_LINE_SIZE
BUILD_ASSERT(CONFIG_PRIVILEGED_STACK_SIZE >= 1408 + CONFIG_WASM_WASI_LOG_LINE_SIZE,
	     "CONFIG_WASM_WASI_LOG_LINE_SIZE is too large for CONFIG_PRIVILEGED_STACK_SIZE");
#endif
#ifdef CONFIG_WASM_WASI_FILES
BUILD_ASSERT(CONFIG_PRIVILEGED_STACK_SIZE >= 4096,
	     "files of programs (CONFIG_WASM_WASI_FILES) need CONFIG_PRIVILEGED_STACK_SIZE=4096 or "
	     "more");
#endif
BUILD_ASSERT(!IS_ENABLED(CONFIG_CURRENT_THREAD_USE_TLS),
	     "an app could say in its own memory that it is another thread");

static bool allows(const struct package *package, const uint8_t *wasm, size_t size)
{
	return package->name == NULL ||
	       zephyr_wasm_rs_allows(wasm, size, package->name, package->is_restricted) ||
	       (package->caller != NULL &&
		zephyr_wasm_rs_allows(wasm, size, package->caller, false));
}

void zephyr_wasm_gate_launched(const struct zephyr_wasm_app *app)
{
	const struct zephyr_wasm_image *image = app->image;
	uint32_t found = 0;

	for (size_t i = 0; i < ARRAY_SIZE(packages); i++) {
		if (allows(&packages[i], image->wasm, image->size)) {
			found |= BIT(i);
		}
	}
	allowed[zephyr_wasm_slot_of(app)] = found;
	zephyr_wasm_pools_launched(app);
}

const char *zephyr_wasm_gate_lacks(const struct zephyr_wasm_app *app, const uint8_t *wasm,
				   size_t size)
{
	for (size_t i = 0; i < ARRAY_SIZE(packages); i++) {
		if ((allowed[zephyr_wasm_slot_of(app)] & BIT(i)) == 0 &&
		    allows(&packages[i], wasm, size)) {
			return packages[i].name;
		}
	}
	return NULL;
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

/* Frames consist of words. A call of memcpy() would take longer than copying most of them. */
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
	/* Each request of an app to the kernel comes through here. src/core/mark.c says what the
	 * mark is. The checks come after it, because they log wrong calls: a kill in the middle
	 * would leave a reserved part of the log that is never filled, and the log would print
	 * nothing after it. */
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
