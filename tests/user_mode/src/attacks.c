/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The attacks stand where the runtime asks the firmware for more host APIs, on the app's thread:
 * they do what the engine could be made to do if it had a hole.
 */

#include <zephyr/app_memory/app_memdomain.h>
#include <zephyr/kernel.h>

#ifdef CONFIG_CPU_CORTEX_M
#include <cmsis_core.h>
#endif

#include "attacks.h"
#include "zephyr_wasm_gate.h"

/* Where the app can read it. */
K_APP_DMEM(zephyr_wasm_engine_partition) enum attack attack = NO_ATTACK;
K_APP_DMEM(zephyr_wasm_engine_partition) bool was_in_user_mode = false;
K_APP_DMEM(zephyr_wasm_engine_partition) struct zephyr_wasm_app *neighbour = NULL;

uint32_t in_kernel = IN_KERNEL;

static const uint32_t in_flash = 1;

/* Host APIs, as the Rust side calls them. */
void zephyr_wasm_random_fill(uint8_t *bytes, size_t length);
void zephyr_wasm_timer_stop(uint32_t number);
int32_t zephyr_wasm_timer_start(uint64_t duration, bool periodic);

static void write_to(const volatile void *address)
{
	*(volatile uint32_t *)address = 0;
}

static uint32_t read_from(const volatile void *address)
{
	return *(const volatile uint32_t *)address;
}

#ifdef CONFIG_CPU_CORTEX_M
/* bx lr, as Thumb code */
#define RETURN 0x4770
#define CODE   1

static void turn_protection_off(void)
{
	MPU->CTRL = 0;
}
#else
/* ret */
#define RETURN 0x8082
#define CODE   0

static void turn_protection_off(void)
{
	__asm__ volatile("csrw pmpcfg0, zero");
}
#endif

static void run_data(void)
{
	static K_APP_DMEM(zephyr_wasm_engine_partition) uint16_t code = RETURN;

	((void (*)(void))((uintptr_t)&code | CODE))();
}

/* Never returns from what it should not get away with. */
static void commit(enum attack which)
{
	struct zephyr_wasm_user *own = zephyr_wasm_user_of(1);
	struct zephyr_wasm_user *other = zephyr_wasm_user_of(0);
	uint32_t here[8];

	switch (which) {
	case WRITES_KERNEL:
		write_to(&in_kernel);
		break;
	case READS_KERNEL:
		(void)read_from(&in_kernel);
		break;
	case WRITES_NEIGHBOUR:
		write_to(other + 1);
		break;
	case READS_NEIGHBOUR:
		(void)read_from(other + 1);
		break;
	case WRITES_OWN_SLOT:
		write_to((uint8_t *)neighbour + sizeof(struct zephyr_wasm_app));
		break;
	case WRITES_FLASH:
		write_to(&in_flash);
		break;
	case WRITES_DEVICE:
		write_to((void *)DT_REG_ADDR(DT_CHOSEN(zephyr_console)));
		break;
	case TURNS_PROTECTION_OFF:
		turn_protection_off();
		break;
	case RUNS_DATA:
		run_data();
		break;
	case FORGES_NUMBER:
		zephyr_wasm_gate(1000000, (uintptr_t)here);
		break;
	case FRAME_IN_KERNEL:
		zephyr_wasm_gate(0, (uintptr_t)&in_kernel);
		break;
	case FRAME_ACROSS_THE_END:
		zephyr_wasm_gate(0, (uintptr_t)own + CONFIG_WASM_APP_HEAP_SIZE - 4);
		break;
	case FRAME_NOT_ALIGNED:
		zephyr_wasm_gate(0, (uintptr_t)here + 1);
		break;
	case RESULT_INTO_KERNEL:
		zephyr_wasm_random_fill((uint8_t *)&in_kernel, sizeof(in_kernel));
		break;
	case RESULT_INTO_NEIGHBOUR:
		zephyr_wasm_random_fill((uint8_t *)(other + 1), 64);
		break;
	case RESULT_WITHOUT_END:
		zephyr_wasm_random_fill((uint8_t *)here, SIZE_MAX);
		break;
	case STOPS_TIMER_OF_NEIGHBOUR:
		zephyr_wasm_timer_stop(0);
		break;
	case TIMER_OUT_OF_RANGE:
		zephyr_wasm_timer_stop(UINT32_MAX / 8);
		break;
	case CLAIMS_TO_BE_KILLED:
		zephyr_wasm_user_end(ZEPHYR_WASM_END_KILLED);
		break;
	case MESSAGE_FROM_KERNEL:
		zephyr_wasm_user_finish(ZEPHYR_WASM_END_RETURNED, 0, (const char *)&in_kernel);
		break;
	case ABORTS_NEIGHBOUR:
		k_thread_abort(&neighbour->thread);
		break;
	case SUSPENDS_REAPER:
		k_thread_suspend(&k_sys_work_q.thread);
		break;
	default:
		break;
	}
}

/* Called by the Rust side on the app's thread. */
void zephyr_wasm_add_apis(void *added)
{
	ARG_UNUSED(added);
	if (neighbour != NULL) {
		was_in_user_mode = k_is_user_context();
		commit(attack);
	}
}
