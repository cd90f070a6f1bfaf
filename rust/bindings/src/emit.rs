//! Rust code for the steps of the canonical ABI, as `wit-bindgen-core` dictates them.
//!
//! Operands are Rust expressions. Two names are fixed in the generated code: `cx`, the wasmi context, and, while a
//! function's arguments are lifted, `mem` and `host`, the guest's memory and the implementation.

use crate::types::{Place, core};
use crate::{Wit, names};
use std::fmt::Write as _;
use std::mem::{replace, take};
use wit_bindgen_core::abi::{Bindgen, Bitcast, Instruction, WasmType};
use wit_bindgen_core::wit_parser::{
    Alignment, ArchitectureSize, Flags, Function, Handle, Resolve, SizeAlign, Type, TypeId,
};

/// Which side of the generated code the guest is on.
#[derive(Clone, Copy, PartialEq)]
pub enum Direction {
    /// The guest calls the host.
    Import,
    /// The host calls the guest.
    Export,
}

/// The body of one function in the making.
pub struct Body<'a> {
    context: &'a Wit,
    function: &'a Function,
    direction: Direction,
    /// The code so far, of the block at hand.
    pub code: String,
    /// The code around the block at hand.
    outer: Vec<String>,
    /// Finished blocks: their code and the operands they leave.
    blocks: Vec<(String, Vec<String>)>,
    /// The names of a list's element and of the bytes it is read from or written to.
    elements: Vec<String>,
    bases: Vec<String>,
    names: usize,
    /// The parameter that says where a result larger than one value goes, and its size.
    return_area: Option<(String, usize)>,
    /// Whether the code reads the guest's memory before the host is called.
    pub reads_memory: bool,
}

impl<'a> Body<'a> {
    pub fn new(
        context: &'a Wit,
        function: &'a Function,
        direction: Direction,
        return_area: Option<(String, usize)>,
    ) -> Self {
        Body {
            context,
            function,
            direction,
            code: String::new(),
            outer: Vec::new(),
            blocks: Vec::new(),
            elements: Vec::new(),
            bases: Vec::new(),
            names: 0,
            return_area,
            reads_memory: false,
        }
    }

