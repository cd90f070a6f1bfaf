//! Host APIs that a firmware adds by headers of C. What stands between apps and their functions is made as for ours.

use crate::gate::Image;
use crate::model::{Argument, Count, Declared, File, Function, Grants};
use crate::types::CType;
use anyhow::{Result, bail};
use zephyr_wasm_bindings::core_api::{CoreApi, Function as OfHeader, Kind, Passed};

/// Adds them to what is declared, and to what an image has.
///
/// # Errors
/// One that is called as another is, or that has a function or a module of another.
pub fn add(declared: &mut Declared, image: &mut Image, apis: &[CoreApi]) -> Result<()> {
    for api in apis {
        let CoreApi { name, module, .. } = api;
        let ours = declared.apis().filter(|file| file.module.is_none()).map(|file| file.name.as_str());
        if ours.chain(declared.packages.keys().map(String::as_str)).any(|other| other == name) {
            bail!("{name}.h: expected a name that is none of our own: rename it, and say MODULE {module}");
        }
        for file in declared.files.iter().filter(|file| file.module.is_some()) {
            if file.name == *name {
                bail!("{name}.h: expected a name of its own: there is another header of this name");
            }
            if file.module.as_ref() == Some(module) {
                let other = &file.name;
                bail!(
                    "{name}.h: expected a module of its own: `{module}` is that of {other}.h, which can have both"
                );
            }
            if let Some(function) =
                api.functions.iter().find(|one| file.in_c.iter().any(|other| other.name == one.between()))
            {
                let (function, other) = (&function.name, &file.name);
                bail!("{name}.h: expected functions of its own: {other}.h has {function}, too");
            }
        }
        let in_c = api.functions.iter().map(between).collect();
        image.apis.push(name.clone());
        declared.files.push(File {
            name: name.clone(),
            module: Some(module.clone()),
            in_c,
            ..File::default()
        });
    }
    Ok(())
}

/// The function between Rust and one of the header's.
fn between(function: &OfHeader) -> Function {
    let passed = function.passed();
    let place_of = |parameter: usize| {
        passed.iter().position(|one| *one == Passed::Parameter(parameter)).unwrap_or_default()
    };
    let argument = |(place, one): (usize, &Passed)| {
        let name = function.name_of(one);
        let Passed::Parameter(parameter) = one else {
            return Argument { name, ty: CType::Value("size_t"), count: None };
        };
        let (ty, count) = match function.parameters[*parameter].kind {
            Kind::Scalar(scalar) => (CType::Value(scalar.in_c()), None),
            Kind::Text => (pointer("char", false), Some(Count::Text)),
            Kind::Bytes { writes, length } => {
                let is_next = place_of(length) == place + 1;
                let of = || Count::Of(function.name_of(&Passed::Parameter(length)));
                (pointer("uint8_t", writes), Some(if is_next { Count::Next } else { of() }))
            }
        };
        Argument { name, ty, count }
    };
    Function {
        name: function.between(),
        docs: Vec::new(),
        arguments: passed.iter().enumerate().map(argument).collect(),
        apart: function.apart().iter().map(|(one, other)| (place_of(*one), place_of(*other))).collect(),
        result: function.result.map(|scalar| CType::Value(scalar.in_c())),
        is_last: false,
        grants: Some(Grants::None),
        interface: None,
    }
}

fn pointer(to: &str, writes: bool) -> CType {
    CType::Pointer { to: to.into(), writes, nullable: true, is_reference: false }
}
