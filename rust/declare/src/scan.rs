//! Looks through all tokens of a file for what could cross to C, and is not where it is read: in a function, a module or a
//! macro.

use crate::source::Source;
use anyhow::{Result, bail};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use std::collections::BTreeSet;
use syn::{Attribute, Item};

/// Whether the linker has a function by its name.
pub fn is_exported(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let text = quote::ToTokens::to_token_stream(attribute).to_string();
        attribute.path().is_ident("unsafe") && (text.contains("no_mangle") || text.contains("export_name"))
    })
}

/// Ends the build at an extern block with functions beside the two that are understood, at a function of C's ABI that is not
/// among the declared `names`, and at a `repr(C)` that was not read.
///
/// # Errors
/// The first of them.
pub fn blocks(
    source: &Source,
    file: &syn::File,
    names: &BTreeSet<String>,
    with_blocks: &[&str],
) -> Result<()> {
    let tokens: TokenStream =
        source.text.parse().map_err(|error: proc_macro2::LexError| source.wrong(error.span(), "Rust"))?;
    let read =
        file.items.iter().filter(|item| matches!(item, Item::Struct(_) | Item::Enum(_) | Item::Union(_)));
    let mut scan = Scan {
        source,
        names,
        may_have_blocks: with_blocks.contains(&source.name().as_str()),
        representations: Vec::new(),
    };
    scan.tokens(tokens)?;
    let at_top = read.map(item_repr).sum::<usize>();
    match scan.representations.get(at_top) {
        Some(at) => bail!(source.wrong(*at, "`#[repr(C)]` outside of all modules, functions and macros")),
        None => Ok(()),
    }
}

/// How many `repr(C)` an item has.
fn item_repr(item: &Item) -> usize {
    let attributes = match item {
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        _ => return 0,
    };
    attributes.iter().filter(|attribute| attribute.path().is_ident("repr")).count()
}

struct Scan<'a> {
    source: &'a Source,
    names: &'a BTreeSet<String>,
    may_have_blocks: bool,
    representations: Vec<Span>,
}

impl Scan<'_> {
    fn tokens(&mut self, tokens: TokenStream) -> Result<()> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (place, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream())?,
                TokenTree::Ident(word) if word == "extern" => {
                    self.behind(word.span(), &tokens[place + 1..])?
                }
                TokenTree::Ident(word) if word == "repr" => self.representations.push(word.span()),
                _ => {}
            }
        }
        Ok(())
    }

    /// What is behind `extern`.
    fn behind(&self, at: Span, tokens: &[TokenTree]) -> Result<()> {
        let tokens = match tokens {
            [TokenTree::Literal(_), rest @ ..] => rest,
            all => all,
        };
        match tokens {
            [TokenTree::Group(block), ..] if block.delimiter() == Delimiter::Brace => {
                let has_functions = block.stream().into_iter().any(|token| is_word(&token, "fn"));
                if has_functions && !self.may_have_blocks {
                    bail!(self.source.wrong(at, "`in_c! {` outside of all modules, functions and macros"));
                }
            }
            [function, TokenTree::Ident(name), ..] if is_word(function, "fn") => {
                if !self.names.contains(&name.to_string()) {
                    let expected = "a function of this name with #[unsafe(no_mangle)] outside of all modules, functions and macros";
                    bail!(self.source.wrong(at, expected));
                }
            }
            // Its type.
            [function, TokenTree::Group(_), ..] if is_word(function, "fn") => {}
            [word, ..] if is_word(word, "crate") => {}
            _ => bail!(self.source.wrong(at, "`in_c! {`, or `extern \"C\" fn name`")),
        }
        Ok(())
    }
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(found) if found == word)
}
