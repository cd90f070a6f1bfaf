/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Drivers as those over a bus are: each of their functions sleeps with a lock held, or keeps the
 * processor busy meanwhile.
 */

#include <zephyr/device.h>
#include <zephyr/drivers/adc.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/gpio/gpio_utils.h>
#include <zephyr/drivers/i2c.h>
#include <zephyr/drivers/pwm.h>
#include <zephyr/drivers/sensor.h>
#include <zephyr/drivers/spi.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

#include "slow.h"

static K_SEM_DEFINE(lock, 1, 1);
static K_SEM_DEFINE(may_pass, 1, 1);
static volatile uint32_t transfers;
static volatile uint32_t short_sleeps;
static volatile bool is_busy;
static k_tid_t watched;
static volatile uint32_t watched_transfers;

int slow_transfer(void)
{
	k_sem_take(&lock, K_FOREVER);
	transfers++;
	if (k_current_get() == watched) {
		watched_transfers++;
	}
	if (is_busy) {
		k_busy_wait(150);
	} else if (k_sleep(K_USEC(700)) != 0) {
		short_sleeps++;
	}
	/* As of a device that holds the bus. */
	k_sem_take(&may_pass, K_FOREVER);
	k_sem_give(&may_pass);
	k_sem_give(&lock);
	return 0;
}

uint32_t slow_transfers(void)
{
	return transfers;
}

uint32_t slow_short_sleeps(void)
{
	return short_sleeps;
}

uint32_t slow_watch(k_tid_t thread)
{
	watched = thread;
	return watched_transfers;
}

bool slow_is_given_back(void)
{
	/* The threads of the network may be in it. */
	if (k_sem_take(&lock, K_SECONDS(1)) != 0) {
		return false;
	}
	k_sem_give(&lock);
	return true;
}

void slow_be_busy(bool busy)
{
	is_busy = busy;
}

void slow_get_stuck(bool stuck)
{
	if (stuck) {
		k_sem_take(&may_pass, K_FOREVER);
	} else {
		k_sem_give(&may_pass);
	}
}

/* GPIO */

#define DT_DRV_COMPAT zephyr_wasm_slow_gpio

static struct gpio_driver_data gpio_data;
static const struct gpio_driver_config gpio_config = {.port_pin_mask = 0xf};

static volatile uint32_t lines_set_up;
static volatile uint32_t lines_in_between;
static volatile bool line_interrupts;
static volatile bool is_slow_to_disable;

uint32_t slow_lines_set_up(void)
{
	return lines_set_up;
}

bool slow_line_interrupts(void)
{
	return line_interrupts;
}

uint32_t slow_lines_in_between(void)
{
	return lines_in_between;
}

void slow_to_disable(bool slow)
{
	is_slow_to_disable = slow;
}

/* As most drivers do, this one changes what its lines have in common without a lock. */
static void change_port(void)
{
	lines_in_between += k_current_get()->base.sched_locked == 0;
}

static int gpio_configure(const struct device *port, gpio_pin_t pin, gpio_flags_t flags)
{
	lines_set_up++;
	change_port();
	return slow_transfer();
}

static int gpio_get(const struct device *port, gpio_port_value_t *value)
{
	*value = 0;
	return slow_transfer();
}

static int gpio_set_masked(const struct device *port, gpio_port_pins_t mask,
			   gpio_port_value_t value)
{
	return slow_transfer();
}

static int gpio_change(const struct device *port, gpio_port_pins_t pins)
{
	change_port();
	return slow_transfer();
}

static int gpio_interrupt(const struct device *port, gpio_pin_t pin, enum gpio_int_mode mode,
			  enum gpio_int_trig trigger)
{
	change_port();
	if (mode == GPIO_INT_MODE_DISABLED && is_slow_to_disable) {
		k_sleep(K_MSEC(20));
	}
	(void)slow_transfer();
	line_interrupts = mode != GPIO_INT_MODE_DISABLED;
	return 0;
}

static int gpio_callback(const struct device *port, struct gpio_callback *callback, bool set)
{
	static sys_slist_t callbacks;

	change_port();
	(void)slow_transfer();
	return gpio_manage_callback(&callbacks, callback, set);
}

static DEVICE_API(gpio, gpio_api) = {
	.pin_configure = gpio_configure,
	.port_get_raw = gpio_get,
	.port_set_masked_raw = gpio_set_masked,
	.port_set_bits_raw = gpio_change,
	.port_clear_bits_raw = gpio_change,
	.port_toggle_bits = gpio_change,
	.pin_interrupt_configure = gpio_interrupt,
	.manage_callback = gpio_callback,
};

DEVICE_DT_INST_DEFINE(0, NULL, NULL, &gpio_data, &gpio_config, POST_KERNEL, 50, &gpio_api);

/* Sensor */

#undef DT_DRV_COMPAT
#define DT_DRV_COMPAT zephyr_wasm_slow_sensor

static int sensor_fetch(const struct device *sensor, enum sensor_channel channel)
{
	return slow_transfer();
}

static int sensor_get(const struct device *sensor, enum sensor_channel channel,
		      struct sensor_value *value)
{
	*value = (struct sensor_value){1, 0};
	return 0;
}

