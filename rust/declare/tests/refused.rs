//! What is not understood ends the build: each declaration of the real files with a change.

mod common;

use common::{apis, checkout, file, files, line, macro_of, places, refused, replaced, with};
use zephyr_wasm_declare::declared;

/// The lines of `in_c!`: where each begins and ends, the end of the line included.
fn lines(text: &str) -> Vec<(usize, usize)> {
    let (mut at, end) = macro_of(text);
    let mut all = Vec::new();
    while at < end {
        let next = at + text[at..].find('\n').expect("it has an end") + 1;
        all.push((at, next));
        at = next;
    }
    all
}

/// The lines of `in_c!` that begin so.
fn lines_with<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    lines(text).into_iter().filter(move |(from, to)| text[*from..*to].trim_start().starts_with(start))
}

#[test]
fn every_statement_of_grants() {
    let mut seen = 0;
    for file in apis() {
        for (from, to) in lines_with(&file.text, "#[grants(") {
            refused(
                &file.name(),
                &replaced(&file.text, from, to, ""),
                "before the function: `#[grants(none)]`",
                None,
            );
            let twice = replaced(&file.text, to, to, &file.text[from..to]);
            refused(&file.name(), &twice, "what is granted once", Some(line(&file.text, to)));
            seen += 1;
        }
    }
    assert_eq!(seen, common::real().apis().map(|file| file.of_the_api().count()).sum::<usize>());
    assert!(seen > 100, "{seen}");
}

#[test]
fn every_statement_that_is_written_otherwise() {
    for file in apis() {
        for (from, to) in lines_with(&file.text, "#[grants(") {
            for other in [
                "#[grants]",
                "#[grants()]",
                "#[grants(\"kind\" name)]",
                "#[grants(none, none)]",
                "#[grants = \"none\"]",
            ] {
                let changed = replaced(&file.text, from, to, &format!("    {other}\n"));
                refused(&file.name(), &changed, "`#[grants(none)]`", Some(line(&file.text, from)));
            }
            let comment = replaced(&file.text, from, to, "    /// Grants: none.\n");
            refused(&file.name(), &comment, "before the function", None);
        }
    }
}

#[test]
fn a_comment_more_changes_nothing_but_the_docs() {
    for file in apis() {
        let mut text = file.text.clone();
        for (_, to) in lines_with(&file.text, "#[grants(").collect::<Vec<_>>().into_iter().rev() {
            text.insert_str(to, "    // More.\n\n    /* Of it. */\n");
        }
        let functions = |text: &str| {
            with(&file.name(), text).expect("it is good").files.into_iter().flat_map(|file| file.in_c)
        };
        assert!(functions(&text).eq(functions(&file.text)), "{}", file.name());
    }
}

#[test]
fn every_other_item_or_attribute() {
    for file in apis() {
        for (_, to) in lines_with(&file.text, "#[grants(") {
            for (more, expected) in [
                ("static mut X: u32;", "expected "),
                ("#[cfg(all())]", "expected a comment"),
                ("#[link_name = \"abort\"]", "expected a comment"),
                ("#[must_use]", "expected a comment"),
                ("#[doc(hidden)]", "expected a comment"),
                ("!", "expected "),
            ] {
                let changed = replaced(&file.text, to, to, &format!("    {more}\n"));
                refused(&file.name(), &changed, expected, Some(line(&file.text, to)));
            }
        }
    }
}

#[test]
fn every_argument_that_is_granted() {
    for file in apis() {
        for (from, to) in lines_with(&file.text, "#[grants(\"") {
            let of = from + file.text[from..to].find(" of ").expect("of an argument") + 4;
            let changed = replaced(&file.text, of, to - 3, "renamed");
            refused(
                &file.name(),
                &changed,
                "one of the texts among the function's arguments",
                Some(line(&file.text, from)),
            );
        }
    }
}

