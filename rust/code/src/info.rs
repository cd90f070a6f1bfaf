//! What code begins with: `struct zephyr_wasm_compiled_info` of `include/zephyr_wasm/compiled.h`, as a processor of 32 bits
//! has it.

/// The properties of a compiled app. Nobody has to run its code for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// The version of the interface between code and firmware.
    pub abi: u32,
    /// The size of its globals and tables, with what all apps have, in bytes.
    pub instance_size: u32,
    /// How many functions it imports.
    pub import_count: u32,
    /// How many elements its tables have as it begins.
    pub element_count: u32,
    /// The least size of its linear memory, in bytes.
    pub memory_min: u64,
    /// The most.
    pub memory_max: u64,
    /// Whether it has code that makes its memory grow.
    pub grows: bool,
}

impl Info {
    /// The bytes that it takes: the entry function is behind them.
    pub const SIZE: usize = 40;

    /// Where its members are, by their names in C: whoever compiles code compares them with the compiler's.
    pub const MEMBERS: [(&str, usize); 7] = [
        ("abi", 0),
        ("instance_size", 4),
        ("import_count", 8),
        ("element_count", 12),
        ("memory_min", 16),
        ("memory_max", 24),
        ("grows", 32),
    ];

    /// None, if there are fewer bytes.
    #[must_use]
    pub fn read(code: &[u8]) -> Option<Self> {
        let info = code.first_chunk::<{ Self::SIZE }>()?;
        let word = |at: usize| u32::from_le_bytes([info[at], info[at + 1], info[at + 2], info[at + 3]]);
        let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
        let [abi, instance_size, import_count, element_count, memory_min, memory_max, grows] =
            Self::MEMBERS.map(|(_, at)| at);
        Some(Info {
            abi: word(abi),
            instance_size: word(instance_size),
            import_count: word(import_count),
            element_count: word(element_count),
            memory_min: long(memory_min),
            memory_max: long(memory_max),
            grows: word(grows) != 0,
        })
    }
}
