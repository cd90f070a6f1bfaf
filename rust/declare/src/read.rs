//! Reads the files of Rust whole. What is not understood, where something could cross to C, ends it.

use crate::function::{Foreign, InC, Reader};
use crate::model::{Declared, File, Function, Structure};
use crate::scan;
use crate::source::Source;
use crate::types::{CType, Known, Scope};
use anyhow::{Result, bail};
use proc_macro2::Span;
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{
    Attribute, Expr, Fields, ForeignItem, Item, ItemConst, ItemForeignMod, ItemStruct, Lit, LitStr, Type,
};

/// The files with extern blocks: what the runtime calls beside the host APIs, and the engine for compiled apps.
const RUNTIME: [&str; 2] = ["sys", "abi"];
/// The file that has the macro `in_c!`.
const MACRO: &str = "in_c";

/// A file, what is in it, and what its names mean.
struct Read<'a> {
    source: &'a Source,
    file: syn::File,
    scope: Scope,
}

/// Adds to what is declared: all of `platform`, and structures and numbers with C's names of what it `uses`.
///
/// # Errors
/// What is not understood.
pub fn files(declared: &mut Declared, platform: &[Source], uses: &[Source]) -> Result<()> {
    let mut all = Vec::new();
    for source in platform.iter().chain(uses) {
        let file = source.parse()?;
        all.push(Read { scope: Scope::of(&source.module, &file), source, file });
    }
    let mut known = Known::default();
    for (place, read) in all.iter().enumerate() {
        read.names(&mut known, place < platform.len())?;
    }
    let mut files = Vec::new();
    for (place, read) in all.iter().enumerate() {
        let is_ours = place < platform.len();
        files.push(read.file(&known, declared, is_ours)?);
    }
    let mut names = BTreeSet::new();
    for (read, file) in all.iter().zip(&files) {
        for name in file.in_c.iter().chain(&file.in_rust).map(|function| &function.name) {
            if !names.insert(name.clone()) {
                bail!(read.source.wrong_at(line_of(read.source, name), format!("one declaration of {name}")));
            }
        }
    }
    for (read, file) in all.iter().zip(&files) {
        for function in file.of_the_api() {
            checkable(read.source, function, &files)?;
        }
    }
    for read in &all[..platform.len()] {
        let with_blocks = [&RUNTIME[..], &[MACRO]].concat();
        scan::blocks(read.source, &read.file, &names, &with_blocks)?;
    }
    declared.files = files;
    Ok(())
}

/// Ends the build at an argument of a host API's function that the gate could not check.
fn checkable(source: &Source, function: &Function, files: &[File]) -> Result<()> {
    for argument in &function.arguments {
        let is_checked = match &argument.ty {
            CType::Value(_) => true,
            CType::Pointer { to, .. } if to.starts_with("struct ") => {
                files.iter().flat_map(|file| &file.structures).any(|one| one.name == *to && one.is_plain())
            }
            CType::Pointer { to, .. } => !to.starts_with("zephyr_wasm_"),
            _ => false,
        };
        if !is_checked {
            let expected = format!("`{}` to be a number, or to lead to numbers only", argument.name);
            bail!(source.wrong_at(line_of(source, &function.name), expected));
        }
    }
    Ok(())
}

/// The last line that declares a function.
fn line_of(source: &Source, name: &str) -> usize {
    let is_there = |line: &str| line.contains(&format!("fn {name}("));
    source
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| is_there(line))
        .map(|(at, _)| at + 1)
        .last()
        .unwrap_or(1)
}

/// C's name in `#[doc(alias = "...")]`.
fn alias(attributes: &[Attribute]) -> syn::Result<Option<(String, Span)>> {
    let mut found = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if matches!(attribute.meta, syn::Meta::List(_)) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("alias") {
                    let name: LitStr = meta.value()?.parse()?;
                    found = Some((name.value(), attribute.span()));
                }
                Ok(())
            })?;
        }
    }
    Ok(found)
}

/// Behind the name of a structure of which C has more than Rust.
const OPEN: &str = ", ...";

