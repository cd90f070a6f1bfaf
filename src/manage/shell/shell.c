/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The shell's command "wasm".
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/util.h>

#include <zephyr_wasm/store.h>

#include "core/app.h"
#include "core/images.h"
#include "core/names.h"
#include "core/slots.h"
#include "shell.h"

/* Without the override, the shell's thread has the least urgent priority, and an app that computes
 * could not be killed by hand. */
BUILD_ASSERT(IS_ENABLED(CONFIG_SHELL_THREAD_PRIORITY_OVERRIDE) &&
		     COND_CODE_1(CONFIG_SHELL_THREAD_PRIORITY_OVERRIDE,
				 (CONFIG_SHELL_THREAD_PRIORITY),
				 (0)) < CONFIG_WASM_APP_PRIORITY_HIGHEST,
	     "an app that computes without a pause would keep the shell from ending it: set "
	     "CONFIG_SHELL_THREAD_PRIORITY_OVERRIDE=y and CONFIG_SHELL_THREAD_PRIORITY below "
	     "CONFIG_WASM_APP_PRIORITY_HIGHEST");

#if defined(CONFIG_SHELL_BACKEND_TELNET) || defined(CONFIG_SHELL_BACKEND_WEBSOCKET)
/* Input of a Telnet shell is handled by this thread first. */
BUILD_ASSERT(CONFIG_NET_SOCKETS_SERVICE_THREAD_PRIO < CONFIG_WASM_APP_PRIORITY_HIGHEST,
	     "an app that computes without a pause would keep the shell from ending it: set "
	     "CONFIG_NET_SOCKETS_SERVICE_THREAD_PRIO below CONFIG_WASM_APP_PRIORITY_HIGHEST");
#endif

const struct zephyr_wasm_image *zephyr_wasm_shell_image(const struct shell *sh, const char *name)
{
	const struct zephyr_wasm_image *image = zephyr_wasm_find_image(name);

	if (image == NULL) {
		shell_error(sh, "no app \"%s\" in this firmware; see: wasm list", name);
	}
	return image;
}

struct zephyr_wasm_app *zephyr_wasm_shell_app(const struct shell *sh, const char *name)
{
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
	struct zephyr_wasm_app *app;

	if (zephyr_wasm_named(name, &app, message) != 0) {
		shell_error(sh, "%s; see: wasm list", message);
		return NULL;
	}
	return app;
}

static void list_line(const struct shell *sh, const struct zephyr_wasm_image *image,
		      const char *name, const char *does)
{
	shell_print(sh, "%-16s %6u bytes  %s", name, (unsigned int)image->size, does);
}

/* Prints a line for each loaded app with the name of an image. If there is none, prints that. */
static void list(const struct shell *sh, const struct zephyr_wasm_image *image)
{
	static struct zephyr_wasm_status status;
	char name[ZEPHYR_WASM_NAMED_SIZE];
	bool is_loaded = false;

	for (struct zephyr_wasm_app *app = NULL; (app = zephyr_wasm_next(app)) != NULL;) {
		if (strcmp(app->image->name, image->name) != 0 ||
		    zephyr_wasm_status(app, &status) != 0) {
			continue;
		}
		is_loaded = true;
		zephyr_wasm_name_of(app, name, sizeof(name));
		list_line(sh, image, name,
			  status.state == ZEPHYR_WASM_STATE_ENDED
				  ? status.message
				  : zephyr_wasm_state_name(status.state));
	}
	if (!is_loaded) {
		list_line(sh, image, image->name, "not loaded");
	}
}

static int cmd_list(const struct shell *sh, size_t argc, char **argv)
{
	const struct zephyr_wasm_image *image;

	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	for (size_t i = 0; (image = zephyr_wasm_image_at(i)) != NULL; i++) {
		list(sh, image);
	}
	return 0;
}

