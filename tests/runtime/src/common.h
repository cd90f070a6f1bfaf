/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this test share.
 */

#ifndef COMMON_H_
#define COMMON_H_

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

#define ENOUGH K_SECONDS(10)

/** Runs an app to its end, or to a kill after a while, and gives its slot back. */
void run(const struct zephyr_wasm_image *image, bool kill, struct zephyr_wasm_status *status);

#endif /* COMMON_H_ */
