//! Where the canonical ABI puts values in memory.

use super::types::Type;

/// A size and alignment in bytes.
#[derive(Clone, Copy)]
pub struct Layout {
    pub size: usize,
    pub align: usize,
}

/// The bytes of a value.
#[derive(Clone, Copy)]
pub struct Place<'m> {
    bytes: &'m [u8],
}

impl<'m> Place<'m> {
    pub fn of(bytes: &'m [u8]) -> Self {
        Place { bytes }
    }

    /// What begins so many bytes further on.
    pub fn at(self, offset: usize) -> Self {
        Place { bytes: self.bytes.get(offset..).unwrap_or_default() }
    }

    /// The unsigned number in the first `size` bytes.
    pub fn number(self, size: usize) -> u64 {
        let mut bytes = [0; 8];
        for (to, from) in bytes.iter_mut().zip(self.bytes).take(size) {
            *to = *from;
        }
        u64::from_le_bytes(bytes)
    }

    /// The pointer and length in the first 8 bytes.
    pub fn pointer(self) -> (i32, i32) {
        (self.number(4) as i32, self.at(4).number(4) as i32)
    }
}

const fn number(size: usize) -> Layout {
    Layout { size, align: size }
}

const POINTER: Layout = Layout { size: 8, align: 4 };

/// The layout of a type.
pub fn of(ty: &Type<'_>) -> Layout {
    match ty {
        Type::Bool => number(1),
        Type::Integer(bits, _) | Type::Float(bits) => number(usize::from(*bits) / 8),
        Type::Char => number(4),
        Type::Text | Type::List(_) => POINTER,
        Type::Flags(flags) => flags_layout(flags.len()),
        Type::Fields(fields) => all(fields.iter().map(|(_, ty)| ty), |_| {}),
        Type::Cases(cases) => {
            let tag = discriminant(cases.len());
            let payload = largest(cases);
            let align = tag.max(payload.align);
            Layout { size: round(round(tag, payload.align) + payload.size, align), align }
        }
    }
}

/// The layout of parameters that go through memory.
pub fn fields(types: &[Type<'_>]) -> Layout {
    all(types.iter(), |_| {})
}

/// Goes through fields, and says where each one is.
pub fn all<'t, 'a: 't>(types: impl Iterator<Item = &'t Type<'a>>, mut each: impl FnMut(usize)) -> Layout {
    let mut whole = Layout { size: 0, align: 1 };
    for ty in types {
        let layout = of(ty);
        let offset = round(whole.size, layout.align);
        each(offset);
        whole = Layout { size: offset + layout.size, align: whole.align.max(layout.align) };
    }
    Layout { size: round(whole.size, whole.align), align: whole.align }
}

/// The size of flags: as few bytes as hold them.
pub fn flags_layout(count: usize) -> Layout {
    number(match count {
        0..=8 => 1,
        9..=16 => 2,
        _ => 4,
    })
}

/// The size of the number that says which case it is.
pub fn discriminant(cases: usize) -> usize {
    match cases {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

/// Where a case's payload is.
pub fn payload(cases: &[(&str, Option<Type<'_>>)]) -> usize {
    round(discriminant(cases.len()), largest(cases).align)
}

fn largest(cases: &[(&str, Option<Type<'_>>)]) -> Layout {
    let payloads = cases.iter().filter_map(|(_, ty)| ty.as_ref()).map(of);
    payloads.fold(Layout { size: 0, align: 1 }, |most, layout| Layout {
        size: most.size.max(layout.size),
        align: most.align.max(layout.align),
    })
}

fn round(offset: usize, align: usize) -> usize {
    offset.next_multiple_of(align)
}
