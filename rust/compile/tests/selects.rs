//! Every form of a `select` by a comparison computes what it has to: those that the interpreter computes wrongly
//! (rust/cli/tests/engine), too.

#[path = "../../cli/tests/engine/cases.rs"]
mod cases;
#[path = "../../cli/tests/engine/forms.rs"]
mod forms;
mod support;

use cases::{VALUES, cases, module};
use forms::Values;
use std::rc::Rc;
use support::{File, Instance, directory};

/// How many go into a file: the function that calls exports takes a compiler the square of their number.
const CHUNK: usize = 250;

/// One of so many is tested, and all with `SELECTS=all` in the environment: all keep a compiler busy for minutes.
const STEP: usize = 31;

#[test]
fn every_form_is_right() {
    let step = if std::env::var_os("SELECTS").is_some() { 1 } else { STEP };
    let cases: Vec<_> = cases().into_iter().step_by(step).collect();
    for (number, cases) in cases.chunks(CHUNK).enumerate() {
        let mut file = File::default();
        file.add(&module(cases)).unwrap();
        let library = file.build(&directory("selects").join(number.to_string())).unwrap();
        let (instance, code) = Instance::new(&Rc::new(library), 0);
        assert_eq!(code, 0);
        for (number, case) in cases.iter().enumerate() {
            for values in VALUES {
                let mut passed = arguments(values);
                // `run` is the first export.
                instance.call(number as u32 + 1, &mut passed).unwrap();
                assert_eq!(passed[0].cast_signed(), case.value(values), "{}", case.text(number));
            }
        }
    }
}

/// The parameters of each function.
fn arguments(Values { a, b, c }: Values) -> Vec<u64> {
    let all = [a, b, c];
    let mut arguments: Vec<u64> = Vec::new();
    arguments.extend(all.map(|value| u64::from((value as i32).cast_unsigned())));
    arguments.extend(all.map(i64::cast_unsigned));
    arguments.extend(all.map(|value| u64::from((value as f32).to_bits())));
    arguments.extend(all.map(|value| (value as f64).to_bits()));
    // A function.
    arguments.push(1);
    arguments
}
