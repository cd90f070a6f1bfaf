/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The attacks stand where the runtime asks the firmware for more host APIs, on the app's thread:
 * they do what the engine could be made to do if it had a hole.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/app_memory/app_memdomain.h>
#include <zephyr/kernel.h>
#include <zephyr/linker/linker-defs.h>

#ifdef CONFIG_CPU_CORTEX_M
#include <cmsis_core.h>
#endif

#include "attacks.h"
#include "net/net.h"
#include "zephyr_wasm_gate.h"

/* Where the app can read it. */
K_APP_DMEM(zephyr_wasm_engine_partition) enum attack attack = NO_ATTACK;
K_APP_DMEM(zephyr_wasm_engine_partition) bool was_in_user_mode = false;
K_APP_DMEM(zephyr_wasm_engine_partition) struct zephyr_wasm_app *neighbour = NULL;
K_APP_DMEM(zephyr_wasm_engine_partition) uint32_t frame_number = 0;

uint32_t in_kernel = IN_KERNEL;

K_SEM_DEFINE(of_kernel, 0, 1);
K_SEM_DEFINE(for_all, 0, 1);

static const uint32_t in_flash = 1;

/* More than any app has. */
static const uint8_t much_in_flash[CONFIG_WASM_APP_HEAP_SIZE + 1] = {1};

/* Host APIs, as the Rust side calls them. */
void zephyr_wasm_random_fill(uint8_t *bytes, size_t length);
void zephyr_wasm_timer_stop(uint32_t number);
int32_t zephyr_wasm_timer_start(uint64_t duration, bool periodic);
void zephyr_wasm_log(uint32_t level, const char *context, size_t context_length,
		     const char *message, size_t length);
int32_t zephyr_wasm_message_publish(const char *topic, size_t length, const uint8_t *payload,
				    size_t size);
int32_t zephyr_wasm_message_subscribe(const char *pattern, size_t length, uint32_t capacity,
				      uint32_t most);
int32_t zephyr_wasm_sockets_create(bool is_tcp, bool is_ipv6);
int32_t zephyr_wasm_sockets_bind(uint32_t number, const struct zephyr_wasm_address *address);
int32_t zephyr_wasm_sockets_connect(uint32_t number, const struct zephyr_wasm_address *address,
				    uint64_t timeout);
int32_t zephyr_wasm_sockets_shutdown(uint32_t number);
int32_t zephyr_wasm_sockets_receive(uint32_t number, uint8_t *data, size_t room, uint64_t timeout,
				    struct zephyr_wasm_address *sender);
bool zephyr_wasm_sockets_last_sender(uint32_t number, struct zephyr_wasm_address *sender);
int32_t zephyr_wasm_sockets_poll(const uint32_t *numbers, uint32_t count, uint32_t writes,
				 uint64_t timeout, uint32_t *ready);

int32_t zephyr_wasm_sockets_resolve(const char *text, size_t length,
				    struct zephyr_wasm_address *found, uint32_t most);
int32_t zephyr_wasm_coap_serve(const char *path, size_t length, uint32_t capacity);
int32_t zephyr_wasm_coap_ask(const struct zephyr_wasm_address *server, uint32_t method,
			     const char *path, size_t length, const uint8_t *payload, size_t size,
			     uint64_t deadline, uint32_t *code, uint8_t *body);
int32_t zephyr_wasm_storage_load(const char *key, size_t length, uint8_t *bytes, size_t room);
int32_t zephyr_wasm_storage_store(const char *key, size_t length, const uint8_t *bytes, size_t size,
				  uint32_t quota);
int32_t zephyr_wasm_storage_remove(const char *key, size_t length);
int32_t zephyr_wasm_http_fetch(uint32_t method, const char *text, size_t length,
			       const uint8_t *body, size_t size, uint32_t milliseconds);

/* Where the linker has put what the C library knows. */
extern uint32_t z_data_smem_z_libc_partition_part_start[];

/* A text with whatever is in it. */
#define TEXT(literal) literal, sizeof(literal) - 1

/* More than any buffer of the kernel's stack has. */
static const char long_text[8192] = {[0 ... 8191] = 'k'};

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

#ifdef CONFIG_CPU_CORTEX_M
/* The first byte that the linker has put nothing to. */
static const uint8_t *behind_image(void)
{
	return (const uint8_t *)__rom_region_start + (size_t)_flash_used;
}
#endif

