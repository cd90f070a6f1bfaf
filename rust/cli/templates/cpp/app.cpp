// An app for zephyr-wasm.

#include <zephyr_wasm_guest.h>

namespace
{

/// Logs one text after the other, with a pause.
class Greeter
{
      public:
	explicit Greeter(uint32_t pause_ms) : pause_ms_(pause_ms)
	{
	}

	template <typename... Texts> void greet(Texts... texts) const
	{
		((guest_info(texts), guest_sleep_ms(pause_ms_)), ...);
	}

      private:
	uint32_t pause_ms_;
};

} // namespace

int32_t exports_app_run(void)
{
	const Greeter greeter{10};

	greeter.greet("hello, 1", "hello, 2", "hello, 3");
	return 0;
}
