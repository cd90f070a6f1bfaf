//! A function as it is declared: in `in_c!`, in an extern block, or where it is defined.

use crate::gate::optional_beside;
use crate::model::{Argument, Count, Function, Grants, Package};
use crate::source::Source;
use crate::types::{CType, Known, Scope};
use anyhow::{Result, bail};
use proc_macro2::Span;
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Attribute, Expr, ExprLit, FnArg, Ident, Lit, LitStr, Meta, Pat, ReturnType, Token, Type, Visibility,
};

mod keyword {
    syn::custom_keyword!(safe);
    syn::custom_keyword!(of);
    syn::custom_keyword!(none);
}

/// What an attribute says of grants.
const GRANTS: &str =
    "`#[grants(none)]`, `#[grants(\"kind\" of argument)]` or `#[grants(zephyr_wasm_..._may_...)]`";

/// A function of an extern block, or of `in_c!`.
pub struct Foreign {
    attributes: Vec<Attribute>,
    is_safe: bool,
    name: Ident,
    arguments: Punctuated<FnArg, Token![,]>,
    result: ReturnType,
}

impl Parse for Foreign {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attributes = Attribute::parse_outer(input)?;
        let _: Visibility = input.parse()?;
        let is_safe = input.peek(keyword::safe);
        if is_safe {
            let _: keyword::safe = input.parse()?;
        } else {
            let _: Option<Token![unsafe]> = input.parse()?;
        }
        let _: Token![fn] = input.parse()?;
        let name = input.parse()?;
        let inside;
        syn::parenthesized!(inside in input);
        let arguments = Punctuated::parse_terminated(&inside)?;
        let result = input.parse()?;
        let _: Token![;] = input.parse()?;
        Ok(Foreign { attributes, is_safe, name, arguments, result })
    }
}

/// All functions of `in_c!`.
pub struct InC(pub Vec<Foreign>);

impl Parse for InC {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let mut all = Vec::new();
        while !input.is_empty() {
            all.push(input.parse()?);
        }
        Ok(InC(all))
    }
}

/// What is behind `grants`.
enum Stated {
    None,
    Kind(LitStr, Ident),
    Function(Ident),
}

impl Parse for Stated {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if input.peek(LitStr) {
            let kind = input.parse()?;
            let _: keyword::of = input.parse()?;
            return Ok(Stated::Kind(kind, input.parse()?));
        }
        if input.peek(keyword::none) {
            let _: keyword::none = input.parse()?;
            return Ok(Stated::None);
        }
        Ok(Stated::Function(input.parse()?))
    }
}

/// `argument = ROOM` of `room`.
struct Room(Ident, Ident);

impl Parse for Room {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let argument = input.parse()?;
        let _: Token![=] = input.parse()?;
        Ok(Room(argument, input.parse()?))
    }
}

/// What functions of a file are read with.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The file.
    pub source: &'a Source,
    /// What its names mean.
    pub scope: &'a Scope,
    /// What is known in all files.
    pub known: &'a Known,
    /// The WIT package of the file's API, if it is one's.
    pub package: Option<&'a Package>,
}

