//! What guests have in common that are written by hand: a memory counted in bytes, and a `cabi_realloc` that gives away
//! the second half of it.

use wasm_encoder::{
    ConstExpr, DataSection, GlobalSection, GlobalType, InstructionSink, MemorySection, MemoryType,
    ValType,
};

/// A memory of so many bytes.
pub fn memory(bytes: u32) -> MemorySection {
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: bytes.into(),
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: Some(0),
    });
    memories
}

/// What is in it at first, as far as it fits.
pub fn contents(bytes: &[u8], memory: u32) -> DataSection {
    let mut data = DataSection::new();
    let bytes = &bytes[..bytes.len().min(memory as usize)];
    data.active(0, &ConstExpr::i32_const(0), bytes.iter().copied());
    data
}

/// The only global: where the next free bytes of the memory are.
pub fn next_free(memory: u32) -> GlobalSection {
    let mut globals = GlobalSection::new();
    let next = GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    };
    globals.global(next, &ConstExpr::i32_const(memory as i32 / 2));
    globals
}

/// The code of a `cabi_realloc` that gives the next free bytes, aligned.
pub fn give_next_free(code: &mut InstructionSink<'_>) {
    code.global_get(0)
        .local_get(2)
        .i32_add()
        .i32_const(1)
        .i32_sub();
    code.i32_const(0)
        .local_get(2)
        .i32_sub()
        .i32_and()
        .global_set(0);
    code.global_get(0)
        .global_get(0)
        .local_get(3)
        .i32_add()
        .global_set(0);
}
