//! What the functions of a header pass.

/// A host API that is declared by a header of C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoreApi {
    /// Its name, which is that of the header without `.h`.
    pub name: String,
    /// The module that apps import it from.
    pub module: String,
    /// Its functions, in the order of the header.
    pub functions: Vec<Function>,
}

/// A function of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name in C.
    pub name: String,
    /// Its name in imports.
    pub import: String,
    /// What it takes, each of which is one value of WebAssembly.
    pub parameters: Vec<Parameter>,
    /// What it returns.
    pub result: Option<Scalar>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// What a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Scalar(Scalar),
    /// Where bytes are in the app's memory.
    Bytes {
        /// Whether they may be written.
        writes: bool,
        /// The place of the parameter that says how many.
        length: usize,
    },
    /// Where a text is in the app's memory, which ends with a zero.
    Text,
}

/// A number, as both C and WebAssembly have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Scalar {
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
}

impl Scalar {
    /// All of them, by C's names.
    pub const ALL: [Self; 6] = [Scalar::I32, Scalar::U32, Scalar::I64, Scalar::U64, Scalar::F32, Scalar::F64];

    /// C's name.
    pub fn in_c(self) -> &'static str {
        match self {
            Scalar::I32 => "int32_t",
            Scalar::U32 => "uint32_t",
            Scalar::I64 => "int64_t",
            Scalar::U64 => "uint64_t",
            Scalar::F32 => "float",
            Scalar::F64 => "double",
        }
    }

    /// Rust's name.
    pub fn in_rust(self) -> &'static str {
        match self {
            Scalar::I32 => "i32",
            Scalar::U32 => "u32",
            Scalar::I64 => "i64",
            Scalar::U64 => "u64",
            Scalar::F32 => "f32",
            Scalar::F64 => "f64",
        }
    }

    /// WebAssembly's name, which has no unsigned numbers.
    pub fn in_wasm(self) -> &'static str {
        match self {
            Scalar::I32 | Scalar::U32 => "i32",
            Scalar::I64 | Scalar::U64 => "i64",
            Scalar::F32 => "f32",
            Scalar::F64 => "f64",
        }
    }
}

/// An argument of the function that is between Rust and a function of a header: what passes the wall between an app in user mode
/// and the kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passed {
    /// A parameter as it is.
    Parameter(usize),
    /// The bytes of the text in this parameter, with the zero that ends it.
    Size(usize),
}

impl Kind {
    /// WebAssembly's type of it.
    pub fn in_wasm(self) -> &'static str {
        match self {
            Kind::Scalar(scalar) => scalar.in_wasm(),
            Kind::Bytes { .. } | Kind::Text => "i32",
        }
    }

    /// C's type of it.
    pub fn in_c(self) -> &'static str {
        match self {
            Kind::Scalar(scalar) => scalar.in_c(),
            Kind::Bytes { writes: true, .. } => "uint8_t *",
            Kind::Bytes { writes: false, .. } => "const uint8_t *",
            Kind::Text => "const char *",
        }
    }

    /// C's declaration of a parameter.
    pub fn declared(self, name: &str) -> String {
        let ty = self.in_c();
        if ty.ends_with('*') { format!("{ty}{name}") } else { format!("{ty} {name}") }
    }
}

impl Function {
    /// The function that Rust calls, which passes everything on: no other in an image has its name, so that the linker can put
    /// what counts calls, and the gate of user mode, before it.
    pub fn between(&self) -> String {
        format!("zephyr_wasm_core_{}", self.name)
    }

    /// What that is passed.
    pub fn passed(&self) -> Vec<Passed> {
        let of = |(place, parameter): (usize, &Parameter)| match parameter.kind {
            Kind::Text => vec![Passed::Parameter(place), Passed::Size(place)],
            _ => vec![Passed::Parameter(place)],
        };
        self.parameters.iter().enumerate().flat_map(of).collect()
    }

    /// The pairs of parameters whose memory must not overlap: something is written there. The first is before the second.
    pub fn apart(&self) -> Vec<(usize, usize)> {
        let memory = |place: usize| match self.parameters[place].kind {
            Kind::Scalar(_) => None,
            Kind::Bytes { writes, .. } => Some(writes),
            Kind::Text => Some(false),
        };
        let mut pairs = Vec::new();
        for second in 0..self.parameters.len() {
            for first in 0..second {
                if let (Some(one), Some(other)) = (memory(first), memory(second))
                    && (one || other)
                {
                    pairs.push((first, second));
                }
            }
        }
        pairs
    }

    /// The name of an argument of [`Function::between`]. No parameter has such a name with a prefix of its own.
    pub fn name_of(&self, passed: &Passed) -> String {
        match passed {
            Passed::Parameter(place) => format!("app_{}", self.parameters[*place].name),
            Passed::Size(place) => format!("size_of_{}", self.parameters[*place].name),
        }
    }

    /// C's type of what it returns.
    pub fn result_in_c(&self) -> &'static str {
        self.result.map_or("void", Scalar::in_c)
    }
}
