use super::super::family::{ARM, RISCV, clang, whole};
use super::*;
use crate::temporary::Directory;
use zephyr_wasm_code::{Info, Target};

/// The compilers for a target that are here: GCC and clang, whichever the tool would take.
fn toolchains(target: Target) -> Vec<Toolchain> {
    let gcc = if target.is_arm() { ARM.gcc() } else { RISCV.gcc() };
    let all = [gcc, clang()].into_iter().flatten();
    all.filter_map(|path| Toolchain::by(target, vec![whole(&path).unwrap()]).ok()).collect()
}

/// Each compiler for each target.
fn each() -> impl Iterator<Item = Toolchain> {
    Target::ALL.iter().flat_map(|target| toolchains(*target))
}

/// What a test says of a compiler.
fn named(toolchain: &Toolchain) -> String {
    format!("{} for {}", toolchain.called(), toolchain.target.name())
}

/// What comes of some C.
fn made(toolchain: &Toolchain, c: &str) -> Result<Blob, String> {
    let directory = Directory::new().unwrap();
    let info = format!(
        "__attribute__((used, section(\".info\"))) static const unsigned long info[{}] = {{1}};",
        Info::SIZE / 4
    );
    let entry = "int zephyr_wasm_compiled_app_app(int argument) { return f(argument); }";
    let c = format!("{info}\n{c}\n{entry}\n");
    make(directory.path(), toolchain, &c, false, false).map_err(|error| format!("{error:#}"))
}

/// That C is refused for each target, with one of these words.
fn is_refused(c: &str, words: &[&str]) {
    for toolchain in each() {
        let (error, name) = (made(&toolchain, c).err(), named(&toolchain));
        let error = error.unwrap_or_else(|| panic!("{name} takes it: {c}"));
        assert!(words.iter().any(|word| error.contains(word)), "{name}: {error}");
    }
}

#[test]
fn code_and_constants_are_taken() {
    for toolchain in each() {
        let c = "static const int table[] = {3, 1, 4};\nstatic int f(int x) { return table[x & 1] / x; }";
        let made = made(&toolchain, c).unwrap();
        assert!(made.bytes.len().is_multiple_of(8) && made.frame < 64, "{}", named(&toolchain));
    }
}

/// Whatever of the compiler's library an app needs, it has no address in it. A clang without one says what is missing.
#[test]
fn arithmetic_is_taken() {
    const ALL: &str = "
static int f(int x)
{
    volatile int at;
    volatile float a = x, b = x + 1;
    volatile double c = x, d = x + 1;
    volatile long long e = x, g = x + 1;
    volatile unsigned long long h = x, i = x + 1;

    a = a / b + a * b - (a < b) + (float)c + (float)e + (float)h + (int)b;
    c = c / d + c * d - (c < d) + (double)a + (double)e + (double)h + (int)d;
    e = e / g + e % g + e * g + (long long)a + (long long)c + (e << x) + (e >> x);
    h = h / i + h % i + (unsigned long long)a + (unsigned long long)c + (h >> x);
    at = __builtin_clz(x) + __builtin_ctz(x) + __builtin_popcount(x) + __builtin_clzll(e) + __builtin_ctzll(e) +
         __builtin_popcountll(e) + x / (x + 1) + (unsigned)x % 10;
    return at + (int)a + (int)c + (int)e + (int)h;
}";
    for toolchain in each() {
        let made = made(&toolchain, ALL);
        if toolchain.library().is_ok() {
            assert!(made.is_ok(), "{}: {}", named(&toolchain), made.err().unwrap());
            continue;
        }
        let error = made.err().unwrap();
        assert!(error.contains("the code calls `__") && error.contains(" more functions, and `"), "{error}");
        assert!(
            error.contains("has no library of these") && error.contains("compiler-rt's builtins"),
            "{error}"
        );
        assert!(error.contains("ZEPHYR_WASM_CC_") && error.contains("names another compiler"), "{error}");
    }
}

/// Integers need no library of any compiler, nor does memory.
#[test]
fn integers_are_taken_without_a_library() {
    const ALL: &str = "
typedef long long number;
typedef unsigned long long natural;
__attribute__((noinline)) static void g(char *to, const char *from, unsigned long count)
{
    __builtin_memcpy(to, from, count);
    __builtin_memmove(to + 1, to, count);
    __builtin_memset(to, (int)count, count);
    __builtin_memset(to + 2, 0, count);
}
static int f(int x)
{
    volatile number e = x, g_ = x + 1;
    volatile natural h = x, i = x + 1;
    char all[16];

    e = e / g_ + e % g_ + e * g_ + (e << (x & 63)) + (e >> (x & 63));
    h = h / i + h % i + (h >> (x & 63));
    g(all, (const char *)&f, x & 7);
    return (int)e + (int)h + __builtin_clz(x) + __builtin_ctzll(h) + x / (x + 1) + (unsigned)x % (unsigned)(x + 3) + all[2];
}";
    for toolchain in each() {
        let made = made(&toolchain, ALL);
        assert!(made.is_ok(), "{}: {}", named(&toolchain), made.err().unwrap());
    }
}

