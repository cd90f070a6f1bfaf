//! `zephyr-wasm image`: what it writes, and what it refuses. `tests/store` has firmware that reads it.

use crate::{directory, fail, succeed, tool};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use zephyr_wasm_code::{ALIGNMENT, Header, Info, Target, append, codes, digest};

const CONFIG: &str = "CONFIG_WASM=y\nCONFIG_WASM_STORE=y\nCONFIG_WASM_STORE_UNSIGNED_REFUSED=y\n\
    CONFIG_WASM_INTERPRETER=y\nCONFIG_WASM_APP_HEAP_SIZE=131072\nCONFIG_WASM_STORE_ENTRY_COUNT=4\n\
    CONFIG_WASM_STORE_FLOOR_COUNT=4\nCONFIG_WASM_STORE_REVOKED_KEY_COUNT=2\nCONFIG_WASM_STORE_BLOCK_SIZE=4096\n\
    CONFIG_WASM_STORE_KEYS=\"keys/ours.pub.pem\"\nCONFIG_FLASH_BASE_ADDRESS=0x8000000\n";

const DTS: &str = "/ {\n\tchosen {\n\t\tzephyr,flash = &flash0;\n\t};\n\tflash0: flash@8000000 {\n\t\tpartitions {\n\
    \t\t\t#address-cells = < 0x1 >;\n\t\t\t#size-cells = < 0x1 >;\n\
    \t\t\twasm_partition: partition@7d000 {\n\t\t\t\treg = < 0x7d000 0x8000 >;\n\t\t\t};\n\t\t};\n\t};\n};\n";

/// A build of firmware with a store, and apps for it.
struct Board(PathBuf);

impl Board {
    fn new(name: &str) -> Self {
        let here = directory(name);
        fs::create_dir_all(here.join("build/zephyr")).unwrap();
        fs::create_dir(here.join("keys")).unwrap();
        for key in ["ours.pem", "theirs.pem"] {
            succeed(tool().arg("keygen").arg("--output").arg(here.join("keys").join(key)));
        }
        let cache = format!("APPLICATION_SOURCE_DIR:PATH={}\n", here.display());
        fs::write(here.join("build/CMakeCache.txt"), cache).unwrap();
        let board = Board(here);
        board.put("build/zephyr/.config", CONFIG);
        board.put("build/zephyr/zephyr.dts", DTS);
        board
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// A packed app, signed by a key if one is named.
    fn app(&self, file: &str, name: &str, key: Option<&str>) -> PathBuf {
        self.put("app.toml", &format!("name = \"{name}\"\nversion = \"1.2.3\"\n"));
        self.put("app.wat", "(module (memory 1) (func (export \"run\") (result i32) i32.const 0))");
        let file = self.path(file);
        succeed(tool().arg("pack").arg(self.path("app.wat")).arg("--output").arg(&file));
        if let Some(key) = key {
            succeed(tool().arg("sign").arg(&file).arg("--key").arg(self.path(key)));
        }
        file
    }

    fn image(&self, apps: &[&Path]) -> Command {
        let mut image = tool();
        image.arg("image").args(apps).arg("--board").arg(self.path("build"));
        image.arg("--output").arg(self.path("apps.hex"));
        image
    }
}

const OURS: Option<&str> = Some("keys/ours.pem");

/// The bytes of a file of Intel HEX, and where each is.
fn bytes_of(hex: &str) -> Vec<(u32, u8)> {
    let (mut upper, mut found) = (0, Vec::new());
    for line in hex.lines() {
        let digits = line.strip_prefix(':').unwrap();
        let number = |at: usize| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap();
        let line: Vec<u8> = (0..digits.len() / 2).map(number).collect();
        assert_eq!(line.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)), 0, "{digits}");
        let (data, address) = (&line[4..line.len() - 1], u32::from(u16::from_be_bytes([line[1], line[2]])));
        assert_eq!(data.len(), usize::from(line[0]));
        match line[3] {
            4 => upper = u32::from(u16::from_be_bytes([data[0], data[1]])) << 16,
            kind => {
                assert!(kind == 0 || data.is_empty(), "{digits}");
                found.extend((upper + address..).zip(data.iter().copied()));
            }
        }
    }
    found
}

