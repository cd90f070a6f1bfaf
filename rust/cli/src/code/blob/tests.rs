use super::*;
use crate::temporary::Directory;
use zephyr_wasm_code::{Info, Target};

/// What comes of some C, if there is a compiler.
fn made(target: Target, c: &str) -> Option<Result<Blob, String>> {
    let toolchain = Toolchain::of(target).ok()?;
    let directory = Directory::new().unwrap();
    let info = format!(
        "__attribute__((used, section(\".info\"))) static const unsigned long info[{}] = {{1}};",
        Info::SIZE / 4
    );
    let entry = "int zephyr_wasm_compiled_app_app(int argument) { return f(argument); }";
    let c = format!("{info}\n{c}\n{entry}\n");
    Some(make(directory.path(), &toolchain, &c, false, false).map_err(|error| format!("{error:#}")))
}

/// That C is refused for each target, with one of these words.
fn is_refused(c: &str, words: &[&str]) {
    for target in Target::ALL {
        let Some(made) = made(*target, c) else { continue };
        let error = made.err().unwrap_or_else(|| panic!("{} is taken: {c}", target.name()));
        assert!(words.iter().any(|word| error.contains(word)), "{}: {error}", target.name());
    }
}

#[test]
fn code_and_constants_are_taken() {
    for target in Target::ALL {
        let c = "static const int table[] = {3, 1, 4};\nstatic int f(int x) { return table[x & 1] / x; }";
        let Some(made) = made(*target, c) else { continue };
        let made = made.unwrap();
        assert!(made.bytes.len().is_multiple_of(8) && made.frame < 64, "{}", target.name());
    }
}

/// Whatever of the compiler's library an app needs, it has no address in it.
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
    for target in Target::ALL {
        let Some(made) = made(*target, ALL) else { continue };
        assert!(made.is_ok(), "{}: {}", target.name(), made.err().unwrap());
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
    assert!(
        made(Target::Thumbv7m, own).is_none_or(|made| made.is_ok()),
        "an address that C has is no reference"
    );
    is_refused(
        "int others(int);\nstatic int f(int x) { return others(x); }",
        &["undefined reference", "others"],
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
         __attribute__((noinline)) static int f(int x) { return x; }",
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
    let symbols =
        "00000000 A base\n00000008 T first\n00000010 t second\n00000020 a absolute\n         U other\n";
    assert_eq!(around(symbols, 9), Some("first"));
    assert_eq!(around(symbols, 0x40), Some("second"));
    assert_eq!(around(symbols, 4), None);
    assert!(refuse_weak(symbols).is_ok());
    assert!(refuse_weak("\napp.o:\n         w other\n").is_err());
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