static int cmd_start(const struct shell *sh, size_t argc, char **argv)
{
	const struct zephyr_wasm_image *image = zephyr_wasm_shell_image(sh, argv[1]);
	struct zephyr_wasm_app *old = zephyr_wasm_find(argv[1]);

	ARG_UNUSED(argc);
	if (image == NULL) {
		return -ENOENT;
	}
	if (old != NULL && zephyr_wasm_release(old) != 0) {
		shell_error(sh, "%s runs already", argv[1]);
		return -EALREADY;
	}
#ifdef CONFIG_WASM_STORE
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
	int result = zephyr_wasm_store_start(argv[1], message);

	if (result != 0) {
		shell_error(sh, "%s", message);
	}
	return result;
#else
	int result = zephyr_wasm_start(image, NULL);

	if (result == -ENOMEM) {
		shell_error(sh,
			    "%s is not started: %d apps are loaded already (CONFIG_WASM_MAX_APPS); "
			    "\"wasm release\" frees the slot of one that has ended",
			    argv[1], CONFIG_WASM_MAX_APPS);
	}
	return result;
#endif
}

static int cmd_release(const struct shell *sh, size_t argc, char **argv)
{
	struct zephyr_wasm_app *app = zephyr_wasm_shell_app(sh, argv[1]);
	int result = app == NULL ? -ENOENT : zephyr_wasm_release(app);

	ARG_UNUSED(argc);
	if (result == -EBUSY) {
		shell_error(sh, "%s has not ended; see: wasm kill %s", argv[1], argv[1]);
	}
	return result;
}

static int cmd_kill(const struct shell *sh, size_t argc, char **argv)
{
	struct zephyr_wasm_app *app = zephyr_wasm_shell_app(sh, argv[1]);

	ARG_UNUSED(argc);
	if (app == NULL) {
		return -ENOENT;
	}
	zephyr_wasm_kill(app);
	return zephyr_wasm_wait(app, K_SECONDS(1), NULL);
}

static int cmd_stop(const struct shell *sh, size_t argc, char **argv)
{
	struct zephyr_wasm_app *app = zephyr_wasm_shell_app(sh, argv[1]);

	ARG_UNUSED(argc);
	if (app == NULL) {
		return -ENOENT;
	}
	if (zephyr_wasm_stop(app, K_MSEC(CONFIG_WASM_SHELL_STOP_TIMEOUT_MS)) == -ETIMEDOUT) {
		shell_warn(sh, "%s did not end by itself", argv[1]);
	}
	return 0;
}

static int cmd_restart(const struct shell *sh, size_t argc, char **argv)
{
	struct zephyr_wasm_app *app = zephyr_wasm_shell_app(sh, argv[1]);

	ARG_UNUSED(argc);
	return app == NULL ? -ENOENT
			   : zephyr_wasm_restart(app, K_MSEC(CONFIG_WASM_SHELL_STOP_TIMEOUT_MS));
}

#ifdef CONFIG_WASM_PAUSE
static int cmd_pause(const struct shell *sh, size_t argc, char **argv)
{
	struct zephyr_wasm_app *app = zephyr_wasm_shell_app(sh, argv[1]);

	ARG_UNUSED(argc);
	return app == NULL ? -ENOENT : zephyr_wasm_pause(app);
}

static int cmd_resume(const struct shell *sh, size_t argc, char **argv)
{
	struct zephyr_wasm_app *app = zephyr_wasm_shell_app(sh, argv[1]);

	ARG_UNUSED(argc);
	return app == NULL ? -ENOENT : zephyr_wasm_resume(app);
}
#endif

static int cmd_log(const struct shell *sh, size_t argc, char **argv)
{
	static const char *const levels[] = {"trace", "debug",    "info", "warn",
					     "error", "critical", "off"};
	struct zephyr_wasm_app *app = zephyr_wasm_shell_app(sh, argv[1]);

	ARG_UNUSED(argc);
	if (app == NULL) {
		return -ENOENT;
	}
	for (size_t i = 0; i < ARRAY_SIZE(levels); i++) {
		if (strcmp(levels[i], argv[2]) == 0) {
			app->log_level = i;
			return 0;
		}
	}
	shell_error(sh, "no level \"%s\"; known are trace, debug, info, warn, error, critical, off",
		    argv[2]);
	return -EINVAL;
}

