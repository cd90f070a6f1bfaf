/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which files run as machine code, which are interpreted, which are refused, and what is said of
 * it. What is wrong with a file is in forge.py, by its name here.
 */

#include <string.h>

#include "common.h"

/* What becomes of the app of a file. */
enum fate {
	/* Its machine code runs. */
	RUNS,
	/* It is interpreted where there is an interpreter, and refused elsewhere, with the same
	 * words. */
	INTERPRETED,
	/* The same, and an interpreter says nothing of it. */
	SILENT,
	/* It is not installed. */
	REFUSED,
};

struct fated {
	const char *file;
	enum fate fate;
	const char *words;
};

/* What an app returns in which all is right. */
#define RIGHT 42

static void check_end(const struct fated *fated, bool as_code)
{
	struct zephyr_wasm_app *app;
	const struct zephyr_wasm_status *status;

	zassert_ok(zephyr_wasm_store_start("works", message), "%s: %s", fated->file, message);
	app = zephyr_wasm_find("works");
	zassert_not_null(app, "%s", fated->file);
	status = end_of(app);
	zassert_true(status->end == ZEPHYR_WASM_END_RETURNED && status->detail == RIGHT,
		     "%s: end %d, %d: %s", fated->file, status->end, (int)status->detail,
		     status->message);
	zassert_equal(status->compiled, as_code, "%s", fated->file);
}

static void check(const struct fated *fated)
{
	size_t before = zephyr_wasm_store_free();
	bool is_refused = fated->fate == REFUSED ||
			  (fated->fate != RUNS && !IS_ENABLED(CONFIG_WASM_INTERPRETER));
	int result;

	words_forget();
	result = install(fated->file);
	if (is_refused) {
		zassert_true(result == -EACCES || result == -ENOEXEC || result == -EBADMSG,
			     "%s: %d: %s", fated->file, result, message);
		zassert_not_null(strstr(message, fated->words), "%s: %s", fated->file, message);
		zassert_equal(version_of("works"), -1, "%s", fated->file);
	} else {
		zassert_ok(result, "%s: %s", fated->file, message);
		if (fated->fate == INTERPRETED) {
			zassert_true(words_have("works: is interpreted"), "%s", fated->file);
			zassert_true(words_have(fated->words), "%s", fated->file);
		} else {
			zassert_false(words_have("is interpreted"), "%s", fated->file);
		}
		check_end(fated, fated->fate == RUNS);
		zassert_ok(zephyr_wasm_store_erase("works", message), "%s", message);
	}
	zassert_equal(zephyr_wasm_store_free(), before, "%s", fated->file);
	check_other();
}

static void check_all(const struct fated *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		check(&all[i]);
	}
}

#define NO_KEY   "is not signed by a key that may sign machine code (CONFIG_WASM_COMPILED_KEYS)"
#define NO_CODE  "has no machine code: `zephyr-wasm compile --target`"
#define NO_PLACE "code that is not at a multiple of 8 bytes in the file: `zephyr-wasm sign`"

ZTEST(stored_code, test_who_may_sign_machine_code)
{
	static const struct fated all[] = {
		{"works", RUNS},
		{"by_both", RUNS},
		{"by_both_code_first", RUNS},
		{"by_foreign_and_code", RUNS},
		{"plain", SILENT, NO_CODE},
		{"plain_by_store", SILENT, NO_CODE},
		{"by_store", INTERPRETED, NO_KEY},
		{"by_foreign", REFUSED, "by a key that this image does not have"},
		{"by_nobody", REFUSED, "is not signed"},
	};

	check_all(all, ARRAY_SIZE(all));
}

/* The other apps are compiled by the firmware's compiler. */
ZTEST(stored_code, test_code_that_clang_has_made)
{
	static const struct fated all[] = {{"by_clang", RUNS}};

	if (!has_file("by_clang")) {
		TC_PRINT("no clang with ld.lld on the build host\n");
		ztest_test_skip();
	}
	check_all(all, ARRAY_SIZE(all));
}

ZTEST(stored_code, test_what_does_not_fit_the_board)
{
	static const struct fated all[] = {
		{"target", INTERPRETED,
		 "has no code for " CONFIG_WASM_COMPILED_TARGET
		 ": `zephyr-wasm compile --target " CONFIG_WASM_COMPILED_TARGET "`"},
		{"abi", INTERPRETED, "has code of ABI 99, and this firmware has "},
		{"frame", INTERPRETED, "CONFIG_WASM_COMPILED_STACK_MARGIN"},
		{"of_another", INTERPRETED, "has code that was made of another app"},
		{"code_of_another", INTERPRETED, "has code that was made of another app"},
		{"at_1", INTERPRETED, NO_PLACE},
		{"at_2", INTERPRETED, NO_PLACE},
		{"at_3", INTERPRETED, NO_PLACE},
		{"at_4", INTERPRETED, NO_PLACE},
		{"at_5", INTERPRETED, NO_PLACE},
		{"at_6", INTERPRETED, NO_PLACE},
		{"at_7", INTERPRETED, NO_PLACE},
	};

	check_all(all, ARRAY_SIZE(all));
}

ZTEST(stored_code, test_sections_that_are_none)
{
	static const struct fated all[] = {
		{"format", INTERPRETED, "of format 2"},
		{"unknown", INTERPRETED, "for target 999"},
		{"flags", INTERPRETED, "cannot be read"},
		{"size", INTERPRETED, "cannot be read"},
		{"tiny", INTERPRETED, "cannot be read"},
		{"uneven", INTERPRETED, "cannot be read"},
		{"only_info", INTERPRETED, "cannot be read"},
		{"long_padding", INTERPRETED, "cannot be read"},
		{"filled_padding", INTERPRETED, "cannot be read"},
		{"compiler", INTERPRETED, "cannot be read"},
		{"long_compiler", INTERPRETED, "cannot be read"},
		{"longest_compiler", RUNS},
		{"beside_format", RUNS},
		{"beside_unknown", RUNS},
		{"beside_abi", RUNS},
		{"beside_target", RUNS},
	};

	check_all(all, ARRAY_SIZE(all));
}

ZTEST(stored_code, test_files_that_have_changed)
{
	static const struct fated all[] = {
		{"changed", REFUSED, "not what was signed"},
		{"swapped", REFUSED, "not what was signed"},
		{"cut", REFUSED, ""},
		{"cut_in_code", REFUSED, ""},
		{"padded", REFUSED, ""},
		{"padded_by_section", REFUSED, "not what was signed"},
	};

	check_all(all, ARRAY_SIZE(all));
}

/* By a key that may sign machine code: whoever has that is believed, as far as an app goes. */
ZTEST(stored_code, test_lies_about_what_code_needs)
{
	static const struct fated all[] = {
		{"instance_0", REFUSED, "compiled"},
		{"instance_8", REFUSED, "compiled"},
		{"instance_2147483648", REFUSED, ""},
		{"instance_4294967288", REFUSED, ""},
		{"imports", REFUSED, "compiled"},
		{"many_imports", REFUSED, "compiled"},
		{"memory", REFUSED, "CONFIG_WASM_APP_HEAP_SIZE"},
		{"memory_of_64_bits", REFUSED, ""},
		{"memory_order", REFUSED, "compiled"},
	};

	check_all(all, ARRAY_SIZE(all));
}
