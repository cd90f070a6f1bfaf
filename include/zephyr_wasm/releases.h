/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What Zephyr's releases from 4.2.99 to 4.5 name differently, or have in different forms.
 *
 * docs/zephyr-releases.md has the list. The names of the network are in <zephyr_wasm/net_names.h>.
 */

#ifndef ZEPHYR_WASM_RELEASES_H_
#define ZEPHYR_WASM_RELEASES_H_

#include <zephyr/devicetree.h>
#include <zephyr/storage/flash_map.h>
#include <zephyr/version.h>

/**
 * @brief The identifier of a flash partition, for flash_area_open() and file systems.
 *
 * 4.5 has partitions that are mapped into memory, besides those in `fixed-partitions`.
 *
 * @param node The partition's node in the devicetree.
 */
#if defined(DT_PARTITION_ID)
#define ZEPHYR_WASM_DT_PARTITION_ID(node) DT_PARTITION_ID(node)
#else
#define ZEPHYR_WASM_DT_PARTITION_ID(node) DT_FIXED_PARTITION_ID(node)
#endif

/** @cond INTERNAL_HIDDEN */

/* 4.5, likewise: the flash's controller, and the memory that a partition is in, if it is mapped. */
#if defined(DT_PARTITION_ID)
#define ZEPHYR_WASM_DT_PARTITION_MTD(node) DT_MTD_FROM_PARTITION(node)
#define ZEPHYR_WASM_DT_PARTITION_MEM(node) DT_MEM_FROM_PARTITION(node)
#else
#define ZEPHYR_WASM_DT_PARTITION_MTD(node) DT_MTD_FROM_FIXED_PARTITION(node)
#define ZEPHYR_WASM_DT_PARTITION_MEM(node) DT_MEM_FROM_FIXED_PARTITION(node)
#endif

/* 4.5: controllers and peripherals. */
#if defined(SPI_OP_MODE_CONTROLLER)
#define ZEPHYR_WASM_SPI_OP_MODE_CONTROLLER SPI_OP_MODE_CONTROLLER
#else
#define ZEPHYR_WASM_SPI_OP_MODE_CONTROLLER SPI_OP_MODE_MASTER
#endif

/** @endcond */

#endif /* ZEPHYR_WASM_RELEASES_H_ */
