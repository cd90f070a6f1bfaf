//! What one app may use: the limits of the table, and those that only firmware sets.

use crate::keys;
use crate::lines::Manifest;

/// What a limit in C is set to where it is of the app's region alone.
const BY_REGION: &str = "0";

/// That a manifest asks for more than an app of this image has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMuch {
    /// The key.
    pub key: &'static str,
    /// The symbol of Kconfig that gives more, behind `CONFIG_WASM_APP_`.
    pub symbol: &'static str,
    /// What it asks for.
    pub asked: u32,
    /// What an app has.
    pub most: usize,
}

macro_rules! in_c {
    ($part:literal) => {
        concat!("CONFIG_WASM_APP_", $part)
    };
    ($part:literal of_region) => {
        BY_REGION
    };
}

macro_rules! limits {
    (@first $first:literal $other:literal) => {
        $first
    };
    ($(#[doc = $docs:literal] $key:ident $name:literal: $value:ident $(($($values:tt)*))?, $unit:literal,
       $(limit($field:ident = $other:expr, $part:literal $(, $of:ident)?))? $(of($bound:ident, $symbol:literal))?,
       $read:literal;)*) => {
        /// What one app may use. The firmware sets this; a manifest may have less of what is a key of it, too.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Limits {
            $($(
                #[doc = $docs]
                pub $field: usize,
            )?)*
            /// The most exports of a module: the engine sorts more than 20 of them in a buffer on the native stack.
            pub exports: usize,
            /// How many units of fuel (about one an instruction) the app may burn in all; none for no limit.
            pub fuel: Option<u64>,
            /// How much fuel the app may burn before the platform is called.
            #[cfg(feature = "slices")]
            pub slice: u64,
        }

        impl Default for Limits {
            fn default() -> Self {
                Limits {
                    $($($field: $other,)?)*
                    exports: usize::MAX,
                    fuel: None,
                    #[cfg(feature = "slices")]
                    slice: 10_000,
                }
            }
        }

        impl Limits {
            /// The symbols of Kconfig that set them in firmware.
            pub const SYMBOLS: &'static [&'static str] = &[$($(concat!("CONFIG_WASM_APP_", $part),)?)*];

            /// As a firmware has them, given the values of symbols, and as here where it has none.
            #[must_use]
            pub fn read(mut self, value: impl Fn(&str) -> Option<usize>) -> Self {
                $($(self.$field = value(concat!("CONFIG_WASM_APP_", $part)).unwrap_or(self.$field);)?)*
                self.exports = value("CONFIG_WASM_APP_EXPORTS").unwrap_or(self.exports);
                self
            }
        }

        impl Limits {
            /// Makes those of an app out of those of the image, as the app may ask for less.
            ///
            /// # Errors
            /// That it asks for more.
            #[inline]
            pub fn narrow(&mut self, manifest: Manifest<'_>) -> Result<(), TooMuch> {
                const KEYS: [&str; Limits::SYMBOLS.len()] = [$($(limits!(@first $name $part),)?)*];
                const PARTS: [&str; KEYS.len()] = [$($($part,)?)*];
                let asked = manifest.numbers(&KEYS);
                let Limits { $($($field,)?)* .. } = self;
                for (((key, symbol), own), asked) in KEYS.iter().zip(PARTS).zip([$($($field,)?)*]).zip(asked) {
                    let Some(asked) = asked else { continue };
                    if asked as usize > *own {
                        return Err(TooMuch { key, symbol, asked, most: *own });
                    }
                    *own = asked as usize;
                }
                Ok(())
            }
        }

        /// The limits as an image's C has them, which is made of [`OfImage::FIELDS`].
        #[repr(C)]
        pub struct OfImage {
            $($(
                #[doc = $docs]
                pub $field: usize,
            )?)*
            /// The most exports.
            pub exports: usize,
            /// The fuel; 0 for no limit.
            pub fuel: usize,
        }

        impl OfImage {
            /// Its fields, and what each is in an image.
            pub const FIELDS: &'static [(&'static str, &'static str)] = &[
                $($((stringify!($field), in_c!($part $($of)?)),)?)*
                ("exports", "CONFIG_WASM_APP_EXPORTS"),
                ("fuel", "CONFIG_WASM_APP_FUEL"),
            ];

            /// The limits of an app.
            #[inline]
            pub fn limits(&self) -> Limits {
                let mut all = Limits {
                    $($($field: self.$field,)?)*
                    exports: self.exports,
                    fuel: (self.fuel != 0).then_some(self.fuel as u64),
                    #[cfg(feature = "slices")]
                    slice: Limits::default().slice,
                };
                if all.memory == 0 {
                    all.memory = usize::MAX;
                }
                all
            }
        }
    };
}
table!(limits);

impl Limits {
    /// The keys that limit interpreted apps only.
    pub const OF_INTERPRETER: [&'static str; 2] = [keys::CALL_DEPTH.name, keys::VALUE_STACK.name];

    /// Those of a compiled app: its calls are on its thread's stack, whatever the interpreter would let them take.
    #[must_use]
    pub fn of_compiled(self) -> Self {
        Limits { call_depth: usize::MAX, value_stack: usize::MAX, ..self }
    }

    /// Whether the engine has to count fuel.
    pub fn count_fuel(&self) -> bool {
        cfg!(feature = "slices") || self.fuel.is_some()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::format;

    #[test]
    fn an_app_may_ask_for_less() {
        let image = Limits { heap: 4096, ..Limits::default() };
        let narrowed = |text| {
            let mut own = image;
            own.narrow(Manifest::new(text)).map(|()| own)
        };
        assert_eq!(narrowed(Some("name a\nhandles 2")), Ok(Limits { handles: 2, ..image }));
        let more = narrowed(Some("heap 4097"));
        assert_eq!(more, Err(TooMuch { key: "heap", symbol: "HEAP_SIZE", asked: 4097, most: 4096 }));
        assert_eq!(narrowed(None), Ok(image));
    }

    #[test]
    fn a_compiled_app_has_no_limit_of_the_interpreter() {
        for key in Limits::OF_INTERPRETER {
            let line = format!("{key} 65536");
            let asked = |image: Limits| { image }.narrow(Manifest::new(Some(&line)));
            assert_eq!(asked(Limits::default()).map_err(|more| more.key), Err(key));
            assert_eq!(asked(Limits::default().of_compiled()), Ok(()));
        }
    }

    #[test]
    fn a_firmware_says_what_an_app_has() {
        let firmware = |symbol: &str| (symbol == "CONFIG_WASM_APP_HANDLE_COUNT").then_some(5);
        assert_eq!(Limits::default().read(firmware), Limits { handles: 5, ..Limits::default() });
    }
}
