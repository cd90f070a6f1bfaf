/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Software Management of LwM2M (object 9) on top of the store. A server names a package, which the
 * client fetches. Then the server has the client install and activate the package. Each instance of
 * the object is a package.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/net/lwm2m.h>
#include <zephyr_wasm/store.h>

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

#define OBJECT  LWM2M_OBJECT_SOFTWARE_MANAGEMENT_ID
#define NAME    0
#define VERSION 1

static char message[ZEPHYR_WASM_MESSAGE_SIZE];

/* The app that each instance of the object has installed. */
static struct zephyr_wasm_identity installed[CONFIG_LWM2M_SWMGMT_MAX_INSTANCE_COUNT];

static int tell(int result)
{
	if (result < 0) {
		LOG_ERR("LwM2M: %s", message);
	}
	return result;
}

/* Called by Zephyr's client with each block of a package that it fetches. */
static int write_package(uint16_t instance, uint16_t resource, uint16_t resource_instance,
			 uint8_t *data, uint16_t size, bool last, size_t total, size_t offset)
{
	size_t received;
	int result = 0;

	ARG_UNUSED(instance);
	ARG_UNUSED(resource);
	ARG_UNUSED(resource_instance);
	ARG_UNUSED(last);
	if (data == NULL || size == 0) {
		/* The download was given up. What was received is erased when its room is needed.
		 * Or Zephyr has no buffer for the package, and would pass 0 bytes again and again.
		 */
		return -EINVAL;
	}
	if (offset == 0) {
		if (total == 0) {
			LOG_ERR("LwM2M: the server does not tell the package's size (CoAP option "
				"Size2)");
			return -EINVAL;
		}
		result = zephyr_wasm_store_begin(total, NULL, &received, message);
	}
	if (result == 0) {
		result = zephyr_wasm_store_write(offset, data, size, message);
	}
	/* MIN() evaluates what is less twice. */
	(void)tell(result);
	return MIN(result, 0);
}

static int install(uint16_t instance, uint8_t *arguments, uint16_t size)
{
	struct zephyr_wasm_identity *identity = &installed[instance];
	char version[sizeof("65535.65535.65535")];
	int result = tell(zephyr_wasm_store_install(identity, message));

	ARG_UNUSED(arguments);
	ARG_UNUSED(size);
	if (result == 0) {
		snprintk(version, sizeof(version), "%u.%u.%u", identity->version[0],
			 identity->version[1], identity->version[2]);
		(void)lwm2m_set_string(&LWM2M_OBJ(OBJECT, instance, NAME), identity->name);
		(void)lwm2m_set_string(&LWM2M_OBJ(OBJECT, instance, VERSION), version);
	}
	(void)lwm2m_swmgmt_install_completed(instance, result);
	/* A failure is reported by the resource Update Result. */
	return 0;
}

static int activate(uint16_t instance, uint8_t *arguments, uint16_t size)
{
	ARG_UNUSED(arguments);
	ARG_UNUSED(size);
	return tell(zephyr_wasm_store_start(installed[instance].name, message));
}

static int deactivate(uint16_t instance, uint8_t *arguments, uint16_t size)
{
	struct zephyr_wasm_app *app = zephyr_wasm_find(installed[instance].name);

	ARG_UNUSED(arguments);
	ARG_UNUSED(size);
	if (app != NULL) {
		(void)zephyr_wasm_stop(app, K_MSEC(CONFIG_WASM_STORE_STOP_MS));
	}
	return 0;
}

static int delete(uint16_t instance, uint8_t *arguments, uint16_t size)
{
	struct zephyr_wasm_identity *identity = &installed[instance];

	ARG_UNUSED(arguments);
	ARG_UNUSED(size);
	/* A package that was not installed has nothing to erase. */
	if (identity->name[0] != '\0') {
		(void)tell(zephyr_wasm_store_erase(identity->name, message));
		identity->name[0] = '\0';
	}
	return 0;
}

