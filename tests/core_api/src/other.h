/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A second header, with one function that has no prefix.
 */

#ifndef OTHER_H_
#define OTHER_H_

#include <stdint.h>

int32_t digitalRead(uint32_t pin);

#endif /* OTHER_H_ */
