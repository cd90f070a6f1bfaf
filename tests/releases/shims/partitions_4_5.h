/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * For Zephyr 4.5: include/zephyr/devicetree/partitions.h (all of it) and mapped-partition.h, whose
 * partitions have the memory's address in their own. The names before are deprecated there, and not
 * here at all.
 */

#ifndef SHIMS_PARTITIONS_4_5_H_
#define SHIMS_PARTITIONS_4_5_H_

#include <zephyr/devicetree.h>
#include <zephyr/storage/flash_map.h>

#define DT_PARTITION_ID(node_id)       DT_CAT(node_id, _PARTITION_ID)
#define DT_MEM_FROM_PARTITION(node_id) DT_GPARENT(node_id)
#define DT_MTD_FROM_PARTITION(node_id) DT_PARENT(DT_GPARENT(node_id))

#undef DT_FIXED_PARTITION_ID
#undef DT_FIXED_PARTITION_ADDR
#undef DT_MEM_FROM_FIXED_PARTITION
#undef DT_MTD_FROM_FIXED_PARTITION
#undef FIXED_PARTITION_ID
#undef FIXED_PARTITION_EXISTS
#undef FIXED_PARTITION_OFFSET
#undef FIXED_PARTITION_SIZE
#undef FIXED_PARTITION_DEVICE

#endif /* SHIMS_PARTITIONS_4_5_H_ */
