/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Lua without setjmp(): an error ends the program, and pcall() runs its function as it is.
 */

#include <stdio.h>
#include <stdlib.h>

struct lua_State;

_Noreturn void lua_gives_up(struct lua_State *state, int status);

#define LUAI_THROW(state, jump)      lua_gives_up(state, (jump)->status)
#define LUAI_TRY(state, jump, block) block
#define luai_jmpbuf                  int
