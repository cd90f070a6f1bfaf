//! An app's manifest, as it is in the app's file: what it is called, what it asks for, and what it is granted.
//!
//! It is text in lines, made by `zephyr-wasm pack` from the app's TOML. A line that begins with the name of a WIT
//! package is a grant, any other a setting, whose keys are those of [`crate::keys`]:
//!
//! ```text
//! name weather
//! version 1.2.0
//! heap 12288
//! wasi:logging
//! zephyr:sensor read ambient
//! zephyr:storage bytes 1024
//! ```

use crate::section::custom_section;

/// The custom section of a manifest.
pub const MANIFEST: &str = "zephyr-wasm:app";

/// The longest text that a grant of a name may have, in bytes: of a longer one, a pattern in the app's own manifest could
/// take as long to match as the app likes, while a kill waits for the call.
pub const LONGEST: usize = 255;

/// An app's manifest. An app without one is granted what its host APIs give to anyone.
#[derive(Clone, Copy, Default, Debug)]
pub struct Manifest<'a>(Option<&'a str>);

impl<'a> Manifest<'a> {
    /// Finds the manifest in a module that has passed the runtime's `check::outside`.
    pub fn of(module: &'a [u8]) -> Self {
        Self::of_section(custom_section(module, MANIFEST))
    }

    /// The manifest in the section of a module that is called [`MANIFEST`], if it has one.
    pub fn of_section(section: Option<&'a [u8]>) -> Self {
        Self::new(section.map(|text| core::str::from_utf8(text).unwrap_or_default()))
    }

    /// A manifest by its text.
    pub fn new(text: Option<&'a str>) -> Self {
        Manifest(text)
    }

    /// Its text.
    pub fn text(&self) -> Option<&'a str> {
        self.0
    }

    /// The values of a key: the rests of the lines that begin with it, and are empty for a key by itself.
    pub fn values<'k>(self, key: &'k str) -> impl Iterator<Item = &'a str> + use<'a, 'k> {
        self.0.unwrap_or_default().split('\n').filter_map(move |line| value_of(line, key))
    }

    /// The first value of a key.
    #[inline(never)]
    pub fn first(self, key: &str) -> Option<&'a str> {
        self.0?;
        self.values(key).next()
    }

    /// The number that a setting has.
    pub fn number(self, key: &str) -> Option<u32> {
        let [number] = self.numbers(&[key]);
        number
    }

    /// The same of several settings, in one look at the text. They are 32 at most.
    pub fn numbers<const COUNT: usize>(self, keys: &[&str; COUNT]) -> [Option<u32>; COUNT] {
        const { assert!(COUNT <= u32::BITS as usize) };
        let mut numbers = [None; COUNT];
        if let Some(text) = self.0 {
            read_numbers(text, keys, &mut numbers);
        }
        numbers
    }

    /// Whether an app may import from a package, `restricted` if its interfaces reach something outside the app.
    pub fn allows(self, package: &str, restricted: bool) -> bool {
        match self.0 {
            Some(_) => self.first(package).is_some(),
            None => !restricted,
        }
    }

    /// The same, by an interface of the package.
    pub fn allows_interface(self, interface: &str, restricted: bool) -> bool {
        // Without a manifest, nobody asks for the package.
        if self.0.is_none() { !restricted } else { self.allows(package_of(interface), restricted) }
    }

    /// What a package's grants of one kind are.
    #[inline(never)]
    pub fn grants<'k>(self, package: &'k str, kind: &'k str) -> impl Iterator<Item = &'a str> + use<'a, 'k> {
        self.values(package).filter_map(move |rest| rest.strip_prefix(kind)?.strip_prefix(' '))
    }

    /// Whether something is among a package's grants of one kind, which are patterns.
    #[inline(never)]
    pub fn grants_to(self, package: &str, kind: &str, wanted: &str) -> bool {
        can_be_granted(wanted) && self.grants(package, kind).any(|pattern| matches(pattern, wanted))
    }

    /// The number that a package's grant has.
    pub fn grants_number(self, package: &str, kind: &str) -> Option<u32> {
        self.grants(package, kind).next()?.parse().ok()
    }
}