static int sensor_attribute(const struct device *sensor, enum sensor_channel channel,
			    enum sensor_attribute attribute, const struct sensor_value *value)
{
	return slow_transfer();
}

static struct {
	const struct device *sensor;
	const struct sensor_trigger *trigger;
	sensor_trigger_handler_t handler;
} told;

/* As some drivers do, it forgets none. */
static int sensor_trigger(const struct device *sensor, const struct sensor_trigger *trigger,
			  sensor_trigger_handler_t handler)
{
	if (handler != NULL) {
		told.sensor = sensor;
		told.trigger = trigger;
		told.handler = handler;
	}
	return slow_transfer();
}

void slow_sensor_has_data(void)
{
	told.handler(told.sensor, told.trigger);
}

static DEVICE_API(sensor, sensor_api) = {
	.sample_fetch = sensor_fetch,
	.channel_get = sensor_get,
	.attr_set = sensor_attribute,
	.trigger_set = sensor_trigger,
};

SENSOR_DEVICE_DT_INST_DEFINE(0, NULL, NULL, NULL, NULL, POST_KERNEL, 90, &sensor_api);

/* I2C */

#undef DT_DRV_COMPAT
#define DT_DRV_COMPAT zephyr_wasm_slow_i2c

static int i2c_do(const struct device *bus, struct i2c_msg *messages, uint8_t count,
		  uint16_t address)
{
	int result = slow_transfer();

	return address == SLOW_NOBODY ? -EIO : result;
}

static DEVICE_API(i2c, i2c_api) = {.transfer = i2c_do};

DEVICE_DT_INST_DEFINE(0, NULL, NULL, NULL, NULL, POST_KERNEL, 50, &i2c_api);

/* SPI */

#undef DT_DRV_COMPAT
#define DT_DRV_COMPAT zephyr_wasm_slow_spi

static int spi_do(const struct device *bus, const struct spi_config *config,
		  const struct spi_buf_set *out, const struct spi_buf_set *in)
{
	return slow_transfer();
}

static int spi_let_go(const struct device *bus, const struct spi_config *config)
{
	return 0;
}

static DEVICE_API(spi, spi_api) = {.transceive = spi_do, .release = spi_let_go};

DEVICE_DT_INST_DEFINE(0, NULL, NULL, NULL, NULL, POST_KERNEL, 50, &spi_api);

/* ADC */

#undef DT_DRV_COMPAT
#define DT_DRV_COMPAT zephyr_wasm_slow_adc

static int adc_setup(const struct device *adc, const struct adc_channel_cfg *config)
{
	return slow_transfer();
}

static int adc_do(const struct device *adc, const struct adc_sequence *sequence)
{
	return slow_transfer();
}

static DEVICE_API(adc, adc_api) = {
	.channel_setup = adc_setup,
	.read = adc_do,
	.ref_internal = 3300,
};

DEVICE_DT_INST_DEFINE(0, NULL, NULL, NULL, NULL, POST_KERNEL, 50, &adc_api);

/* PWM */

#undef DT_DRV_COMPAT
#define DT_DRV_COMPAT zephyr_wasm_slow_pwm

static int pwm_do(const struct device *pwm, uint32_t channel, uint32_t period, uint32_t pulse,
		  pwm_flags_t flags)
{
	return slow_transfer();
}

static int pwm_clock(const struct device *pwm, uint32_t channel, uint64_t *cycles)
{
	*cycles = USEC_PER_SEC;
	return 0;
}

static DEVICE_API(pwm, pwm_api) = {.set_cycles = pwm_do, .get_cycles_per_sec = pwm_clock};

DEVICE_DT_INST_DEFINE(0, NULL, NULL, NULL, NULL, POST_KERNEL, 50, &pwm_api);

/* UART */

#undef DT_DRV_COMPAT
#define DT_DRV_COMPAT zephyr_wasm_slow_uart

static int uart_poll(const struct device *uart, unsigned char *byte)
{
	return -1;
}

static void uart_put(const struct device *uart, unsigned char byte)
{
	(void)slow_transfer();
}

static struct uart_config uart_is = {.baudrate = 9600};

uint32_t slow_baud_rate(void)
{
	return uart_is.baudrate;
}

static int uart_set(const struct device *uart, const struct uart_config *config)
{
	uart_is = *config;
	return slow_transfer();
}

static int uart_get(const struct device *uart, struct uart_config *config)
{
	*config = uart_is;
	return slow_transfer();
}

static void uart_rx(const struct device *uart)
{
	(void)slow_transfer();
}

static void uart_callback(const struct device *uart, uart_irq_callback_user_data_t callback,
			  void *user_data)
{
	(void)slow_transfer();
}

static DEVICE_API(uart, uart_api) = {
	.poll_in = uart_poll,
	.poll_out = uart_put,
	.configure = uart_set,
	.config_get = uart_get,
	.irq_rx_enable = uart_rx,
	.irq_rx_disable = uart_rx,
	.irq_callback_set = uart_callback,
};

DEVICE_DT_INST_DEFINE(0, NULL, NULL, NULL, NULL, POST_KERNEL, 50, &uart_api);