static void run_data(void)
{
	static K_APP_DMEM(zephyr_wasm_engine_partition) uint16_t code = RETURN;

	((void (*)(void))((uintptr_t)&code | CODE))();
}

/* To a peer at that port of this board. */
static int32_t connect_to(int32_t socket, uint16_t port)
{
	const struct zephyr_wasm_address address = {.bytes = {127, 0, 0, 1}, .port = port};

	return zephyr_wasm_sockets_connect(socket, &address, 0);
}

static void connect_to_neither(void)
{
	struct zephyr_wasm_address address = {.bytes = {127, 0, 0, 1, 1}, .port = 9};

	*(uint8_t *)&address.is_ipv6 = 2;
	(void)zephyr_wasm_sockets_connect(zephyr_wasm_sockets_create(false, true), &address, 0);
}

/* Receives nothing, and so from nobody; goes on if that is somebody all the same. */
static void answer_nobody(void)
{
	const struct zephyr_wasm_address foreign = {.bytes = {10, 1, 2, 3}};
	struct zephyr_wasm_address sender = {.port = 1};
	int32_t socket = zephyr_wasm_sockets_create(false, false);
	uint8_t data[1];

	/* Its address stays on the kernel's stack. */
	(void)zephyr_wasm_sockets_bind(socket, &foreign);
	(void)zephyr_wasm_sockets_receive(socket, data, 0, 0, &sender);
	if (sender.port == 0 && sender.bytes[0] == 0 &&
	    !zephyr_wasm_sockets_last_sender(socket, &sender)) {
		k_oops();
	}
}

static void ask_for(const char *path, size_t length)
{
	const struct zephyr_wasm_address server = {.bytes = {127, 0, 0, 1}, .port = 5683};
	uint8_t body[CONFIG_WASM_COAP_SIZE];
	uint32_t code;

	(void)zephyr_wasm_coap_ask(&server, 1, path, length, NULL, 0, 0, &code, body);
}

/* The request is a URL, its parts and its headers, as rust/platform-zephyr/src/http.rs has them. */
static int32_t fetch(const char *request, size_t length)
{
	return zephyr_wasm_http_fetch(0, request, length, NULL, 0, 10);
}

/* Faults if any of it is refused. */
static void use_what_is_granted(void)
{
	const struct zephyr_wasm_address any = {.port = 0};
	uint8_t value[8];
	int32_t socket = zephyr_wasm_sockets_create(false, false);

	if (socket < 0 || zephyr_wasm_sockets_bind(socket, &any) != 0 ||
	    connect_to(socket, 9) != 0 || zephyr_wasm_message_subscribe("mine/*", 6, 1, 2) < 0 ||
	    zephyr_wasm_message_publish("mine/topic", 10, NULL, 0) != 1) {
		k_oops();
	}
	/* Nobody is there, nor is any flash: that these come back is enough. */
	(void)zephyr_wasm_storage_load(TEXT("a-key_1.x"), value, sizeof(value));
	(void)zephyr_wasm_sockets_resolve(TEXT("a.example.com"), NULL, 0);
	(void)zephyr_wasm_coap_serve(TEXT("mine/status"), 1);
	ask_for(TEXT("status"));
	(void)fetch(TEXT("http://127.0.0.1:81/mine/x?y\000127.0.0.1\00081\0/mine/x?y\0A: b\r\n\0"));
	use_files();
}

/* Where Zephyr has thread-local storage, what this thread knows of itself is there: it says that it
 * is the neighbour. */
static void forge_thread(void)
{
	uintptr_t *word = (uintptr_t *)ROUND_UP((uintptr_t)__builtin_frame_address(0), 8);
	uintptr_t *end = (uintptr_t *)((uintptr_t)K_THREAD_STACK_BUFFER(zephyr_wasm_stacks[1]) +
				       CONFIG_WASM_APP_STACK_SIZE);
	struct zephyr_wasm_app *own = neighbour + 1;

	for (; word < end; word++) {
		if (*word == (uintptr_t)&own->thread) {
			*word = (uintptr_t)&neighbour->thread;
		}
	}
}

/* Where the kernel's own errno is as it works for this thread: if this is believed, a call that
 * fails writes there. */
