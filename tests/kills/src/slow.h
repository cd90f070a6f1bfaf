/* SPDX-License-Identifier: Apache-2.0 */

#ifndef TESTS_KILLS_SLOW_H_
#define TESTS_KILLS_SLOW_H_

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/kernel.h>

/** What every driver here does in each of its functions: it takes a lock, sleeps, and gives it
 * back. */
int slow_transfer(void);

/** Of a bus: who is there does not answer. */
#define SLOW_NOBODY 0x4d

/** How often that was, and whether whoever is in it comes out. */
uint32_t slow_transfers(void);
bool slow_is_given_back(void);

/** How often a driver was woken before it had slept as long as it has to. */
uint32_t slow_short_sleeps(void);

/** How often a thread was in one: from here on, one thread at a time is watched. */
uint32_t slow_watch(k_tid_t thread);

/** Whether it keeps the processor busy in place of sleeping. */
void slow_be_busy(bool busy);

/** Transfers do not come back from here on, or do again. */
void slow_get_stuck(bool stuck);

/** What is sent to a port of TCP is lost from here on; 0 for none. */
void slow_net_cut_off(uint16_t port);

/** From there comes what asks for a connection, with these flags of TCP, and says how much is to be
 * sent at once; 0 for nothing of that. */
void slow_net_ask(uint16_t from, uint16_t to, uint8_t flags, uint16_t segment);

/** From there comes what says that it is so long, its headers included. */
void slow_net_end_early(uint16_t length);

/** From there comes a datagram for the board, or for all that hear a port of UDP: a byte, and one
 * of 0. */
void slow_net_tell(bool is_group, uint16_t to, uint8_t byte);

/** How often a line was set up, and whether the last that was told of one is that it interrupts. */
uint32_t slow_lines_set_up(void);
bool slow_line_interrupts(void);

/** How often another thread could have come in between as a line was changed. */
uint32_t slow_lines_in_between(void);

/** The sensor tells its handler of data, be that one closed or not. */
void slow_sensor_has_data(void);

/** The rate of the serial port. */
uint32_t slow_baud_rate(void);

/** A line takes its time to interrupt no more, and others may come before. */
void slow_to_disable(bool slow);

#endif /* TESTS_KILLS_SLOW_H_ */
