//! `zephyr-wasm docs`: a reference page for each interface, from its WIT.

use crate::contract::host_wit;
use anyhow::{Context, Result};
use clap::Args;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use wit_bindgen_core::Files;

/// Writes a page in Markdown for each interface of our host APIs, and of others.
#[derive(Args)]
pub struct Docs {
    /// WIT files or directories besides ours.
    #[arg(long)]
    wit: Vec<PathBuf>,
    /// Where to write the pages.
    #[arg(short, long)]
    output: PathBuf,
}

impl Docs {
    pub fn execute(&self) -> Result<ExitCode> {
        std::fs::create_dir_all(&self.output)?;
        for (name, page) in pages(&self.wit)? {
            let path = self.output.join(name);
            std::fs::write(&path, page).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The pages, by the names of their files.
fn pages(added: &[PathBuf]) -> Result<BTreeMap<String, String>> {
    let all = host_wit(added)?;
    let mut pages = BTreeMap::new();
    for (id, interface) in all.interfaces.iter() {
        let (Some(full_name), false) = (all.id_of(id), interface.functions.is_empty()) else { continue };
        let (title, _) = full_name.split_once('@').unwrap_or((&full_name, ""));
        let file = title.replace([':', '/'], "-");
        // The generator documents worlds: this one has the interface and nothing else.
        let mut of_one = host_wit(added)?;
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