/// What a function hands to others is of its frame: the stack is looked at below it.
#[test]
fn what_is_handed_over_is_counted() {
    // The most that C of an app has: see `MOST_PARAMETERS` of rust/compile.
    let parameters: String = (0..60).map(|index| format!(", long long a{index}")).collect();
    let arguments = ", x".repeat(60);
    let c = format!(
        "struct two {{ long long first, second; }};\n\
         __attribute__((noinline, noipa)) struct two others(void *i{parameters}, int index, int place)\n\
         {{ return (struct two){{a59 + index, place}}; }}\n\
         __attribute__((noinline)) static int g(long long x) {{ return (int)others(0{arguments}, 1, 2).second; }}\n\
         static int f(int x) {{ return g(x); }}"
    );
    // All but what may be in registers.
    const LEAST: u32 = 62 * 8 - 8 * 4;
    for toolchain in each() {
        let frame = made(&toolchain, &c).unwrap().frame;
        assert!((LEAST..2 * LEAST).contains(&frame), "{}: {frame}", named(&toolchain));
    }
}

#[test]
fn what_is_not_in_itself_is_refused() {
    let variables = ["the code has variables of its own"];
    is_refused("static volatile int count;\nstatic int f(int x) { return count += x; }", &variables);
    is_refused("static volatile int count = 7;\nstatic int f(int x) { return count += x; }", &variables);
    // An address that is known when it is linked.
    let pointers = "static const char a[] = \"a\";\nstatic const char *const volatile all[] = {a, a + 1};\n";
    let addresses = ["depends on its address", "variables of its own", "relocation"];
    is_refused(&format!("{pointers}static int f(int x) {{ return *all[x & 1]; }}"), &addresses);
    let own = "int zephyr_wasm_compiled_app_app(int);\nstatic int f(int x) { return *(volatile int *)0x20000000 + x; }";
    for toolchain in each() {
        assert!(
            made(&toolchain, own).is_ok(),
            "an address that C has is no reference: {}",
            named(&toolchain)
        );
    }
    is_refused(
        "int others(int);\nstatic int f(int x) { return others(x); }",
        &["undefined reference to `others'", "undefined symbol: others"],
    );
    is_refused(
        "__attribute__((weak)) int others(int);\nstatic int f(int x) { return others ? others(x) : 0; }",
        &["the code refers to `others`, which nobody has"],
    );
    is_refused(
        "__attribute__((used, section(\".unknown\"))) static const int own = 1;\n\
         static int f(int x) { return *(const volatile int *)&own + x; }",
        &["a section that no app has"],
    );
}

#[test]
fn the_entry_function_is_behind_the_properties() {
    is_refused(
        "__attribute__((used, section(\".info\"))) static const int more = 1;\nstatic int f(int x) { return x; }",
        &["the entry function is not behind the properties"],
    );
    is_refused(
        "int zephyr_wasm_compiled_app_app(int) __attribute__((section(\".text.other\")));\n\
         __attribute__((noinline)) int f(int x) { __asm__ volatile(\"\"); return x; }",
        &["the entry function is not behind the properties"],
    );
    is_refused(
        "static const char many[] __attribute__((aligned(16))) = \"many\";\n\
         static int f(int x) { return ((const volatile char *)many)[x & 3]; }",
        &["the code needs more than 8 bytes of alignment"],
    );
}

/// An address within code that a compiler might leave is told with where it is.
#[test]
fn where_an_address_is_is_told() {
    let c = "__attribute__((noinline)) static int g(int x) { return x + 1; }\n\
             __asm__(\".section .text.table,\\\"ax\\\"\\n.balign 4\\n.global table\\ntable: .word table\\n.text\\n\");\n\
             extern const int table[] __attribute__((visibility(\"hidden\")));\n\
             static int f(int x) { return g(table[x & 0]); }";
    is_refused(c, &["in or behind `table`. The app cannot help it: another compiler (`ZEPHYR_WASM_CC_"]);
}

#[test]
fn symbols_are_found() {
    let symbol = |name, address| Symbol { name, address, is_undefined: false, is_weak: false };
    let other = Symbol { is_undefined: true, ..symbol("other", None) };
    let symbols = [
        symbol("base", None),
        symbol("first", Some(8)),
        symbol("second", Some(0x11)),
        other,
        symbol("third", Some(0x20)),
    ];
    assert_eq!(around(&symbols, 9), Some("first"));
    assert_eq!(around(&symbols, 0x10), Some("second"));
    assert_eq!(around(&symbols, 0x40), Some("third"));
    assert_eq!(around(&symbols, 4), None);
    assert!(refuse_weak(&symbols).is_ok());
    assert!(refuse_weak(&[symbols[0], Symbol { is_weak: true, ..other }]).is_err());
    assert!(refuse_weak(&[Symbol { is_weak: true, ..symbols[0] }]).is_ok());
    assert_eq!(wanted(&symbols), ["other"].into());
    assert_eq!(wanted(&[other, symbol("other", Some(1))]), BTreeSet::new());
    assert_eq!(listed(&["a", "b"].into()), "`a`, `b`");
    let many = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].into();
    assert!(listed(&many).ends_with("`e`, `f` and 3 more functions"));
    assert_eq!(differing(b"abc", b"abc"), None);
    assert_eq!(differing(b"abc", b"abd"), Some(2));
    assert_eq!(differing(b"abc", b"ab"), Some(2));
}

#[test]
fn frames_are_known() {
    let line = |rest: &str| format!("app.c:1:1:f\t{rest}\n");
    assert_eq!(
        largest_frame(&(line("16\tstatic") + &line("240\tstatic") + &line("8\tstatic"))).unwrap(),
        240
    );
    assert!(largest_frame(&line("16\tdynamic")).is_err());
    assert!(largest_frame("app.c:1:1:f\n").is_err());
}
