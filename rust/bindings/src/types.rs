//! WIT types as Rust types.

use crate::names;
use crate::wit::Wit;
use std::fmt::Write as _;
use wit_bindgen_core::abi::WasmType;
use wit_bindgen_core::wit_parser::{Flags, InterfaceId, Type, TypeDefKind, TypeId};

/// Where a type stands, which decides what strings and lists are in Rust.
#[derive(Clone, Copy, PartialEq)]
pub enum Place {
    /// Inside a named type, or given back to the host: `String`, `Vec`.
    Owned,
    /// A parameter: `&str` and `&[u8]`, straight from guest memory.
    Borrowed,
}

impl Wit {
    /// The Rust type of `ty`, as seen from the module of an interface.
    pub fn rust_type(&self, ty: &Type, place: Place) -> String {
        let id = match ty {
            Type::Bool => return "bool".into(),
            Type::U8 => return "u8".into(),
            Type::S8 => return "i8".into(),
            Type::U16 => return "u16".into(),
            Type::S16 => return "i16".into(),
            Type::U32 => return "u32".into(),
            Type::S32 => return "i32".into(),
            Type::U64 => return "u64".into(),
            Type::S64 => return "i64".into(),
            Type::F32 => return "f32".into(),
            Type::F64 => return "f64".into(),
            Type::Char => return "char".into(),
            Type::String if place == Place::Borrowed => return "&str".into(),
            Type::String => return "alloc::string::String".into(),
            Type::ErrorContext => unreachable!("refused by `supported`"),
            Type::Id(id) => *id,
        };
        let of = |ty: &Type| self.rust_type(ty, place);
        let of_option = |ty: &Option<Type>| ty.as_ref().map_or("()".into(), of);
        match &self.resolve.types[id].kind {
            TypeDefKind::Type(ty) if self.resolve.types[id].name.is_none() => of(ty),
            TypeDefKind::Type(ty) if self.holds_text(ty) => of(ty),
            TypeDefKind::List(Type::U8) if place == Place::Borrowed => "&[u8]".into(),
            TypeDefKind::List(ty) => format!("alloc::vec::Vec<{}>", of(ty)),
            TypeDefKind::Option(ty) => format!("Option<{}>", of(ty)),
            TypeDefKind::Result(result) => {
                format!("Result<{}, {}>", of_option(&result.ok), of_option(&result.err))
            }
            TypeDefKind::Tuple(tuple) => {
                format!("({})", tuple.types.iter().map(|ty| of(ty) + ", ").collect::<String>())
            }
            TypeDefKind::Handle(handle) => {
                use wit_bindgen_core::wit_parser::Handle::{Borrow, Own};
                let (Own(resource) | Borrow(resource)) = handle;
                let resource = self.resource(*resource);
                match handle {
                    Borrow(_) if self.guest_has(resource) => format!("&{}", self.path(resource)),
                    _ => self.path(resource),
                }
            }
            _ => self.path(id),
        }
    }

