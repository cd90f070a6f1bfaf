/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Settings in memory, of one value, behind the same lock as the drivers.
 */

#include <string.h>

#include <zephyr/settings/settings.h>

#include "slow.h"

static char stored[SETTINGS_MAX_NAME_LEN + 1];

static ssize_t read(void *context, void *data, size_t length)
{
	memset(data, 1, MIN(length, 4));
	return MIN(length, 4);
}

static int load(struct settings_store *store, const struct settings_load_arg *arg)
{
	(void)slow_transfer();
	return stored[0] == '\0' ? 0 : settings_call_set_handler(stored, 4, read, NULL, arg);
}

static int save(struct settings_store *store, const char *name, const char *value, size_t length)
{
	(void)slow_transfer();
	strncpy(stored, value == NULL ? "" : name, sizeof(stored) - 1);
	return 0;
}

static const struct settings_store_itf itf = {.csi_load = load, .csi_save = save};
static struct settings_store store = {.cs_itf = &itf};

int settings_backend_init(void)
{
	settings_src_register(&store);
	settings_dst_register(&store);
	return 0;
}
