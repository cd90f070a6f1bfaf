//! Finds the modules of the host APIs.

#[path = "../bindings/src/apis.rs"]
mod apis;

fn main() -> std::io::Result<()> {
    apis::declare("", |_| String::new())
}
