/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The shell's command "wasm".
 */

#include <string.h>

#include <zephyr/shell/shell.h>
#include <zephyr/shell/shell_dummy.h>
#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

ZEPHYR_WASM_IMAGE_DECLARE(spins);

/* Executes a command, and returns what it printed. */
static const char *execute(const char *command, int expected)
{
	const struct shell *sh = shell_backend_dummy_get_ptr();
	size_t size;

	shell_backend_dummy_clear_output(sh);
	zassert_equal(shell_execute_cmd(sh, command), expected, "%s", command);
	return shell_backend_dummy_get_output(sh, &size);
}

static void prints(const char *command, int expected, const char *text)
{
	const char *output = execute(command, expected);

	zassert_not_null(strstr(output, text), "%s: %s", command, output);
}

ZTEST(shell, test_functions_are_called)
{
	prints("wasm call greet run", 0, "\"hello, whoever you are\"");
	prints("wasm call greet run 'some(\"Ada\")'", 0, "\"hello, Ada\"");
	prints("wasm call greet mean '[1, -2, 10]'", 0, "some(3)");
	prints("wasm call greet mean []", 0, "none");
}

ZTEST(shell, test_what_cannot_be_called_is_told)
{
	prints("wasm call nobody run", -ENOENT, "no app \"nobody\"");
	prints("wasm call greet walk", -EIO, "does not export `walk`");
	prints("wasm call greet run 5", -EIO, "argument 1: expected");
	prints("wasm call spins run", -EIO, "killed");
}

ZTEST(shell, test_apps_are_started_listed_and_killed)
{
	prints("wasm list", 0, "not loaded");
	prints("wasm kill spins", -ENOENT, "no app \"spins\" is loaded");
	execute("wasm start spins", 0);
	k_msleep(20);
	prints("wasm list", 0, "running");
	prints("wasm start spins", -EALREADY, "runs already");
	execute("wasm kill spins", 0);
	prints("wasm list", 0, "killed");
	/* Again, as it has ended. */
	execute("wasm start spins", 0);
	k_msleep(20);
	execute("wasm kill spins", 0);
}

ZTEST(shell, test_an_app_that_has_ended_gives_its_slot_back)
{
	struct zephyr_wasm_app *kept[CONFIG_WASM_MAX_APPS];

	BUILD_ASSERT(CONFIG_WASM_MAX_APPS == 2, "two apps take all slots");
	execute("wasm start spins", 0);
	execute("wasm kill spins", 0);
	execute("wasm start greet", 0);
	k_msleep(100);
	/* A third: nobody keeps those of the shell. */
	prints("wasm call greet mean []", 0, "none");
	/* Those that the firmware keeps, it gives back, or the operator does. */
	for (int i = 0; i < CONFIG_WASM_MAX_APPS; i++) {
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(spins), &kept[i]));
	}
	prints("wasm release spins#0", -EBUSY, "has not ended; see: wasm kill spins#0");
	for (int i = 0; i < CONFIG_WASM_MAX_APPS; i++) {
		zassert_ok(zephyr_wasm_kill(kept[i]));
		zassert_ok(zephyr_wasm_wait(kept[i], K_SECONDS(1), NULL));
	}
	prints("wasm start greet", -ENOMEM, "\"wasm release\" frees the slot");
	execute("wasm release spins#0", 0);
	execute("wasm start greet", 0);
	execute("wasm release spins", 0);
	prints("wasm release spins", -ENOENT, "no app \"spins\" is loaded");
	k_msleep(100);
	execute("wasm release greet", 0);
}

ZTEST(shell, test_two_of_a_name_are_two)
{
	static const char *const nobody[] = {
		"spins#2",  "spins#", "spins#x", "spins#0x0", "spins#-1",  "spins# 0",
		"spins#1x", "spin#0", "#0",      "greet#0",   "spins#0#0", "spins#4294967296",
	};
	struct zephyr_wasm_app *apps[CONFIG_WASM_MAX_APPS];
	struct zephyr_wasm_status status;
	char command[64];
	int killed = 0;

	for (int i = 0; i < CONFIG_WASM_MAX_APPS; i++) {
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(spins), &apps[i]));
	}
	k_msleep(20);
	prints("wasm list", 0, "spins#0 ");
	prints("wasm list", 0, "spins#1 ");
	prints("wasm top", 0, "spins#1          running");
	/* None of them is meant, and none ends. */
	prints("wasm kill spins", -ENOENT, "2 apps \"spins\" are loaded: say which, as spins#0");
	for (size_t i = 0; i < ARRAY_SIZE(nobody); i++) {
		snprintk(command, sizeof(command), "wasm kill \"%s\"", nobody[i]);
		prints(command, -ENOENT, "is loaded; see: wasm list");
	}
	for (int i = 0; i < CONFIG_WASM_MAX_APPS; i++) {
		zassert_ok(zephyr_wasm_status(apps[i], &status));
		zassert_equal(status.end, ZEPHYR_WASM_END_NONE, "%s", status.message);
	}
	execute("wasm kill spins#1", 0);
	for (int i = 0; i < CONFIG_WASM_MAX_APPS; i++) {
		zassert_ok(zephyr_wasm_status(apps[i], &status));
		killed += status.end == ZEPHYR_WASM_END_KILLED;
	}
	zassert_equal(killed, 1, "%d", killed);
	execute("wasm release spins#1", 0);
	/* The one that is left is the one that is meant. */
	execute("wasm kill spins", 0);
	execute("wasm release spins", 0);
}

ZTEST(shell, test_apps_are_watched_and_halted)
{
	prints("wasm info greet", -ENOENT, "no app \"greet\" is loaded");
	execute("wasm start spins", 0);
	k_msleep(20);
	prints("wasm info spins", 0, "state     running");
	prints("wasm info spins", 0, "handles             0         0         8");
	prints("wasm info spins", 0, "table               -         -      1024");
	prints("wasm info spins", 0, "wakeups   ");
	prints("wasm info spins", 0, "calls    ");
	execute("wasm pause spins", 0);
	prints("wasm list", 0, "paused");
	execute("wasm resume spins", 0);
	prints("wasm top", 0, "spins            running");
	execute("wasm log spins off", 0);
	prints("wasm log spins loud", -EINVAL, "no level \"loud\"");
	execute("wasm restart spins", 0);
	k_msleep(20);
	prints("wasm list", 0, "running");
	prints("wasm stop spins", 0, "spins did not end by itself");
	prints("wasm info spins", 0, "last end  killed");
	execute("wasm pause spins", -ESRCH);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	/* The shell's thread has to have begun. */
	WAIT_FOR(shell_ready(shell_backend_dummy_get_ptr()), 20000, k_msleep(1));
}

ZTEST_SUITE(shell, NULL, NULL, before, NULL, NULL);
