/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Settings in memory, of some small values, behind the same lock as the drivers.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/settings/settings.h>

#include "slow.h"

struct value {
	/* Empty if there is none. */
	char name[SETTINGS_MAX_NAME_LEN + 1];
	uint8_t size;
	uint8_t bytes[4];
};

static struct value values[32];

static ssize_t read(void *context, void *data, size_t length)
{
	const struct value *value = context;

	length = MIN(length, value->size);
	memcpy(data, value->bytes, length);
	return length;
}

static int load(struct settings_store *store, const struct settings_load_arg *arg)
{
	int result = 0;

	(void)slow_transfer();
	ARRAY_FOR_EACH_PTR(values, value)
	{
		if (result == 0 && value->name[0] != '\0') {
			result = settings_call_set_handler(value->name, value->size, read, value,
							   arg);
		}
	}
	return result;
}

/* The value of a name, or else one that is none; NULL if all are some. */
static struct value *value_of(const char *name)
{
	struct value *found = NULL;

	ARRAY_FOR_EACH_PTR(values, value)
	{
		if (strcmp(value->name, name) == 0) {
			return value;
		}
		if (value->name[0] == '\0') {
			found = value;
		}
	}
	return found;
}

static int save(struct settings_store *store, const char *name, const char *bytes, size_t length)
{
	struct value *value;

	(void)slow_transfer();
	value = value_of(name);
	if (value == NULL) {
		return -ENOSPC;
	}
	*value = (struct value){.size = MIN(length, sizeof(value->bytes))};
	if (bytes != NULL && length > 0) {
		strncpy(value->name, name, sizeof(value->name) - 1);
		memcpy(value->bytes, bytes, value->size);
	}
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
