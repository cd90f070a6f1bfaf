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

    /// Whether it is Arm's: whether words may be at any address is known of those.
    #[must_use]
    pub fn is_arm(self) -> bool {
        self != Target::Riscv32imc
    }

    /// The targets whose code runs on it, the best one first: later processors have the instructions of earlier ones. Code
    /// that passes floats in registers does not run with code that does not.
    #[must_use]
    pub fn runs(self) -> &'static [Target] {
        use Target::{
            Riscv32imc, Thumbv6m, Thumbv7em, Thumbv7emHf, Thumbv7m, Thumbv8mBase, Thumbv8mMain,
            Thumbv8mMainHf,
        };
        match self {
            Thumbv6m => &[Thumbv6m],
            Thumbv7m => &[Thumbv7m, Thumbv6m],
            Thumbv7em => &[Thumbv7em, Thumbv7m, Thumbv6m],
            Thumbv7emHf => &[Thumbv7emHf],
            Thumbv8mBase => &[Thumbv8mBase, Thumbv6m],
            Thumbv8mMain => &[Thumbv8mMain, Thumbv7m, Thumbv8mBase, Thumbv6m],
            Thumbv8mMainHf => &[Thumbv8mMainHf],
            Riscv32imc => &[Riscv32imc],
        }
    }

    /// The one of this number.
    #[must_use]
    pub fn of_number(number: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|target| *target as u16 == number)
    }
}
