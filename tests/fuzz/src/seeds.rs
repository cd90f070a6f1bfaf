//! What fuzzers begin with: what the repository has of each kind, so that they need not invent it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use wat::{GenerateDwarf, Parser};

/// The files of a directory of this repository with such an end, and of those in it.
fn files(directory: &str, end: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut left, mut found) = (vec![root.join(directory)], Vec::new());
    while let Some(directory) = left.pop() {
        for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|extension| extension == end) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Bytes without a meaning, of several lengths.
pub fn random() -> Vec<Vec<u8>> {
    let mut number = 0x5eedu32;
    let mut next = || {
        number ^= number << 13;
        number ^= number >> 17;
        number ^= number << 5;
        number as u8
    };
    let lengths = [40, 100, 300, 1000, 4000];
    lengths
        .iter()
        .cycle()
        .take(40)
        .map(|length| (0..*length).map(|_| next()).collect())
        .collect()
}

/// Every manifest there is, and pairs of a pattern and what is asked for.
pub fn manifests() -> Vec<Vec<u8>> {
    let texts = ["samples", "tests"]
        .iter()
        .flat_map(|directory| files(directory, "toml"));
    let mut seeds: Vec<Vec<u8>> = texts
        .filter(|path| path.file_name().is_some_and(|name| name != "Cargo.toml"))
        .flat_map(fs::read)
        .collect();
    for pair in [
        "http://*.example.com:8080/api/*\nhttp://a.example.com:8080/api/b?c=d",
        "http://[fd00::1]/\nHTTP://[FD00::1]:80/./a/../%41",
        "tcp://10.0.0.*:5*\n10.0.0.1",
        "name a\nzephyr:http request http://a/*\nzephyr:sensor read ambient\nheap 4096",
    ] {
        seeds.push(pair.as_bytes().to_vec());
    }
    seeds
}

/// Functions of all types, their arguments, and memory.
pub fn calls() -> Vec<Vec<u8>> {
    [
        "func(u8) -> u8\n255\n\n",
        "func(s64) -> s64\n-9223372036854775808\n\n",
        "func(f32) -> f32\n-0.1e5\n\n",
        "func(f64) -> f64\nnan\n\n",
        "func(char) -> char\n'\\u{1f600}'\n\n",
        "func(string) -> string\n\"a\\n\\t\\\"\\u{9b}\"\n\n",
        "func(list<string>) -> list<string>\n[\"a\", \"b\"]\n\n",
        "func(list<u8>) -> list<u8>\n[1, 2, 3]\n\n",
        "func(list<record { a: u8, b: option<s16> }>) -> list<record { a: u8, b: option<s16> }>\n[{a: 1, b: some(-1)}, {a: 2}]\n\n",
        "func(list<variant { x, y(f64), z(list<char>) }>) -> list<variant { x, y(f64), z(list<char>) }>\n[x, y(1.5), z(['a'])]\n\n",
        "func(list<flags { a, b, c }>) -> list<flags { a, b, c }>\n[{a, c}, {}]\n\n",
        "func(list<result<u8, string>>) -> list<result<u8, string>>\n[ok(1), err(\"no\")]\n\n",
        "func(list<tuple<bool, enum { on, off }>>) -> list<tuple<bool, enum { on, off }>>\n[(true, off)]\n\n",
        "func(u8, option<string>) -> tuple<u8, string>\n1\nnone\n\n\x01\x00\x00\x00\x10\x00\x00\x00\x04\x00\x00\x00abcd",
        "func() -> option<result<_, enum { x, y }>>\n\n\x00\x01\x01\x01",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// Consoles with a dump.
pub fn dumps() -> Vec<Vec<u8>> {
    [
        "#WD:begin weather 0x4d2 10\r\n[00:01] <inf> other: hello\r\n#WD:0102\x1b[0m\r\n#WD:0*7\r\n#WD:ff\r\n#WD:end\r\n",
        "#WD:begin a 60 4\n#WD:01020304\n#WD:end\n#WD:begin b 0x20 2\n#WD:0*2\n#WD:end\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// A module with lines of its source and names.
pub fn with_lines() -> Vec<u8> {
    let source = "(module\n (memory (export \"memory\") 1)\n (table 2 funcref)\n (elem (i32.const 0) $a $b)\n \
                  (data (i32.const 8) \"text\")\n (func $a (param i32) (result i32)\n  (i32.load (local.get 0)))\n \
                  (func $b\n  nop\n  unreachable)\n (func (export \"run\") (result i32)\n  (call $b)\n  \
                  (select (i32.const 1) (i32.const 2) (i32.eqz (call $a (i32.const 0))))))";
    let mut parser = Parser::new();
    let parsed = parser
        .generate_dwarf(GenerateDwarf::Lines)
        .parse_bytes(Some(Path::new("app.wat")), source.as_bytes());
    parsed.expect("our own text").into_owned()
}

/// Consoles, changes of a module, and debug sections.
pub fn consoles() -> Vec<Vec<u8>> {
    let line =
        b"\x01[00:00:01.000] <err> zephyr_wasm: app: trapped: unreachable at 0x4d2\x1b[0m\r\n\0"
            .to_vec();
    let mut whole = vec![0, 0];
    whole.extend(with_lines());
    let mut seeds = vec![line, whole, b"\x02\0\x10\x02\x05".to_vec()];
    // A table of lines that is nearly one, as the module's.
    let module = with_lines();
    let name = b".debug_line";
    if let Some(at) = module.windows(name.len()).position(|window| window == name) {
        let section = &module[at + name.len()..];
        let mut seed = vec![3, 0, (section.len().min(500) / 2) as u8];
        seed.extend(&section[..section.len().min(500)]);
        seeds.push(seed);
    }
    seeds
}

/// The hostile guests, each as it is, and as the changes of one.
pub fn guests() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = files("tests/guests", "wat")
        .iter()
        .flat_map(wat::parse_file)
        .filter(|module| module.len() < 2000)
        .flat_map(|module| [0u8, 8].map(|kind| [&[kind], module.as_slice()].concat()))
        .collect();
    seeds.extend(
        random()
            .into_iter()
            .map(|bytes| [&[3], bytes.as_slice()].concat()),
    );
    seeds
}

/// Components of several shapes.
pub fn whole_components() -> &'static [Vec<u8>] {
    static ALL: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
        let texts = [
            "(component (core module $main (func (export \"run\"))))",
            "(component (core module $a (func (export \"f\"))) (core module $b))",
            "(component (component (core module $a)))",
            "(component (core module (@name \"wit-component:adapter:x\")) (core module))",
            "(component (core module $main (func (export \"run\")))
               (core module (table (export \"$imports\") 1 1 funcref) (func (export \"0\") (call_indirect (i32.const 0))))
               (core module (import \"\" \"0\" (func)) (import \"\" \"$imports\" (table 1 1 funcref)) (elem (i32.const 0) 0)))",
            "(component
               (import \"a:b/c@0.1.0\" (instance (export \"f\" (func (param \"x\" (list u8)) (result string)))))
               (core module $m (memory (export \"memory\") 1) (func (export \"run\") (result i32) i32.const 0))
               (core instance $i (instantiate $m))
               (func (export \"run\") (result s32) (canon lift (core func $i \"run\"))))",
        ];
        texts
            .map(|text| wat::parse_str(text).expect("our own text"))
            .to_vec()
    });
    &ALL
}

/// Each component as it is.
pub fn components() -> Vec<Vec<u8>> {
    whole_components()
        .iter()
        .map(|file| [&[0], file.as_slice()].concat())
        .collect()
}
