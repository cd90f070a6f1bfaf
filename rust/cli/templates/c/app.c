/* An app for zephyr-wasm. */

#include <zephyr_wasm_guest.h>

int32_t exports_app_run(void)
{
	static const char *const texts[] = {"hello, 1", "hello, 2", "hello, 3"};

	for (int i = 0; i < 3; i++) {
		guest_info(texts[i]);
		guest_sleep_ms(10);
	}
	return 0;
}
