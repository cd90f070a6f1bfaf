//! What is known of addresses where a function has got to.

use crate::most;
use std::collections::BTreeMap;

/// What is known of the addresses around one in a variable: that these are in the memory, from the first to the one behind
/// the last, counted from the variable.
#[derive(Clone)]
pub struct Known {
    pub from: i64,
    pub to: i64,
    /// The line that has checked it and its place, as long as it could have checked more.
    pub line: Option<(usize, u64)>,
}

/// The addresses that have been checked, by the names of their variables.
#[derive(Clone, Default)]
pub struct Checks(BTreeMap<String, Known>);

impl Checks {
    pub fn of(&self, variable: &str) -> Option<&Known> {
        self.0.get(variable)
    }

    pub fn set(&mut self, variable: &str, known: Known) {
        if self.0.len() >= most::CHECKED && !self.0.contains_key(variable) {
            self.forget_all();
        }
        self.0.insert(variable.to_owned(), known);
    }

    /// What has been checked stays so, but checks of more come later.
    pub fn close(&mut self) {
        for known in self.0.values_mut() {
            known.line = None;
        }
    }

    /// A variable has another value.
    pub fn forget(&mut self, variable: &str) {
        self.0.remove(variable);
    }

    /// Others get here, too.
    pub fn forget_all(&mut self) {
        self.0.clear();
    }
}
