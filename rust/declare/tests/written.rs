//! What is written of the real files.

mod common;

use common::{checkout, real};
use std::fs;
use zephyr_wasm_declare::gate::Image;
use zephyr_wasm_declare::{header, layout, list, manifest, wit};

fn all() -> Image {
    Image { apis: real().apis().map(|file| file.name.clone()).collect(), ..Image::default() }
}

#[test]
fn settings_say_what_an_image_has() {
    let of = |settings: &str| Image::of_settings(real(), settings).expect("it is understood");
    let image = of("CONFIG_WASM_API_SENSOR=y\nCONFIG_WASM_METRICS=y\n# CONFIG_WASM_API_PWM is not set\n");
    assert_eq!((&image.apis[..], image.counts, image.has_gate), (&["sensor".to_string()][..], true, false));
    assert!(image.functions(real()).all(|(_, function)| function.interface.is_none()));
    let image = of("CONFIG_WASM_API_SENSOR=y\nCONFIG_WASM_API_SENSOR_STREAMS=y\nCONFIG_WASM_USERSPACE=y\n");
    assert!(image.has_gate && image.functions(real()).any(|(_, one)| one.name == "zephyr_wasm_sensor_watch"));
    let set = |file: &str| format!("CONFIG_WASM_API_{}=y\n", file.to_uppercase());
    let all: String = real().packages.keys().map(|api| set(api)).collect();
    let image = of(&(all + "CONFIG_WASM_WASI=y\nCONFIG_WASM_TRACE=y\n"));
    let mut names: Vec<String> = real().apis().map(|file| file.name.clone()).collect();
    let mut found = image.apis;
    names.sort();
    found.sort();
    assert_eq!(names, found);
}

#[test]
fn wasi_is_a_package_without_wit() {
    let of = |settings: &str| Image::of_settings(real(), settings).expect("it is understood");
    let has = |image: &Image, name: &str| image.functions(real()).any(|(_, one)| one.name == name);
    let image = of("CONFIG_WASM_WASI=y\nCONFIG_WASM_USERSPACE=y\n");
    // What WASI calls for a program comes by the gate, too, although no app can import it here.
    assert_eq!(&image.apis[..], ["clocks", "random", "wasi"]);
    assert!(has(&image, "zephyr_wasm_output") && !has(&image, "zephyr_wasm_file_open"));
    let text = image.write(real());
    assert!(text.contains("\t{\"wasi:random\", false, \"wasi_snapshot_preview1\"},\n"), "{text}");
    assert!(text.contains("\t{\"wasi_snapshot_preview1\", false, NULL},\n"), "{text}");
    let image = of("CONFIG_WASM_WASI=y\nCONFIG_WASM_WASI_FILES=y\nCONFIG_WASM_METRICS=y\n");
    assert_eq!(&image.apis[..], ["wasi"]);
    assert!(has(&image, "zephyr_wasm_file_open"));
    let image = of("CONFIG_WASM_API_RANDOM=y\nCONFIG_WASM_USERSPACE=y\n");
    assert!(image.write(real()).contains("\t{\"wasi:random\", false, NULL},\n"));
}

#[test]
fn functions_of_no_package() {
    let mut declared = real().clone();
    declared.packages.remove("gpio");
    let error = Image::of_settings(&declared, "").expect_err("gpio.rs has functions").to_string();
    assert!(error.contains("gpio.rs:1: expected wit/gpio.wit"), "{error}");
    let mut declared = real().clone();
    declared.files.retain(|file| file.name != "gpio");
    let error = Image::of_settings(&declared, "CONFIG_WASM_API_GPIO=y").expect_err("no file").to_string();
    assert!(error.contains("at least one function"), "{error}");
}

#[test]
fn every_declared_grant_is_checked() {
    for file in real().apis() {
        let gate = Image { apis: vec![file.name.clone()], has_gate: true, ..Image::default() };
        let text = fs::read_to_string(checkout().join(format!("rust/platform-zephyr/src/{}.rs", file.name)))
            .expect("it is there");
        let stated = text.matches("    #[grants(").count() - text.matches("    #[grants(none)]").count();
        assert_eq!(gate.write(real()).matches("\tGRANTED(").count(), stated, "{}", file.name);
    }
}

#[test]
fn every_pointer_is_checked() {
    let gate = Image { has_gate: true, ..all() };
    let text = gate.write(real());
    for (_, function) in gate.functions(real()) {
        let server = &text[text.find(&format!("serve_{}(void", function.name)).expect("it is served")..];
        let server = &server[..server.find("\n}\n").expect("it ends")];
        for argument in
            function.arguments.iter().filter(|argument| argument.ty.before_a_name().ends_with('*'))
        {
            let is_checked = ["READS", "WRITES"]
                .iter()
                .any(|access| server.contains(&format!("\t{access}(frame->{}, ", argument.name)));
            assert!(is_checked, "{}: {}\n{server}", function.name, argument.name);
        }
    }
    // A byte that is no bool.
    assert!(text.contains("\tK_OOPS(K_SYSCALL_VERIFY(IS_BOOL(&frame->address->is_ipv6)));\n"));
}