#[test]
fn every_kind() {
    for file in apis() {
        for (from, to) in lines_with(&file.text, "#[grants(\"") {
            let start = from + file.text[from..to].find('"').expect("a kind") + 1;
            let end = start + file.text[start..].find('"').expect("its end");
            let expected = format!("one of the grants of wit/{}.wit", file.name());
            refused(
                &file.name(),
                &replaced(&file.text, start, end, "kind"),
                &expected,
                Some(line(&file.text, from)),
            );
        }
    }
}

#[test]
fn every_count() {
    let mut seen = 0;
    for file in apis() {
        let (start, end) = macro_of(&file.text);
        for pointer in places(&file.text, start, end, "*") {
            // What is behind `*const u8`, if it is a count and no room says it.
            let Some(comma) = file.text[pointer..end].find(',').map(|at| pointer + at + 1) else { continue };
            let name = comma + file.text[comma..].find(|c: char| !c.is_whitespace()).expect("more");
            let colon = name + file.text[name..].find(':').expect("a type");
            let is_number = [": usize", ": u32"].iter().any(|ty| file.text[colon..].starts_with(ty));
            let is_argument = is_number && !file.text[pointer..comma].contains(';');
            let is_count = is_argument
                && ["length", "size", "room", "count", "most"]
                    .iter()
                    .any(|word| file.text[name..colon].ends_with(word));
            if !is_count {
                continue;
            }
            seen += 1;
            let text = replaced(&file.text, name, colon, "renamed");
            let is_text = file.text[pointer..comma].contains("*const c_char");
            refused(
                &file.name(),
                &text,
                if is_text { "the length of `" } else { "how much is behind `" },
                None,
            );
            for ty in ["u64", "i32", "bool", "&mut u32"] {
                let ends = colon + file.text[colon..].find([',', ')', '\n']).expect("an end");
                let text = replaced(&file.text, colon, ends, &format!(": {ty}"));
                assert!(with(&file.name(), &text).is_err(), "{}: {ty} as a count", file.name());
            }
        }
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn every_room() {
    let mut seen = 0;
    for file in apis() {
        for (from, to) in lines_with(&file.text, "#[room(") {
            refused(&file.name(), &replaced(&file.text, from, to, ""), "how much is behind `", None);
            let name = from + file.text[from..].find('(').expect("it has one") + 1;
            let changed = replaced(&file.text, name, name, "not_");
            assert!(with(&file.name(), &changed).is_err(), "{}: a room of nothing", file.name());
            let twice = replaced(&file.text, to, to, &file.text[from..to]);
            refused(&file.name(), &twice, "the room of each argument once", Some(line(&file.text, to)));
            seen += 1;
        }
    }
    assert!(seen >= 7, "{seen}");
    let text = file("random")
        .text
        .replace("    #[grants(none)]\n", "    #[grants(none)]\n    #[room(bytes = SIZE)]\n");
    refused("random", &text, "the next argument says it", None);
    let text = file("pwm")
        .text
        .replace("    #[grants(none)]\n", "    #[grants(none)]\n    #[room(period = SIZE)]\n");
    refused("pwm", &text, "a pointer among the arguments that is called `period`", None);
}

#[test]
fn every_safety() {
    for file in apis() {
        let (start, end) = macro_of(&file.text);
        for (word, other, expected) in [
            ("    safe fn ", "    unsafe fn ", "`safe fn`: no argument is a raw pointer"),
            ("    safe fn ", "    fn ", "`safe fn`: no argument is a raw pointer"),
            ("    unsafe fn ", "    safe fn ", "`unsafe fn`: an argument is a raw pointer"),
        ] {
            for at in places(&file.text, start, end, word) {
                let changed = replaced(&file.text, at, at + word.len(), other);
                refused(&file.name(), &changed, expected, Some(line(&file.text, at)));
            }
        }
    }
    let text = file("sys").text.replace("pub unsafe fn zephyr_wasm_free", "pub safe fn zephyr_wasm_free");
    refused("sys", &text, "`unsafe fn`: an argument is a raw pointer", None);
}

#[test]
fn every_type() {
    for file in apis() {
        let (start, end) = macro_of(&file.text);
        for ty in ["u8", "u32", "u64", "i32", "i64", "usize", "bool", "Address", "Report", "c_char"] {
            for at in places(&file.text, start, end, ty) {
                let is_whole = [at - 1, at + ty.len()].iter().all(|at| {
                    !file.text.as_bytes()[*at].is_ascii_alphanumeric() && file.text.as_bytes()[*at] != b'_'
                });
                if is_whole {
                    let changed = replaced(&file.text, at, at + ty.len(), "Unknown");
                    refused(&file.name(), &changed, "a type that C has, too", Some(line(&file.text, at)));
                }
            }
        }
    }
}

#[test]
fn types_that_cannot_cross() {
    let text = &file("random").text;
    for ty in [
        "&[u8]",
        "Option<&u8>",
        "Option<*mut u8>",
        "[u8; 4]",
        "f32",
        "&str",
        "fn()",
        "Box<u8>",
        "(u8, u8)",
        "char",
        "*mut f64",
    ] {
        assert!(with("random", &text.replace("*mut u8", ty)).is_err(), "{ty}");
    }
    for ty in ["*mut c_void", "*mut *mut u8", "*mut Vec<u8>"] {
        let text = text.replace("*mut u8", ty).replace("in_c! {", "use core::ffi::c_void;\nin_c! {");
        refused("random", &text, "a type of which C knows the size behind `bytes`", None);
    }
    let sockets = &file("sockets").text;
    refused(
        "sockets",
        &sockets.replace("found: *mut Address", "found: *const Address"),
        "whose bytes can be checked",
        None,
    );
    refused(
        "sockets",
        &sockets.replace("found: *mut Address", "found: *const bool"),
        "whose bytes can be checked",
        None,
    );
}

#[test]
fn what_the_gate_could_not_check() {
    let random = &file("random").text;
    for (safety, ty) in [
        ("safe fn", "&mut [u8; 16]"),
        ("safe fn", "&[u8; 16]"),
        ("safe fn", "Option<&mut [u8; 16]>"),
        ("unsafe fn", "*mut [u8; 16]"),
    ] {
        let changed = random.replace("unsafe fn", safety).replace("*mut u8", ty);
        refused("random", &changed, "in place of an array", None);
    }
    let sockets = file("sockets")
        .text
        .replace("sockets_bind(socket: u32, address: &Address)", "sockets_bind(socket: u32, address: &More)");
    for field in ["at: *const u8", "at: [bool; 2]", "at: Address", "at: [u8; 0]"] {
        let more = "#[doc(alias = \"struct zephyr_wasm_more\")]\n#[repr(C)]\nstruct More";
        let changed = format!("{sockets}\n{more} {{\n    {field},\n}}\n");
        refused("sockets", &changed, "lead to numbers only", None);
    }
}

#[test]
fn the_function_of_another_api() {
    for other in
        ["zephyr_wasm_spi_may_transfer", "zephyr_wasm_gpio_open", "zephyr_wasm_gpio_may_", "nothing", "None"]
    {
        let text =
            file("gpio").text.replace("#[grants(zephyr_wasm_gpio_may_open)]", &format!("#[grants({other})]"));
        refused("gpio", &text, "zephyr_wasm_gpio_may_", None);
    }
}

#[test]
fn other_blocks() {
    let text = &file("random").text;
    for block in
        ["unsafe extern \"C\" {", "extern \"C\" {", "unsafe extern {", "unsafe extern \"C-unwind\" {"]
    {
        assert!(with("random", &text.replace("in_c! {", block)).is_err(), "{block}");
        let more = format!("{text}\n{block}\n    fn zephyr_wasm_more();\n}}\n");
        refused("random", &more, "`in_c! {`", None);
        for place in
            ["mod inner {\n", "fn inner() {\n", "macro_rules! inner { () => {\n", "const _: () = {\n"]
        {
            let ends = if place.starts_with("macro") {
                "} }"
            } else if place.starts_with("const") {
                "};"
            } else {
                "}"
            };
            let hidden = format!("{text}\n{place}{block}\n    fn zephyr_wasm_more();\n}}\n{ends}\n");
            refused("random", &hidden, "`in_c! {` outside of all modules, functions and macros", None);
        }
    }
}

#[test]
fn exports_that_are_not_read() {
    let text = &file("net").text;
    let function = "#[unsafe(no_mangle)]\nextern \"C\" fn zephyr_wasm_rs_more() {}\n";
    assert!(with("net", &format!("{text}\n{function}")).is_ok());
    let inner = format!("{text}\nmod inner {{\n{function}}}\n");
    refused("net", &inner, "a function of this name with #[unsafe(no_mangle)] outside", None);
    for (other, expected) in [
        (function.replace("extern \"C\" ", ""), "`extern \"C\" fn zephyr_wasm_rs_...`"),
        (function.replace("zephyr_wasm_rs_more", "zephyr_wasm_more"), "`extern \"C\" fn zephyr_wasm_rs_...`"),
        (
            function.replace("no_mangle", "export_name = \"abort\"").replace("rs_more", "more"),
            "`extern \"C\" fn zephyr_wasm_rs_...`",
        ),
        (function.replace("more()", "more(_: f32)"), "`name: type`"),
        (function.replace("more()", "more(a: f32)"), "a type that C has, too"),
        (function.replace("extern", "#[cfg(all())]\nextern"), "a comment or `#[unsafe(no_mangle)]`"),
    ] {
        refused("net", &format!("{text}\n{other}"), expected, None);
    }
}

#[test]
fn structures_and_numbers_without_a_name_in_c() {
    for name in ["sys", "net", "ble", "coap_engine"] {
        let source = file(name);
        for at in places(&source.text, 0, source.text.len(), "#[doc(alias = \"struct ") {
            let end = at + source.text[at..].find('\n').expect("a line") + 1;
            let changed = replaced(&source.text, at, end, "");
            if source.text[end..].starts_with("pub type ") {
                // Others use it.
                let mut all = files().to_vec();
                let place = all.iter().position(|file| file.name() == name).expect("it is there");
                all[place].text = changed;
                assert!(declared(&checkout(), &all).is_err(), "{name}: {}", &source.text[at..end]);
            } else if source.text[end..].starts_with("type ") {
                assert!(with(name, &changed).is_err(), "{name}: {}", &source.text[at..end]);
            } else {
                refused(name, &changed, "C's name of it", None);
            }
            let other = replaced(&source.text, at, end, "#[doc(alias = \"struct other thing\")]\n");
            refused(name, &other, "C's name of it", Some(line(&source.text, at)));
        }
        for at in places(&source.text, 0, source.text.len(), "#[repr(C)]\n") {
            let changed = replaced(&source.text, at, at + "#[repr(C)]\n".len(), "");
            refused(name, &changed, "`#[repr(C)]` before a structure", None);
        }
    }
    let text = &file("sys").text;
    refused("sys", &text.replace("usize = 161;", "usize = 160 + 1;"), "a number that is written out", None);
    refused(
        "sys",
        &text.replace("pub heap_peak: usize,", "pub heap_peak: f32,"),
        "a type that C has, too",
        None,
    );
    let inner = format!("{text}\nmod inner {{\n    #[repr(C)]\n    struct More {{ a: u8 }}\n}}\n");
    refused("sys", &inner, "`#[repr(C)]` outside of all modules", None);
}

#[test]
fn what_does_not_end() {
    let text = &file("random").text;
    assert!(with("random", &text.replace("usize);", "usize)")).is_err());
    let cut = &text[..text.find("usize);").expect("it is there") + 7];
    assert!(with("random", cut).is_err());
}

#[test]
fn twice() {
    let text = &file("random").text;
    let (_, to) = lines(text)[2];
    let (from, _) = lines(text)[1];
    let changed = replaced(text, to, to, &text[from..to]);
    refused("random", &changed, "one declaration of zephyr_wasm_random_fill", Some(line(text, to) + 1));
    let changed =
        text.replace("(bytes: *mut u8, length: usize)", "(bytes: *mut u8, length: usize, length: usize)");
    refused("random", &changed, "each name once", None);
    refused(
        "random",
        &text.replace("fn zephyr_wasm_random_fill", "fn random_fill"),
        "begins with `zephyr_wasm_`",
        None,
    );
}