/// The value of a key that a line begins with. A key may be of several words, as a grant of a kind is.
fn value_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(key)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(' ') }
}

/// Reads the numbers of keys in a manifest's text: that of the first line counts, even if it is none.
#[inline(never)]
fn read_numbers(text: &str, keys: &[&str], numbers: &mut [Option<u32>]) {
    let mut seen = 0_u32;
    for line in text.split('\n') {
        for (place, (key, number)) in keys.iter().zip(numbers.iter_mut()).enumerate() {
            if seen & 1 << place == 0
                && let Some(value) = value_of(line, key)
            {
                seen |= 1 << place;
                *number = value.parse().ok();
            }
        }
    }
}

/// The package of an interface's full name, which is what manifests have.
pub fn package_of(interface: &str) -> &str {
    before(interface, '/')
}

/// An interface without its version.
pub fn unversioned(interface: &str) -> &str {
    before(interface, '@')
}

#[inline(never)]
fn before(text: &str, mark: char) -> &str {
    text.split_once(mark).map_or(text, |(before, _)| before)
}

/// Whether a text is one that a grant could have. Where a text ends at its zero, it would be another one.
pub fn can_be_granted(text: &str) -> bool {
    text.len() <= LONGEST && !text.contains('\0')
}

/// Whether a text matches a pattern, in which `*` stands for any text.
pub fn matches(pattern: &str, text: &str) -> bool {
    matches_by(pattern, text, |pattern, text| pattern == text)
}

