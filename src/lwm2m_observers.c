/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What Zephyr tells a server of LwM2M that observes. Where it has no message for that, as the
 * server confirms none, it tries at once again, in a thread that no other interrupts: nothing else
 * runs until the first of those is given up, a minute later. So does it where a message cannot be
 * made and the next is due at once, as a longest time is that in milliseconds is beyond 32 bits.
 * So each waits a while. That is for all of the image that speaks to a server (-Wl,--wrap).
 */

#include <errno.h>

#include <zephyr/kernel.h>

#include "lwm2m_message_handling.h"
#include "lwm2m_observation.h"

/* As Zephyr has one wait whose last is not confirmed. */
#define PAUSE_MS 100

int __real_generate_notify_message(struct lwm2m_ctx *client, struct observe_node *observer,
				   void *data);
int __wrap_generate_notify_message(struct lwm2m_ctx *client, struct observe_node *observer,
				   void *data);
int64_t __real_engine_observe_shedule_next_event(struct observe_node *observer, uint16_t server,
						 const int64_t now);
int64_t __wrap_engine_observe_shedule_next_event(struct observe_node *observer, uint16_t server,
						 const int64_t now);

int __wrap_generate_notify_message(struct lwm2m_ctx *client, struct observe_node *observer,
				   void *data)
{
	int result = __real_generate_notify_message(client, observer, data);

	if (result == -ENOMEM) {
		observer->event_timestamp = k_uptime_get() + PAUSE_MS;
	}
	return result;
}

/* Of all else that has come of a message, this says when the next is due; 0 for never. */
int64_t __wrap_engine_observe_shedule_next_event(struct observe_node *observer, uint16_t server,
						 const int64_t now)
{
	int64_t next = __real_engine_observe_shedule_next_event(observer, server, now);

	return next == 0 ? 0 : MAX(next, now + PAUSE_MS);
}
