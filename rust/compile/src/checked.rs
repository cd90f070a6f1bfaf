//! What is known of addresses where a function has got to.

use crate::most;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the addresses around one in a variable: that these are in the memory, from the first to the one behind
/// the last, counted from the variable.
#[derive(Clone)]
pub struct Known {
    pub from: i64,
    pub to: i64,
    /// The line that has checked it and its place, as long as it could have checked more.
    pub line: Option<(usize, u64)>,
}

impl Known {
    /// The same, of a variable that is so far behind: unless 32 bits do not count that far.
    fn of_one_behind(&self, distance: i64) -> Option<Known> {
        let (from, to) = (self.from - distance, self.to - distance);
        i32::try_from(from).is_ok().then_some(Known { from, to, line: None })
    }
}

/// Where a loop begins, as long as nothing is checked in it, and nothing done that others notice.
#[derive(Clone)]
struct Head {
    /// The line for a check.
    line: usize,
    /// The variables that have other values by now.
    written: BTreeSet<String>,
}

/// The addresses that have been checked, by the names of their variables.
#[derive(Clone, Default)]
pub struct Checks {
    known: BTreeMap<String, Known>,
    /// Variables that are so far behind others, which are in none of these. What is known of them is known of the other.
    behind: BTreeMap<String, (String, i64)>,
    head: Option<Head>,
}

impl Checks {
    pub fn of(&self, variable: &str) -> Option<&Known> {
        self.known.get(variable)
    }

    pub fn set(&mut self, variable: &str, known: Known) {
        if self.known.len() >= most::CHECKED && !self.known.contains_key(variable) {
            self.forget_all();
        }
        self.known.insert(variable.to_owned(), known);
    }

    /// The variable by which something is known that is so far behind another, and how far behind it that is.
    pub fn origin(&self, (variable, at): (String, i64)) -> (String, i64) {
        match self.behind.get(&variable) {
            Some((other, distance)) if i32::try_from(at + distance).is_ok() => (other.clone(), at + distance),
            _ => (variable, at),
        }
    }

    /// What has been checked stays so, but checks of more come later.
    pub fn close(&mut self) {
        self.head = None;
        for known in self.known.values_mut() {
            known.line = None;
        }
    }

    /// There is one more variable, which is so far behind another.
    pub fn begin(&mut self, variable: &str, value: (String, i64)) {
        let value = self.origin(value);
        if self.behind.len() < most::CHECKED {
            self.behind.insert(variable.to_owned(), value);
        }
    }

    /// A variable has another value: one that is so far behind a variable, if that is known.
    pub fn write(&mut self, variable: &str, value: Option<(String, i64)>) {
        if let Some(head) = &mut self.head {
            head.written.insert(variable.to_owned());
        }
        self.head.take_if(|head| head.written.len() > most::CHECKED);
        match value.map(|value| self.origin(value)) {
            // Behind what it was before.
            Some((other, distance)) if other == variable => self.call_otherwise(variable, variable, distance),
            Some(value) => {
                self.forget(variable);
                self.begin(variable, value);
            }
            None => self.forget(variable),
        }
    }

    /// There is no such variable any more, or not this value of it. One that is behind it stands for it.
    pub fn forget(&mut self, variable: &str) {
        self.behind.remove(variable);
        let heir = self.behind.iter().find(|(_, (other, _))| other == variable);
        match heir.map(|(heir, (_, distance))| (heir.clone(), *distance)) {
            Some((heir, distance)) => self.call_otherwise(variable, &heir, distance),
            None => drop(self.known.remove(variable)),
        }
    }

    /// What has been known by a variable is known by one that is so far behind it.
    fn call_otherwise(&mut self, variable: &str, other: &str, distance: i64) {
        self.behind.remove(other);
        if let Some(known) = self.known.remove(variable).and_then(|known| known.of_one_behind(distance)) {
            self.known.insert(other.to_owned(), known);
        }
        self.behind.retain(|_, (origin, at)| {
            if origin == variable {
                *at -= distance;
                other.clone_into(origin);
            }
            i32::try_from(*at).is_ok()
        });
    }

    /// Others get here, too.
    pub fn forget_all(&mut self) {
        *self = Checks::default();
    }

    /// A loop begins here, where others get, too: the line is for its first check.
    pub fn begin_loop(&mut self, line: usize) {
        self.head = Some(Head { line, written: BTreeSet::new() });
        self.known.clear();
        self.behind.clear();
    }

    /// Something is checked behind the beginning of a loop.
    pub fn end_head(&mut self) {
        self.head = None;
    }

    /// The line where a loop has begun that has come to its first check, if the variable has had its value there.
    pub fn take_head(&mut self, variable: &str) -> Option<usize> {
        let head = self.head.take()?;
        // Other variables than locals are of this place.
        (variable.starts_with('l') && !head.written.contains(variable)).then_some(head.line)
    }
}
