/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Attacks by Zephyr's own system calls.
 */

#include <zephyr/logging/log_ctrl.h>
#include <zephyr/logging/log_msg.h>
#include <zephyr/net/socket.h>
#include <zephyr/sys/clock.h>

#include <zephyr_wasm/net_names.h>

#include "attacks.h"

/* By Zephyr's own system call, on what a host API has made. */
void send_by_kernel(void)
{
	const struct net_sockaddr_in peer = {
		.sin_family = NET_AF_INET,
		.sin_port = net_htons(7),
		.sin_addr = {{{127, 0, 0, 1}}},
	};

	for (int fd = 0; fd < CONFIG_ZVFS_OPEN_MAX; fd++) {
		if (zsock_sendto(fd, "out", 3, 0, (const struct net_sockaddr *)&peer,
				 sizeof(peer)) > 0) {
			return;
		}
	}
	/* None of them is the app's. */
	k_oops();
}

/* A message that is made up as Zephyr's macros make theirs: the one who formats it follows the
 * pointer, with the kernel's rights. */
static void log_with(const char *format, const void *pointer)
{
	uint8_t package[64] __aligned(8);
	struct log_msg_desc description = {.level = LOG_LEVEL_ERR};
	int length = 0;

	CBPRINTF_STATIC_PACKAGE(package, sizeof(package), length, 0, CBPRINTF_PACKAGE_CONST_CHAR_RO,
				format, pointer);
	description.package_len = length;
	z_log_msg_static_create(NULL, description, package, NULL);
}

/* What Zephyr lets any thread in user mode do. */
void commit_by_kernel(enum attack which)
{
	static const struct timespec time = {.tv_sec = 12345};
	static const char text[] = "printed by an app\n";

	switch (which) {
	case LOGS_MEMORY_OF_KERNEL:
		log_with("the kernel has %s", &in_kernel);
		break;
	case LOGS_NOWHERE:
		log_with("nothing is at %s", (const void *)0xdfff0000);
		break;
	case LOGS_INTO_KERNEL:
		log_with("writes%n", &in_kernel);
		break;
	case PANICS_THE_LOG:
		log_panic();
		break;
	case EMPTIES_THE_LOG:
		(void)log_process();
		break;
	case FILTERS_THE_LOG:
		(void)log_filter_set(NULL, 0, 0, LOG_LEVEL_NONE);
		break;
	case SETS_THE_CLOCK:
		(void)sys_clock_settime(SYS_CLOCK_REALTIME, &time);
		break;
	case PRINTS:
		k_str_out((char *)text, sizeof(text) - 1);
		break;
	case READS_THE_TIME:
		(void)k_uptime_ticks();
		break;
	case ABORTS_ITSELF:
		k_thread_abort(k_current_get());
		break;
	case SUSPENDS_ITSELF:
		k_thread_suspend(k_current_get());
		break;
	case SLEEPS_FOR_EVER:
		(void)k_sleep(K_FOREVER);
		break;
	default:
		break;
	}
}
