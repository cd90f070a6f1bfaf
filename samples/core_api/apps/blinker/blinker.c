/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An app as there are many: it has no bindings, and no header of ours.
 */

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

IMPORT("env", "puts") int env_puts(const char *line);
IMPORT("env", "show") void env_show(const char *name, double value);
IMPORT("wiring", "digitalWrite") void digital_write(unsigned int pin, unsigned int level);
IMPORT("wiring", "analogRead") int analog_read(unsigned int pin);
IMPORT("wiring", "transfer")
void transfer(const unsigned char *sent, unsigned char *received, unsigned int length);

__attribute__((export_name("run"))) int run(void)
{
	static const unsigned char sent[] = {0x0f, 0xff, 0xa5};
	unsigned char received[sizeof(sent)];

	for (unsigned int i = 0; i < 2; i++) {
		digital_write(13, 1);
		digital_write(13, 0);
	}
	env_show("light", analog_read(0) / 1024.0);
	transfer(sent, received, sizeof(sent));
	for (unsigned int i = 0; i < sizeof(sent); i++) {
		if (received[i] != (unsigned char)~sent[i]) {
			return 1;
		}
	}
	return env_puts("blinked twice") == 13 ? 0 : 2;
}
