//! Functions that select by a condition, of which each form is one.

use super::forms::{Form, TYPES, Values, conditions};
use std::fmt::Write;

/// What the parameters are: the condition has to come out either way.
pub const VALUES: [Values; 3] =
    [Values { a: 9, b: 9, c: 77 }, Values { a: 0, b: 9, c: 77 }, Values { a: 5, b: 9, c: 77 }];

/// A function that selects.
pub struct Case {
    pub condition: Form,
    ty: &'static str,
    /// What it selects of.
    arms: [Arm; 2],
    typed: bool,
}

#[derive(Clone, Copy)]
enum Arm {
    Constant(i64),
    Local(char),
}

impl Arm {
    fn text(self, ty: &str) -> String {
        match self {
            Arm::Constant(value) => format!("({ty}.const {value})"),
            Arm::Local(name) => format!("(local.get ${ty}{name})"),
        }
    }

    fn value(self, values: Values) -> i64 {
        match self {
            Arm::Constant(value) => value,
            Arm::Local('A') => values.a,
            Arm::Local('B') => values.b,
            Arm::Local(_) => values.c,
        }
    }
}

const ARMS: [[Arm; 2]; 4] = [
    [Arm::Constant(3), Arm::Constant(4)],
    [Arm::Local('B'), Arm::Constant(4)],
    [Arm::Constant(3), Arm::Local('B')],
    [Arm::Local('A'), Arm::Local('C')],
];

impl Case {
    pub fn text(&self, number: usize) -> String {
        let ty = self.ty;
        let [first, second] = self.arms.map(|arm| arm.text(ty));
        let annotation = if self.typed { format!("(result {ty})") } else { String::new() };
        let condition = &self.condition.text;
        format!(
            "(func (export \"f{number}\") (type $case) {NAMES} (select {annotation} {first} {second} {condition}) \
             call $integer_{ty})\n"
        )
    }

    pub fn value(&self, values: Values) -> i64 {
        let [first, second] = self.arms;
        if (self.condition.value)(values) != 0 { first.value(values) } else { second.value(values) }
    }
}

const NAMES: &str = "(param $i32A i32) (param $i32B i32) (param $i32C i32) (param $i64A i64) (param $i64B i64) (param $i64C i64) \
    (param $f32A f32) (param $f32B f32) (param $f32C f32) (param $f64A f64) (param $f64B f64) (param $f64C f64) \
    (param $some funcref) (result i64) (local $i32T i32) (local $i64T i64) (local $null funcref)";

/// All of them.
pub fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for condition in conditions() {
        for ty in TYPES {
            for (index, arms) in ARMS.into_iter().enumerate() {
                all.push(Case { condition: condition.clone(), ty, arms, typed: index == 1 });
            }
        }
    }
    all
}

/// A module with a function for each, which is exported by its number behind `run`.
pub fn module(cases: &[Case]) -> Vec<u8> {
    let mut text = String::from("(module (type $case (func ");
    for ty in TYPES {
        let _ = write!(text, "(param {ty} {ty} {ty})");
    }
    text += "(param funcref) (result i64)))";
    for (ty, conversion) in
        TYPES.into_iter().zip(["i64.extend_i32_s", "nop", "i64.trunc_f32_s", "i64.trunc_f64_s"])
    {
        let _ = write!(text, "(func $integer_{ty} (param {ty}) (result i64) local.get 0 {conversion})");
        let _ = write!(text, "(func $same_{ty} (param {ty}) (result {ty}) local.get 0)");
        let _ = write!(text, "(global ${ty}G (mut {ty}) ({ty}.const 6))(global ${ty}Z {ty} ({ty}.const 0))");
    }
    text += "(func (export \"run\") (result i32) i32.const 0)";
    for (number, case) in cases.iter().enumerate() {
        text += &case.text(number);
    }
    text += ")";
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}"))
}
