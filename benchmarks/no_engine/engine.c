/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An engine that refuses each guest: what another one begins with.
 */

#include "../engine.h"

const char *engine_name(void)
{
	return "none";
}

int engine_load(const struct guest *guest)
{
	(void)guest;
	return -1;
}

int engine_run(int32_t *result)
{
	(void)result;
	return -1;
}

void engine_unload(struct usage *usage)
{
	*usage = (struct usage){0};
}
