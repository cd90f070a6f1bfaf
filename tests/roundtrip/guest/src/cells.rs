//! A resource of the guest's around one of the host's.

use crate::exports::test::roundtrip::echo::{Cell, CellBorrow, GuestCell};
use crate::test::roundtrip::echo as host;
use alloc::string::String;

/// A cell of the host's.
pub struct Wrapped(pub host::Cell);

impl GuestCell for Wrapped {
    fn new(value: String) -> Self {
        Wrapped(host::Cell::new(&value))
    }

    fn get(&self) -> String {
        self.0.get()
    }

    fn set(&self, value: String) {
        self.0.set(&value);
    }

    fn join(first: Cell, second: CellBorrow<'_>) -> Cell {
        let first: Wrapped = first.into_inner();
        Cell::new(Wrapped(host::Cell::join(first.0, &second.get::<Wrapped>().0)))
    }
}
