/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How paths are written.
 */

#ifndef ZEPHYR_WASM_WASI_PATHS_H_
#define ZEPHYR_WASM_WASI_PATHS_H_

/** Makes a path the only path of its file, except on FAT: without empty names, `.`, `..`, and
 * without `/` at the end. Returns 0, or -EINVAL if it does not begin with `/`, and then leaves it
 * as it is. Manifests, and what is typed into the shell, may have such paths. */
int zephyr_wasm_wasi_path_clean(char *path);

#endif /* ZEPHYR_WASM_WASI_PATHS_H_ */
