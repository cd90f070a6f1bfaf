//! Each instruction of the canonical ABI as Rust code.

use super::{Body, Case, bitcast, tuple};
use crate::names;
use crate::types::core;
use std::fmt::Write as _;
use std::mem::{replace, take};
use wit_bindgen_core::abi::{Bindgen, Instruction, WasmType};
use wit_bindgen_core::wit_parser::{Alignment, ArchitectureSize, Resolve, SizeAlign, Type};

impl Bindgen for Body<'_> {
    type Operand = String;

    fn emit(
        &mut self,
        _: &Resolve,
        step: &Instruction<'_>,
        operands: &mut Vec<String>,
        results: &mut Vec<String>,
    ) {
        use Instruction as I;
        let operand = |index: usize| operands[index].clone();
        let as_ = |ty: &str| format!("({} as {ty})", operands[0]);
        match step {
            I::GetArg { nth } => results.push(format!("a{nth}")),
            I::I32Const { val } => results.push(format!("{val}i32")),
            I::ConstZero { tys } => results.extend(tys.iter().map(|ty: &WasmType| match core(ty) {
                ty @ ("f32" | "f64") => format!("0.0{ty}"),
                ty => format!("0{ty}"),
            })),
            I::Bitcasts { casts } => {
                results.extend(casts.iter().zip(operands.iter()).map(|(cast, value)| bitcast(cast, value)));
            }

            I::I32Load { offset } | I::PointerLoad { offset } | I::LengthLoad { offset } => {
                results.push(self.load("i32", &operand(0), *offset));
            }
            I::I32Load8U { offset } => {
                results.push(format!("({} as i32)", self.load("u8", &operand(0), *offset)))
            }
            I::I32Load8S { offset } => {
                results.push(format!("({} as i32)", self.load("i8", &operand(0), *offset)))
            }
            I::I32Load16U { offset } => {
                results.push(format!("({} as i32)", self.load("u16", &operand(0), *offset)))
            }
            I::I32Load16S { offset } => {
                results.push(format!("({} as i32)", self.load("i16", &operand(0), *offset)))
            }
            I::I64Load { offset } => results.push(self.load("i64", &operand(0), *offset)),
            I::F32Load { offset } => results.push(self.load("f32", &operand(0), *offset)),
            I::F64Load { offset } => results.push(self.load("f64", &operand(0), *offset)),
            I::I32Store { offset } | I::PointerStore { offset } | I::LengthStore { offset } => {
                self.store("i32", &operand(0), &operand(1), *offset);
            }
            I::I32Store8 { offset } => self.store("u8", &operand(0), &operand(1), *offset),
            I::I32Store16 { offset } => self.store("u16", &operand(0), &operand(1), *offset),
            I::I64Store { offset } => self.store("i64", &operand(0), &operand(1), *offset),
            I::F32Store { offset } => self.store("f32", &operand(0), &operand(1), *offset),
            I::F64Store { offset } => self.store("f64", &operand(0), &operand(1), *offset),

            I::I32FromChar
            | I::I32FromU32
            | I::I32FromS32
            | I::I32FromU16
            | I::I32FromS16
            | I::I32FromU8
            | I::I32FromS8
            | I::I32FromBool => results.push(as_("i32")),
            I::I64FromU64 | I::I64FromS64 | I::S64FromI64 => results.push(as_("i64")),
            I::CoreF32FromF32 | I::CoreF64FromF64 | I::F32FromCoreF32 | I::F64FromCoreF64 => {
                results.push(operand(0))
            }
            I::S8FromI32 => results.push(as_("i8")),
            I::U8FromI32 => results.push(as_("u8")),
            I::S16FromI32 => results.push(as_("i16")),
            I::U16FromI32 => results.push(as_("u16")),
            I::S32FromI32 => results.push(as_("i32")),
            I::U32FromI32 => results.push(as_("u32")),
            I::U64FromI64 => results.push(as_("u64")),
            I::CharFromI32 => results.push(format!("abi::character({})?", operand(0))),
            I::BoolFromI32 => results.push(format!("({} != 0)", operand(0))),

            I::StringLift => {
                self.reads_memory = true;
                results.push(self.bind(format!("abi::text(mem, {}, {})?", operand(0), operand(1))));
            }
            I::ListCanonLift { .. } => {
                self.reads_memory = true;
                results.push(self.bind(format!("abi::bytes(mem, {}, {})?", operand(0), operand(1))));
            }
            I::ListLift { element, .. } => results.push(self.lift_list(element, &operand(0), &operand(1))),
            I::StringLower { .. } | I::ListCanonLower { .. } => {
                let view = if matches!(step, I::StringLower { .. }) { "str" } else { "[u8]" };
                let name = self.bind(format!(
                    "abi::put_new(cx.context(), AsRef::<[u8]>::as_ref(AsRef::<{view}>::as_ref(&{})))?",
                    operand(0)
                ));
                results.extend([format!("{name}.0"), format!("{name}.1")]);
            }
            I::ListLower { element, .. } => results.extend(self.lower_list(element, &operand(0))),
            I::IterElem { .. } => {
                let name = format!("item{}", self.elements.len());
                self.elements.push(name.clone());
                results.push(name);
            }
            I::IterBasePointer => {
                let name = format!("base{}", self.bases.len());
                self.bases.push(name.clone());
                results.push(name);
            }

            I::RecordLower { record, .. } => {
                let name = self.bind(operand(0));
                results.extend(
                    record.fields.iter().map(|field| format!("{name}.{}", names::value(&field.name))),
                );
            }
            I::RecordLift { record, ty, .. } => {
                let fields: Vec<String> = record
                    .fields
                    .iter()
                    .zip(operands.iter())
                    .map(|(field, value)| {
                        format!("{}: {}", names::value(&field.name), self.context.owned(value, &field.ty))
                    })
                    .collect();
                results.push(format!(
                    "{} {{ {} }}",
                    self.context.path(self.context.resource(*ty)),
                    fields.join(", ")
                ));
            }
            I::TupleLower { tuple, .. } => {
                let name = self.bind(operand(0));
                results.extend((0..tuple.types.len()).map(|index| format!("{name}.{index}")));
            }
            I::TupleLift { .. } => results.push(format!("({})", tuple(operands))),
            I::FlagsLower { flags, .. } => self.lower_flags(flags, &operand(0), results),
            I::FlagsLift { ty, .. } => {
                let path = self.context.path(self.context.resource(*ty));
                let words: Vec<String> = operands.iter().map(|word| format!("{word} as u32")).collect();
                results.push(format!("{path}::from_words([{}])", words.join(", ")));
            }
            I::HandleLift { handle, .. } => results.push(self.lift_handle(handle, &operand(0))),
            I::HandleLower { handle, .. } => results.push(self.lower_handle(handle, &operand(0))),

            I::VariantPayloadName => results.push("payload".into()),
            I::EnumLower { .. } => results.push(as_("i32")),
            I::EnumLift { enum_, ty, .. } => {
                let arms: String = enum_
                    .cases
                    .iter()
                    .enumerate()
                    .map(|(index, case)| format!("{index} => {},\n", self.case_path(*ty, &case.name)))
                    .collect();
                results.push(self.bind(format!(
                    "match {} {{\n{arms}_ => return Err(abi::bad_discriminant()),\n}}",
                    operand(0)
                )));
            }
            I::VariantLower { variant, ty, results: types, .. } => {
                let patterns: Vec<String> = variant
                    .cases
                    .iter()
                    .map(|case| {
                        let path = self.case_path(*ty, &case.name);
                        if case.ty.is_some() { format!("{path}(payload)") } else { path }
                    })
                    .collect();
                self.lower_cases(&operand(0), &patterns, types.len(), results);
            }
            I::VariantLift { variant, ty, .. } => {
                let cases: Vec<Case> = variant
                    .cases
                    .iter()
                    .map(|case| Case {
                        constructor: self.case_path(*ty, &case.name),
                        payload: case.ty.map(Some),
                    })
                    .collect();
                results.push(self.lift_cases(&operand(0), &cases));
            }
            I::OptionLower { results: types, .. } => {
                self.lower_cases(&operand(0), &["None".into(), "Some(payload)".into()], types.len(), results);
            }
            I::OptionLift { .. } => {
                let none = Case { constructor: "None".into(), payload: None };
                let some = Case { constructor: "Some".into(), payload: Some(None) };
                results.push(self.lift_cases(&operand(0), &[none, some]));
            }
            I::ResultLower { result, results: types, .. } => {
                let binding = |ty: &Option<Type>| if ty.is_some() { "payload" } else { "()" };
                let patterns =
                    [format!("Ok({})", binding(&result.ok)), format!("Err({})", binding(&result.err))];
                self.lower_cases(&operand(0), &patterns, types.len(), results);
            }
            I::ResultLift { result, .. } => {
                let case = |name: &str, ty: &Option<Type>| match ty {
                    Some(_) => Case { constructor: name.into(), payload: Some(None) },
                    None => Case { constructor: format!("{name}(())"), payload: None },
                };
                results
                    .push(self.lift_cases(&operand(0), &[case("Ok", &result.ok), case("Err", &result.err)]));
            }

            I::Malloc { size, align, .. } => {
                self.params_align = align.align_wasm32();
                writeln!(self.code, "let mut params = [0u8; {}];", size.size_wasm32()).unwrap();
                results.push("params".into());
            }
            I::CallInterface { .. } => self.call_host(operands, results),
            I::CallWasm { sig, .. } => self.call_guest(operands, !sig.results.is_empty(), results),
            I::Return { .. } => self.return_(operands),
            I::Flush { .. } => {
                for value in operands.drain(..) {
                    results.push(self.bind(value));
                }
            }
            other => unreachable!("`supported` lets no {other:?} through"),
        }
    }

    fn return_pointer(&mut self, _: ArchitectureSize, _: Alignment) -> String {
        unreachable!("hosts write results where the guest says")
    }

    fn push_block(&mut self) {
        self.outer.push(take(&mut self.code));
    }

    fn finish_block(&mut self, operands: &mut Vec<String>) {
        let around = self.outer.pop().expect("blocks are balanced");
        self.blocks.push((replace(&mut self.code, around), take(operands)));
    }

    fn sizes(&self) -> &SizeAlign {
        &self.context.sizes
    }

    fn is_list_canonical(&self, _: &Resolve, element: &Type) -> bool {
        *element == Type::U8
    }
}