static void move_errno(void)
{
	int32_t socket = zephyr_wasm_sockets_create(false, false);
	uintptr_t moved = (uintptr_t)&in_kernel - (uintptr_t)&errno;

#ifdef CONFIG_CPU_CORTEX_M
	extern uintptr_t z_arm_tls_ptr;

	z_arm_tls_ptr += moved;
	(void)zephyr_wasm_sockets_shutdown(socket);
#else
	/* The kernel keeps that in a register, and takes its own. */
	__asm__ volatile("add tp, tp, %0" ::"r"(moved));
	(void)zephyr_wasm_sockets_shutdown(socket);
	k_oops();
#endif
}

#define SECRET 0x5ec2e7

/* Words of its own memory, far from what this thread and its heap have begun to use. */
static volatile uint32_t *in_region(void)
{
	return (uint32_t *)((uintptr_t)zephyr_wasm_user_of(1) + CONFIG_WASM_APP_HEAP_SIZE - 256);
}

static volatile uint32_t *on_stack(void)
{
	return (uint32_t *)((uintptr_t)K_THREAD_STACK_BUFFER(zephyr_wasm_stacks[1]) + 1024);
}

static void find_secret(const volatile uint32_t *place)
{
	if (*place != SECRET) {
		k_oops();
	}
}

