//! The handles of one guest: small numbers that stand for resources of the host, or of the guest's own.

use alloc::boxed::Box;
use zephyr_wasm_engine::{Error, Violation};

/// A place in the table. The table never moves, so that what an app holds can be closed wherever the app ended.
#[derive(Clone, Copy)]
struct Entry {
    /// The resource's type, by the number that the bindings gave it; and whether the guest owns it.
    /// None where there is none.
    ty: Option<(u32, Hold)>,
    /// The owner's own name for the resource.
    number: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum Hold {
    Own,
    Loan,
    /// The guest's until the call that it is handed over in has all that it needs.
    Leaving,
}

const FREE: Entry = Entry { ty: None, number: 0 };

/// The handles of one guest. A handle is its place in this table plus 1; a closed place is used again.
pub struct Handles {
    entries: Box<[Entry]>,
    /// Something did not fit.
    overflowed: bool,
}

impl Handles {
    /// No handles yet, and never more than `limit`.
    pub fn new(limit: usize) -> Self {
        Handles { entries: alloc::vec![FREE; limit].into_boxed_slice(), overflowed: false }
    }

    // In each function that takes a handle it would be a fifth of that.
    #[inline(never)]
    fn find(&mut self, ty: u32, handle: i32) -> Result<(&mut Entry, Hold), Error> {
        let place = (handle as u32 as usize).wrapping_sub(1);
        let Some(entry) = self.entries.get_mut(place) else { return Err(Violation::Handle.error()) };
        match entry.ty {
            Some((_, Hold::Leaving)) => Err(Violation::Handle.error()),
            Some((found, hold)) if found == ty => Ok((entry, hold)),
            Some(_) => Err(Violation::HandleType.error()),
            None => Err(Violation::Handle.error()),
        }
    }

    /// The resource behind a handle of a type.
    ///
    /// # Errors
    /// A [`Violation`], if there is no such handle or it is of another type.
    pub fn get(&mut self, ty: u32, handle: i32) -> Result<u32, Error> {
        self.find(ty, handle).map(|(entry, _)| entry.number)
    }

    /// How many of a type the guest owns.
    pub fn owned(&self, ty: u32) -> usize {
        self.entries.iter().filter(|entry| entry.ty == Some((ty, Hold::Own))).count()
    }

    /// Closes a handle that the guest owns, and gives the resource to the host.
    ///
    /// # Errors
    /// A [`Violation`], if there is no such handle, it is of another type, or the guest does not own it.
    pub fn take(&mut self, ty: u32, handle: i32) -> Result<u32, Error> {
        match self.close(ty, handle)? {
            Some(number) => Ok(number),
            None => Err(Violation::Loan.error()),
        }
    }

    /// The resource behind a handle that the guest owns, and hands over. It stays in the table until
    /// [`Handles::hand_over`], so that it is not lost if something else about the call is wrong.
    ///
    /// # Errors
    /// As [`Handles::take`].
    pub fn leaving(&mut self, ty: u32, handle: i32) -> Result<u32, Error> {
        match self.find(ty, handle)? {
            (entry, Hold::Own) => {
                entry.ty = Some((ty, Hold::Leaving));
                Ok(entry.number)
            }
            _ => Err(Violation::Loan.error()),
        }
    }

    /// Closes the handles of what was [`Handles::leaving`]: the host has it.
    pub fn hand_over(&mut self) {
        for entry in &mut self.entries {
            if matches!(entry.ty, Some((_, Hold::Leaving))) {
                entry.ty = None;
            }
        }
    }

    /// Closes a handle; returns the resource if the guest owned it.
    ///
    /// # Errors
    /// A [`Violation`], if there is no such handle or it is of another type.
    pub fn close(&mut self, ty: u32, handle: i32) -> Result<Option<u32>, Error> {
        let (entry, hold) = self.find(ty, handle)?;
        entry.ty = None;
        Ok((hold == Hold::Own).then_some(entry.number))
    }

    /// A new handle for a resource that the guest owns from now on.
    ///
    /// # Errors
    /// A [`Violation`], if the guest holds as many as it may.
    pub fn insert(&mut self, ty: u32, number: u32) -> Result<i32, Error> {
        self.add(ty, number, Hold::Own)
    }

    /// A new handle for a resource that the guest owns from now on; none if it holds as many as it may, which
    /// [`Handles::all_fitted`] tells when everything that is given at once has been tried.
    pub fn fit(&mut self, ty: u32, number: u32) -> Option<i32> {
        let handle = self.add(ty, number, Hold::Own).ok();
        self.overflowed |= handle.is_none();
        handle
    }

