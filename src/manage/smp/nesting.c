/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Refuses requests of MCUmgr with lists and maps that are nested too deep.
 *
 * What MCUmgr does not know in a request it skips, and zcbor calls itself for each list and map in
 * another: a packet of some hundred bytes, from anybody, would take more stack than its thread has.
 * So nothing is skipped that has more of them than any client sends; that is for all groups of the
 * image (-Wl,--wrap).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/sys/util.h>

#include <zcbor_common.h>
#include <zcbor_decode.h>

/* It skips one after the other up to the end of a list, and does not look whether that fails. */
BUILD_ASSERT(
	!IS_ENABLED(CONFIG_MCUMGR_GRP_ENUM_DETAILS),
	"MCUmgr would not come to the end of a list of groups that breaks off, of which anybody "
	"may send one, and no app would run: set CONFIG_MCUMGR_GRP_ENUM_DETAILS=n");

/* Lists and maps that may follow, one in another or not. */
#define MOST 4

bool __real_zcbor_any_skip(zcbor_state_t *state, void *result);
bool __wrap_zcbor_any_skip(zcbor_state_t *state, void *result);

/* How many bytes have the number of an item, behind its first. */
static size_t size_of_number(uint8_t additional)
{
	return IN_RANGE(additional, 24, 27) ? 1U << (additional - 24) : 0;
}

/* Whether no more than that come up to the end, or up to what cannot be read anyway. */
static bool is_flat(const uint8_t *at, const uint8_t *end)
{
	int count = 0;

	while (at < end) {
		uint8_t major = *at >> 5;
		size_t size = size_of_number(*at & 31);
		uint64_t number = *at & 31;

		at++;
		if (size > (size_t)(end - at)) {
			break;
		}
		for (size_t i = 0; i < size; i++) {
			number = i == 0 ? at[i] : number << 8 | at[i];
		}
		at += size;
		if (major == ZCBOR_MAJOR_TYPE_LIST || major == ZCBOR_MAJOR_TYPE_MAP) {
			count++;
		} else if (major == ZCBOR_MAJOR_TYPE_BSTR || major == ZCBOR_MAJOR_TYPE_TSTR) {
			/* As zcbor, which takes of a length what an address has of it. */
			if ((size_t)number > (size_t)(end - at)) {
				break;
			}
			at += (size_t)number;
		}
	}
	return count <= MOST;
}

bool __wrap_zcbor_any_skip(zcbor_state_t *state, void *result)
{
	return is_flat(state->payload, state->payload_end) && __real_zcbor_any_skip(state, result);
}
