/* SPDX-License-Identifier: Apache-2.0 */

/* Runs a script in Lua from its input. */

#include <stdio.h>
#include <stdlib.h>

#include "lua.h"

#include "lauxlib.h"
#include "lualib.h"

_Noreturn void lua_gives_up(struct lua_State *state, int status)
{
	const char *message = lua_tostring(state, -1);

	fprintf(stderr, "lua: %s\n", message == NULL ? "error" : message);
	exit(status);
}

static const char *read_input(lua_State *state, void *buffer, size_t *size)
{
	(void)state;
	*size = fread(buffer, 1, 256, stdin);
	return buffer;
}

int main(void)
{
	static const luaL_Reg libraries[] = {{LUA_GNAME, luaopen_base},
					     {LUA_TABLIBNAME, luaopen_table},
					     {LUA_STRLIBNAME, luaopen_string},
					     {LUA_MATHLIBNAME, luaopen_math}};
	static char buffer[256];
	lua_State *state = luaL_newstate();

	if (state == NULL) {
		fputs("lua: out of memory\n", stderr);
		return 1;
	}
	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
		luaL_requiref(state, libraries[i].name, libraries[i].func, 1);
		lua_pop(state, 1);
	}
	if (lua_load(state, read_input, buffer, "=stdin", "t") != LUA_OK) {
		lua_gives_up(state, 2);
	}
	lua_pcall(state, 0, 0, 0);
	return 0;
}
