/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The files that are installed, and how.
 */

#include <string.h>

#include <zephyr/device.h>
#include <zephyr/drivers/flash/flash_simulator.h>
#include <zephyr/storage/flash_map.h>

#include "core/slots.h"
#include "store/store.h"
#include "zephyr_wasm_declared.h"

#include "common.h"

#include "files.inc"

char message[ZEPHYR_WASM_MESSAGE_SIZE];

/* How often the app that each test begins with had begun to run. */
static uint32_t wakeups;

static const struct file *find(const char *name)
{
	for (const struct file *file = files; file->name != NULL; file++) {
		if (strcmp(file->name, name) == 0) {
			return file;
		}
	}
	return NULL;
}

bool has_file(const char *name)
{
	return find(name) != NULL;
}

const struct file *file_of(const char *name)
{
	const struct file *file = find(name);

	zassert_not_null(file, "no file %s", name);
	return file;
}

int install(const char *name)
{
	const struct file *file = file_of(name);
	struct zephyr_wasm_identity identity;
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	size_t received;
	int result;

	message[0] = '\0';
	zephyr_wasm_rs_digest(file->bytes, file->size, digest);
	zassert_ok(zephyr_wasm_store_begin(file->size, digest, &received, message), "%s", message);
	result = zephyr_wasm_store_write(0, file->bytes, file->size, message);
	zassert_true(result >= 0, "%s: %s", name, message);
	return zephyr_wasm_store_install(&identity, message);
}

/* What the manifest of a file says that it is called. */
static const char *app_of(const char *name)
{
	static const char *const own[] = {"steady", "other", "traps", "spins",
					  "again",  "large", "calls"};

	for (size_t i = 0; i < ARRAY_SIZE(own); i++) {
		if (strncmp(name, own[i], strlen(own[i])) == 0) {
			return own[i];
		}
	}
	return strcmp(name, "fails") == 0 ? "steady" : strcmp(name, "old") == 0 ? "old" : "works";
}

struct zephyr_wasm_app *run(const char *name)
{
	struct zephyr_wasm_app *app;

	zassert_ok(install(name), "%s: %s", name, message);
	zassert_ok(zephyr_wasm_store_start(app_of(name), message), "%s: %s", name, message);
	app = zephyr_wasm_find(app_of(name));
	zassert_not_null(app, "%s", name);
	return app;
}

const struct zephyr_wasm_status *end_of(struct zephyr_wasm_app *app)
{
	static struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status));
	return &status;
}

uint8_t *flash_bytes(void)
{
	size_t size;

	return flash_simulator_get_memory(DEVICE_DT_GET(DT_NODELABEL(sim_flash_controller)), &size);
}

void reboot(void)
{
	struct zephyr_wasm_app *app;

	/* Nothing is taken back in the middle of it. */
	zephyr_wasm_store_lock();
	while ((app = zephyr_wasm_next(NULL)) != NULL) {
		(void)zephyr_wasm_kill(app);
		(void)zephyr_wasm_wait(app, K_FOREVER, NULL);
		zassert_ok(zephyr_wasm_release(app));
	}
	zephyr_wasm_entry_unmount();
	zephyr_wasm_upload_forget();
	zephyr_wasm_store_change_end();
	wakeups = 0;
}

void wipe(void)
{
	const struct flash_area *area;

	reboot();
	zassert_ok(flash_area_open(FIXED_PARTITION_ID(wasm_partition), &area));
	zassert_ok(flash_area_flatten(area, 0, area->fa_size));
	flash_area_close(area);
}

int version_of(const char *name)
{
	struct zephyr_wasm_store_info info;

	for (size_t i = 0; zephyr_wasm_store_info(i, &info) == 0; i++) {
		if (strcmp(info.identity.name, name) == 0 &&
		    (info.state == ZEPHYR_WASM_STORE_CURRENT ||
		     info.state == ZEPHYR_WASM_STORE_ON_TRIAL)) {
			return info.identity.version[0] * 10 + info.identity.version[1];
		}
	}
	return -1;
}

bool runs(const char *name, bool as_code)
{
	struct zephyr_wasm_app *app = zephyr_wasm_find(name);
	struct zephyr_wasm_status status;

	if (app == NULL || zephyr_wasm_status(app, &status) != 0) {
		return false;
	}
	for (int tries = 0; tries < 200 && status.state == ZEPHYR_WASM_STATE_STARTING; tries++) {
		k_msleep(5);
		if (zephyr_wasm_status(app, &status) != 0) {
			return false;
		}
	}
	return status.state == ZEPHYR_WASM_STATE_RUNNING && status.compiled == as_code;
}

void check_other(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_find("other");
	struct zephyr_wasm_status status = {0};

	zassert_true(runs("other", true));
	for (int tries = 0; tries < 100 && status.wakeups <= wakeups; tries++) {
		k_msleep(5);
		zassert_ok(zephyr_wasm_status(app, &status));
	}
	zassert_true(status.wakeups > wakeups, "the other app does not go on");
	wakeups = status.wakeups;
}

static void begin(void *fixture)
{
	ARG_UNUSED(fixture);
	wipe();
	(void)run("other");
	check_other();
}

static void end(void *fixture)
{
	ARG_UNUSED(fixture);
	reboot();
}

ZTEST_SUITE(stored_code, NULL, NULL, begin, end, NULL);
