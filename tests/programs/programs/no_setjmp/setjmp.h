/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * WebAssembly of this engine has no exceptions, so that there is no setjmp(): lua_config.h says
 * what is done in its place.
 */
