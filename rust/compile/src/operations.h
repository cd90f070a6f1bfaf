/*
 * The operations of WebAssembly that C has no operator for, or has one that is undefined for some
 * values.
 *
 * What `zephyr-wasm compile` writes begins with this file, behind compiled.h. All is static, so
 * that any number of compiled apps can be in an image.
 */

/* Numbers are as wide as their types say: no x87, whose registers are wider. */
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0
#error "compiled apps need arithmetic in float and double themselves (on i386: -msse2 -mfpmath=sse)"
#endif

/* A module may have more than it uses, and compares what is always true. */
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-const-variable"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-label"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-parameter"
#pragma GCC diagnostic ignored "-Wtautological-compare"
#pragma GCC diagnostic ignored "-Wtype-limits"
#pragma GCC diagnostic ignored "-Wfloat-equal"
/* Nor do pieces that are out of bounds or of no bytes, or zeros to divide by, get anywhere: they
 * are checked. */
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wmemset-transposed-args"
#pragma GCC diagnostic ignored "-Wdiv-by-zero"
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wbool-compare"
#pragma GCC diagnostic ignored "-Woverflow"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#endif
#if defined(__clang__) || __GNUC__ >= 12
/* The stack is checked. */
#pragma GCC diagnostic ignored "-Winfinite-recursion"
#endif

#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

#define COLD static __attribute__((noinline, noreturn, cold))

COLD void trap(struct zephyr_wasm_compiled_instance *head, uint32_t code, uint32_t place)
{
	head->runtime->trap(head, code, place);
}

/* How traps are found: a function has one label for each rule, where it leaves. */
#define TRAP_IF(condition, rule)                                                                   \
	do {                                                                                       \
		if (UNLIKELY(condition)) {                                                         \
			goto trap_##rule;                                                          \
		}                                                                                  \
	} while (0)

#define TRAP_IF_AT(condition, rule, offset)                                                        \
	do {                                                                                       \
		if (UNLIKELY(condition)) {                                                         \
			place = (offset);                                                          \
			goto trap_##rule;                                                          \
		}                                                                                  \
	} while (0)

/* Goes on with a loop as long as a number is not 0. The loop begins with a check of whether it is
 * above the most that is allowed, which has been done at the label. */
#if defined(__OPTIMIZE_SIZE__)
#define GO_ON_WITHIN(number, most, checked)
#else
#define GO_ON_WITHIN(number, most, checked)                                                        \
	do {                                                                                       \
		if ((number) - 1u < (most)) {                                                      \
			goto checked;                                                              \
		}                                                                                  \
	} while (0)
#endif

/* The stack pointer of the machine, roughly. */
static inline __attribute__((always_inline)) uintptr_t stack_pointer(void)
{
#if defined(__arm__) || defined(__thumb__)
	uintptr_t pointer;

	__asm__ volatile("mov %0, sp" : "=r"(pointer));
	return pointer;
#elif defined(__riscv)
	uintptr_t pointer;

	__asm__ volatile("mv %0, sp" : "=r"(pointer));
	return pointer;
#else
	return (uintptr_t)__builtin_frame_address(0);
#endif
}

#define STACK_IS_FULL(head) (stack_pointer() < (head)->stack_limit)

/* A number that is about to be stored: for Arm, GCC stores one that it knows byte by byte, if the
 * address may be odd. */
#if defined(__arm__) && defined(__ARM_FEATURE_UNALIGNED) && !defined(__clang__)
#define STORED(value)                                                                              \
	do {                                                                                       \
		if (sizeof(value) > 1 && __builtin_constant_p(value)) {                            \
			__asm__("" : "+r"(value));                                                 \
		}                                                                                  \
	} while (0)
#else
#define STORED(value)
#endif

/*
 * Loads and stores. An address may be any: where the machine does not take odd ones, the compiler
 * takes it apart, unless the firmware knows that they are served all the same.
 */
