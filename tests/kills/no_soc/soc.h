/* SPDX-License-Identifier: Apache-2.0 */

/* The header of a chip, which Zephyr's Bluetooth host includes, and QEMU's RISC-V does not have. */
