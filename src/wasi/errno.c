/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Converts the C library's errno to WASI's, whose numbers are those of rust/api/src/wasi/errno.rs.
 */

#include <errno.h>

#include "wasi.h"

int32_t zephyr_wasm_wasi_result(ssize_t result)
{
	static const struct {
		int errno_of_c;
		uint8_t errno_of_wasi;
	} known[] = {
		{EAGAIN, 6},   {EBADF, 8},      {EBUSY, 10},   {EEXIST, 20}, {EFBIG, 22},
		{EINTR, 27},   {EINVAL, 28},    {EISDIR, 31},  {EMFILE, 33}, {ENAMETOOLONG, 37},
		{ENODEV, 44},  {ENOENT, 44},    {ENOMEM, 48},  {ENOSPC, 51}, {ENOSYS, 52},
		{ENOTDIR, 54}, {ENOTEMPTY, 55}, {ENOTSUP, 58}, {EPERM, 63},  {EACCES, 63},
		{EPIPE, 64},   {EROFS, 69},     {EXDEV, 75},   {EDQUOT, 19},
	};

	if (result >= 0) {
		return (int32_t)result;
	}
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (known[i].errno_of_c == -result) {
			return -known[i].errno_of_wasi;
		}
	}
	/* Any other is the medium's. */
	return -29;
}
