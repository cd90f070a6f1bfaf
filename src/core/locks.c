/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Releases the locks of host APIs that an app's thread held when it faulted in a host call.
 */

#include "locks.h"

static void release(struct k_mutex *lock, k_tid_t thread)
{
	k_sched_lock();
	if (lock->owner == thread && lock->lock_count > 0) {
		/* Makes the calling thread the owner, with its own priority, and releases the lock
		 * once. The next owner is the thread that has waited longest, of the most urgent.
		 */
		lock->owner = k_current_get();
		lock->lock_count = 1;
		lock->owner_orig_prio = k_thread_priority_get(lock->owner);
		(void)k_mutex_unlock(lock);
	}
	k_sched_unlock();
}

void zephyr_wasm_locks_release(k_tid_t thread)
{
	STRUCT_SECTION_FOREACH(zephyr_wasm_locks, locks) {
		for (size_t i = 0; i < locks->count; i++) {
			release(&locks->first[i], thread);
		}
	}
}
