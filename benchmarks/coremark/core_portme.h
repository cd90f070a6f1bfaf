/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * CoreMark for a guest and for a board without an operating system: four iterations of the
 * performance run, timed from outside.
 */

#ifndef CORE_PORTME_H
#define CORE_PORTME_H

#include <stddef.h>
#include <stdint.h>

#define HAS_FLOAT         0
#define HAS_TIME_H        0
#define USE_CLOCK         0
#define HAS_STDIO         0
#define HAS_PRINTF        0
#define COMPILER_VERSION  "any"
#define COMPILER_FLAGS    "-O2"
#define MEM_LOCATION      "STATIC"
#define SEED_METHOD       SEED_VOLATILE
#define MEM_METHOD        MEM_MALLOC
#define MULTITHREAD       1
#define MAIN_HAS_NOARGC   1
#define MAIN_HAS_NORETURN 0
#define ITERATIONS        4
#define PERFORMANCE_RUN   1

typedef int16_t ee_s16;
typedef uint16_t ee_u16;
typedef int32_t ee_s32;
typedef uint8_t ee_u8;
typedef uint32_t ee_u32;
typedef uintptr_t ee_ptr_int;
typedef size_t ee_size_t;
typedef uint32_t CORE_TICKS;

#define align_mem(address) ((void *)(((ee_ptr_int)(address) + 3) & ~(ee_ptr_int)3))

/* The main function of CoreMark is one among others. */
#define main coremark_main

typedef struct CORE_PORTABLE_S {
	ee_u8 portable_id;
} core_portable;

extern ee_u32 default_num_contexts;

int coremark_main(void);
void portable_init(core_portable *portable, int *argc, char *argv[]);
void portable_fini(core_portable *portable);
int ee_printf(const char *format, ...);
void *portable_malloc(ee_size_t size);
void portable_free(void *memory);

#endif /* CORE_PORTME_H */
