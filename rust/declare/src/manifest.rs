//! What C has of the table of a manifest's keys (`rust/manifest`): their names, and the limits of an app.

use heck::ToShoutySnakeCase;
use zephyr_wasm_manifest::keys::{Bound, KEYS};
use zephyr_wasm_manifest::limits::OfImage;

/// A header of its own.
pub fn write() -> String {
    let mut text = String::from(
        "/* Written by zephyr-wasm-declare, of the table in rust/manifest. */\n\n\
         #ifndef ZEPHYR_WASM_MANIFEST_H_\n#define ZEPHYR_WASM_MANIFEST_H_\n\n#include <stddef.h>\n",
    );
    for key in KEYS {
        text += &format!(
            "\n/**{} */\n#define ZEPHYR_WASM_KEY_{} \"{}\"\n",
            key.docs,
            key.name.to_shouty_snake_case(),
            key.name
        );
    }
    text += "\n/** What one app may use; 0 is no limit for fuel, and of its region alone for its memory. */\n\
             struct zephyr_wasm_limits {\n";
    for (field, _) in OfImage::FIELDS {
        text += &format!("\tsize_t {field};\n");
    }
    text += "};\n\n/** The limits of an app of this image. */\n#define ZEPHYR_WASM_LIMITS_OF_IMAGE";
    let all: Vec<String> =
        OfImage::FIELDS.iter().map(|(field, value)| format!(" \\\n\t.{field} = {value}")).collect();
    text += &all.join(",");
    text += "\n\n/** The keys of limits that nobody counts, and what an app has without one: X(key, limit). */\n\
             #define ZEPHYR_WASM_UNCOUNTED(X)";
    for key in KEYS.iter().filter(|key| key.bound == Bound::Limit && !COUNTED.contains(&key.name)) {
        text += &format!(" \\\n\tX(\"{}\", CONFIG_{})", key.name, key.symbol);
    }
    text + "\n\n#endif /* ZEPHYR_WASM_MANIFEST_H_ */\n"
}

/// The limits of which `src/manage/shell/info.c` shows how much an app uses.
const COUNTED: [&str; 4] = ["heap", "stack", "memory", "handles"];
