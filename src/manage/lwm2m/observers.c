/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keeps Zephyr's LwM2M from trying without a pause to tell a server of a change, and from using a
 * message that is not its own any more.
 *
 * Where Zephyr has no message left to tell a server of a change that it observes, as the server
 * confirms none, it tries at once again, in a thread that no other interrupts: nothing else runs
 * until the first of those is given up, a minute later. So does it where a message cannot be made
 * and the next is due at once, as a longest time is that in milliseconds is beyond 32 bits. So each
 * waits a while.
 *
 * As what was told is answered, it may be another observer that is found by the token, or none: the
 * message is free then, and the one that was told by it still has it. It gives it back once more as
 * it is observed again, by which time it may be the message of just that request, which is answered
 * by way of NULL then. So one has no message that is not its own. That is for all of the image that
 * speaks to a server (-Wl,--wrap).
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

int __real_lwm2m_engine_observation_handler(struct lwm2m_message *asked, int observe,
					    uint16_t format, bool is_composite);
int __wrap_lwm2m_engine_observation_handler(struct lwm2m_message *asked, int observe,
					    uint16_t format, bool is_composite);

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

/* Static data is safe here: only the thread of Zephyr's LwM2M engine calls this. */
int __wrap_lwm2m_engine_observation_handler(struct lwm2m_message *asked, int observe,
					    uint16_t format, bool is_composite)
{
	struct observe_node *observer;

	SYS_SLIST_FOR_EACH_CONTAINER(&asked->ctx->observer, observer, node)
	{
		/* What it is told by has its token from itself. */
		if (observer->active_notify != NULL &&
		    observer->active_notify->token != observer->token) {
			observer->active_notify = NULL;
		}
	}
	return __real_lwm2m_engine_observation_handler(asked, observe, format, is_composite);
}
