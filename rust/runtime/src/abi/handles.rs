//! The handles of one guest: small numbers that stand for resources of the host.

use super::Violation;
use alloc::vec::Vec;
use wasmi::Error;

/// A resource as its handle finds it.
#[derive(Clone, Copy)]
struct Entry {
    /// The resource's type, by the number that the bindings gave it.
    ty: u32,
    /// The host's own name for the resource.
    number: u32,
}

/// The handles of one guest. A handle is its place in this table plus 1; a closed place is used again.
pub struct Handles {
    entries: Vec<Option<Entry>>,
    limit: usize,
}

impl Handles {
    /// No handles yet, and never more than `limit`.
    pub fn new(limit: usize) -> Self {
        Handles { entries: Vec::new(), limit }
    }

    fn find(&mut self, ty: u32, handle: i32) -> Result<(&mut Option<Entry>, u32), Error> {
        let place = (handle as u32 as usize).wrapping_sub(1);
        match self.entries.get_mut(place) {
            Some(slot @ Some(_)) => match *slot {
                Some(Entry { ty: found, number }) if found == ty => Ok((slot, number)),
                _ => Err(Violation::HandleType.error()),
            },
            _ => Err(Violation::Handle.error()),
        }
    }

    /// The resource behind a handle of a type.
    ///
    /// # Errors
    /// A [`Violation`], if there is no such handle or it is of another type.
    pub fn get(&mut self, ty: u32, handle: i32) -> Result<u32, Error> {
        self.find(ty, handle).map(|(_, number)| number)
    }

    /// Closes a handle, and gives the resource back to the host.
    ///
    /// # Errors
    /// A [`Violation`], if there is no such handle or it is of another type.
    pub fn take(&mut self, ty: u32, handle: i32) -> Result<u32, Error> {
        let (slot, number) = self.find(ty, handle)?;
        *slot = None;
        Ok(number)
    }

    /// A new handle for a resource.
    ///
    /// # Errors
    /// A [`Violation`], if the guest holds as many as it may.
    pub fn insert(&mut self, ty: u32, number: u32) -> Result<i32, Error> {
        let entry = Some(Entry { ty, number });
        let place = match self.entries.iter().position(Option::is_none) {
            Some(free) => {
                self.entries[free] = entry;
                free
            }
            None if self.entries.len() < self.limit => {
                self.entries.push(entry);
                self.entries.len() - 1
            }
            None => return Err(Violation::TooManyHandles.error()),
        };
        Ok(place as i32 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violation<T>(result: Result<T, Error>) -> Violation {
        *result
            .err()
            .and_then(|error| error.downcast_ref::<Violation>().copied())
            .as_ref()
            .expect("a violation")
    }

    #[test]
    fn a_handle_is_good_until_it_is_closed() {
        let mut handles = Handles::new(2);
        let first = handles.insert(7, 70).unwrap();
        let second = handles.insert(7, 71).unwrap();
        assert_eq!((first, second), (1, 2));
        assert_eq!(handles.get(7, second).unwrap(), 71);
        assert_eq!(handles.take(7, first).unwrap(), 70);
        assert_eq!(violation(handles.take(7, first)), Violation::Handle);
        assert_eq!(handles.insert(7, 72).unwrap(), first);
        assert_eq!(violation(handles.insert(7, 73)), Violation::TooManyHandles);
    }

    #[test]
    fn forged_handles_are_refused() {
        let mut handles = Handles::new(4);
        let handle = handles.insert(7, 70).unwrap();
        for forged in [0, -1, handle + 1, i32::MAX, i32::MIN] {
            assert_eq!(violation(handles.get(7, forged)), Violation::Handle);
        }
        assert_eq!(violation(handles.get(8, handle)), Violation::HandleType);
        assert_eq!(handles.get(7, handle).unwrap(), 70);
    }
}
