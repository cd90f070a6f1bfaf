//! The rules that an app can break.

/// A rule, by whose label a function is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    Unreachable,
    Memory,
    Table,
    Division,
    Overflow,
    Conversion,
    Stack,
}

impl Rule {
    /// What its label is called.
    pub fn label(self) -> &'static str {
        match self {
            Rule::Unreachable => "unreachable",
            Rule::Memory => "memory",
            Rule::Table => "table",
            Rule::Division => "division",
            Rule::Overflow => "overflow",
            Rule::Conversion => "conversion",
            Rule::Stack => "stack",
        }
    }

    /// Its number in C.
    pub fn code(self) -> String {
        format!("ZEPHYR_WASM_TRAP_{}", self.label().to_uppercase())
    }
}