#if defined(ZEPHYR_WASM_COMPILED_UNALIGNED)
#define ACCESS(name, type)                                                                         \
	typedef type __attribute__((may_alias)) name##_access;                                     \
	static inline __attribute__((always_inline)) type load_##name(const uint8_t *at)           \
	{                                                                                          \
		return *(const name##_access *)at;                                                 \
	}                                                                                          \
	static inline __attribute__((always_inline)) void store_##name(uint8_t *at, type value)    \
	{                                                                                          \
		*(name##_access *)at = value;                                                      \
	}
#else
#define ACCESS(name, type)                                                                         \
	struct name##_access {                                                                     \
		type value;                                                                        \
	} __attribute__((packed, may_alias));                                                      \
	static inline __attribute__((always_inline)) type load_##name(const uint8_t *at)           \
	{                                                                                          \
		return ((const struct name##_access *)at)->value;                                  \
	}                                                                                          \
	static inline __attribute__((always_inline)) void store_##name(uint8_t *at, type value)    \
	{                                                                                          \
		STORED(value);                                                                     \
		((struct name##_access *)at)->value = value;                                       \
	}
#endif

ACCESS(u8, uint8_t)
ACCESS(s8, int8_t)
ACCESS(u16, uint16_t)
ACCESS(s16, int16_t)
ACCESS(u32, uint32_t)
ACCESS(s32, int32_t)
ACCESS(u64, uint64_t)
/* Whether it is known is asked of a float as a double. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdouble-promotion"
ACCESS(f32, float)
#pragma GCC diagnostic pop
ACCESS(f64, double)

/* What a loop adds an address to that has an offset, and what is left to add then. Instructions of
 * Arm have an offset or an index, but not both, so that a loop with few offsets has them in its
 * bases; GCC would add them at each access. */
#define PLAIN_BASE(base, rest, offset)                                                             \
	uint8_t *const base = memory;                                                              \
	const uint32_t rest = (offset)
#if defined(__arm__) && !defined(__OPTIMIZE_SIZE__)
#define BASE(base, rest, offset)                                                                   \
	uint8_t *base = memory + (offset);                                                         \
	const uint32_t rest = 0;                                                                   \
	__asm__("" : "+r"(base))
#else
#define BASE(base, rest, offset) PLAIN_BASE(base, rest, offset)
#endif

/* What a base has been moved for: it and a variable are the pointer. They go around 32 bits as the
 * sum has that is its address, as a base is moved only where pointers have 32 bits. A plain base,
 * which leaves a rest, is not: its pointer is that of the sum. */
#define MOVED(base, variable, sum)                                                                 \
	(o##base ? memory + (sum) : (uint8_t *)((uintptr_t)m##base + (variable)))

/* Integers. */

static inline uint32_t i32_rotl(uint32_t value, uint32_t count)
{
	return (value << (count & 31)) | (value >> (-count & 31));
}

static inline uint32_t i32_rotr(uint32_t value, uint32_t count)
{
	return (value >> (count & 31)) | (value << (-count & 31));
}

static inline uint64_t i64_rotl(uint64_t value, uint64_t count)
{
	return (value << (count & 63)) | (value >> (-count & 63));
}

static inline uint64_t i64_rotr(uint64_t value, uint64_t count)
{
	return (value >> (count & 63)) | (value << (-count & 63));
}

static inline uint32_t i32_clz(uint32_t value)
{
	return value ? (uint32_t)__builtin_clz(value) : 32;
}

static inline uint32_t i32_ctz(uint32_t value)
{
	return value ? (uint32_t)__builtin_ctz(value) : 32;
}

static inline uint64_t i64_clz(uint64_t value)
{
	return value ? (uint64_t)__builtin_clzll(value) : 64;
}

static inline uint64_t i64_ctz(uint64_t value)
{
	return value ? (uint64_t)__builtin_ctzll(value) : 64;
}

static inline uint32_t i32_popcnt(uint32_t value)
{
	value -= (value >> 1) & 0x55555555u;
	value = (value & 0x33333333u) + ((value >> 2) & 0x33333333u);
	return (((value + (value >> 4)) & 0x0f0f0f0fu) * 0x01010101u) >> 24;
}

static inline uint64_t i64_popcnt(uint64_t value)
{
	return (uint64_t)i32_popcnt((uint32_t)value) + i32_popcnt((uint32_t)(value >> 32));
}

/* The smallest number by -1 leaves no rest, but C does not say so. */
static inline uint32_t i32_rem_s(uint32_t left, uint32_t right)
{
	return right == 0xffffffffu ? 0 : (uint32_t)((int32_t)left % (int32_t)right);
}

static inline uint64_t i64_rem_s(uint64_t left, uint64_t right)
{
	return right == 0xffffffffffffffffull ? 0 : (uint64_t)((int64_t)left % (int64_t)right);
}

/* Bits of floating-point numbers. */

static inline float f32_of(uint32_t bits)
{
	float value;

	__builtin_memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline double f64_of(uint64_t bits)
{
	double value;

	__builtin_memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline uint32_t f32_bits(float value)
{
	uint32_t bits;

	__builtin_memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static inline uint64_t f64_bits(double value)
{
	uint64_t bits;

	__builtin_memcpy(&bits, &value, sizeof(bits));
	return bits;
}

#define F32_SIGN 0x80000000u
#define F64_SIGN 0x8000000000000000ull

static inline float f32_abs(float value)
{
	return f32_of(f32_bits(value) & ~F32_SIGN);
}

static inline float f32_neg(float value)
{
	return f32_of(f32_bits(value) ^ F32_SIGN);
}

static inline float f32_copysign(float value, float sign)
{
	return f32_of((f32_bits(value) & ~F32_SIGN) | (f32_bits(sign) & F32_SIGN));
}

static inline double f64_abs(double value)
{
	return f64_of(f64_bits(value) & ~F64_SIGN);
}

static inline double f64_neg(double value)
{
	return f64_of(f64_bits(value) ^ F64_SIGN);
}

static inline double f64_copysign(double value, double sign)
{
	return f64_of((f64_bits(value) & ~F64_SIGN) | (f64_bits(sign) & F64_SIGN));
}

/* What is no number leaves an operation as one that signals nothing; compilers and their libraries
 * do not see to that. */
static inline float f32_quiet(float value)
{
	return f32_of(f32_bits(value) | 0x400000u);
}

static inline double f64_quiet(double value)
{
	return f64_of(f64_bits(value) | 0x8000000000000ull);
}

static inline float f32_min(float left, float right)
{
	if (left != left) {
		return f32_quiet(left);
	}
	if (right != right) {
		return f32_quiet(right);
	}
	/* Of the zeros, the negative one. */
	return left == right  ? f32_of(f32_bits(left) | f32_bits(right))
	       : left < right ? left
			      : right;
}

static inline float f32_max(float left, float right)
{
	if (left != left) {
		return f32_quiet(left);
	}
	if (right != right) {
		return f32_quiet(right);
	}
	return left == right  ? f32_of(f32_bits(left) & f32_bits(right))
	       : left > right ? left
			      : right;
}

static inline double f64_min(double left, double right)
{
	if (left != left) {
		return f64_quiet(left);
	}
	if (right != right) {
		return f64_quiet(right);
	}
	return left == right  ? f64_of(f64_bits(left) | f64_bits(right))
	       : left < right ? left
			      : right;
}

static inline double f64_max(double left, double right)
{
	if (left != left) {
		return f64_quiet(left);
	}
	if (right != right) {
		return f64_quiet(right);
	}
	return left == right  ? f64_of(f64_bits(left) & f64_bits(right))
	       : left > right ? left
			      : right;
}

static inline float f32_demote_f64(double value)
{
	return value != value ? f32_quiet((float)value) : (float)value;
}

static inline double f64_promote_f32(float value)
{
	return value != value ? f64_quiet((double)value) : (double)value;
}

/* Rounding, by bits: a machine without a floating-point unit has no faster way, and a library is
 * not always there. */

enum rounding {
	ROUND_TRUNC,
	ROUND_FLOOR,
	ROUND_CEIL,
	ROUND_NEAREST,
};

static __attribute__((unused, noinline)) double f64_round(double value, enum rounding rounding)
{
	uint64_t bits = f64_bits(value), sign = bits & F64_SIGN, unit, fraction;
	int32_t exponent = (int32_t)((bits >> 52) & 0x7ff) - 1023;
	uint32_t away;

	if (exponent >= 52) {
		return value != value ? f64_quiet(value) : value;
	}
	if (exponent < 0) {
		if ((bits << 1) == 0) {
			return value;
		}
		/* Below 1: to a zero or to a one, with its sign. */
		away = rounding == ROUND_FLOOR ? sign != 0
		       : rounding == ROUND_CEIL
			       ? sign == 0
			       : rounding == ROUND_NEAREST && exponent == -1 && (bits << 12) != 0;
		return f64_of(sign | (away ? 0x3ff0000000000000ull : 0));
	}
	unit = 1ull << (52 - exponent);
	fraction = bits & (unit - 1);
	if (fraction == 0) {
		return value;
	}
	bits -= fraction;
	/* A one that is half way goes to two: its last bit is not among those that are kept. */
	away = rounding == ROUND_FLOOR ? sign != 0
	       : rounding == ROUND_CEIL
		       ? sign == 0
		       : rounding == ROUND_NEAREST &&
				 (fraction > unit / 2 ||
				  (fraction == unit / 2 && (exponent == 0 || (bits & unit) != 0)));
	return f64_of(away ? bits + unit : bits);
}

static inline float f32_round(float value, enum rounding rounding)
{
	return value != value ? f32_quiet(value) : (float)f64_round((double)value, rounding);
}

static inline float f32_trunc(float value)
{
	return f32_round(value, ROUND_TRUNC);
}

static inline float f32_floor(float value)
{
	return f32_round(value, ROUND_FLOOR);
}

static inline float f32_ceil(float value)
{
	return f32_round(value, ROUND_CEIL);
}

static inline float f32_nearest(float value)
{
	return f32_round(value, ROUND_NEAREST);
}

static inline double f64_trunc(double value)
{
	return f64_round(value, ROUND_TRUNC);
}

static inline double f64_floor(double value)
{
	return f64_round(value, ROUND_FLOOR);
}

static inline double f64_ceil(double value)
{
	return f64_round(value, ROUND_CEIL);
}

static inline double f64_nearest(double value)
{
	return f64_round(value, ROUND_NEAREST);
}

/* The square root, a bit at a time: libraries for boards have none, or need errno. */
static __attribute__((unused, noinline)) double f64_sqrt(double value)
{
	uint64_t bits = f64_bits(value), rest = 0, root = 0;
	int32_t exponent = (int32_t)((bits >> 52) & 0x7ff), step;

	if (value != value) {
		return f64_quiet(value);
	}
	if ((bits << 1) == 0 || bits == 0x7ff0000000000000ull) {
		return value;
	}
	if (bits & F64_SIGN) {
		return f64_of(0x7ff8000000000000ull);
	}
	if (exponent == 0) {
		/* Of the smallest numbers, the leading one is not at its place yet. */
		exponent = 1;
		while (!(bits & 0x10000000000000ull)) {
			bits <<= 1;
			exponent--;
		}
	} else {
		bits = (bits & 0xfffffffffffffull) | 0x10000000000000ull;
	}
	exponent -= 1023;
	/* 54 bits, of which half the exponent is a whole number. */
	if (exponent & 1) {
		bits <<= 1;
		exponent--;
	}
	/* 54 bits of the root, the last of which says how to round: no root is half way. */
	for (step = 0; step < 54; step++) {
		rest = (rest << 2) | ((bits >> 52) & 3);
		bits = (bits & 0xfffffffffffffull) << 2;
		root <<= 1;
		if (rest >= ((root << 1) | 1)) {
			rest -= (root << 1) | 1;
			root |= 1;
		}
	}
	root = (root >> 1) + (root & 1);
	return f64_of(((uint64_t)(exponent / 2 + 1022) << 52) + root);
}

static inline float f32_sqrt(float value)
{
	return value != value ? f32_quiet(value) : f32_demote_f64(f64_sqrt((double)value));
}

/* Which numbers fit an integer once their fraction is off. */
#define F32_FITS_I32_S(value) ((value) >= -2147483648.0f && (value) < 2147483648.0f)
#define F32_FITS_I32_U(value) ((value) > -1.0f && (value) < 4294967296.0f)
#define F64_FITS_I32_S(value) ((value) > -2147483649.0 && (value) < 2147483648.0)
#define F64_FITS_I32_U(value) ((value) > -1.0 && (value) < 4294967296.0)
#define F32_FITS_I64_S(value)                                                                      \
	((value) >= -9223372036854775808.0f && (value) < 9223372036854775808.0f)
#define F32_FITS_I64_U(value) ((value) > -1.0f && (value) < 18446744073709551616.0f)
#define F64_FITS_I64_S(value) ((value) >= -9223372036854775808.0 && (value) < 9223372036854775808.0)
#define F64_FITS_I64_U(value) ((value) > -1.0 && (value) < 18446744073709551616.0)

/* The nearest integer that there is, and 0 for what is no number. */
#define SATURATE(name, from, fits, to, as, least, most)                                            \
	static inline to name(from value)                                                          \
	{                                                                                          \
		return fits(value)      ? (to)(as)value                                            \
		       : value != value ? 0                                                        \
		       : value < 0      ? least                                                    \
					: most;                                                    \
	}

SATURATE(i32_trunc_sat_f32_s, float, F32_FITS_I32_S, uint32_t, int32_t, 0x80000000u, 0x7fffffffu)
SATURATE(i32_trunc_sat_f32_u, float, F32_FITS_I32_U, uint32_t, uint32_t, 0, 0xffffffffu)
SATURATE(i32_trunc_sat_f64_s, double, F64_FITS_I32_S, uint32_t, int32_t, 0x80000000u, 0x7fffffffu)
SATURATE(i32_trunc_sat_f64_u, double, F64_FITS_I32_U, uint32_t, uint32_t, 0, 0xffffffffu)
SATURATE(i64_trunc_sat_f32_s, float, F32_FITS_I64_S, uint64_t, int64_t, F64_SIGN, ~F64_SIGN)
SATURATE(i64_trunc_sat_f32_u, float, F32_FITS_I64_U, uint64_t, uint64_t, 0, ~0ull)
SATURATE(i64_trunc_sat_f64_s, double, F64_FITS_I64_S, uint64_t, int64_t, F64_SIGN, ~F64_SIGN)
SATURATE(i64_trunc_sat_f64_u, double, F64_FITS_I64_U, uint64_t, uint64_t, 0, ~0ull)

/* `memory.grow`: the size before, or -1. A memory never moves, so that nobody else has to know. */
static __attribute__((unused, noinline)) uint32_t
grow_memory(struct zephyr_wasm_compiled_instance *head, uint32_t pages, uint32_t page_size,
	    uint64_t largest)
{
	uint64_t size = head->memory_size + (uint64_t)pages * page_size;
	uint32_t before = head->memory_size / page_size;

	if (pages == 0) {
		return before;
	}
	if (size > largest || size > 0xffffffffu) {
		return 0xffffffffu;
	}
	return head->runtime->grow_memory(head, (uint32_t)size) ? before : 0xffffffffu;
}

/* `table.grow`: the same of a table that has room for so many. */
static __attribute__((unused, noinline)) uint32_t
grow_table(struct zephyr_wasm_compiled_instance *head, uint32_t *table, uint32_t *size,
	   uint32_t room, uint32_t value, uint32_t more)
{
	uint32_t before = *size, at;

	if (more == 0) {
		return before;
	}
	if (more > room - before || !head->runtime->grow_table(head, before, before + more)) {
		return 0xffffffffu;
	}
	for (at = before; at < before + more; at++) {
		table[at] = value;
	}
	*size = before + more;
	return before;
}

/* `table.fill`, within the table. */
static __attribute__((unused)) void fill_table(uint32_t *table, uint32_t at, uint32_t value,
					       uint32_t count)
{
	for (; count > 0; at++, count--) {
		table[at] = value;
	}
}
