/*
 * SPDX-License-Identifier: Apache-2.0
 */

/* Threads that were killed leave what they had of the machine's memory: no leak of the image's. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}
