//! What is declared.

use crate::types::CType;
use std::collections::BTreeMap;
use zephyr_wasm_bindings::kconfig::Choice;

/// What the manifest of an app has to grant for a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grants {
    /// It reaches nothing that is granted one by one.
    None,
    /// The manifest's grants of this kind have this argument, a text.
    Kind {
        /// The kind, as the API's WIT has it.
        kind: String,
        /// The place of the argument; its length is the next one.
        argument: usize,
    },
    /// A function in C says so, of the same arguments.
    Function(String),
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: CType,
    /// How much is there, if it is a pointer to more than one.
    pub count: Option<Count>,
}

/// How much is behind a pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    /// As much as the next argument says.
    Next,
    /// As much as a macro of C's.
    Room(String),
    /// As much as another argument says.
    Of(String),
    /// As much as the next argument says, and the last of it is a zero.
    Text,
}

/// A function in C that Rust calls, or in Rust that C calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// What it does, by lines.
    pub docs: Vec<String>,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// The arguments that lead to memory that must not overlap: what the first is and the second, by place.
    pub apart: Vec<(usize, usize)>,
    /// What it returns.
    pub result: Option<CType>,
    /// It does not return.
    pub is_last: bool,
    /// What it takes to call it, if it is one of a host API's.
    pub grants: Option<Grants>,
    /// The interface that it is for, if images can have the API without it.
    pub interface: Option<String>,
}

impl Function {
    /// Its arguments as C declares them.
    pub fn parameters(&self) -> String {
        let all: Vec<String> =
            self.arguments.iter().map(|argument| argument.ty.before_a_name() + &argument.name).collect();
        if all.is_empty() { "void".into() } else { all.join(", ") }
    }

    /// What it returns as C declares it: a space is behind it, or it ends with `*`.
    pub fn gives(&self) -> String {
        self.result.as_ref().map_or("void ".into(), CType::before_a_name)
    }

    /// Its prototype, for a name of its own.
    pub fn prototype(&self, name: &str) -> String {
        let last = if self.is_last { "_Noreturn " } else { "" };
        format!("{last}{}{name}({})", self.gives(), self.parameters())
    }

    /// The prototype of the function in C that says what it grants, if there is one.
    pub fn asks(&self) -> Option<String> {
        match &self.grants {
            Some(Grants::Function(name)) => Some(format!("bool {name}({})", self.parameters())),
            _ => None,
        }
    }
}

/// A structure that both sides have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structure {
    /// C's name, with `struct`.
    pub name: String,
    /// Its fields.
    pub fields: Vec<(String, CType)>,
    /// C may have more behind them.
    pub is_open: bool,
}

impl Structure {
    /// The fields that are a bool.
    pub fn bools(&self) -> impl Iterator<Item = &str> {
        let bools = self.fields.iter().filter(|(_, ty)| *ty == CType::Value("bool"));
        bools.map(|(name, _)| name.as_str())
    }

    /// Whether it has nothing but numbers, and bools by themselves: where a pointer in it leads, nobody would look.
    pub fn is_plain(&self) -> bool {
        self.fields.iter().all(|(_, ty)| match ty {
            CType::Value(_) => true,
            CType::Array(element, _) => *element != "bool",
            _ => false,
        })
    }
}

/// What a file declares.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// Its name without `.rs`, which is that of a host API if it has functions of one.
    pub name: String,
    /// The module that apps import from, if it is a header of the firmware's in place of a file of Rust.
    pub module: Option<String>,
    /// What Rust calls in C.
    pub in_c: Vec<Function>,
    /// What C calls in Rust.
    pub in_rust: Vec<Function>,
    /// What both have.
    pub structures: Vec<Structure>,
    /// Names of C's of which Rust knows nothing else.
    pub opaque: Vec<String>,
    /// Types that C has a name for, as it declares them.
    pub typedefs: Vec<String>,
    /// Numbers that both sides have, by C's name.
    pub numbers: BTreeMap<String, i128>,
}

impl File {
    /// The functions of a host API.
    pub fn of_the_api(&self) -> impl Iterator<Item = &Function> {
        self.in_c.iter().filter(|function| function.grants.is_some())
    }
}

/// A host API's WIT package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Its name, as `zephyr:gpio`.
    pub name: String,
    /// The kinds of grants that it has. An app needs a manifest for it, if there are any.
    pub kinds: Vec<String>,
    /// Its interfaces, and the symbols of Kconfig that put them into an image.
    pub interfaces: Vec<Choice>,
}

/// All that is declared.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// By file of Rust.
    pub files: Vec<File>,
    /// Why a device did not do what it was asked: names as C has them, and numbers.
    pub failures: Vec<(String, i32)>,
    /// What sensors measure, as Zephyr has it.
    pub channels: Vec<String>,
    /// The packages of host APIs, by their files.
    pub packages: BTreeMap<String, Package>,
}

impl Declared {
    /// The host APIs: the files with functions of one.
    pub fn apis(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.of_the_api().next().is_some())
    }

    /// A structure by C's name.
    pub fn structure(&self, name: &str) -> Option<&Structure> {
        self.files.iter().flat_map(|file| &file.structures).find(|structure| structure.name == name)
    }
}