static void *read_version(uint16_t instance, uint16_t resource, uint16_t resource_instance,
			  size_t *size)
{
	static const uint16_t none[3];
	static char version[sizeof("65535.65535.65535")];
	/* If firmware deletes an instance, a server can create another one of any number. Zephyr
	 * calls this function for that one, too. All functions that change something are set for
	 * our instances only. */
	const uint16_t *parts =
		instance < ARRAY_SIZE(installed) ? installed[instance].version : none;

	ARG_UNUSED(resource);
	ARG_UNUSED(resource_instance);
	/* Including the final zero. */
	*size = 1 + snprintk(version, sizeof(version), "%u.%u.%u", parts[0], parts[1], parts[2]);
	return version;
}

/* If a server deletes an instance of the firmware object or of ours, it can create another one of
 * any number. The firmware object uses that number as an index: it would call and write behind the
 * end of its arrays, and fetch packages into the buffer of the deleted instance. And if a package
 * is fetched for a deleted instance of ours, Zephyr looks for that at NULL. So instances of both
 * objects cannot be deleted. The guard acts on all of the image that talks to a server
 * (-Wl,--wrap). */

int __real_lwm2m_delete_obj_inst(uint16_t object, uint16_t instance);
int __wrap_lwm2m_delete_obj_inst(uint16_t object, uint16_t instance);

/* The bootstrap server is deleting. It deletes all instances that can be deleted, and stops at an
 * error. */
static bool is_bootstrapped;

int __wrap_lwm2m_delete_obj_inst(uint16_t object, uint16_t instance)
{
	if (object == OBJECT || object == LWM2M_OBJECT_FIRMWARE_ID) {
		return is_bootstrapped ? 0 : -EPERM;
	}
	return __real_lwm2m_delete_obj_inst(object, instance);
}

#ifdef CONFIG_LWM2M_RD_CLIENT_SUPPORT_BOOTSTRAP
struct lwm2m_message;

int __real_bootstrap_delete(struct lwm2m_message *asked);
int __wrap_bootstrap_delete(struct lwm2m_message *asked);

/* Only the thread of Zephyr's LwM2M engine calls this, and all other deletions. */
int __wrap_bootstrap_delete(struct lwm2m_message *asked)
{
	int result;

	is_bootstrapped = true;
	result = __real_bootstrap_delete(asked);
	is_bootstrapped = false;
	return result;
}
#endif

/* Zephyr fetches every package by the buffer of the firmware object, which has none by itself. */
static void set_buffer(void)
{
	static uint8_t buffer[64];
	void *other;
	uint16_t size = 0;
	uint16_t length;
	uint8_t flags;

	(void)lwm2m_get_res_buf(&LWM2M_OBJ(LWM2M_OBJECT_FIRMWARE_ID, 0, 0), &other, &size, &length,
				&flags);
	if (size == 0) {
		(void)lwm2m_set_res_buf(&LWM2M_OBJ(LWM2M_OBJECT_FIRMWARE_ID, 0, 0), buffer,
					sizeof(buffer), 0, 0);
	}
}

int zephyr_wasm_lwm2m_init(void)
{
	int result = 0;

	set_buffer();

	for (uint16_t i = 0; i < CONFIG_LWM2M_SWMGMT_MAX_INSTANCE_COUNT && result == 0; i++) {
		result = lwm2m_create_object_inst(&LWM2M_OBJ(OBJECT, i));
		if (result == 0) {
			(void)lwm2m_swmgmt_set_write_package_cb(i, write_package);
			(void)lwm2m_swmgmt_set_install_package_cb(i, install);
			(void)lwm2m_swmgmt_set_activate_cb(i, activate);
			(void)lwm2m_swmgmt_set_deactivate_cb(i, deactivate);
			(void)lwm2m_swmgmt_set_delete_package_cb(i, delete);
			(void)lwm2m_swmgmt_set_read_package_version_cb(i, read_version);
		}
	}
	return result;
}