/// The same where bytes may be the same without being equal.
#[inline(always)]
pub(crate) fn matches_by(pattern: &str, text: &str, same: impl Fn(u8, u8) -> bool) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at_pattern, mut at_text) = (0, 0);
    // Where to go on if what follows the last `*` does not match here.
    let mut retry = None;
    while at_text < text.len() {
        if pattern.get(at_pattern) == Some(&b'*') {
            at_pattern += 1;
            retry = Some((at_pattern, at_text));
        } else if pattern.get(at_pattern).is_some_and(|byte| same(*byte, text[at_text])) {
            (at_pattern, at_text) = (at_pattern + 1, at_text + 1);
        } else if let Some((after_star, from)) = retry {
            (at_pattern, at_text) = (after_star, from + 1);
            retry = Some((after_star, from + 1));
        } else {
            return false;
        }
    }
    pattern[at_pattern..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use proptest::prelude::*;
    use std::string::String;
    use std::vec::Vec;

    const TEXT: &str = "name weather\nheap 4096\nwasi:logging\nzephyr:sensor read ambient\nzephyr:sensor read die*\n\
                        zephyr:storage bytes 512";

    #[test]
    fn settings_and_grants_are_lines() {
        let manifest = Manifest::new(Some(TEXT));
        assert_eq!(manifest.values("name").next(), Some("weather"));
        assert_eq!(manifest.number("heap"), Some(4096));
        assert_eq!(manifest.number("stack"), None);
        assert_eq!(manifest.numbers(&["stack", "heap", "name", "hea"]), [None, Some(4096), None, None]);
        assert_eq!(manifest.grants("zephyr:sensor", "read").collect::<Vec<_>>(), ["ambient", "die*"]);
        assert_eq!(manifest.grants_number("zephyr:storage", "bytes"), Some(512));
        assert!(manifest.grants_to("zephyr:sensor", "read", "die-temp"));
        assert!(!manifest.grants_to("zephyr:sensor", "read", "ambient2"));
        assert!(!manifest.grants_to("zephyr:sensor", "read", "die\0-temp"));
        assert!(!manifest.grants_to("zephyr:sensor", "rea", "ambient"));
    }

    #[test]
    fn the_first_line_of_a_setting_counts() {
        let numbers = |text| Manifest::new(text).numbers(&["heap", "stack"]);
        assert_eq!(numbers(Some("heap 1\nstack 3\nheap 2\nstack")), [Some(1), Some(3)]);
        assert_eq!(numbers(Some("heap\nheap 2\nstack a\nstack 3")), [None, None]);
        assert_eq!(numbers(None), [None, None]);
    }

    /// The kernel asks so what an app in user mode is granted.
    #[test]
    fn a_grant_has_a_number_as_a_setting_has() {
        let manifest =
            Manifest::new(Some("zephyr:message\nzephyr:message queue 4\nzephyr:storage bytes 512"));
        assert_eq!(manifest.number("zephyr:message queue"), Some(4));
        assert_eq!(manifest.number("zephyr:storage bytes"), Some(512));
        assert_eq!(manifest.number("zephyr:storage byte"), None);
    }

    #[test]
    fn an_interface_has_a_package_and_perhaps_a_version() {
        assert_eq!(package_of("zephyr:gpio/gpio@0.1.0"), "zephyr:gpio");
        assert_eq!(unversioned("zephyr:gpio/gpio@0.1.0"), "zephyr:gpio/gpio");
        assert_eq!((package_of("wasi:x"), unversioned("wasi:x")), ("wasi:x", "wasi:x"));
    }

    #[test]
    fn what_a_manifest_does_not_have_is_not_granted() {
        let manifest = Manifest::new(Some(TEXT));
        assert!(manifest.allows("wasi:logging", false) && manifest.allows("zephyr:sensor", true));
        assert!(!manifest.allows("wasi:clocks", false));
        assert!(!manifest.allows("zephyr:sens", true));
        assert!(manifest.allows_interface("zephyr:sensor/sensor@0.1.0", true));
        assert!(!manifest.allows_interface("wasi:clocks/wall-clock@0.2.6", false));
        assert!(Manifest::new(None).allows_interface("wasi:clocks/wall-clock@0.2.6", false));
        assert!(!Manifest::new(None).allows_interface("zephyr:sensor/sensor@0.1.0", true));
        assert!(Manifest::new(None).allows("wasi:clocks", false));
        assert!(!Manifest::new(None).allows("zephyr:sensor", true));
    }

    #[test]
    fn what_takes_long_to_match_is_not_granted() {
        let manifest = Manifest::new(Some("zephyr:sensor read *"));
        let text = |length| "a".repeat(length);
        assert!(manifest.grants_to("zephyr:sensor", "read", &text(LONGEST)));
        assert!(!manifest.grants_to("zephyr:sensor", "read", &text(LONGEST + 1)));
    }

    /// The obvious way to match, which takes exponential time.
    fn obviously(pattern: &[u8], text: &[u8]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some((b'*', rest)) => (0..=text.len()).any(|skipped| obviously(rest, &text[skipped..])),
            Some((byte, rest)) => text.first() == Some(byte) && obviously(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn patterns_match_as_they_should(pattern in "[ab*]{0,6}", text in "[ab]{0,8}") {
            prop_assert_eq!(matches(&pattern, &text), obviously(pattern.as_bytes(), text.as_bytes()));
        }

        #[test]
        fn any_text_is_a_manifest(text in "([a-z: 0-9\n]{0,60}|.{0,60})", key in "[a-z: ]{0,5}") {
            let manifest = Manifest::new(Some(&text));
            let number: Option<u32> = manifest.number(&key);
            prop_assert_eq!(manifest.numbers(&["heap", &key]), [manifest.number("heap"), number]);
            prop_assert_eq!(number, manifest.first(&key).and_then(|value| value.parse().ok()));
            let found: String = manifest.grants(&key, &key).collect();
            prop_assert!(found.len() <= text.len());
        }
    }
}