    /// Whether [`Handles::fit`] always had a handle.
    ///
    /// # Errors
    /// A [`Violation`], if it had not.
    pub fn all_fitted(&self) -> Result<(), Error> {
        if self.overflowed { Err(Violation::TooManyHandles.error()) } else { Ok(()) }
    }

    /// A new handle for a resource that is the guest's until [`Handles::end_loans`].
    ///
    /// # Errors
    /// A [`Violation`], if the guest holds as many as it may.
    pub fn lend(&mut self, ty: u32, number: u32) -> Result<i32, Error> {
        self.add(ty, number, Hold::Loan)
    }

    fn add(&mut self, ty: u32, number: u32, hold: Hold) -> Result<i32, Error> {
        let Some(place) = self.entries.iter().position(|entry| entry.ty.is_none()) else {
            return Err(Violation::TooManyHandles.error());
        };
        self.entries[place].number = number;
        self.entries[place].ty = Some((ty, hold));
        Ok(place as i32 + 1)
    }

    /// Ends the loans of a call that is done.
    ///
    /// # Errors
    /// A [`Violation`], if the call `returned` and the guest did not drop them all.
    pub fn end_loans(&mut self, returned: bool) -> Result<(), Error> {
        let mut kept = false;
        for entry in &mut self.entries {
            if matches!(entry.ty, Some((_, Hold::Loan))) {
                entry.ty = None;
                kept = true;
            }
        }
        if kept && returned { Err(Violation::Loan.error()) } else { Ok(()) }
    }

    /// Takes out a resource that the guest owns: its type and number. For its end.
    pub(crate) fn pop(&mut self) -> Option<(u32, u32)> {
        self.entries.iter_mut().find_map(|entry| match entry.ty.take() {
            Some((ty, Hold::Own | Hold::Leaving)) => Some((ty, entry.number)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zephyr_wasm_engine::error::Kind;

    fn violation<T>(result: Result<T, Error>) -> Violation {
        match result {
            Err(error) => match error.kind() {
                Kind::Violation(violation) => violation,
                Kind::Trap(_) | Kind::Invalid => panic!("a violation"),
            },
            Ok(_) => panic!("a violation"),
        }
    }

    #[test]
    fn a_handle_is_good_until_it_is_closed() {
        let mut handles = Handles::new(2);
        let first = handles.insert(7, 70).unwrap();
        let second = handles.insert(7, 71).unwrap();
        assert_eq!((first, second), (1, 2));
        assert_eq!((handles.owned(7), handles.owned(8)), (2, 0));
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

    #[test]
    fn a_loan_ends_with_its_call() {
        let mut handles = Handles::new(4);
        let lent = handles.lend(7, 70).unwrap();
        assert_eq!(handles.get(7, lent).unwrap(), 70);
        assert_eq!(handles.close(7, lent).unwrap(), None);
        assert!(handles.end_loans(true).is_ok());

        let lent = handles.lend(7, 70).unwrap();
        assert_eq!(violation(handles.end_loans(true)), Violation::Loan);
        assert_eq!(violation(handles.get(7, lent)), Violation::Handle);

        let lent = handles.lend(7, 70).unwrap();
        assert_eq!(violation(handles.take(7, lent)), Violation::Loan);
    }

    #[test]
    fn what_is_handed_over_is_not_lost_if_the_call_fails() {
        let mut handles = Handles::new(4);
        let handle = handles.insert(7, 70).unwrap();
        assert_eq!(handles.leaving(7, handle).unwrap(), 70);
        // Twice in one call.
        assert_eq!(violation(handles.leaving(7, handle)), Violation::Handle);
        assert_eq!(handles.pop(), Some((7, 70)));

        let handle = handles.insert(7, 71).unwrap();
        assert_eq!(handles.leaving(7, handle).unwrap(), 71);
        handles.hand_over();
        assert_eq!(violation(handles.get(7, handle)), Violation::Handle);
        assert_eq!(handles.pop(), None);
    }

    #[test]
    fn what_is_owned_at_the_end_is_found() {
        let mut handles = Handles::new(4);
        handles.insert(7, 70).unwrap();
        handles.lend(7, 71).unwrap();
        handles.insert(8, 80).unwrap();
        assert_eq!(handles.pop(), Some((7, 70)));
        assert_eq!(handles.pop(), Some((8, 80)));
        assert_eq!(handles.pop(), None);
    }
}