/// The text of a line of documentation.
pub fn doc(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim_end().into()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an argument's name says that it is how many there are of the one before.
fn is_count(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or_default();
    matches!(last, "length" | "size" | "room" | "count" | "most")
}

impl Reader<'_> {
    /// A function of a host API, in `in_c!`.
    ///
    /// # Errors
    /// What is not understood, or cannot be checked.
    pub fn of_api(&self, foreign: &Foreign) -> Result<Function> {
        let at = foreign.name.span();
        let (mut stated, mut rooms, mut docs) = (None, Vec::new(), Vec::new());
        let mut interface = None;
        for attribute in &foreign.attributes {
            if let Some(line) = doc(attribute) {
                docs.push(line);
            } else if attribute.path().is_ident("grants") {
                if stated.is_some() {
                    bail!(self.source.wrong(attribute.span(), "what is granted once for each function"));
                }
                let parsed: syn::Result<Stated> = attribute.parse_args();
                stated = Some((
                    parsed.map_err(|_| self.source.wrong(attribute.span(), GRANTS))?,
                    attribute.span(),
                ));
            } else if attribute.path().is_ident("room") {
                let parsed = attribute.parse_args_with(Punctuated::<Room, Token![,]>::parse_terminated);
                rooms.extend(parsed.map_err(|error| self.source.no_rust(&error))?);
            } else if attribute.path().is_ident("interface") && interface.is_none() {
                interface = Some(self.interface(attribute)?);
            } else {
                bail!(self.source.wrong(
                    attribute.span(),
                    "a comment, `#[grants(...)]`, `#[interface(\"name\")]` or `#[room(argument = MACRO)]`"
                ));
            }
        }
        let mut function = self.signature(&foreign.name, &foreign.arguments, &foreign.result)?;
        (function.docs, function.interface) = (docs, interface);
        // Of a reference to one, C has the address of its first: no more would be checked.
        let is_array = |argument: &&FnArg| argument.to_token_stream().to_string().contains('[');
        if let Some(array) = foreign.arguments.iter().find(is_array) {
            let expected = "a pointer, and how much is behind it, in place of an array";
            bail!(self.source.wrong(array.span(), expected));
        }
        let Some((stated, grants_at)) = stated else {
            bail!(self.source.wrong(at, format!("before the function: {GRANTS}")));
        };
        self.count(&mut function, rooms, at)?;
        let is_safe = !function.arguments.iter().any(|argument| argument.ty.is_raw());
        if foreign.is_safe != is_safe {
            let why = if is_safe {
                "`safe fn`: no argument is a raw pointer"
            } else {
                "`unsafe fn`: an argument is a raw pointer"
            };
            bail!(self.source.wrong(at, why));
        }
        function.grants = Some(self.grants(stated, &function, grants_at)?);
        Ok(function)
    }

    /// The interface that an attribute names, which images can leave out.
    fn interface(&self, attribute: &Attribute) -> Result<String> {
        let said = attribute.parse_args::<LitStr>().map(|text| text.value()).unwrap_or_default();
        let all = self.package.map_or(&[][..], |package| &package.interfaces);
        let of_wit = all.iter().filter(|one| one.is_optional).map(|one| one.interface.as_str());
        let file = self.source.name();
        let beside = optional_beside(&file);
        let optional: Vec<&str> = of_wit.chain(beside.map(|(interface, _)| interface)).collect();
        if !optional.contains(&said.as_str()) {
            let names = if optional.is_empty() { "it has none".into() } else { optional.join(", ") };
            bail!(self.source.wrong(
                attribute.span(),
                format!("one of the interfaces of wit/{file}.wit that images can leave out: {names}")
            ));
        }
        Ok(said)
    }

    /// A function in C that the runtime calls beside the host APIs, in an extern block.
    ///
    /// # Errors
    /// What is not understood.
    pub fn of_runtime(&self, foreign: &Foreign) -> Result<Function> {
        let mut function = self.signature(&foreign.name, &foreign.arguments, &foreign.result)?;
        for attribute in &foreign.attributes {
            match doc(attribute) {
                Some(line) => function.docs.push(line),
                None if attribute.path().is_ident("cfg") => {}
                None => bail!(self.source.wrong(attribute.span(), "a comment or `#[cfg(...)]`")),
            }
        }
        if foreign.is_safe && function.arguments.iter().any(|argument| argument.ty.is_raw()) {
            bail!(self.source.wrong(foreign.name.span(), "`unsafe fn`: an argument is a raw pointer"));
        }
        Ok(function)
    }

    /// A function in Rust that C calls.
    ///
    /// # Errors
    /// What is not understood.
    pub fn in_rust(&self, item: &syn::ItemFn) -> Result<Function> {
        let signature = &item.sig;
        let is_c =
            signature.abi.as_ref().and_then(|abi| abi.name.as_ref()).is_some_and(|abi| abi.value() == "C");
        if !is_c || !signature.ident.to_string().starts_with("zephyr_wasm_rs_") {
            bail!(
                self.source
                    .wrong(signature.ident.span(), "`extern \"C\" fn zephyr_wasm_rs_...`, as C calls it")
            );
        }
        let mut function = self.signature(&signature.ident, &signature.inputs, &signature.output)?;
        function.docs = item.attrs.iter().filter_map(doc).collect();
        for attribute in item.attrs.iter().filter(|attribute| doc(attribute).is_none()) {
            if !attribute.path().is_ident("unsafe") {
                bail!(self.source.wrong(attribute.span(), "a comment or `#[unsafe(no_mangle)]`"));
            }
        }
        Ok(function)
    }

    fn signature(
        &self,
        name: &Ident,
        arguments: &Punctuated<FnArg, Token![,]>,
        result: &ReturnType,
    ) -> Result<Function> {
        if !name.to_string().starts_with("zephyr_wasm_") {
            bail!(self.source.wrong(name.span(), "a name that begins with `zephyr_wasm_`"));
        }
        let mut read: Vec<Argument> = Vec::new();
        for argument in arguments {
            let pair = match argument {
                FnArg::Typed(pair) if pair.attrs.is_empty() => match &*pair.pat {
                    Pat::Ident(name) if name.subpat.is_none() => Some((name.ident.to_string(), &*pair.ty)),
                    _ => None,
                },
                _ => None,
            };
            let Some((name, ty)) = pair.filter(|(name, _)| read.iter().all(|other| other.name != *name))
            else {
                bail!(self.source.wrong(argument.span(), "`name: type`, each name once"));
            };
            let ty = self.ty(ty)?;
            if matches!(ty, CType::Array(..) | CType::Structure(_)) {
                bail!(self.source.wrong(argument.span(), "a pointer or reference to what is not a number"));
            }
            read.push(Argument { name, ty, count: None });
        }
        let (result, is_last) = match result {
            ReturnType::Default => (None, false),
            ReturnType::Type(_, ty) if matches!(**ty, Type::Never(_)) => (None, true),
            ReturnType::Type(_, ty) => (Some(self.ty(ty)?), false),
        };
        let name = name.to_string();
        Ok(Function {
            name,
            docs: Vec::new(),
            arguments: read,
            apart: Vec::new(),
            result,
            is_last,
            grants: None,
            interface: None,
        })
    }

    fn ty(&self, ty: &Type) -> Result<CType> {
        self.known.of(self.scope, ty).ok_or_else(|| {
            let known = "a type that C has, too: a number, bool, a structure with C's name, or a pointer or reference to one";
            self.source.wrong(ty.span(), known)
        })
    }

    /// Finds out how much is behind each pointer.
    fn count(&self, function: &mut Function, rooms: Vec<Room>, at: Span) -> Result<()> {
        for place in 0..function.arguments.len() {
            let next = function.arguments.get(place + 1);
            let is_counted = next.is_some_and(|next| {
                is_count(&next.name) && matches!(next.ty, CType::Value("size_t" | "uint32_t"))
            });
            let argument = &mut function.arguments[place];
            let CType::Pointer { to, is_reference, writes, .. } = &argument.ty else { continue };
            if to == "void" || to.contains('*') {
                let expected = format!("a type of which C knows the size behind `{}`", argument.name);
                bail!(self.source.wrong(at, expected));
            }
            if *is_reference {
                continue;
            }
            if !writes && (to == "bool" || to.starts_with("struct ")) {
                let expected =
                    format!("a reference to one {to}, whose bytes can be checked, as `{}`", argument.name);
                bail!(self.source.wrong(at, expected));
            }
            let mut said = rooms.iter().filter(|room| room.0 == argument.name);
            argument.count =
                match (said.next(), is_counted) {
                    (Some(room), false) if !argument.ty.is_text() => Some(Count::Room(room.1.to_string())),
                    (None, true) => Some(Count::Next),
                    _ if argument.ty.is_text() => {
                        bail!(self.source.wrong(
                            at,
                            format!("the length of `{}` as the argument behind it", argument.name)
                        ))
                    }
                    (Some(room), _) => {
                        bail!(self.source.wrong(room.0.span(), "the room once: the next argument says it"))
                    }
                    (None, false) => {
                        let expected = format!(
                            "how much is behind `{}`: as the next argument, or by #[room(...)]",
                            argument.name
                        );
                        bail!(self.source.wrong(at, expected))
                    }
                };
            if let Some(room) = said.next() {
                bail!(self.source.wrong(room.0.span(), "the room of each argument once"));
            }
        }
        let is_pointer =
            |room: &Room| function.arguments.iter().any(|one| room.0 == one.name && one.ty.is_raw());
        if let Some(room) = rooms.iter().find(|room| !is_pointer(room)) {
            bail!(
                self.source.wrong(
                    room.0.span(),
                    format!("a pointer among the arguments that is called `{}`", room.0)
                )
            );
        }
        Ok(())
    }

    fn grants(&self, stated: Stated, function: &Function, at: Span) -> Result<Grants> {
        let api = self.source.name();
        let (kind, name) = match stated {
            Stated::None => return Ok(Grants::None),
            Stated::Function(name) => {
                let prefix = format!("zephyr_wasm_{api}_may_");
                let name = name.to_string();
                if name.strip_prefix(&prefix).is_none_or(str::is_empty) {
                    bail!(
                        self.source.wrong(at, format!("{GRANTS}; the function in C is one of {prefix}..."))
                    );
                }
                return Ok(Grants::Function(name));
            }
            Stated::Kind(kind, name) => (kind.value(), name),
        };
        let kinds = self.package.map_or(&[][..], |package| &package.kinds);
        if !kinds.contains(&kind) {
            let kinds = if kinds.is_empty() { "it has none".into() } else { kinds.join(", ") };
            bail!(self.source.wrong(at, format!("one of the grants of wit/{api}.wit: {kinds}")));
        }
        let Some(argument) = function.arguments.iter().position(|one| name == one.name && one.ty.is_text())
        else {
            let texts: Vec<&str> = function
                .arguments
                .iter()
                .filter(|one| one.ty.is_text())
                .map(|one| one.name.as_str())
                .collect();
            let texts = if texts.is_empty() { "there are none".into() } else { texts.join(", ") };
            bail!(self.source.wrong(at, format!("one of the texts among the function's arguments: {texts}")));
        };
        let length = function.arguments.get(argument + 1).map(|one| &one.ty);
        if length != Some(&CType::Value("size_t")) {
            bail!(
                self.source.wrong(at, format!("the length of `{name}` as the argument behind it, a usize"))
            );
        }
        Ok(Grants::Kind { kind, argument })
    }
}