#ifdef CONFIG_WASM_STORE
static int cmd_revoke(const struct shell *sh, size_t argc, char **argv)
{
	uint8_t request[ZEPHYR_WASM_REVOCATION_SIZE];
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
	size_t size = hex2bin(argv[1], strlen(argv[1]), request, sizeof(request));
	int result = zephyr_wasm_store_revoke(request, size, message);

	ARG_UNUSED(argc);
	if (result != 0) {
		shell_error(sh, "%s", message);
	}
	return result;
}
#endif

static void image_name(size_t index, struct shell_static_entry *entry)
{
	const struct zephyr_wasm_image *image = zephyr_wasm_image_at(index);

	entry->syntax = image == NULL ? NULL : image->name;
	entry->handler = NULL;
	entry->help = NULL;
	entry->subcmd = NULL;
}

SHELL_DYNAMIC_CMD_CREATE(image_names, image_name);

SHELL_STATIC_SUBCMD_SET_CREATE(
	commands, SHELL_CMD_ARG(list, NULL, "List the apps of this firmware", cmd_list, 1, 0),
	SHELL_CMD_ARG(info, &image_names, "Tell what an app uses: info <app>",
		      zephyr_wasm_shell_info, 2, 0),
	SHELL_CMD_ARG(top, NULL, "Tell what the apps use, and of the processor since the last top",
		      zephyr_wasm_shell_top, 1, 0),
	SHELL_CMD_ARG(start, &image_names, "Start an app: start <app>", cmd_start, 2, 0),
	SHELL_CMD_ARG(stop, &image_names, "Ask an app to end, and end it: stop <app>", cmd_stop, 2,
		      0),
	SHELL_CMD_ARG(restart, &image_names, "Stop an app, and start it: restart <app>",
		      cmd_restart, 2, 0),
	SHELL_CMD_ARG(kill, &image_names, "End an app: kill <app>", cmd_kill, 2, 0),
	SHELL_CMD_ARG(release, &image_names,
		      "Give back the slot of an app that has ended: "
		      "release <app>",
		      cmd_release, 2, 0),
	IF_ENABLED(CONFIG_WASM_PAUSE,
		   (SHELL_CMD_ARG(pause, &image_names, "Keep an app from running: pause <app>",
				  cmd_pause, 2, 0),
		    SHELL_CMD_ARG(resume, &image_names, "Let a paused app go on: resume <app>",
				  cmd_resume, 2, 0), ))
		SHELL_CMD_ARG(log, &image_names,
			      "Show only such messages of an app: log <app> <least level|off>",
			      cmd_log, 3, 0),
	IF_ENABLED(CONFIG_WASM_STORE,
		   (SHELL_CMD_ARG(revoke, NULL,
				  "Trust a key no longer: "
				  "revoke <request of `zephyr-wasm revoke`, in hexadecimal>",
				  cmd_revoke, 2, 0), ))
		SHELL_COND_CMD_ARG(
			CONFIG_WASM_SHELL_RUN, run, NULL,
			"Run programs: run [-m <bytes>] [-d [<guest>=]<dir>] [-r [<guest>=]<dir>] "
			"[-e <name>=<value>] <file> [<argument>...] [< <file>] [> <file>] "
			"[| <file>...]",
			zephyr_wasm_shell_run, 2, CONFIG_SHELL_ARGC_MAX - 2),
	SHELL_COND_CMD_ARG(
		CONFIG_WASM_CALL, call, &image_names,
		"Call a function of an app: call <app> <function> [<argument>...], in WAVE",
		zephyr_wasm_shell_call, 3, 8),
	SHELL_SUBCMD_SET_END);

SHELL_CMD_REGISTER(wasm, &commands, "WebAssembly apps", NULL);