#[test]
fn apps_are_where_a_board_looks_for_them() {
    let board = Board::new("image");
    let (one, two) = (board.app("one.wasm", "one", OURS), board.app("two.wasm", "two", OURS));
    let said = succeed(&mut board.image(&[&one, &two]));
    assert!(said.contains("2 apps") && said.contains("of 32768 bytes at 0x807d000"), "{said}");
    let hex = bytes_of(&fs::read_to_string(board.path("apps.hex")).unwrap());
    succeed(board.image(&[&one, &two]).arg("--bin"));
    let all = fs::read(board.path("apps.hex")).unwrap();
    // From the beginning of the partition on, over the end of 64 KiB.
    assert!(hex.iter().all(|(address, byte)| all[*address as usize - 0x0807_d000] == *byte));
    assert_eq!(hex[0].0, 0x0807_d000);
    assert!(hex.len() < all.len() && hex.last().unwrap().0 as usize - 0x0807_d000 == all.len() - 1);
    for (path, offset) in [(&one, 0x2000), (&two, 0x3000)] {
        let app = fs::read(path).unwrap();
        assert_eq!(all[offset..offset + app.len()], app);
    }
    assert_eq!((all[0], all[64], all[128], all[192]), (b'E', b'F', b'E', b'F'));
    assert_eq!((all[0x1000 - 128], all[0x1000 - 64], all[0x1000]), (b'C', b'C', 0));
}

#[test]
fn what_the_board_would_not_install_is_refused() {
    let board = Board::new("image-refused");
    let refused = |apps: &[&Path]| fail(&mut board.image(apps));
    let good = board.app("good.wasm", "app", OURS);
    succeed(&mut board.image(&[&good]));
    let same = board.app("same.wasm", "app", OURS);
    assert!(refused(&[&good, &same]).contains("there is an app of the name app already"));
    let unsigned = board.app("unsigned.wasm", "app", None);
    assert!(refused(&[&unsigned]).contains("is not signed"));
    let theirs = board.app("theirs.wasm", "app", Some("keys/theirs.pem"));
    assert!(refused(&[&theirs]).contains("signed by a key that the board does not have"));
    succeed(board.image(&[&theirs]).arg("--key").arg(board.path("keys/theirs.pub.pem")));
    let mut changed = fs::read(&good).unwrap();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(board.path("changed.wasm"), changed).unwrap();
    assert!(refused(&[&board.path("changed.wasm")]).contains("not what was signed"));
    fs::write(board.path("bare.wasm"), b"\0asm\x01\0\0\0").unwrap();
    assert!(refused(&[&board.path("bare.wasm")]).contains("has no manifest with a name"));
    let names = ["a", "b", "c", "d", "e"];
    let five: Vec<_> = names.iter().map(|name| board.app(&format!("{name}.wasm"), name, OURS)).collect();
    let five: Vec<&Path> = five.iter().map(PathBuf::as_path).collect();
    assert!(refused(&five).contains("more than the 4 of CONFIG_WASM_STORE_ENTRY_COUNT"));
    board.put("build/zephyr/zephyr.dts", &DTS.replace("0x8000 >", "0x4000 >"));
    assert!(refused(&five[..3]).contains("c has ") && refused(&five[..3]).contains("has 0 left of 16384"));
}

