/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keeps Zephyr's LwM2M client from sending notifications without a pause, and from using a message
 * that an observer does not own any more.
 *
 * - Pauses: if Zephyr has no message left for a notification, because the server confirms none, it
 *   tries again at once, on a cooperative thread. Nothing else runs until the first notification is
 *   given up, a minute later. The same happens if a notification cannot be made and the next is due
 *   at once, because pmax in milliseconds does not fit 32 bits. Here, each waits a while.
 * - Messages: when a notification is answered, Zephyr looks for the observer by its token, and may
 *   find another one, or none. The message is freed, but the observer that has sent it still points
 *   to it. When the same path is observed again, Zephyr frees the message once more. By then, it
 *   may be the message of that very request, which is then answered through a NULL pointer. Here,
 *   an observer forgets a message that has not its token.
 *
 * The guards act on all of the image that talks to a server (-Wl,--wrap).
 */

#include <errno.h>

#include <zephyr/kernel.h>

#include "lwm2m_message_handling.h"
#include "lwm2m_observation.h"

/* The same time for which Zephyr waits if the last notification is not confirmed. */
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

/* Returns when the next notification is due, whatever has happened to the last one; 0 for never. */
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
		/* A message that this observer has sent has the observer's token. */
		if (observer->active_notify != NULL &&
		    observer->active_notify->token != observer->token) {
			observer->active_notify = NULL;
		}
	}
	return __real_lwm2m_engine_observation_handler(asked, observe, format, is_composite);
}
