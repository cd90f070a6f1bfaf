//! What machine code is for.

macro_rules! targets {
    ($($(#[doc = $text:literal])+ $variant:ident = $number:literal, $name:literal;)+) => {
        /// A processor, and how its functions pass floats: the names are those of Rust's targets.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum Target {
            $($(#[doc = $text])+ $variant = $number,)+
        }

        impl Target {
            /// All there are.
            pub const ALL: &[Target] = &[$(Target::$variant),+];

            /// What it is called.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Target::$variant => $name,)+
                }
            }
        }
    };
}

// A number stays what it means as long as there are files that have it.
targets! {
    /// Cortex-M0, M0+ and M1.
    Thumbv6m = 1, "thumbv6m";
    /// Cortex-M3.
    Thumbv7m = 2, "thumbv7m";
    /// Cortex-M4 and M7 without registers for floats.
    Thumbv7em = 3, "thumbv7em";
    /// Cortex-M4 and M7 with registers for floats of 32 bits.
    Thumbv7emHf = 4, "thumbv7em-hf";
    /// Cortex-M23.
    Thumbv8mBase = 5, "thumbv8m.base";
    /// Cortex-M33 and later without registers for floats.
    Thumbv8mMain = 6, "thumbv8m.main";
    /// Cortex-M33 and later with registers for floats of 32 bits.
    Thumbv8mMainHf = 7, "thumbv8m.main-hf";
    /// RISC-V of 32 bits with multiplication, and with the compressed instructions. No app needs atomic ones.
    Riscv32imc = 8, "riscv32imc";
}

impl Target {
    /// The one of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|target| target.name() == name)
    }

    /// The one of this number.
    #[must_use]
    pub fn of_number(number: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|target| *target as u16 == number)
    }
}
