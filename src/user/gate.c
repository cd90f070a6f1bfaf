/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The way from an app in user mode to the host APIs, which stay in the kernel. Nothing that comes
 * this way is trusted: numbers and pointers are checked here and by zephyr_wasm_pool_slot(), and an
 * app that sends wrong ones, which the runtime never does, ends as one that faulted.
 */

#include <string.h>

#include <zephyr/internal/syscall_handler.h>
#include <zephyr/kernel.h>

#include <zephyr_wasm/message.h>

#include "zephyr_wasm_gate.h"

/* What of the kernel serves one function. */
struct server {
	void (*serve)(void *frame);
	uint16_t frame_size;
	uint16_t frame_alignment;
};

#define IS_ALIGNED_FOR(pointer, alignment) ((uintptr_t)(pointer) % (alignment) == 0)

/* What is empty has any address in Rust. */
#define READS(pointer, size)  K_OOPS((size) != 0 && K_SYSCALL_MEMORY_READ(pointer, size))
#define WRITES(pointer, size) K_OOPS((size) != 0 && K_SYSCALL_MEMORY_WRITE(pointer, size))
#define WRITES_ONE(pointer)                                                                        \
	K_OOPS(K_SYSCALL_VERIFY(IS_ALIGNED_FOR(pointer, sizeof(*(pointer)))));                     \
	K_OOPS(K_SYSCALL_MEMORY_WRITE(pointer, sizeof(*(pointer))))

#define COUNT(api) zephyr_wasm_count(api)

#include "zephyr_wasm_wrapped.c"

void z_impl_zephyr_wasm_gate(uint32_t number, uintptr_t frame)
{
	servers[number].serve((void *)frame);
}

static inline void z_vrfy_zephyr_wasm_gate(uint32_t number, uintptr_t frame)
{
	K_OOPS(K_SYSCALL_VERIFY(zephyr_wasm_current() != NULL && number < ARRAY_SIZE(servers)));
	K_OOPS(K_SYSCALL_VERIFY(IS_ALIGNED_FOR(frame, servers[number].frame_alignment)));
	K_OOPS(K_SYSCALL_MEMORY_WRITE((void *)frame, servers[number].frame_size));
	z_impl_zephyr_wasm_gate(number, frame);
}
#include <zephyr/syscalls/zephyr_wasm_gate_mrsh.c>
