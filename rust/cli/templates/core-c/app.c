/* An app for zephyr-wasm, without generated bindings: it imports what it calls as it is. */

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

/* Functions of wit/log.wit and wit/clocks.wit. A text is a pointer and its size in bytes. */
IMPORT("wasi:logging/logging@0.1.0-draft", "log")
void log_text(int level, const char *context, unsigned long context_size, const char *text,
	      unsigned long size);
IMPORT("wasi:clocks/monotonic-clock@0.3.0", "wait-for")
void wait_for(unsigned long long nanoseconds);

#define INFO 2

__attribute__((export_name("run"))) int run(void)
{
	char text[] = "hello, 1";

	for (int i = 0; i < 3; i++) {
		log_text(INFO, "", 0, text, sizeof(text) - 1);
		text[sizeof(text) - 2]++;
		wait_for(10000000);
	}
	return 0;
}
