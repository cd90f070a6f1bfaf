//! What stands between apps and the functions of a header.

mod common;

use common::real;
use std::fs;
use std::path::PathBuf;
use zephyr_wasm_bindings::CoreApi;
use zephyr_wasm_declare::gate::Image;
use zephyr_wasm_declare::model::Declared;
use zephyr_wasm_declare::{added, list};

const HEADER: &str = "int32_t env_write(int32_t size, ZEPHYR_WASM_IN(from, size), ZEPHYR_WASM_OUT(to, room), int32_t room);\n\
                      void env_say(ZEPHYR_WASM_TEXT(text));\n";

/// The API of a header, which is there no longer than this.
fn api(name: &str, module: &str, text: &str) -> CoreApi {
    let directory =
        std::env::temp_dir().join(format!("zephyr-wasm-added-{}-{name}-{module}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    let path: PathBuf = directory.join(format!("{name}.h"));
    fs::write(&path, text).unwrap();
    let api = CoreApi::read(&path, Some(module));
    fs::remove_dir_all(&directory).unwrap();
    api.unwrap()
}

fn with(apis: &[CoreApi]) -> anyhow::Result<(Declared, Image)> {
    let mut declared = real().clone();
    let settings = "CONFIG_WASM_API_RANDOM=y\nCONFIG_WASM_USERSPACE=y\nCONFIG_WASM_METRICS=y\n";
    let mut image = Image::of_settings(&declared, settings)?;
    added::add(&mut declared, &mut image, apis)?;
    Ok((declared, image))
}

#[test]
fn the_kernel_checks_all_that_is_passed() {
    let (declared, image) = with(&[api("env", "wiring", HEADER)]).unwrap();
    let text = image.write(&declared);
    for expected in [
        "\tREADS(frame->app_from, (size_t)frame->app_size);\n\tWRITES(frame->app_to, frame->app_room);\n\
         \tK_OOPS(K_SYSCALL_VERIFY(is_apart(frame->app_from, (size_t)frame->app_size, frame->app_to, frame->app_room)));\n",
        "\tREADS(frame->app_text, frame->size_of_text);\n\
         \tK_OOPS(K_SYSCALL_VERIFY(ENDS_WITH_ZERO(frame->app_text, frame->size_of_text)));\n",
        "\tALLOWED(1);\n",
        "\t{\"wasi:random\", false, NULL},\n\t{\"wiring\", true, NULL},\n",
        "zephyr_wasm_counted[] = {\"random\", \"env\"};\n",
        "int32_t __real_zephyr_wasm_core_env_write(int32_t app_size, const uint8_t *app_from, uint8_t *app_to, int32_t app_room);\n",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    // Before the first check, nothing of the app's is used.
    let serve = text.split("static void serve_zephyr_wasm_core_env_write(void *call)").nth(1).unwrap();
    let (allowed, call) = (serve.find("ALLOWED").unwrap(), serve.find("frame->result").unwrap());
    assert!(serve.find("READS").is_some_and(|at| allowed < at && at < call));
    let list = list::write(&declared, &image).unwrap();
    assert!(list.contains("\"zephyr_wasm_core_env_say\"") && list.contains("\"ends\": true"), "{list}");
}

#[test]
fn an_image_without_headers_is_as_it_was() {
    let (declared, image) = with(&[]).unwrap();
    assert!(!image.write(&declared).contains("BUILD_ASSERT"));
    assert_eq!(declared.files.len(), real().files.len());
}

#[test]
fn names_are_of_one_api() {
    let refused = |apis: &[CoreApi], expected: &str| {
        let error = format!("{:#}", with(apis).map(|_| ()).expect_err(expected));
        assert!(error.contains(expected), "{error}");
    };
    let one = || api("env", "env", "void env_a(void);");
    refused(&[api("gpio", "gpio", "void a(void);")], "gpio.h: expected a name that is none of our own");
    refused(&[api("wasi", "pins", "void a(void);")], "wasi.h: expected a name that is none of our own");
    refused(&[one(), api("env", "other", "void b(void);")], "there is another header of this name");
    refused(&[one(), api("more", "env", "void b(void);")], "`env` is that of env.h");
    refused(&[one(), api("more", "more", "void env_a(void);")], "env.h has env_a, too");
    assert!(with(&[one(), api("more", "gpio", "void a(void);")]).is_ok());
}
