//! What a manifest can say beside its imports: the keys, and what may stand there.

use core::fmt::{self, Display, Formatter};

/// The longest name of an app: it names its thread, and is part of keys in flash.
pub const LONGEST_NAME: usize = 31;

/// A key of a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name, in TOML and in the app's file.
    pub name: &'static str,
    /// What it means, in a sentence behind a space.
    pub docs: &'static str,
    /// What may stand there.
    pub value: Value,
    /// What a number counts; empty for things that are counted.
    pub unit: &'static str,
    /// What the image has to say of it.
    pub bound: Bound,
    /// The symbol of Kconfig that says it, without `CONFIG_`; empty if the image has no say.
    pub symbol: &'static str,
    /// The file that reads it on the board.
    pub read: &'static str,
}

/// What may stand behind a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// What an app can be called.
    Name,
    /// Three numbers, as 1.0.2.
    Version,
    /// A number, from one to another.
    Number(u32, u32),
    /// One of some words.
    OneOf(&'static [&'static str]),
}

/// What the symbol of a key is to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// There is none.
    Nothing,
    /// It is the limit of the image: an app that asks for more is refused, and has this without the key.
    Limit,
    /// It is the most, whatever a manifest says.
    Most,
    /// It is the least, whatever a manifest says.
    Least,
    /// What counts without the key.
    Otherwise,
    /// Without it, nobody looks at the key.
    Needs,
}

impl Value {
    /// Whether a text may stand there.
    pub fn takes(&self, text: &str) -> bool {
        match self {
            Value::Name => is_name(text),
            Value::Version => is_version(text),
            Value::Number(least, most) => text.parse().is_ok_and(|number| (*least..=*most).contains(&number)),
            Value::OneOf(words) => words.contains(&text),
        }
    }
}

/// What is expected of a key, for whoever writes a manifest.
impl Display for Key {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        match self.value {
            Value::Name => write!(to, "a name has 1 to {LONGEST_NAME} letters, digits, `_` and `-`"),
            Value::Version => write!(to, "a version is three numbers, as 1.0.2"),
            Value::Number(least, most) => {
                write!(to, "{} is a number from {least} to {most}", self.name)?;
                if self.unit.is_empty() { Ok(()) } else { write!(to, " ({})", self.unit) }
            }
            Value::OneOf(words) => {
                write!(to, "{} is one of ", self.name)?;
                for (place, word) in words.iter().enumerate() {
                    write!(to, "{}{word}", if place == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

/// Whether an app may be called so: its name is shown, and part of keys and paths.
pub fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// Whether it is three numbers of 16 bits, each written in the one way.
fn is_version(text: &str) -> bool {
    let is_number = |part: &str| {
        let is_plain =
            part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
        is_plain && part.parse::<u16>().is_ok()
    };
    text.split('.').count() == 3 && text.split('.').all(is_number)
}

macro_rules! bound {
    (limit $field:ident) => {
        Bound::Limit
    };
    (of $bound:ident) => {
        Bound::$bound
    };
}

macro_rules! keys {
    ($(#[doc = $docs:literal] $key:ident $name:literal: $value:ident $(($($values:tt)*))?, $unit:literal,
       $(limit($field:ident = $other:expr, $part:literal $(, $of:ident)?))? $(of($bound:ident, $symbol:literal))?,
       $read:literal;)*) => {
        $(
            #[doc = $docs]
            pub const $key: Key = Key {
                name: $name,
                docs: $docs,
                value: Value::$value $(($($values)*))?,
                unit: $unit,
                bound: bound!($(limit $field)? $(of $bound)?),
                symbol: concat!($("WASM_APP_", $part)? $($symbol)?),
                read: $read,
            };
        )*

        /// All keys, in the order of their lines in an app's file.
        pub static KEYS: &[Key] = &[$($key),*];
    };
}
table!(keys);

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn a_key_is_there_once_and_no_package() {
        for (place, key) in KEYS.iter().enumerate() {
            assert!(!KEYS[..place].iter().any(|before| before.name == key.name), "{}", key.name);
            assert!(key.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", key.name);
            assert_eq!(key.symbol.is_empty(), key.bound == Bound::Nothing, "{}", key.name);
            assert!(key.docs.starts_with(' ') && key.docs.ends_with('.'), "{}", key.name);
        }
        // The name is what an app is known by: a board reads no further for it.
        assert_eq!(KEYS[0], NAME);
    }

    #[test]
    fn values_are_as_their_keys_have_them() {
        for name in ["a", "my_app-2", &"n".repeat(LONGEST_NAME)] {
            assert!(NAME.value.takes(name), "{name}");
        }
        for name in ["", "a b", "ä", &"n".repeat(LONGEST_NAME + 1)] {
            assert!(!NAME.value.takes(name), "{name}");
        }
        for version in ["0.0.0", "1.20.65535"] {
            assert!(VERSION.value.takes(version), "{version}");
        }
        for version in ["", "1", "1.0", "1.0.0.0", "+1.0.0", "1.00.0", "1..0", "1.0.65536", "1.0.x"] {
            assert!(!VERSION.value.takes(version), "{version}");
        }
        assert!(CPU.value.takes("1") && CPU.value.takes("100"));
        assert!(!CPU.value.takes("0") && !CPU.value.takes("101") && !CPU.value.takes("-1"));
        assert!(RESTART.value.takes("on-failure") && !RESTART.value.takes("daily"));
    }

    #[test]
    fn what_is_expected_is_told() {
        assert_eq!(CPU.to_string(), "cpu is a number from 1 to 100 (percent)");
        assert_eq!(HANDLES.to_string(), "handles is a number from 0 to 4294967295");
        assert_eq!(RESTART.to_string(), "restart is one of never, on-failure, always");
    }
}