/* Never returns from what it should not get away with. */
static void commit(enum attack which)
{
	struct zephyr_wasm_user *own = zephyr_wasm_user_of(1);
	struct zephyr_wasm_user *other = zephyr_wasm_user_of(0);
	uint64_t nothing[16] = {0};
	uint32_t here[8];

	switch (which) {
	case USES_WHAT_IS_GRANTED:
		use_what_is_granted();
		break;
	case USES_OPENED_CALL:
		(void)k_is_preempt_thread();
		break;
	case GIVES_SEMAPHORE_FOR_ALL:
		k_sem_give(&for_all);
		break;
	case FRAME_OF_ITS_OWN:
		zephyr_wasm_gate(frame_number, (uintptr_t)nothing);
		break;
#ifdef CONFIG_CPU_CORTEX_M
	case CALLS_UNDER_A_CONDITION:
		ask_under_a_condition();
		break;
#endif
	case TELLS_WHAT_REMAINS:
		zephyr_wasm_remains(PLACE, (const uint8_t *)own, CONFIG_WASM_APP_HEAP_SIZE);
		break;
	case TELLS_MORE_THAN_IT_HAS:
		zephyr_wasm_remains(PLACE, much_in_flash, sizeof(much_in_flash));
		break;
	case LEAVES_NO_TEXT:
		(void)memcpy(own->message, NO_TEXT, sizeof(NO_TEXT));
		zephyr_wasm_user_finish(ZEPHYR_WASM_END_RETURNED, 0, own->message, NULL);
		break;
	case LEAVES_SECRETS:
		*in_region() = SECRET;
		*on_stack() = SECRET;
		break;
	case FINDS_SECRET_IN_REGION:
		find_secret(in_region());
		break;
	case FINDS_SECRET_ON_STACK:
		find_secret(on_stack());
		break;
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
	case READS_FLASH_BEHIND_IMAGE:
		(void)read_from(__rom_region_end + MB(1));
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
	case FORGES_ITS_THREAD:
		forge_thread();
		zephyr_wasm_timer_stop(0);
		break;
	case RECEIVES_INTO_ITS_THREAD:
		receive_into_thread();
		break;
	case WRITES_LIBRARY:
		write_to(z_data_smem_z_libc_partition_part_start);
		break;
	case MOVES_ERRNO:
		move_errno();
		break;
	case STACK_NOWHERE:
		fault_on(0xdfff0000);
		break;
	case STACK_IN_KERNEL:
		fault_on(ROUND_UP((uintptr_t)&in_kernel + sizeof(in_kernel), 16));
		break;
	case STACK_IN_FLASH:
		fault_on(ROUND_UP((uintptr_t)&much_in_flash[1024], 16));
		break;
	case FAULTS_TWICE:
		fault_twice(0xdfff0000);
		break;
#ifdef CONFIG_CPU_CORTEX_M
	case CALLS_WITH_STACK_NOWHERE:
		ask_nowhere();
		break;
#endif
	case READS_TEXT_NOWHERE:
		read_text_nowhere();
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
	case FRAME_OVER_ITS_THREAD:
		ask_over_thread();
		break;
#ifdef CONFIG_CPU_CORTEX_M
	case CALLS_ON_SHARED_STACK:
		ask_on_shared_stack();
		break;
	case CALLS_AT_THE_END_OF_ITS_STACK:
		ask_at_the_end_of_stack();
		break;
#endif
	case RESULT_INTO_KERNEL:
		zephyr_wasm_random_fill((uint8_t *)&in_kernel, sizeof(in_kernel));
		break;
	case RESULT_INTO_NEIGHBOUR:
		zephyr_wasm_random_fill((uint8_t *)(other + 1), 64);
		break;
	case RESULT_WITHOUT_END:
		zephyr_wasm_random_fill((uint8_t *)here, SIZE_MAX);
		break;
	case PUBLISHES_FLASH_BEHIND_IMAGE:
		/* Behind what memory begins with, too. */
		(void)zephyr_wasm_message_publish("mine/topic", 10,
						  (const uint8_t *)__rom_region_end + MB(1), 1);
		break;
#ifdef CONFIG_CPU_CORTEX_M
	case PUBLISHES_FLASH_BESIDE_IMAGE:
		(void)zephyr_wasm_message_publish("mine/topic", 10, behind_image(), 1);
		break;
#endif
	case RESULT_INTO_SHARED:
		zephyr_wasm_random_fill((uint8_t *)&was_in_user_mode, sizeof(bool));
		break;
	case SOCKETS_WITHOUT_END:
		(void)zephyr_wasm_sockets_poll(here, UINT32_MAX / 2, 0, 0, &here[0]);
		break;
	case CONNECTS_NOBODYS_SOCKET:
		(void)connect_to(0, 9);
		break;
	case USES_OTHER_API:
		/* Not the clock, which WASI brings along. */
		zephyr_wasm_log(0, NULL, 0, NULL, 0);
		break;
	case PUBLISHES_OTHER_TOPIC:
		(void)zephyr_wasm_message_publish("other/topic", 11, NULL, 0);
		break;
	case SUBSCRIBES_TO_OTHER_TOPIC:
		(void)zephyr_wasm_message_subscribe("*", 1, 1, 2);
		break;
	case QUEUES_MORE:
		(void)zephyr_wasm_message_subscribe("mine/*", 6, 1, UINT32_MAX);
		break;
	case REACHES_OTHER_PEER:
		(void)connect_to(zephyr_wasm_sockets_create(false, false), 7);
		break;
	case TAKES_OTHER_PORT:
		(void)zephyr_wasm_sockets_bind(zephyr_wasm_sockets_create(false, false),
					       &(const struct zephyr_wasm_address){.port = 80});
		break;
	case REACHES_NEITHER_PEER:
		connect_to_neither();
		break;
	case ANSWERS_NOBODY:
		answer_nobody();
		break;
	case PUBLISHES_ZERO:
		(void)zephyr_wasm_message_publish(TEXT("mine/\0x"), NULL, 0);
		break;
	case SUBSCRIBES_TO_ZERO:
		(void)zephyr_wasm_message_subscribe(TEXT("mine/key\0/status"), 1, 2);
		break;
	case RESOLVES_ZERO:
		(void)zephyr_wasm_sockets_resolve(TEXT("localhost\0.example.com"), NULL, 0);
		break;
	case SERVES_ZERO:
		(void)zephyr_wasm_coap_serve(TEXT("mine/lamp\0/status"), 1);
		break;
	case ASKS_FOR_ZERO:
		ask_for(TEXT("lamp\0/status"));
		break;
	case STORES_ZERO:
		(void)zephyr_wasm_storage_store(TEXT("a\0b"), NULL, 0, 100);
		break;
	case LOADS_LONG_KEY:
		(void)zephyr_wasm_storage_load(long_text, sizeof(long_text), NULL, 0);
		break;
	case REMOVES_LONG_KEY:
		(void)zephyr_wasm_storage_remove(long_text, sizeof(long_text));
		break;
	case ASKS_FOR_LONG_PATH:
		ask_for(long_text, sizeof(long_text));
		break;
	case SERVES_LONG_PATH:
		/* By its pattern it is granted, but so long a text never is. */
		(void)zephyr_wasm_coap_serve(long_text, sizeof(long_text), 1);
		break;
	case RESOLVES_LONG_PORT:
		(void)zephyr_wasm_sockets_resolve(
			TEXT("127.0.0.1:9999999999999999999999999999999999999.example.com"), NULL,
			0);
		break;
	case HOARDS_TIMERS:
	case HOARDS_HANDLES:
	case HOARDS_AGAIN:
		hoard(which);
		break;
	case FETCHES_BEHIND_DOTS:
		(void)fetch(
			TEXT("http://127.0.0.1:81/mine/../x\000127.0.0.1\00081\0/mine/../x\0\0"));
		break;
	case FETCHES_BEHIND_ESCAPES:
		(void)fetch(TEXT("http://127.0.0.1:81/mine/%2e%2e/x\000127.0.0.1\00081\0"
				 "/mine/%2e%2e/x\0\0"));
		break;
	case FETCHES_FROM_OTHER_HOST:
		(void)fetch(TEXT("http://127.0.0.1:81/mine/x\00010.0.0.1\00081\0/mine/x\0\0"));
		break;
	case FETCHES_BY_OTHER_PORT:
		(void)fetch(TEXT("http://127.0.0.1:81/mine/x\000127.0.0.1\00082\0/mine/x\0\0"));
		break;
	case FETCHES_WITH_OTHER_HOST_HEADER:
		(void)fetch(TEXT("http://127.0.0.1:81/mine/x\000127.0.0.1\00081\0/mine/x\0"
				 "Host: other\r\n\0"));
		break;
	case FETCHES_TWICE:
		(void)fetch(TEXT("http://127.0.0.1:81/mine/x\000127.0.0.1\00081\0/mine/x\0"
				 "A: b\r\n\r\nGET /x HTTP/1.1\r\n\0"));
		break;
	case OPENS_SOCKET:
		(void)zsock_socket(NET_AF_INET, NET_SOCK_DGRAM, NET_IPPROTO_UDP);
		break;
	case USES_SOCKET_OF_HOST:
		if (zephyr_wasm_sockets_create(false, false) >= 0) {
			send_by_kernel();
		}
		break;
	case STOPS_TIMER_OF_NEIGHBOUR:
		zephyr_wasm_timer_stop(0);
		break;
	case TIMER_OUT_OF_RANGE:
		zephyr_wasm_timer_stop(UINT32_MAX / 8);
		break;
	case ENTERS_TWICE:
		zephyr_wasm_user_entered();
		break;
	case STARTS_TWICE:
		zephyr_wasm_user_started();
		zephyr_wasm_user_started();
		break;
	case CLAIMS_TO_BE_STOPPED:
		zephyr_wasm_user_finish(UINT32_MAX, 0, own->message, NULL);
		break;
	case PANICS_THE_KERNEL:
		/* On RISC-V, by user_fault(); the reason is the kernel's to say. */
		k_panic();
		break;
	case GIVES_SEMAPHORE_OF_KERNEL:
		k_sem_give(&of_kernel);
		break;
	case GIVES_WHAT_IS_NONE:
		k_sem_give((struct k_sem *)&in_kernel);
		break;
	case CLAIMS_TO_BE_KILLED:
		zephyr_wasm_user_end(ZEPHYR_WASM_END_KILLED);
		break;
	case MESSAGE_FROM_KERNEL:
		zephyr_wasm_user_finish(ZEPHYR_WASM_END_RETURNED, 0, (const char *)&in_kernel,
					NULL);
		break;
	case MESSAGE_FROM_FLASH:
		zephyr_wasm_user_finish(ZEPHYR_WASM_END_RETURNED, 0, long_text, NULL);
		break;
	case RESULT_FROM_KERNEL:
		zephyr_wasm_user_finish(ZEPHYR_WASM_END_RETURNED, 0, own->message,
					(const char *)&in_kernel);
		break;
	case RESULT_FROM_NEIGHBOUR:
		zephyr_wasm_user_finish(ZEPHYR_WASM_END_RETURNED, 0, own->message,
					(const char *)other);
		break;
	case RESULT_OF_NOTHING:
		zephyr_wasm_user_finish(ZEPHYR_WASM_END_RETURNED, 0, own->message, NULL);
		break;
	case ABORTS_NEIGHBOUR:
		k_thread_abort(&neighbour->thread);
		break;
	case SUSPENDS_REAPER:
		k_thread_suspend(&k_sys_work_q.thread);
		break;
	default:
		commit_by_kernel(which);
		commit_on_files(which);
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
	} else if (holds_files) {
		hold_files();
	}
}