#[test]
fn the_configuration_says_what_is_taken() {
    let board = Board::new("image-configured");
    let with = |was: &str, becomes: &str| {
        assert!(CONFIG.contains(was), "{was}");
        board.put("build/zephyr/.config", &CONFIG.replace(was, becomes));
    };
    let unsigned = board.app("app.wasm", "app", None);
    with("CONFIG_WASM_STORE_UNSIGNED_REFUSED=y\n", "CONFIG_WASM_STORE_UNSIGNED_ALLOWED=y\n");
    succeed(board.image(&[&unsigned]).arg("--bin"));
    // It is installed without a signature, and nothing older is kept out.
    let bytes = fs::read(board.path("apps.hex")).unwrap();
    assert_eq!((bytes[0], bytes[2], bytes[64]), (b'E', 4, 0));
    with("keys/ours", "keys/nowhere");
    let signed = board.app("signed.wasm", "app", OURS);
    let told = fail(&mut board.image(&[&signed]));
    assert!(told.contains("CONFIG_WASM_STORE_KEYS: keys/nowhere.pub.pem cannot be read"), "{told}");
    succeed(board.image(&[&signed]).arg("--key").arg(board.path("keys/ours.pub.pem")));
    with("CONFIG_WASM_APP_HEAP_SIZE=131072", "CONFIG_WASM_APP_HEAP_SIZE=1024");
    let told = fail(board.image(&[&signed]).arg("--key").arg(board.path("keys/ours.pub.pem")));
    assert!(told.contains("the board refuses app"), "{told}");
    with("CONFIG_WASM_STORE=y\n", "");
    assert!(fail(&mut board.image(&[&signed])).contains("CONFIG_WASM_STORE=y"));
    with("CONFIG_WASM_STORE_BLOCK_SIZE=4096", "CONFIG_WASM_STORE_BLOCK_SIZE=100");
    assert!(fail(&mut board.image(&[&signed])).contains("expected a multiple of 64"));
    with("CONFIG_WASM_STORE_FLOOR_COUNT=4\n", "");
    assert!(fail(&mut board.image(&[&signed])).contains("CONFIG_WASM_STORE_FLOOR_COUNT: expected a number"));
}

