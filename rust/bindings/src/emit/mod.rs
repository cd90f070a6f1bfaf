//! Rust code for the steps of the canonical ABI, as `wit-bindgen-core` dictates them.
//!
//! Operands are Rust expressions. Some names are fixed in the generated code: `cx`, the context of the call; while values
//! are lifted, `mem` and `host`, the guest's memory and the implementation; `area` and `params`, the bytes of a
//! result and of parameters that go through memory.

mod steps;

use crate::types::Place;
use crate::wit::Wit;
use crate::{names, resources};
use std::fmt::Write as _;
use wit_bindgen_core::abi::Bitcast;
use wit_bindgen_core::wit_parser::{ArchitectureSize, Flags, Function, Handle, Type, TypeId};

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
    /// The alignment of parameters that go through memory.
    params_align: usize,
    /// The core arguments as a list, of a call that may wait: where apps share a thread, it is made again later.
    pub waits_with: Option<String>,
    /// Whether the code reads the guest's memory: before the host is called, or after the guest was.
    pub reads_memory: bool,
}

/// Where the code after a guest's call gets `mem` and `host`; `Body::finish` fills it in.
const ACCESS: &str = "/*access*/";

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
            params_align: 1,
            waits_with: None,
            reads_memory: false,
        }
    }

    /// The finished code.
    pub fn finish(self) -> String {
        let access = match self.reads_memory {
            true => "let (mem, host) = abi::split(cx.context())?;",
            false => "let host = cx.data_mut();",
        };
        match self.direction {
            Direction::Import => format!("{access}\n{}", self.code),
            Direction::Export => self.code.replace(ACCESS, access),
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
        // Texts may all be the same bytes, which are not copied: nothing but a kill ends that.
        let pause = if code.contains("abi::text(") { "abi::pause(&mut *host);\n" } else { "" };
        self.bind(format!(
            "{{\nlet bytes = abi::elements(mem, {pointer}, {length}, {size})?;\n\
             let mut list = abi::list({length})?;\n\
             for {base} in bytes.chunks_exact({size}) {{\n{code}list.push({item});\n{pause}}}\nlist\n}}"
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
             let start = abi::reserve(cx.context(), length, {size}, {align})?;\nlet mut next = start;\n\
             for {item} in list {{\nlet mut {base} = [0u8; {size}];\n{code}\
             abi::put(cx.context(), next, &{base})?;\nnext = next.wrapping_add({size});\n}}\n\
             (start, length as i32)\n}}"
        ));
        [format!("{name}.0"), format!("{name}.1")]
    }

    /// The call of the implementation, after which its result is lowered into `area`.
    fn call_host(&mut self, operands: &[String], results: &mut Vec<String>) {
        let takes = self.function.params.iter().any(|param| resources::owns(self.context, &param.ty));
        if takes {
            self.code += "host.handles().hand_over();\n";
        }
        let call = format!("host.{}({})", names::method(self.function), operands.join(", "));
        match self.function.result {
            Some(_) => {
                let result = self.fresh();
                writeln!(self.code, "let mut {result} = {call};").unwrap();
                results.push(result);
            }
            None => writeln!(self.code, "{call};").unwrap(),
        }
        if let Some(arguments) = &self.waits_with {
            writeln!(
                self.code,
                "if cx.data_mut().suspends() {{ return Err(cx.data_mut().suspend(&[{arguments}])); }}"
            )
            .unwrap();
        }
        // Before any code of the guest runs, and before anything can fail: what is given away has its handle.
        if let (Some(ty), Some(result)) = (&self.function.result, results.first())
            && resources::owns(self.context, ty)
        {
            self.code += &resources::give(self.context, result, ty);
            self.code += "cx.data_mut().handles().all_fitted()?;\n";
        }
        if let Some((_, size)) = self.return_area {
            writeln!(self.code, "let mut area = [0u8; {size}];").unwrap();
        }
    }

    /// The call of the guest, after which its result is lifted.
    fn call_guest(&mut self, operands: &[String], has_result: bool, results: &mut Vec<String>) {
        if operands == ["params"] {
            let align = self.params_align;
            writeln!(self.code, "let params = abi::put_params(cx.context(), &params, {align})?;").unwrap();
        }
        writeln!(self.code, "let returned = function.call(cx.context(), ({}));", tuple(operands)).unwrap();
        if resources::lends(self.context, self.function) {
            self.code += "cx.data_mut().handles().end_loans(returned.is_ok())?;\n";
        }
        self.code += "let returned = returned?;\n";
        if has_result {
            writeln!(self.code, "{ACCESS}").unwrap();
            results.push("returned".into());
        }
    }

    fn return_(&mut self, operands: &[String]) {
        let value = operands.first().map_or("()", |value| value.as_str());
        match (self.direction, &self.return_area) {
            (Direction::Import, Some((pointer, _))) => {
                writeln!(self.code, "abi::put(cx.context(), {pointer}, &area)?;").unwrap();
                self.code += "Ok(())\n";
            }
            (Direction::Import, None) => {
                writeln!(self.code, "Ok({value})").unwrap();
            }
            (Direction::Export, _) => {
                let value = match &self.function.result {
                    Some(ty) => self.context.owned(value, ty),
                    None => "()".into(),
                };
                writeln!(self.code, "let result = {value};").unwrap();
                if self.function.result.iter().any(|ty| resources::owns(self.context, ty)) {
                    self.code += "cx.data_mut().handles().hand_over();\n";
                }
            }
        }
    }

    /// A handle of the guest's becomes the resource, which a `own` takes out of the guest's table.
    fn lift_handle(&mut self, handle: &Handle, value: &str) -> String {
        let (access, id) = match handle {
            Handle::Own(id) => ("leaving", id),
            Handle::Borrow(id) => ("get", id),
        };
        let number = self.context.resource_id(*id);
        let path = self.context.path(self.context.resource(*id));
        self.bind(format!("{path}(host.handles().{access}({number:#x}, {value})?)"))
    }

    fn lower_handle(&mut self, handle: &Handle, value: &str) -> String {
        let (Handle::Own(id) | Handle::Borrow(id)) = handle;
        let resource = self.context.resource(*id);
        let number = self.context.resource_id(*id);
        match (self.direction, handle) {
            // A guest knows its own resources by their representation.
            (Direction::Export, Handle::Borrow(_)) if self.context.guest_has(resource) => {
                format!("(({value}).0 as i32)")
            }
            (Direction::Export, Handle::Borrow(_)) => {
                self.bind(format!("cx.data_mut().handles().lend({number:#x}, ({value}).0)?"))
            }
            (Direction::Export, Handle::Own(_)) => {
                self.bind(format!("cx.data_mut().handles().insert({number:#x}, ({value}).0)?"))
            }
            // Its number is the handle by now.
            (Direction::Import, _) => format!("(({value}).0 as i32)"),
        }
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
