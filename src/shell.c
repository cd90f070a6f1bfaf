/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The shell's command "wasm".
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/shell/shell.h>
#include <zephyr/sys/iterable_sections.h>

#include "internal.h"

static const struct zephyr_wasm_image *find_image(const struct shell *sh, const char *name)
{
	STRUCT_SECTION_FOREACH(zephyr_wasm_image, image) {
		if (strcmp(image->name, name) == 0) {
			return image;
		}
	}
	shell_error(sh, "no app \"%s\" in this firmware; see: wasm list", name);
	return NULL;
}

static const char *describe(const char *name)
{
	static const char *const states[] = {
		[ZEPHYR_WASM_STATE_STARTING] = "starting",
		[ZEPHYR_WASM_STATE_RUNNING] = "running",
	};
	struct zephyr_wasm_app *app = zephyr_wasm_find(name);
	static struct zephyr_wasm_status status;

	if (app == NULL || zephyr_wasm_status(app, &status) != 0) {
		return "not loaded";
	}
	return status.state == ZEPHYR_WASM_STATE_ENDED ? status.message : states[status.state];
}

static int cmd_list(const struct shell *sh, size_t argc, char **argv)
{
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	STRUCT_SECTION_FOREACH(zephyr_wasm_image, image) {
		shell_print(sh, "%-16s %6u bytes  %s", image->name, (unsigned int)image->size,
			    describe(image->name));
	}
	return 0;
}

static int cmd_start(const struct shell *sh, size_t argc, char **argv)
{
	const struct zephyr_wasm_image *image = find_image(sh, argv[1]);
	struct zephyr_wasm_app *old = zephyr_wasm_find(argv[1]);

	ARG_UNUSED(argc);
	if (image == NULL) {
		return -ENOENT;
	}
	if (old != NULL && zephyr_wasm_release(old) != 0) {
		shell_error(sh, "%s runs already", argv[1]);
		return -EALREADY;
	}
	return zephyr_wasm_start(image, NULL);
}

static int cmd_kill(const struct shell *sh, size_t argc, char **argv)
{
	struct zephyr_wasm_app *app = zephyr_wasm_find(argv[1]);

	ARG_UNUSED(argc);
	if (app == NULL) {
		shell_error(sh, "no app \"%s\" is loaded; see: wasm list", argv[1]);
		return -ENOENT;
	}
	zephyr_wasm_kill(app);
	return zephyr_wasm_wait(app, K_SECONDS(1), NULL);
}

#ifdef CONFIG_WASM_CALL
/* The shell takes quotes from words, and WAVE needs them: an argument in single quotes keeps its
 * double ones. */
static int join(char *text, size_t size, size_t argc, char **argv)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < argc; i++) {
		int written =
			snprintk(text + used, size - used, "%s%s", i == 0 ? "" : ", ", argv[i]);

		if (written < 0 || (size_t)written >= size - used) {
			return -ENOMEM;
		}
		used += written;
	}
	return 0;
}

static int cmd_call(const struct shell *sh, size_t argc, char **argv)
{
	static K_MUTEX_DEFINE(lock);
	static char arguments[CONFIG_WASM_SHELL_CALL_SIZE];
	static char result[CONFIG_WASM_SHELL_CALL_SIZE];
	static struct zephyr_wasm_status status;
	static struct zephyr_wasm_call call;
	const struct zephyr_wasm_image *image = find_image(sh, argv[1]);
	struct zephyr_wasm_app *app;
	int outcome;

	if (image == NULL) {
		return -ENOENT;
	}
	k_mutex_lock(&lock, K_FOREVER);
	outcome = join(arguments, sizeof(arguments), argc - 3, argv + 3);
	if (outcome != 0) {
		shell_error(sh, "the arguments are too long (CONFIG_WASM_SHELL_CALL_SIZE)");
		goto unlock;
	}
	call = (struct zephyr_wasm_call){argv[2], arguments, result, sizeof(result)};
	outcome = zephyr_wasm_call(image, &call, &app);
	if (outcome != 0) {
		shell_error(sh, "%s was not started: %d", argv[1], outcome);
		goto unlock;
	}
	if (zephyr_wasm_wait(app, K_SECONDS(CONFIG_WASM_SHELL_CALL_SECONDS), NULL) != 0) {
		shell_error(sh, "no answer in %d seconds (CONFIG_WASM_SHELL_CALL_SECONDS)",
			    CONFIG_WASM_SHELL_CALL_SECONDS);
		zephyr_wasm_kill(app);
	}
	zephyr_wasm_wait(app, K_FOREVER, &status);
	zephyr_wasm_release(app);
	if (status.end == ZEPHYR_WASM_END_RETURNED && status.detail == 0) {
		shell_print(sh, "%s", result);
	} else {
		shell_error(sh, "%s", status.message);
		outcome = -EIO;
	}
unlock:
	k_mutex_unlock(&lock);
	return outcome;
}
#endif

static void image_name(size_t index, struct shell_static_entry *entry)
{
	const struct zephyr_wasm_image *image = NULL;
	size_t count;

	STRUCT_SECTION_COUNT(zephyr_wasm_image, &count);
	if (index < count) {
		STRUCT_SECTION_GET(zephyr_wasm_image, index, &image);
	}
	entry->syntax = image == NULL ? NULL : image->name;
	entry->handler = NULL;
	entry->help = NULL;
	entry->subcmd = NULL;
}

SHELL_DYNAMIC_CMD_CREATE(image_names, image_name);

SHELL_STATIC_SUBCMD_SET_CREATE(
	commands, SHELL_CMD_ARG(list, NULL, "List the apps of this firmware", cmd_list, 1, 0),
	SHELL_CMD_ARG(start, &image_names, "Start an app: start <app>", cmd_start, 2, 0),
	SHELL_CMD_ARG(kill, &image_names, "End an app: kill <app>", cmd_kill, 2, 0),
	SHELL_COND_CMD_ARG(
		CONFIG_WASM_CALL, call, &image_names,
		"Call a function of an app: call <app> <function> [<argument>...], in WAVE",
		cmd_call, 3, 8),
	SHELL_SUBCMD_SET_END);

SHELL_CMD_REGISTER(wasm, &commands, "WebAssembly apps", NULL);
