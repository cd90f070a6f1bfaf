//! What an app's manifest may grant of a package, as the package's documentation says:
//!
//! ```text
//! /// Grants:
//! /// - `read`: names of sensors
//! /// - `bytes` (number): how much
//! package zephyr:example@0.1.0;
//! ```
//!
//! An app needs a manifest for a package that has such a list. Of one that has none, there is nothing to choose.

use wit_bindgen_core::wit_parser::Package;

/// One kind of grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its key in a manifest.
    pub name: String,
    /// Whether it has one number, in place of a list of texts.
    pub is_number: bool,
    /// What it means.
    pub docs: String,
}

/// The kinds of grants of a package.
pub fn of_package(package: &Package) -> Vec<Kind> {
    of_docs(package.docs.contents.as_deref().unwrap_or_default())
}

fn of_docs(docs: &str) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for line in docs.lines().skip_while(|line| line.trim() != "Grants:").skip(1) {
        match line.trim().strip_prefix("- `").and_then(|item| item.split_once('`')) {
            Some((name, rest)) => {
                let number = rest.trim_start().strip_prefix("(number)");
                let docs = number.unwrap_or(rest).trim_start_matches(':').trim();
                kinds.push(Kind { name: name.into(), is_number: number.is_some(), docs: docs.into() });
            }
            None => match kinds.last_mut() {
                Some(kind) if !line.trim().is_empty() => kind.docs = format!("{} {}", kind.docs, line.trim()),
                _ => break,
            },
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_the_items_of_the_list() {
        let docs = "A package.\n\nGrants:\n- `read`: names\n  of sensors\n- `bytes` (number): how much\n\nMore.\n- `no`: one";
        let kind =
            |name: &str, is_number, docs: &str| Kind { name: name.into(), is_number, docs: docs.into() };
        assert_eq!(of_docs(docs), [kind("read", false, "names of sensors"), kind("bytes", true, "how much")]);
        assert_eq!(of_docs("A package.\n- `no`: list of grants"), []);
    }
}
