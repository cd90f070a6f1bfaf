/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Refuses MCUmgr requests with lists and maps that are nested too deep.
 *
 * MCUmgr skips what it does not know in a request, and zcbor does that by calling itself for each
 * nested list and map. A packet of some hundred bytes, from anybody, could overflow the stack of
 * its thread. So data with more lists and maps than any client sends is not skipped, and the
 * request fails. The guard acts on all groups of the image (-Wl,--wrap).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/sys/util.h>

#include <zcbor_common.h>
#include <zcbor_decode.h>

/* That group skips the elements of a list up to its end, and does not check whether skipping fails.
 */
BUILD_ASSERT(
	!IS_ENABLED(CONFIG_MCUMGR_GRP_ENUM_DETAILS),
	"MCUmgr would not come to the end of a list of groups that breaks off, of which anybody "
	"may send one, and no app would run: set CONFIG_MCUMGR_GRP_ENUM_DETAILS=n");

/* How many lists and maps may follow, nested or not. */
#define MOST 4

bool __real_zcbor_any_skip(zcbor_state_t *state, void *result);
bool __wrap_zcbor_any_skip(zcbor_state_t *state, void *result);

/* Returns how many bytes after the first byte of an item encode its number. */
static size_t size_of_number(uint8_t additional)
{
	return IN_RANGE(additional, 24, 27) ? 1U << (additional - 24) : 0;
}

/* Whether no more than MOST lists and maps follow, up to the end or up to bytes that cannot be
 * decoded. */
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
			/* Like zcbor, which uses only the bits of a length that fit into a size_t.
			 */
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
