//! `zephyr-wasm docs`: a reference page for each interface, from its WIT, and the table of a manifest's keys.

use crate::added::Added;
use crate::input;
use anyhow::{Context, Result};
use clap::Args;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use wit_bindgen_core::Files;
use zephyr_wasm_manifest::keys::{Bound, KEYS, LONGEST_NAME, Value};

/// Writes a page in Markdown for each interface of our host APIs, and of others.
#[derive(Args)]
pub struct Docs {
    /// WIT files or directories besides ours.
    #[arg(long)]
    wit: Vec<PathBuf>,
    /// Where to write the pages.
    #[arg(short, long)]
    output: PathBuf,
    /// A page whose table of a manifest's keys is written anew: `docs/manifest.md`.
    #[arg(long)]
    manifest: Option<PathBuf>,
}

impl Docs {
    pub fn execute(&self) -> Result<ExitCode> {
        std::fs::create_dir_all(&self.output)?;
        for (name, page) in pages(&self.wit)? {
            let path = self.output.join(name);
            std::fs::write(&path, page).with_context(|| format!("cannot write {}", path.display()))?;
        }
        if let Some(path) = &self.manifest {
            let page = with_keys(&input::text(path)?).with_context(|| path.display().to_string())?;
            std::fs::write(path, page).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What is around the table of keys.
const BEGIN: &str = "<!-- The keys, written by `zephyr-wasm docs`. Do not edit. -->\n";
const END: &str = "<!-- Behind the keys. -->\n";

/// A page, with the table as it is now.
fn with_keys(page: &str) -> Result<String> {
    let (before, rest) = page.split_once(BEGIN).with_context(|| format!("has no line {BEGIN}"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("has no line {END}"))?;
    Ok(format!("{before}{BEGIN}\n{}\n{END}{after}", table_of_keys()))
}

fn table_of_keys() -> String {
    let mut table = String::from("| key | value | the image | what it is |\n|---|---|---|---|\n");
    for key in KEYS {
        let value = match key.value {
            Value::Name => format!("1 to {LONGEST_NAME} letters, digits, `_` and `-`"),
            Value::Version => "three numbers, as `1.0.2`".into(),
            Value::Number(0, u32::MAX) if key.unit.is_empty() => "a number".into(),
            Value::Number(0, u32::MAX) => key.unit.into(),
            Value::Number(least, most) => format!("{least} to {most} {}", key.unit).trim_end().into(),
            Value::OneOf(words) => {
                words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
            }
        };
        let symbol = format!("`CONFIG_{}`", key.symbol);
        let image = match key.bound {
            Bound::Nothing => String::new(),
            Bound::Limit => format!("at most {symbol}, or it is refused"),
            Bound::Most => format!("at most {symbol}"),
            Bound::Least => format!("at least {symbol}"),
            Bound::Otherwise => format!("without it, {symbol}"),
            Bound::Needs => format!("needs {symbol}"),
        };
        table += &format!("| `{}` | {value} | {image} | {} |\n", key.name, key.docs.trim());
    }
    table
}

/// The pages, by the names of their files.
fn pages(added: &[PathBuf]) -> Result<BTreeMap<String, String>> {
    let added = Added::of_wit(added);
    let all = added.with_ours()?;
    let mut pages = BTreeMap::new();
    for (id, interface) in all.interfaces.iter() {
        let (Some(full_name), false) = (all.id_of(id), interface.functions.is_empty()) else { continue };
        let (title, _) = full_name.split_once('@').unwrap_or((&full_name, ""));
        let file = title.replace([':', '/'], "-");
        // The generator documents worlds: this one has the interface and nothing else.
        let mut of_one = added.with_ours()?;
        let world = format!("package docs:page;\nworld {file} {{ import {full_name}; }}");
        let package = of_one.push_str("page.wit", &world)?;
        let world = of_one.select_world(&[package], None)?;
        let mut files = Files::default();
        wit_bindgen_markdown::Opts::default().build().generate(&mut of_one, world, &mut files)?;
        for (name, contents) in files.iter().filter(|(name, _)| name.ends_with(".md")) {
            let text = String::from_utf8_lossy(contents);
            // What the generator says of the world comes before its first interface.
            let body = text.find("## <a").map_or(&*text, |start| &text[start..]);
            let page = format!(
                "<!-- Generated from WIT by `zephyr-wasm docs`. Do not edit. -->\n\n# `{full_name}`\n\n{}\n",
                body.trim()
            );
            pages.insert(name.to_owned(), page);
        }
    }
    let mut index =
        String::from("<!-- Generated from WIT by `zephyr-wasm docs`. Do not edit. -->\n\n# Host APIs\n\n");
    for (name, page) in &pages {
        let title = page.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(name);
        index += &format!("- [{title}]({name})\n");
    }
    pages.insert("README.md".into(), index);
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_keys_in_docs_are_those_of_the_table() {
        let page = include_str!("../../../docs/manifest.md");
        let again = "run `zephyr-wasm docs --output docs/api --manifest docs/manifest.md`";
        assert!(with_keys(page).unwrap() == page, "docs/manifest.md is stale: {again}");
    }

    #[test]
    fn the_pages_in_docs_are_those_of_the_wit() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api");
        let pages = pages(&[]).unwrap();
        for (name, page) in &pages {
            let found = std::fs::read_to_string(directory.join(name)).unwrap_or_default();
            assert!(found == *page, "docs/api/{name} is stale: run `zephyr-wasm docs --output docs/api`");
        }
        let files = std::fs::read_dir(directory).unwrap().count();
        assert_eq!(files, pages.len(), "docs/api has files that no WIT gives");
    }
}
