//! The host's state as the interpreter keeps it, and asks it before memory grows.

use crate::growth::Growth;
use wasmi::errors::MemoryError;
use wasmi_core::LimiterError;

/// The host's state, as the interpreter keeps it.
pub struct Data<T>(pub(crate) T);

impl<T: Growth> wasmi::ResourceLimiter for Data<T> {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        declared: Option<usize>,
    ) -> Result<bool, LimiterError> {
        Ok(self.0.memory_growing(current, desired, declared))
    }

    fn memory_grow_failed(&mut self, _: &MemoryError) -> Result<(), LimiterError> {
        self.0.memory_grow_failed();
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        declared: Option<usize>,
    ) -> Result<bool, LimiterError> {
        Ok(self.0.table_growing(current, desired, declared))
    }

    fn instances(&self) -> usize {
        self.0.instances()
    }

    fn tables(&self) -> usize {
        self.0.tables()
    }

    fn memories(&self) -> usize {
        self.0.memories()
    }
}
