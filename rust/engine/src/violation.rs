//! What a guest can get wrong in a host call.

/// What a guest got wrong in a host call. It ends the guest; the host is unharmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Violation {
    /// A pointer and length reach outside its memory.
    Pointer = 1,
    /// A string is not UTF-8.
    Utf8 = 2,
    /// A `char` is not a Unicode scalar value.
    Character = 3,
    /// A discriminant is out of range.
    Discriminant = 4,
    /// It has no such handle.
    Handle = 5,
    /// The handle is of another type.
    HandleType = 6,
    /// It holds as many handles as it may.
    TooManyHandles = 7,
    /// Its `cabi_realloc` returned a misaligned pointer.
    Alignment = 8,
    /// It passes a pointer and exports no memory.
    NoMemory = 9,
    /// It is given a list and exports no `cabi_realloc`.
    NoRealloc = 10,
    /// It kept or gave away a resource that was lent to it for one call.
    Loan = 11,
    /// Its destructor of a resource has a wrong type.
    Destructor = 12,
    /// Its `cabi_realloc` or destructor, which a host call runs, makes host calls that run it again.
    Reentered = 13,
    /// None: it has ended itself, by a call that does not return.
    Exited = 14,
    /// None: it waits in a call, which is made again.
    Suspended = 15,
    /// Memory that the host writes overlaps other memory of the same call.
    #[cfg(feature = "core-apis")]
    Overlap = 16,
}

impl Violation {
    /// All of them, in the order of their numbers, which begin with 1.
    pub(crate) const ALL: &[Self] = &[
        Violation::Pointer,
        Violation::Utf8,
        Violation::Character,
        Violation::Discriminant,
        Violation::Handle,
        Violation::HandleType,
        Violation::TooManyHandles,
        Violation::Alignment,
        Violation::NoMemory,
        Violation::NoRealloc,
        Violation::Loan,
        Violation::Destructor,
        Violation::Reentered,
        Violation::Exited,
        Violation::Suspended,
        #[cfg(feature = "core-apis")]
        Violation::Overlap,
    ];

    /// In words.
    pub fn describe(self) -> &'static str {
        match self {
            Violation::Pointer => "a pointer outside its memory",
            Violation::Utf8 => "a string that is not UTF-8",
            Violation::Character => "a char that is none",
            Violation::Discriminant => "a discriminant out of range",
            Violation::Handle => "no such handle",
            Violation::HandleType => "a handle of another type",
            Violation::TooManyHandles => "more handles than CONFIG_WASM_APP_HANDLE_COUNT",
            Violation::Alignment => "a misaligned pointer from cabi_realloc",
            Violation::NoMemory => "a pointer, but no exported memory",
            Violation::Loan => "a resource kept or given away that was only lent",
            Violation::Destructor => "a destructor of a wrong type",
            Violation::Reentered => "host calls inside host calls, too deep",
            Violation::Exited => "it ended itself",
            Violation::Suspended => "a call that waits, inside of another",
            Violation::NoRealloc => "no cabi_realloc for a list",
            #[cfg(feature = "core-apis")]
            Violation::Overlap => "a buffer to write that overlaps another",
        }
    }
}