fn is_repr_c(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("repr"))
        .any(|attribute| attribute.to_token_stream().into_iter().any(|token| token.to_string().contains('C')))
}

impl Read<'_> {
    fn alias(&self, attributes: &[Attribute]) -> Result<Option<(String, Span)>> {
        alias(attributes).map_err(|error| self.source.no_rust(&error))
    }

    /// Takes C's names of what the file has. Those of the platform's files are in headers that firmware includes.
    fn names(&self, known: &mut Known, is_ours: bool) -> Result<()> {
        for item in &self.file.items {
            let (attributes, name) = match item {
                Item::Struct(item) => (&item.attrs, &item.ident),
                Item::Type(item) => (&item.attrs, &item.ident),
                Item::Const(item) => {
                    if self.alias(&item.attrs)?.is_some() {
                        let number = self.number(item)?;
                        known.numbers.insert(format!("{}::{}", self.source.module, item.ident), number);
                    }
                    continue;
                }
                _ => continue,
            };
            if let Some((c, at)) = self.alias(attributes)? {
                let c = c.trim_end_matches(OPEN);
                let is_struct = c.strip_prefix("struct ").unwrap_or(c);
                let begins = if is_ours { "zephyr_wasm_" } else { "" };
                if !is_struct.starts_with(begins)
                    || is_struct.contains(|c: char| !c.is_alphanumeric() && c != '_')
                {
                    bail!(
                        self.source.wrong(at, "`#[doc(alias = \"struct zephyr_wasm_...\")]`, C's name of it")
                    );
                }
                known.types.insert(format!("{}::{name}", self.source.module), c.into());
            }
        }
        Ok(())
    }

    fn number(&self, item: &ItemConst) -> Result<i128> {
        let (sign, literal) = match &*item.expr {
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => (-1, &*unary.expr),
            other => (1, other),
        };
        let number = match literal {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(number) => number.base10_parse::<i128>().ok(),
                _ => None,
            },
            _ => None,
        };
        number.map(|number| sign * number).ok_or_else(|| {
            self.source.wrong(item.expr.span(), "a number that is written out, as C is compared with it")
        })
    }

    fn file(&self, known: &Known, declared: &Declared, is_ours: bool) -> Result<File> {
        let name = self.source.name();
        let package = declared.packages.get(&name);
        let reader = Reader { source: self.source, scope: &self.scope, known, package };
        let mut found = File { name, ..File::default() };
        for item in &self.file.items {
            if let Item::Struct(item) = item {
                self.structure(item, known, &mut found, is_ours)?;
            }
        }
        for item in &self.file.items {
            match item {
                Item::Const(item) => {
                    if let Some((c, _)) = self.alias(&item.attrs)? {
                        found.numbers.insert(c, self.number(item)?);
                    }
                }
                Item::Type(item) => {
                    if let Some((c, _)) = self.alias(&item.attrs)? {
                        match &*item.ty {
                            Type::BareFn(function) => found.typedefs.push(self.typedef(&c, function, known)?),
                            _ => found.opaque.push(c),
                        }
                    }
                }
                Item::Macro(item) if is_ours && item.mac.path.is_ident("in_c") => {
                    let all: InC = item.mac.parse_body().map_err(|error| self.source.no_rust(&error))?;
                    for foreign in &all.0 {
                        found.in_c.push(reader.of_api(foreign)?);
                    }
                }
                Item::ForeignMod(block) if is_ours => self.block(block, &reader, &mut found)?,
                Item::Fn(item) if is_ours && scan::is_exported(&item.attrs) => {
                    found.in_rust.push(reader.in_rust(item)?);
                }
                _ => {}
            }
        }
        Ok(found)
    }

    fn structure(&self, item: &ItemStruct, known: &Known, found: &mut File, is_ours: bool) -> Result<()> {
        let Some((c, _)) = self.alias(&item.attrs)? else {
            if is_ours && is_repr_c(&item.attrs) {
                let expected =
                    "before the structure: `#[doc(alias = \"struct zephyr_wasm_...\")]`, C's name of it";
                bail!(self.source.wrong(item.ident.span(), expected));
            }
            return Ok(());
        };
        if !is_repr_c(&item.attrs) {
            bail!(self.source.wrong(item.ident.span(), "`#[repr(C)]` before a structure that C has, too"));
        }
        let Fields::Named(fields) = &item.fields else {
            bail!(self.source.wrong(item.ident.span(), "fields with the names that they have in C"));
        };
        let mut all = Vec::new();
        for field in &fields.named {
            // C has `type` where Rust has `r#type`.
            let name = field.ident.as_ref().map(|name| name.unraw().to_string()).unwrap_or_default();
            if let Type::Array(array) = &field.ty
                && array.len.to_token_stream().to_string() == "0"
            {
                found.opaque.push(c);
                return Ok(());
            }
            let Some(ty) = known.of(&self.scope, &field.ty) else {
                bail!(self.source.wrong(field.ty.span(), "a type that C has, too: a number, bool, pointer, array of these, or a structure with C's name"));
            };
            all.push((name, ty));
        }
        let name = c.trim_end_matches(OPEN).to_string();
        found.structures.push(Structure { is_open: name != c, name, fields: all });
        Ok(())
    }

    fn typedef(&self, name: &str, function: &syn::TypeBareFn, known: &Known) -> Result<String> {
        let ty = |ty: &Type| {
            known.of(&self.scope, ty).ok_or_else(|| self.source.wrong(ty.span(), "a type that C has, too"))
        };
        let mut parameters = Vec::new();
        for input in &function.inputs {
            let Some((name, _)) = &input.name else {
                bail!(self.source.wrong(input.span(), "`name: type`"));
            };
            parameters.push(ty(&input.ty)?.before_a_name() + &name.to_string());
        }
        let result = match &function.output {
            syn::ReturnType::Default => "void ".into(),
            syn::ReturnType::Type(_, result) => ty(result)?.before_a_name(),
        };
        Ok(format!("typedef {result}(*{name})({})", parameters.join(", ")))
    }

    fn block(&self, block: &ItemForeignMod, reader: &Reader, found: &mut File) -> Result<()> {
        let is_c = block.abi.name.as_ref().is_some_and(|abi| abi.value() == "C");
        if !RUNTIME.contains(&self.source.name().as_str()) || !is_c || block.unsafety.is_none() {
            let expected = format!("`in_c! {{` (`unsafe extern \"C\" {{` is in {}.rs only)", RUNTIME[0]);
            bail!(self.source.wrong(block.span(), expected));
        }
        for item in &block.items {
            if matches!(item, ForeignItem::Static(_)) {
                continue;
            }
            let foreign: syn::Result<Foreign> = syn::parse2(item.to_token_stream());
            let foreign = foreign
                .map_err(|_| self.source.wrong(item.span(), "`fn zephyr_wasm_...(...);` or a static"))?;
            found.in_c.push(reader.of_runtime(&foreign)?);
        }
        Ok(())
    }
}

/// The numbers of an enum in a file, by the names of its variants.
///
/// # Errors
/// What is not understood.
pub fn enum_of(source: &Source, name: &str) -> Result<BTreeMap<i32, String>> {
    let file = source.parse()?;
    let found = file.items.iter().find_map(|item| match item {
        Item::Enum(item) if item.ident == name => Some(item),
        _ => None,
    });
    let Some(item) = found else { bail!(source.wrong_at(1, format!("`enum {name}` in this file"))) };
    let mut numbers = BTreeMap::new();
    for variant in &item.variants {
        let number = match &variant.discriminant {
            Some((_, Expr::Lit(literal))) => match &literal.lit {
                Lit::Int(number) => number.base10_parse().ok(),
                _ => None,
            },
            _ => None,
        };
        let Some(number) = number.filter(|number| !numbers.contains_key(number)) else {
            bail!(source.wrong(variant.span(), "a number of its own for each variant, as C has them, too"));
        };
        numbers.insert(number, variant.ident.to_string());
    }
    Ok(numbers)
}