#[test]
fn images_that_only_count() {
    let counts = Image { counts: true, ..all() };
    let text = counts.write(real());
    assert!(text.contains("\tCOUNT(0);\n") && !text.contains("frame"), "{text}");
    assert!(text.contains("const char *const zephyr_wasm_counted[] = {\"adc\", \"ble\", "));
}

#[test]
fn the_header_has_both_directions() {
    let text = header::write(real());
    for line in [
        "int32_t zephyr_wasm_gpio_open(const char *name, size_t length, int32_t mode);",
        "bool zephyr_wasm_gpio_may_open(const char *name, size_t length, int32_t mode);",
        "int zephyr_wasm_start(const struct zephyr_wasm_image *image, struct zephyr_wasm_app **app);",
        "_Noreturn void zephyr_wasm_panic(void);",
        "typedef const uint8_t *(*zephyr_wasm_key_at)(size_t index);",
        "void zephyr_wasm_rs_close(void *host);",
        "\tFAILURE_NOT_SUPPORTED = -4,",
        "\tSENSOR_CHAN_AMBIENT_TEMP, \\",
        "\tof(CLOCKS, wasi_clocks_monotonic_clock) \\",
        "\tof(SENSOR_STREAMS, zephyr_sensor_streams) \\",
    ] {
        assert!(text.contains(&format!("\n{line}\n")), "{line}\n{text}");
    }
    assert!(text.contains(", const char *const *parts);"), "{text}");
}

#[test]
fn c_has_the_table_of_a_manifests_keys() {
    let text = manifest::write();
    for line in [
        "/** Memory for all that it causes. */\n#define ZEPHYR_WASM_KEY_HEAP \"heap\"",
        "#define ZEPHYR_WASM_KEY_TIMER_PERIOD_US \"timer-period-us\"",
        "\tsize_t call_depth;",
        "\t.heap = CONFIG_WASM_APP_HEAP_SIZE, \\",
        "\t.memory = 0, \\",
        "\tX(\"table\", CONFIG_WASM_APP_TABLE_SIZE) \\",
    ] {
        assert!(text.contains(&format!("\n{line}\n")), "{line}\n{text}");
    }
    assert!(!text.contains("X(\"heap\""), "{text}");
}

#[test]
fn layouts_are_those_of_all_structures() {
    let text = layout::write(real());
    for name in [
        "image",
        "source",
        "call",
        "manifest",
        "identity",
        "status",
        "address",
        "report",
        "coap_peer",
        "coap_counters",
        "supervised",
    ] {
        assert!(text.contains(&format!("\nstruct zephyr_wasm_{name}_in_rust {{\n")), "{name}");
    }
    assert!(text.contains("\nBUILD_ASSERT(__alignof__(struct zephyr_wasm_image) == "));
    assert!(text.contains("\nBUILD_ASSERT((ZEPHYR_WASM_COAP_LISTEN) == (-101), "));
    assert!(!text.contains("zephyr_wasm_app_in_rust"));
}

#[test]
fn the_list_has_what_the_image_has() {
    let image = Image { apis: vec!["random".into(), "message".into()], ..Image::default() };
    let text = list::write(real(), &image).expect("it can be written");
    let list: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(list["image"], serde_json::json!(["random", "message"]));
    assert_eq!(list["functions"][0]["name"], "zephyr_wasm_random_fill");
    assert_eq!(list["functions"][0]["arguments"][0]["pointer"]["count"], "next");
    assert!(text.contains("\"count\": \"ZEPHYR_WASM_TOPIC_SIZE\""));
}

/// What is said of a WIT file.
fn of_wit(text: &str) -> String {
    static NUMBER: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let place = std::env::temp_dir().join(format!("zephyr-wasm-declare-{}-{number}", std::process::id()));
    fs::create_dir_all(&place).expect("a directory");
    fs::write(place.join("leds.wit"), text).expect("a file");
    let read = wit::read(&place);
    fs::remove_dir_all(&place).expect("it is there");
    read.map_or_else(|error| format!("{error:#}"), |wit| wit.packages["leds"].kinds.join(","))
}

#[test]
fn grants_are_written_as_a_list() {
    let with = |docs: &str| {
        of_wit(&format!("/// Leds.\n///\n{docs}package acme:leds@1.0.0;\ninterface leds {{ f: func(); }}\n"))
    };
    assert_eq!(with(""), "");
    assert_eq!(
        with("/// Grants:\n/// - `light`: names of\n///   leds\n/// - `many` (number): how many\n"),
        "light,many"
    );
    for docs in [
        "/// grants:\n/// - `light`: names\n",
        "/// Grants: `light`\n",
        "/// Grants\n",
        "///Grants:\n/// - `light`: names\n",
    ] {
        assert!(with(docs).contains("leds.wit:3: expected `/// Grants:`"), "{docs}{}", with(docs));
    }
    for item in ["/// - light: names\n", "/// * `light`: names\n", "/// - `light` names\n", "///\n"] {
        assert!(
            with(&format!("/// Grants:\n{item}")).contains("leds.wit:4: expected `/// Grants:`"),
            "{item}"
        );
    }
    assert!(with("/// Grants:\n").contains("expected a grant below it"), "{}", with("/// Grants:\n"));
}
