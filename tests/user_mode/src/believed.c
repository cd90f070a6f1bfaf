/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the kernel believes of a thread is on the thread's stack, where the thread can write, and
 * where it can have the kernel write in the middle of a call: on RISC-V, that it is in user mode.
 * The kernel would fault there, and leave its locks.
 */

#include <errno.h>

#include <zephyr/app_memory/app_memdomain.h>
#include <zephyr/kernel.h>
#include <zephyr/syscall_list.h>

#include "attacks.h"
#include "net/net.h"
#include "zephyr_wasm_gate.h"

int32_t zephyr_wasm_sockets_create(bool is_tcp, bool is_ipv6);
int32_t zephyr_wasm_sockets_bind(uint32_t number, const struct zephyr_wasm_address *address);
int32_t zephyr_wasm_sockets_send_to(uint32_t number, const uint8_t *data, size_t size,
				    const struct zephyr_wasm_address *address);
int32_t zephyr_wasm_sockets_receive(uint32_t number, uint8_t *data, size_t room, uint64_t timeout,
				    struct zephyr_wasm_address *sender);

#ifdef CONFIG_RISCV
extern Z_THREAD_LOCAL uint8_t is_user_mode;
#define BELIEVED (&is_user_mode)
#else
#define BELIEVED ((uint8_t *)&errno)
#endif

/* By any function, as each of them has its result in the frame that it is called by. */
void ask_over_thread(void)
{
	zephyr_wasm_gate(frame_number, ROUND_DOWN((uintptr_t)BELIEVED, sizeof(uint32_t)));
}

/* The call that writes holds the lock of the socket, which the end of the app wants to close. */
void receive_into_thread(void)
{
	const struct zephyr_wasm_address own = {.bytes = {127, 0, 0, 1}, .port = 70};
	int32_t receiver = zephyr_wasm_sockets_create(false, false);
	int32_t sender = zephyr_wasm_sockets_create(false, false);
	const uint8_t yes = true;

	if (zephyr_wasm_sockets_bind(receiver, &own) == 0 &&
	    zephyr_wasm_sockets_send_to(sender, &yes, sizeof(yes), &own) == 0) {
		(void)zephyr_wasm_sockets_receive(receiver, BELIEVED, sizeof(yes), NSEC_PER_SEC,
						  NULL);
	}
}

/* Has its stack there, and writes to it. */
void fault_on(uintptr_t top)
{
#ifdef CONFIG_CPU_CORTEX_M
	__asm__ volatile("mov sp, %0\npush {r0}" ::"r"(top) : "memory");
#else
	__asm__ volatile("mv sp, %0\nsw zero, -4(sp)" ::"r"(top) : "memory");
#endif
	CODE_UNREACHABLE;
}

/* Has its stack there, and does what is no instruction. */
void fault_twice(uintptr_t top)
{
#ifdef CONFIG_CPU_CORTEX_M
	__asm__ volatile("mov sp, %0\nudf #0" ::"r"(top) : "memory");
#else
	__asm__ volatile("mv sp, %0\nunimp" ::"r"(top) : "memory");
#endif
	CODE_UNREACHABLE;
}

/* On ARM, being told that there is no text would be lines of the log, as often as it likes: it does
 * not come back from there. */
void read_text_nowhere(void)
{
	int error = 0;

	(void)arch_user_string_nlen((const char *)0xdfff0000, 10, &error);
	if (!IS_ENABLED(CONFIG_CPU_CORTEX_M) && error != 0) {
		k_oops();
	}
}

#ifdef CONFIG_CPU_CORTEX_M
/* Where another app could change what an interrupt leaves of this one. */
static K_APP_DMEM(zephyr_wasm_engine_partition) uint64_t shared[32] = {1};

/* The same, from a stack whose top is there: nothing but the call uses it. */
static void ask_on(uintptr_t top)
{
	uint64_t frame[16] = {0};
	register uintptr_t number __asm__("r0") = frame_number;
	register uintptr_t place __asm__("r1") = (uintptr_t)frame;
	register uintptr_t call __asm__("r6") = K_SYSCALL_ZEPHYR_WASM_GATE;

	__asm__ volatile("mov r4, sp\n"
			 "mov sp, %[top]\n"
			 "svc 3\n"
			 "mov sp, r4\n"
			 : "+r"(number), "+r"(place), "+r"(call)
			 : [top] "r"(top)
			 : "r2", "r3", "r4", "r8", "ip", "lr", "memory");
}

/* The kernel would go back to a stack that is where this thread's link register says, and write two
 * words to it before it drops its rights. */
void ask_under_a_condition(void)
{
	uint64_t frame[16] = {0};
	register uintptr_t number __asm__("r0") = frame_number;
	register uintptr_t place __asm__("r1") = (uintptr_t)frame;
	register uintptr_t call __asm__("r6") = K_SYSCALL_ZEPHYR_WASM_GATE;

	__asm__ volatile(".syntax unified\n"
			 "mov lr, %[top]\n"
			 "cmp r0, r0\n"
			 "iteee eq\n"
			 "svceq 3\n"
			 "nopne\n"
			 "nopne\n"
			 "nopne\n"
			 : "+r"(number), "+r"(place), "+r"(call)
			 : [top] "r"((uintptr_t)&in_kernel + 8)
			 : "r2", "r3", "r8", "ip", "lr", "cc", "memory");
}

void ask_on_shared_stack(void)
{
	ask_on((uintptr_t)&shared[ARRAY_SIZE(shared)]);
}

/* What an interrupt leaves there would be before the first of it. */
void ask_at_the_end_of_stack(void)
{
	ask_on((uintptr_t)K_THREAD_STACK_BUFFER(zephyr_wasm_stacks[1]) + 32);
}

/* On boards, the kernel is in the call before it is in the fault. */
void ask_nowhere(void)
{
	ask_on(0xdfff0000);
}
#endif
