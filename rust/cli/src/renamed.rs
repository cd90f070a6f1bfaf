//! Functions that a component exports by another name than its core module does: outside, only the component's is known.

use anyhow::{Result, bail};
use std::collections::{HashMap, HashSet};
use wasm_encoder::{ExportKind, ExportSection, Module, RawSection};
use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentExternalKind, ComponentTypeRef, Export, ExternalKind,
    Instance, Parser, Payload,
};

/// What of a component's index spaces says which function of the core module is behind an export.
#[derive(Default)]
struct Spaces<'a> {
    /// Whether each core instance is of the module.
    instances: Vec<bool>,
    /// The name that the module has for each core function, if it is the module's.
    core: Vec<Option<&'a str>>,
    /// The core function of each function of the component, if that is known.
    lifted: Vec<Option<u32>>,
    /// What is exported, and the module's name of it.
    exports: Vec<(&'a str, &'a str)>,
}

impl<'a> Spaces<'a> {
    /// Those of a component; of what is inside of it, only what it exports counts.
    fn of(component: &'a [u8], module: u32) -> Result<Self> {
        let mut spaces = Spaces::default();
        let mut depth = 0;
        for payload in Parser::new(0).parse_all(component) {
            match payload? {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth -= i32::from(depth > 0),
                payload if depth == 0 => spaces.take(payload, module)?,
                _ => {}
            }
        }
        Ok(spaces)
    }

    fn take(&mut self, payload: Payload<'a>, module: u32) -> Result<()> {
        match payload {
            Payload::InstanceSection(section) => {
                for instance in section {
                    self.instances.push(matches!(
                        instance?,
                        Instance::Instantiate { module_index, .. } if module_index == module
                    ));
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section {
                    match alias? {
                        ComponentAlias::CoreInstanceExport {
                            kind: ExternalKind::Func,
                            instance_index,
                            name,
                        } => {
                            let is_ours = self.instances.get(instance_index as usize) == Some(&true);
                            self.core.push(is_ours.then_some(name));
                        }
                        ComponentAlias::InstanceExport { kind: ComponentExternalKind::Func, .. } => {
                            self.lifted.push(None);
                        }
                        _ => {}
                    }
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for function in section {
                    match function? {
                        CanonicalFunction::Lift { core_func_index, .. } => {
                            self.lifted.push(Some(core_func_index))
                        }
                        _ => self.core.push(None),
                    }
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section {
                    if matches!(import?.ty, ComponentTypeRef::Func(_)) {
                        self.lifted.push(None);
                    }
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind != ComponentExternalKind::Func {
                        continue;
                    }
                    let lifted = self.lifted.get(export.index as usize).copied().flatten();
                    let name = lifted.and_then(|index| self.core.get(index as usize).copied().flatten());
                    self.exports.extend(name.map(|name| (export.name.name, name)));
                    // What is exported is another function by that.
                    self.lifted.push(lifted);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// A component's core module, whose functions have the names that the component exports them by.
///
/// # Errors
/// What cannot be parsed, or is exported and not there.
pub fn named_as_outside(component: &[u8], module: u32, core: &[u8]) -> Result<Vec<u8>> {
    let mut names = Spaces::of(component, module)?.exports;
    names.retain(|(outside, inside)| outside != inside);
    if names.is_empty() {
        return Ok(core.to_vec());
    }
    let mut renamed = Module::new();
    for payload in Parser::new(0).parse_all(core) {
        let payload = payload?;
        if let Payload::ExportSection(section) = &payload {
            let exports = section.clone().into_iter().collect::<wasmparser::Result<Vec<_>>>()?;
            renamed.section(&with_names(&exports, &names)?);
        } else if let Some((id, range)) = payload.as_section() {
            let data = &core[range.start as usize..range.end as usize];
            renamed.section(&RawSection { id, data });
        }
    }
    Ok(renamed.finish())
}

/// The exports, of which some have more names; a name that means another function outside is lost.
fn with_names(exports: &[Export<'_>], names: &[(&str, &str)]) -> Result<ExportSection> {
    // There may be a million of either.
    let known_outside: HashSet<&str> = names.iter().map(|(outside, _)| *outside).collect();
    let functions = exports.iter().filter(|export| export.kind == ExternalKind::Func);
    let functions: HashMap<&str, u32> = functions.map(|export| (export.name, export.index)).collect();
    let mut section = ExportSection::new();
    for export in exports.iter().filter(|export| !known_outside.contains(export.name)) {
        section.export(export.name, ExportKind::from(export.kind), export.index);
    }
    for (outside, inside) in names {
        let Some(index) = functions.get(inside) else {
            bail!("exports `{inside}` of its module as `{outside}`, which is not there")
        };
        section.export(outside, ExportKind::Func, *index);
    }
    Ok(section)
}

#[cfg(test)]
mod tests {
    use crate::component::unwrap;
    use wasmparser::{Parser, Payload};

    fn exports(component: &str) -> Vec<(String, u32)> {
        let core = unwrap(&wat::parse_str(component).unwrap()).unwrap();
        let mut found = Vec::new();
        for payload in Parser::new(0).parse_all(&core) {
            if let Payload::ExportSection(section) = payload.unwrap() {
                found.extend(
                    section.into_iter().map(|export| export.map(|e| (e.name.to_owned(), e.index)).unwrap()),
                );
            }
        }
        found
    }

    #[test]
    fn a_function_has_the_name_that_is_known_outside() {
        let found = exports(
            r#"(component
                (core module $m
                    (func (export "a") (result i32) i32.const 1)
                    (func (export "b") (result i32) i32.const 2)
                    (func (export "c") (result i32) i32.const 3))
                (core instance $i (instantiate $m))
                (func (export "b") (result u32) (canon lift (core func $i "a")))
                (func (export "a") (result u32) (canon lift (core func $i "b")))
                (func (export "d") (result u32) (canon lift (core func $i "c"))))"#,
        );
        assert_eq!(
            found,
            [("c".to_owned(), 2), ("b".to_owned(), 0), ("a".to_owned(), 1), ("d".to_owned(), 2)]
        );
    }

    #[test]
    fn what_has_its_own_name_stays_as_it_is() {
        let found = exports(
            r#"(component
                (core module $m (func (export "a") (result i32) i32.const 1))
                (core instance $i (instantiate $m))
                (func (export "a") (result u32) (canon lift (core func $i "a"))))"#,
        );
        assert_eq!(found, [("a".to_owned(), 0)]);
    }
}
