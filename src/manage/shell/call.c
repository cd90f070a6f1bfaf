/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The shell's command "wasm call".
 */

#include <zephyr/kernel.h>

#include "core/slots.h"
#include "shell.h"

/* Joins the arguments with commas, as WAVE writes them. The shell has removed the outer quotes of
 * each argument, so text in double quotes has to be typed inside single quotes ('"Ada"'). */
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

int zephyr_wasm_shell_call(const struct shell *sh, size_t argc, char **argv)
{
	static K_MUTEX_DEFINE(lock);
	static char arguments[CONFIG_WASM_SHELL_CALL_SIZE];
	static char result[CONFIG_WASM_SHELL_CALL_SIZE];
	static struct zephyr_wasm_status status;
	static struct zephyr_wasm_call call;
	const struct zephyr_wasm_image *image = zephyr_wasm_shell_image(sh, argv[1]);
	struct zephyr_wasm_moment moment;
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
	moment = zephyr_wasm_now(app);
	outcome = zephyr_wasm_wait_since(app, moment, K_SECONDS(CONFIG_WASM_SHELL_CALL_SECONDS));
	if (outcome == -EAGAIN) {
		shell_error(sh, "no answer in %d seconds (CONFIG_WASM_SHELL_CALL_SECONDS)",
			    CONFIG_WASM_SHELL_CALL_SECONDS);
		/* In one step, so that no other app gets the slot in between. */
		k_sched_lock();
		if (zephyr_wasm_is_since(app, moment)) {
			zephyr_wasm_kill(app);
		}
		k_sched_unlock();
		outcome = zephyr_wasm_wait_since(app, moment, K_FOREVER);
	}
	if (outcome == 0) {
		outcome = zephyr_wasm_status(app, &status);
	}
	if (outcome != 0) {
		/* Another app may have the slot by now, so it must not be released here. */
		shell_error(sh, "released by another");
		goto unlock;
	}
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