/// What a board has to run as machine code and cannot run, it does not install.
#[test]
fn code_is_for_the_board() {
    let board = Board::new("image-code");
    let compiled = "CONFIG_WASM_COMPILED=y\nCONFIG_WASM_COMPILED_STORE=y\nCONFIG_WASM_COMPILED_TARGET=\"thumbv7m\"\n\
        CONFIG_WASM_COMPILED_STACK_MARGIN=1280\nCONFIG_WASM_COMPILED_KEYS=\"keys/ours.pub.pem\"\n";
    let store = "CONFIG_WASM_STORE_KEYS=\"keys/ours.pub.pem keys/theirs.pub.pem\"\n";
    let interprets = format!("{CONFIG}{compiled}{store}");
    let only_runs = interprets.replace("CONFIG_WASM_INTERPRETER=y\n", "");
    let made = |file: &str, key: &str, code: Option<(Target, u32)>, is_stripped: bool| {
        let path = board.app(file, "app", None);
        let mut packed = fs::read(&path).unwrap();
        if is_stripped {
            packed = zephyr_wasm_compile::outside(&packed).unwrap();
        }
        // As nobody compares it with the app, nobody moves it behind the signature to where it can run.
        for shift in 0..ALIGNMENT {
            let mut app = packed.clone();
            if let Some((target, frame)) = code {
                let (speed, unaligned, places, largest_table) = (false, false, false, 0);
                let digest = digest(&app);
                let header = Header { target, speed, unaligned, places, frame, largest_table, digest };
                // It says of what ABI it is.
                let mut code = vec![0; 2 * Info::SIZE];
                code[0] = 1;
                append(&mut app, shift, &header, &code, "none");
            }
            fs::write(&path, app).unwrap();
            succeed(tool().args(["sign", "--unchecked"]).arg(&path).arg("--key").arg(board.path(key)));
            if codes(&fs::read(&path).unwrap()).flatten().all(|code| code.is_aligned()) {
                return path;
            }
        }
        panic!("the code is at no place");
    };
    let app = |file: &str, key: &str, code: Option<(Target, u32)>| made(file, key, code, false);
    let (ours, theirs) = ("keys/ours.pem", "keys/theirs.pem");
    let good = app("good.wasm", ours, Some((Target::Thumbv7m, 16)));
    let none = app("none.wasm", ours, None);
    let other = app("other.wasm", ours, Some((Target::Thumbv7em, 16)));
    let large = app("large.wasm", ours, Some((Target::Thumbv7m, 1000)));
    let untrusted = app("untrusted.wasm", theirs, Some((Target::Thumbv7m, 16)));
    // As `sign --strip` leaves it.
    let stripped = made("stripped.wasm", ours, Some((Target::Thumbv7m, 16)), true);
    let stripped_other = made("stripped_other.wasm", ours, Some((Target::Thumbv7em, 16)), true);
    let stripped_untrusted = made("stripped_untrusted.wasm", theirs, Some((Target::Thumbv7m, 16)), true);
    let stripped_bare = made("stripped_bare.wasm", ours, None, true);
    board.put("build/zephyr/.config", &interprets);
    for path in [&good, &none, &other, &large, &untrusted, &stripped] {
        succeed(&mut board.image(&[path]));
    }
    let refused_as = |path: &Path, reason: &str, why: &str| {
        let told = fail(&mut board.image(&[path]));
        let words = format!("the board refuses app: {reason}, and {why}");
        assert!(told.contains(&words), "{words}: {told}");
    };
    // What it would have to interpret is not there.
    let refused = |path: &Path, why: &str| {
        refused_as(path, "it has no WebAssembly code (`zephyr-wasm sign --strip`)", why);
    };
    refused(&stripped_other, "it has no code for thumbv7m");
    refused(&stripped_untrusted, "it is not signed by a key that may sign machine code");
    refused(&stripped_bare, "it has no machine code");
    board.put("build/zephyr/.config", &interprets.replace("CONFIG_WASM_COMPILED_STORE=y\n", ""));
    refused(&stripped, "its code is not for this firmware: CONFIG_WASM_COMPILED_STORE is not set");
    board.put("build/zephyr/.config", &only_runs);
    succeed(&mut board.image(&[&good]));
    succeed(&mut board.image(&[&stripped]));
    let refused = |path: &Path, why: &str| {
        refused_as(path, "this firmware interprets nothing", &format!("it {why}"));
    };
    refused(&stripped_other, "has no code for thumbv7m");
    refused(&stripped_untrusted, "is not signed by a key that may sign machine code");
    refused(&stripped_bare, "has no machine code");
    refused(&none, "has no machine code: `zephyr-wasm compile --target`, before it is signed");
    refused(&other, "has no code for thumbv7m: `zephyr-wasm compile --target thumbv7m`");
    refused(&large, "has code with a stack frame of 1000 bytes, and the most here are 896");
    refused(&untrusted, "is not signed by a key that may sign machine code (CONFIG_WASM_COMPILED_KEYS)");
    // Of a key that is elsewhere, nobody knows here whose it is.
    board.put(
        "build/zephyr/.config",
        &only_runs.replace("COMPILED_KEYS=\"keys/ours", "COMPILED_KEYS=\"keys/nowhere"),
    );
    succeed(&mut board.image(&[&untrusted]));
    board.put("build/zephyr/.config", &only_runs.replace("CONFIG_WASM_COMPILED_STORE=y\n", ""));
    let told = fail(&mut board.image(&[&good]));
    assert!(
        told.contains("CONFIG_WASM_COMPILED_STORE is not set, so its store does not take the app"),
        "{told}"
    );
}

#[test]
fn an_address_is_never_guessed() {
    let board = Board::new("image-address");
    let app = board.app("app.wasm", "app", OURS);
    board.put("build/zephyr/zephyr.dts", &DTS.replace("&flash0", "&flash1"));
    assert!(fail(&mut board.image(&[&app])).contains("not in the flash that `zephyr,flash` names"));
    succeed(board.image(&[&app]).args(["--address", "0x90000000"]));
    succeed(board.image(&[&app]).arg("--bin"));
    assert!(fail(board.image(&[&app]).args(["--address", "0xffffe000"])).contains("addresses of 32 bits"));
    fs::remove_file(board.path("build/zephyr/zephyr.dts")).unwrap();
    assert!(fail(board.image(&[&app]).arg("--bin")).contains("--size says how large wasm_partition is"));
    let size = ["--size", "0x8000"];
    assert!(fail(board.image(&[&app]).args(size)).contains("--address says where wasm_partition is"));
    succeed(board.image(&[&app]).args(size).args(["--address", "0x9000"]));
}
