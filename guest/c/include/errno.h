/*
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef ZEPHYR_WASM_GUEST_ERRNO_H_
#define ZEPHYR_WASM_GUEST_ERRNO_H_

#ifdef __cplusplus
extern "C" {
#endif

extern int errno;

#define ENOMEM 12
#define EINVAL 22
#define ERANGE 34

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_GUEST_ERRNO_H_ */
