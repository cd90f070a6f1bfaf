//! The functions of host APIs, for tests that are made of them.

use crate::gate::Image;
use crate::model::{Count, Declared, Function};
use crate::types::CType;
use serde_json::{Value, json};

/// The list, as JSON: all host APIs there are, and what of them the image has.
///
/// # Errors
/// That of the format.
pub fn write(declared: &Declared, image: &Image) -> anyhow::Result<String> {
    let all: Vec<&str> = declared.apis().map(|file| file.name.as_str()).collect();
    let functions: Vec<Value> =
        image.functions(declared).map(|(api, function)| of_function(&api.name, function)).collect();
    Ok(serde_json::to_string_pretty(&json!({ "apis": all, "image": image.apis, "functions": functions }))?
        + "\n")
}

fn of_function(api: &str, function: &Function) -> Value {
    let arguments: Vec<Value> = function
        .arguments
        .iter()
        .enumerate()
        .map(|(place, argument)| {
            let count = match &argument.count {
                Some(Count::Next | Count::Text) => json!("next"),
                Some(Count::Of(_)) => json!("of"),
                Some(Count::Room(room)) => json!(room),
                None => Value::Null,
            };
            // Where the length is, and what it must not overlap.
            let length = match &argument.count {
                Some(Count::Next | Count::Text) => Some(place + 1),
                Some(Count::Of(other)) => function.arguments.iter().position(|one| one.name == *other),
                _ => None,
            };
            let apart: Vec<usize> = function
                .apart
                .iter()
                .flat_map(|(one, other)| [(*one, *other), (*other, *one)])
                .filter(|(one, _)| *one == place)
                .map(|(_, other)| other)
                .collect();
            let pointer = match &argument.ty {
                CType::Pointer { to, writes, nullable, is_reference } => json!({
                    "to": to, "writes": writes, "optional": *nullable && *is_reference, "count": count,
                    "length": length, "ends": argument.count == Some(Count::Text), "apart": apart,
                }),
                _ => Value::Null,
            };
            json!({ "name": argument.name, "type": argument.ty.before_a_name().trim_end(), "pointer": pointer })
        })
        .collect();
    json!({
        "api": api,
        "name": function.name,
        "result": function.gives().trim_end(),
        "parameters": function.parameters(),
        "arguments": arguments,
    })
}