    /// Whether a string or list is reachable without passing a record or variant.
    fn holds_text(&self, ty: &Type) -> bool {
        match ty {
            Type::String => true,
            Type::Id(id) => match &self.resolve.types[*id].kind {
                TypeDefKind::Type(ty) | TypeDefKind::Option(ty) => self.holds_text(ty),
                TypeDefKind::List(_) => true,
                TypeDefKind::Tuple(tuple) => tuple.types.iter().any(|ty| self.holds_text(ty)),
                TypeDefKind::Result(result) => {
                    result.ok.iter().chain(&result.err).any(|ty| self.holds_text(ty))
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// The definitions of an interface's named types.
    pub fn definitions(&self, interface: InterfaceId) -> String {
        self.resolve.interfaces[interface].types.values().map(|id| self.definition(*id)).collect()
    }

    /// What a record or variant derives: a guest's resource has one owner.
    fn derives(&self, id: TypeId) -> &'static str {
        match self.has_guest_resource(&Type::Id(id)) {
            true => "Debug, PartialEq",
            false => "Clone, Debug, PartialEq",
        }
    }

    pub fn definition(&self, id: TypeId) -> String {
        let ty = &self.resolve.types[id];
        let name = names::type_(ty.name.as_deref().expect("an interface's types are named"));
        let docs = match &ty.docs.contents {
            Some(docs) => names::docs(Some(docs), ""),
            None => format!("/// The WIT type `{}`.\n", ty.name.as_deref().unwrap_or_default()),
        };
        let owned = |ty: &Type| self.rust_type(ty, Place::Owned);
        let mut code = docs;
        match &ty.kind {
            TypeDefKind::Record(record) => {
                let derives = self.derives(id);
                write!(code, "#[derive({derives})]\npub struct {name} {{\n").unwrap();
                for field in &record.fields {
                    code += &names::docs(Some(field.docs.contents.as_deref().unwrap_or(&field.name)), "    ");
                    writeln!(code, "    pub {}: {},", names::value(&field.name), owned(&field.ty)).unwrap();
                }
                code += "}\n";
            }
            TypeDefKind::Enum(cases) => {
                write!(
                    code,
                    "#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[repr(u32)]\npub enum {name} {{\n"
                )
                .unwrap();
                for case in &cases.cases {
                    code += &names::docs(Some(case.docs.contents.as_deref().unwrap_or(&case.name)), "    ");
                    writeln!(code, "    {},", names::type_(&case.name)).unwrap();
                }
                code += "}\n";
            }
            TypeDefKind::Variant(variant) => {
                let derives = self.derives(id);
                write!(code, "#[derive({derives})]\npub enum {name} {{\n").unwrap();
                for case in &variant.cases {
                    code += &names::docs(Some(case.docs.contents.as_deref().unwrap_or(&case.name)), "    ");
                    let payload = case.ty.as_ref().map_or(String::new(), |ty| format!("({})", owned(ty)));
                    writeln!(code, "    {}{payload},", names::type_(&case.name)).unwrap();
                }
                code += "}\n";
            }
            TypeDefKind::Flags(flags) => code += &flags_definition(&name, flags),
            TypeDefKind::Resource => {
                let (whose, derives) = match self.guest_has(id) {
                    true => ("guest's own name for it; drop it by its drop method", "Debug, PartialEq, Eq"),
                    false => (
                        "host's own name for it; a guest sees only handles",
                        "Clone, Copy, Debug, PartialEq, Eq",
                    ),
                };
                writeln!(
                    code,
                    "///\n/// The number is the {whose}.\n#[derive({derives})]\npub struct {name}(pub u32);"
                )
                .unwrap();
                writeln!(
                    code,
                    "impl {name} {{\n    /// What handles of it are told by.\n    \
                     pub const TYPE: u32 = {:#x};\n}}",
                    self.resource_id(id)
                )
                .unwrap();
            }
            TypeDefKind::Type(ty) => writeln!(code, "pub type {name} = {};", owned(ty)).unwrap(),
            _ => {
                // A name for a list, option, result or tuple: users see what it stands for.
                return String::new();
            }
        }
        code
    }
}

/// Flags are 32-bit words, however few they are, as the ABI passes them.
fn flags_definition(name: &str, flags: &Flags) -> String {
    let words = flags.flags.len().div_ceil(32).max(1);
    let mut code = format!(
        "#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]\npub struct {name}(pub [u32; {words}]);\nimpl {name} {{\n"
    );
    let masks: Vec<String> = (0..words)
        .map(|word| match flags.flags.len() - 32 * word {
            32.. => format!("words[{word}]"),
            some => format!("words[{word}] & {:#x}", (1u32 << some) - 1),
        })
        .collect();
    code += "    /// Flags of these bits; bits that are no flags are dropped.\n";
    writeln!(
        code,
        "    pub const fn from_words(words: [u32; {words}]) -> Self {{ Self([{}]) }}",
        masks.join(", ")
    )
    .unwrap();
    for (index, flag) in flags.flags.iter().enumerate() {
        code += &names::docs(Some(flag.docs.contents.as_deref().unwrap_or(&flag.name)), "    ");
        let bits: Vec<String> = (0..words)
            .map(|word| if word == index / 32 { format!("1 << {}", index % 32) } else { "0".into() })
            .collect();
        let constant = names::value(&flag.name).to_uppercase();
        writeln!(code, "    pub const {constant}: Self = Self([{}]);", bits.join(", ")).unwrap();
    }
    code += "    /// Whether all flags of `other` are set.\n    pub fn contains(self, other: Self) -> bool {\n        \
             self.0.iter().zip(other.0).all(|(mine, theirs)| mine & theirs == theirs)\n    }\n}\n";
    code
}

/// The Rust type of a core value.
pub fn core(ty: &WasmType) -> &'static str {
    match ty {
        WasmType::I32 | WasmType::Pointer | WasmType::Length => "i32",
        WasmType::I64 | WasmType::PointerOrI64 => "i64",
        WasmType::F32 => "f32",
        WasmType::F64 => "f64",
    }
}
