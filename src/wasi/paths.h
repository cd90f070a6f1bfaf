/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Normalizes the paths of files.
 */

#ifndef ZEPHYR_WASM_WASI_PATHS_H_
#define ZEPHYR_WASM_WASI_PATHS_H_

/** Normalizes a path, so that it is the only path of its file (except on FAT): without empty names,
 * `.`, `..`, and without `/` at the end. Returns 0; or -EINVAL if the path does not begin with `/`,
 * and then does not change it. Paths in manifests, and paths that are typed into the shell, may
 * not. */
int zephyr_wasm_wasi_path_clean(char *path);

#endif /* ZEPHYR_WASM_WASI_PATHS_H_ */
