//! `zephyr-wasm call`: one exported function of an app, from the command line.

use crate::allowed::Allowed;
use crate::fits::Firmware;
use crate::{module, pack, run};
use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use wasm_wave::value::{Type as Wave, Value};
use zephyr_wasm_platform_host::{App, Settings};
use zephyr_wasm_runtime::Manifest;
use zephyr_wasm_runtime::call::{Signature, Type, signature};

/// Calls one function that an app exports, and prints its result. Arguments and result are in WAVE, the text form of
/// WIT's values: 'some("text")', '{x: 1, y: 2}', '[1, 2]'.
#[derive(Args)]
pub struct Call {
    /// A `.wasm` or `.wat` file.
    file: PathBuf,
    /// The function, by its whole name or by what is behind the interface's.
    function: String,
    /// Its arguments, each one a value in WAVE.
    #[arg(allow_hyphen_values = true)]
    arguments: Vec<String>,
    #[command(flatten)]
    allowed: Allowed,
}

impl Call {
    pub fn execute(&self) -> Result<ExitCode> {
        let wasm = run::loaded(&self.file, &pack::Options { keeps_manifest: true, ..Default::default() })?;
        // Types that a console cannot pass are refused by the runtime.
        let arguments = match signature(&wasm, &self.function).and_then(Signature::parse) {
            Some(signature) => canonical(&self.function, &signature, &self.arguments)?,
            None => self.arguments.join(", "),
        };
        let mut settings = Settings::new(&module::name(&self.file));
        self.allowed.set(&mut settings, &Firmware::read(None)?, Manifest::of(&wasm));
        settings.call = Some((self.function.clone(), arguments));
        let app = App::start(settings, wasm).context("cannot start a thread")?;
        let (end, message, result) = app.join_with_result();
        if !end.is_success() {
            bail!("{}: {message}", self.file.display());
        }
        if !result.is_empty() {
            say!("{result}");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The arguments in the plain form that a board takes, too: WAVE lets some be written in several ways.
pub fn canonical(function: &str, signature: &Signature<'_>, arguments: &[String]) -> Result<String> {
    let mut texts = Vec::new();
    for (index, argument) in arguments.iter().enumerate() {
        let Some(ty) = signature.params.get(index) else {
            bail!("`{}` takes {} arguments", function, signature.params.len());
        };
        let ty = wave(ty).ok_or_else(|| anyhow!("argument {}: a type WAVE does not have", index + 1))?;
        let value: Value = wasm_wave::from_str(&ty, argument)
            .map_err(|error| anyhow!("argument {}: {argument}: {error}; expected {ty}", index + 1))?;
        texts.push(wasm_wave::to_string(&value)?);
    }
    Ok(texts.join(", "))
}

/// A type as the WAVE parser has it.
fn wave(ty: &Type<'_>) -> Option<Wave> {
    Some(match ty {
        Type::Bool => Wave::BOOL,
        Type::Integer(8, false) => Wave::U8,
        Type::Integer(8, true) => Wave::S8,
        Type::Integer(16, false) => Wave::U16,
        Type::Integer(16, true) => Wave::S16,
        Type::Integer(32, false) => Wave::U32,
        Type::Integer(32, true) => Wave::S32,
        Type::Integer(_, false) => Wave::U64,
        Type::Integer(_, true) => Wave::S64,
        Type::Float(32) => Wave::F32,
        Type::Float(_) => Wave::F64,
        Type::Char => Wave::CHAR,
        Type::Text => Wave::STRING,
        Type::List(element) => Wave::list(wave(element)?),
        Type::Fields(fields) => match fields.iter().map(|(name, ty)| Some(((*name)?, wave(ty)?))).collect() {
            Some(named) => {
                let named: Vec<(&str, Wave)> = named;
                Wave::record(named)?
            }
            None => Wave::tuple(fields.iter().map(|(_, ty)| wave(ty)).collect::<Option<Vec<_>>>()?)?,
        },
        Type::Cases(cases) => {
            let payload = |index: usize| cases[index].1.as_ref().map(wave);
            let names: Vec<&str> = cases.iter().map(|(name, _)| *name).collect();
            match names.as_slice() {
                ["none", "some"] => Wave::option(payload(1)??),
                ["ok", "err"] => Wave::result(payload(0).flatten(), payload(1).flatten()),
                _ if cases.iter().all(|(_, ty)| ty.is_none()) => Wave::enum_ty(names)?,
                _ => {
                    let mut with_payload = Vec::new();
                    for (name, ty) in cases {
                        with_payload
                            .push((*name, ty.as_ref().map(wave).map_or(Some(None), |ty| ty.map(Some))?));
                    }
                    Wave::variant(with_payload)?
                }
            }
        }
        Type::Flags(flags) => Wave::flags(flags.iter().copied())?,
    })
}