    fn fresh(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    /// Binds an expression to a fresh name.
    fn bind(&mut self, expression: String) -> String {
        let name = self.fresh();
        writeln!(self.code, "let {name} = {expression};").unwrap();
        name
    }

    fn load(&mut self, ty: &str, pointer: &str, offset: ArchitectureSize) -> String {
        let offset = offset.size_wasm32();
        if pointer.starts_with("base") {
            return self.bind(format!("{ty}::from_le_bytes(abi::field({pointer}, {offset}))"));
        }
        self.reads_memory = true;
        self.bind(format!("{ty}::from_le_bytes(abi::load(mem, {pointer}, {offset})?)"))
    }

    fn store(&mut self, ty: &str, value: &str, pointer: &str, offset: ArchitectureSize) {
        let offset = offset.size_wasm32();
        let area = match &self.return_area {
            Some((name, _)) if name == pointer => "area",
            _ => pointer,
        };
        let end = offset + usize::from(width(ty));
        writeln!(self.code, "{area}[{offset}..{end}].copy_from_slice(&({value} as {ty}).to_le_bytes());")
            .unwrap();
    }

    /// A `match` that lowers each case to the same core values.
    fn lower_cases(&mut self, value: &str, patterns: &[String], count: usize, results: &mut Vec<String>) {
        let name = self.fresh();
        let blocks = self.blocks.split_off(self.blocks.len() - patterns.len());
        writeln!(self.code, "let {name} = match {value} {{").unwrap();
        for (pattern, (code, operands)) in patterns.iter().zip(blocks) {
            writeln!(self.code, "{pattern} => {{\n{code}({})\n}}", tuple(&operands)).unwrap();
        }
        self.code += "};\n";
        results.extend((0..count).map(|index| format!("{name}.{index}")));
    }

    /// A `match` that makes a case of a discriminant, and refuses one out of range.
    fn lift_cases(&mut self, discriminant: &str, cases: &[Case]) -> String {
        let name = self.fresh();
        let blocks = self.blocks.split_off(self.blocks.len() - cases.len());
        writeln!(self.code, "let {name} = match {discriminant} {{").unwrap();
        for (index, (case, (code, operands))) in cases.iter().zip(blocks).enumerate() {
            let value = match &case.payload {
                Some(Some(ty)) => format!("{}({})", case.constructor, self.context.owned(&operands[0], ty)),
                Some(None) => format!("{}({})", case.constructor, operands[0]),
                None => case.constructor.clone(),
            };
            writeln!(self.code, "{index} => {{\n{code}{value}\n}}").unwrap();
        }
        self.code += "_ => return Err(abi::bad_discriminant()),\n};\n";
        name
    }

    fn lift_list(&mut self, element: &Type, pointer: &str, length: &str) -> String {
        let (code, operands) = self.blocks.pop().expect("a list has a block for its element");
        let base = self.bases.pop().expect("an element is read from its bytes");
        let size = self.context.sizes.size(element).size_wasm32();
        self.reads_memory = true;
        let item = &operands[0];
        self.bind(format!(
            "{{\nlet bytes = abi::elements(mem, {pointer}, {length}, {size})?;\n\
             let mut list = abi::list({length})?;\n\
             for {base} in bytes.chunks_exact({size}) {{\n{code}list.push({item});\n}}\nlist\n}}"
        ))
    }

    fn lower_list(&mut self, element: &Type, list: &str) -> [String; 2] {
        let (code, _) = self.blocks.pop().expect("a list has a block for its element");
        let base = self.bases.pop().expect("an element is written to its bytes");
        let item = self.elements.pop().expect("a list has elements");
        let size = self.context.sizes.size(element).size_wasm32();
        let align = self.context.sizes.align(element).align_wasm32();
        let name = self.bind(format!(
            "{{\nlet list = {list};\nlet length = list.len();\n\
             let start = abi::reserve(cx.as_context_mut(), length, {size}, {align})?;\nlet mut next = start;\n\
             for {item} in list {{\nlet mut {base} = [0u8; {size}];\n{code}\
             abi::put(cx.as_context_mut(), next, &{base})?;\nnext = next.wrapping_add({size});\n}}\n\
             (start, length as i32)\n}}"
        ));
        [format!("{name}.0"), format!("{name}.1")]
    }

    /// The call of the implementation, after which its result is lowered into `area`.
    fn call_host(&mut self, operands: &[String], results: &mut Vec<String>) {
        let call = format!("host.{}({})", names::method(self.function), operands.join(", "));
        match self.function.result {
            Some(_) => results.push(self.bind(call)),
            None => writeln!(self.code, "{call};").unwrap(),
        }
        if let Some((_, size)) = self.return_area {
            writeln!(self.code, "let mut area = [0u8; {size}];").unwrap();
        }
    }

    /// The call of the guest, after which its result is lifted from memory.
    fn call_guest(&mut self, operands: &[String], has_result: bool, results: &mut Vec<String>) {
        let arguments = tuple(operands);
        if !has_result {
            writeln!(self.code, "function.call(&mut *cx, ({arguments}))?;").unwrap();
            return;
        }
        writeln!(self.code, "let returned = function.call(&mut *cx, ({arguments}))?;").unwrap();
        if self.return_area.is_some() {
            self.code += "let (mem, _) = abi::split(cx.as_context_mut())?;\n";
        }
        results.push("returned".into());
    }

    fn return_(&mut self, operands: &[String]) {
        let value = operands.first().map_or("()", |value| value.as_str());
        match (self.direction, &self.return_area) {
            (Direction::Import, Some((pointer, _))) => {
                writeln!(self.code, "abi::put(cx.as_context_mut(), {pointer}, &area)").unwrap();
            }
            (Direction::Import, None) => writeln!(self.code, "Ok({value})").unwrap(),
            (Direction::Export, _) => {
                let value = match &self.function.result {
                    Some(ty) => self.context.owned(value, ty),
                    None => "()".into(),
                };
                writeln!(self.code, "let result = {value};").unwrap();
            }
        }
    }

    fn lift_handle(&mut self, handle: &Handle, value: &str) -> String {
        let (access, id) = match handle {
            Handle::Own(id) => ("take", id),
            Handle::Borrow(id) => ("get", id),
        };
        let number = self.context.resource_id(*id);
        let path = self.context.path(*id);
        self.bind(format!("{path}(host.handles().{access}({number:#x}, {value})?)"))
    }

    fn lower_handle(&mut self, handle: &Handle, value: &str) -> String {
        let (Handle::Own(id) | Handle::Borrow(id)) = handle;
        let number = self.context.resource_id(*id);
        self.bind(format!("cx.as_context_mut().data_mut().handles().insert({number:#x}, ({value}).0)?"))
    }

    fn case_path(&self, id: TypeId, case: &str) -> String {
        format!("{}::{}", self.context.rust_type(&Type::Id(id), Place::Owned), names::type_(case))
    }

    fn lower_flags(&mut self, flags: &Flags, value: &str, results: &mut Vec<String>) {
        let name = self.bind(format!("({value}).0"));
        results.extend((0..flags.repr().count()).map(|word| format!("({name}[{word}] as i32)")));
    }
}

/// A case of a variant, option or result that is being lifted.
struct Case {
    constructor: String,
    /// None without a payload; Some(None) for a payload that stays borrowed.
    payload: Option<Option<Type>>,
}

fn tuple(operands: &[String]) -> String {
    operands.iter().map(|operand| format!("{operand}, ")).collect()
}

fn width(ty: &str) -> u8 {
    match ty {
        "u8" | "i8" => 1,
        "u16" | "i16" => 2,
        "u32" | "i32" | "f32" => 4,
        _ => 8,
    }
}

fn bitcast(cast: &Bitcast, value: &str) -> String {
    match cast {
        Bitcast::F32ToI32 => format!("({value}.to_bits() as i32)"),
        Bitcast::I32ToF32 | Bitcast::I64ToF32 => format!("f32::from_bits({value} as u32)"),
        Bitcast::F64ToI64 => format!("({value}.to_bits() as i64)"),
        Bitcast::I64ToF64 => format!("f64::from_bits({value} as u64)"),
        Bitcast::F32ToI64 => format!("({value}.to_bits() as i64)"),
        Bitcast::I32ToI64 | Bitcast::PToP64 | Bitcast::LToI64 => format!("({value} as u32 as i64)"),
        Bitcast::I64ToI32 | Bitcast::P64ToP | Bitcast::I64ToL => format!("({value} as i32)"),
        Bitcast::Sequence(both) => bitcast(&both[1], &bitcast(&both[0], value)),
        _ => value.to_owned(),
    }
}

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
                    "abi::put_new(cx.as_context_mut(), AsRef::<[u8]>::as_ref(AsRef::<{view}>::as_ref(&{})))?",
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
                let words: Vec<String> = operands.iter().map(|word| format!("{word} as u32")).collect();
                results.push(format!("{}([{}])", self.context.path(*ty), words.join(", ")));
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
