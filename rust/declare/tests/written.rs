//! What is written of the real files.

mod common;

use common::{checkout, real};
use std::fs;
use zephyr_wasm_declare::gate::Image;
use zephyr_wasm_declare::{header, layout, list, wit};

fn all() -> Image {
    Image { apis: real().apis().map(|file| file.name.clone()).collect(), ..Image::default() }
}

#[test]
fn all_are_in_the_build() {
    let cmake = fs::read_to_string(checkout().join("cmake/declare.cmake")).expect("it is there");
    for file in real().apis() {
        let words = [file.name.to_uppercase(), file.name.clone()];
        let mut found =
            cmake.split(|c: char| !c.is_alphanumeric()).filter(|word| words.iter().any(|one| one == word));
        assert!(found.next().is_some(), "{}.rs is not read", file.name);
    }
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
fn what_an_image_does_not_have() {
    let without =
        |name: &str| Image { apis: vec!["sensor".into()], without: vec![name.into()], ..Image::default() };
    let image = without("zephyr_wasm_sensor_watch");
    image.check(real()).expect("there is one");
    assert!(image.functions(real()).all(|(_, function)| function.name != "zephyr_wasm_sensor_watch"));
    let error = without("zephyr_wasm_sensor_nothing").check(real()).expect_err("there is none").to_string();
    assert!(error.contains("zephyr_wasm_sensor_nothing: expected this among the declarations"), "{error}");
    let nothing = Image { apis: vec!["nothing".into()], ..Image::default() };
    assert!(
        nothing
            .check(real())
            .expect_err("there is no such file")
            .to_string()
            .contains("at least one function")
    );
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
    ] {
        assert!(text.contains(&format!("\n{line}\n")), "{line}\n{text}");
    }
    assert!(text.contains(", const char *const *parts);"), "{text}");
}

#[test]
fn layouts_are_those_of_all_structures() {
    let text = layout::write(real());
    for name in [
        "image",
        "limits",
        "source",
        "call",
        "manifest",
        "identity",
        "status",
        "address",
        "report",
        "coap_peer",
        "coap_counters",
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
