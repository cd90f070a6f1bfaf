//! What works on many bytes or elements at once, and references.

use crate::code::Body;
use wasm_encoder::{HeapType, ValType};

use ValType::I32;

impl Body<'_> {
    pub fn bulk_memory(&mut self) {
        let what = self.numbers.below(5);
        if what == 4 {
            let pages = self.numbers.of(&[0, 1, 1, 3]);
            let local = self.local(I32);
            self.emit().i32_const(pages).memory_grow(0).local_set(local);
            return;
        }
        if what == 3 && self.numbers.once_in(4) {
            self.emit().data_drop(2);
            return;
        }
        self.small(self.shape.memory);
        match what {
            0 => {
                self.expression(I32, 1);
                self.small(200);
                self.emit().memory_fill(0);
            }
            1 => {
                self.small(self.shape.memory);
                self.small(200);
                self.emit().memory_copy(0, 0);
            }
            _ => {
                self.small(20);
                self.small(20);
                self.emit().memory_init(0, 2);
            }
        }
    }

    pub fn bulk_table(&mut self) {
        let table = self.numbers.below(2) as u32;
        let size = self.shape.tables[table as usize];
        match self.numbers.below(6) {
            0 => {
                let (local, more) = (self.local(I32), self.numbers.of(&[0, 1, 2, 9]));
                self.a_reference();
                self.emit()
                    .i32_const(more)
                    .table_grow(table)
                    .local_set(local);
            }
            1 => {
                let segment = self.numbers.below(self.shape.elements as usize) as u32;
                self.emit().elem_drop(segment);
            }
            2 => {
                self.small(size);
                self.a_reference();
                self.small(3);
                self.emit().table_fill(table);
            }
            3 => {
                let from = self.numbers.below(2) as u32;
                self.small(size);
                self.small(self.shape.tables[from as usize]);
                self.small(3);
                self.emit().table_copy(table, from);
            }
            _ => {
                let segment = 2 + self.numbers.below(2) as u32;
                self.small(size);
                self.small(3);
                self.small(2);
                self.emit().table_init(table, segment);
            }
        }
    }

    /// A number that is below `limit`, mostly.
    pub fn small(&mut self, limit: u32) {
        let below = self.numbers.below(limit as usize);
        match self.numbers.below(120) {
            0 => self.expression(I32, 1),
            1..=29 => {
                self.expression(I32, 1);
                let mask = (limit.next_power_of_two() / 2 - 1) as i32;
                self.emit().i32_const(mask).i32_and();
            }
            _ => self.constant(I32, below as u64),
        }
    }

    fn a_reference(&mut self) {
        match self.numbers.below(5) {
            0 => {
                self.emit().ref_null(HeapType::FUNC);
            }
            1 => {
                let function = self.numbers.below(self.shape.functions.len()) as u32;
                self.emit().ref_func(function);
            }
            2 => {
                let local = self.reference_local();
                self.emit().local_get(local);
            }
            3 => {
                let function = self.numbers.below(self.shape.functions.len()) as u32;
                let local = self.reference_local();
                self.emit().ref_func(function).local_get(local);
                self.condition(2);
                self.emit().typed_select(ValType::FUNCREF);
            }
            _ => {
                let table = self.numbers.below(2) as u32;
                self.small(self.shape.tables[table as usize]);
                self.emit().table_get(table);
            }
        }
    }

    /// Whether a reference is null.
    pub fn is_null(&mut self) {
        self.a_reference();
        self.emit().ref_is_null();
    }

    pub fn reference(&mut self) {
        if self.numbers.once_in(2) {
            self.a_reference();
            let local = self.reference_local();
            self.emit().local_set(local);
        } else {
            let table = self.numbers.below(2) as u32;
            self.small(self.shape.tables[table as usize]);
            self.a_reference();
            self.emit().table_set(table);
        }
    }
}
