//! What a condition may look like, in the text format, and what it comes to.

use std::rc::Rc;

/// The types of numbers.
pub const TYPES: [&str; 4] = ["i32", "i64", "f32", "f64"];

/// What the parameters $A, $B and $C of each type are.
#[derive(Clone, Copy, Debug)]
pub struct Values {
    pub a: i64,
    pub b: i64,
    pub c: i64,
}

/// A number, and what it is by the values.
#[derive(Clone)]
pub struct Form {
    pub text: String,
    pub value: Rc<dyn Fn(Values) -> i64>,
}

impl Form {
    fn new(text: impl Into<String>, value: impl Fn(Values) -> i64 + 'static) -> Self {
        Form { text: text.into(), value: Rc::new(value) }
    }

    /// The same in other words: `{}` is this.
    fn within(&self, template: &str, value: fn(i64) -> i64) -> Self {
        let inner = Rc::clone(&self.value);
        Form::new(template.replace("{}", &self.text), move |values| value(inner(values)))
    }

    fn with(&self, operator: &str, other: &Form, value: fn(i64, i64) -> i64) -> Self {
        let (left, right) = (Rc::clone(&self.value), Rc::clone(&other.value));
        let text = format!("({operator} {} {})", self.text, other.text);
        Form::new(text, move |values| value(left(values), right(values)))
    }
}

fn same(value: i64) -> i64 {
    value
}

fn is_zero(value: i64) -> i64 {
    i64::from(value == 0)
}

fn constant(ty: &str, value: i64) -> Form {
    Form::new(format!("({ty}.const {value})"), move |_| value)
}

fn local(ty: &str, name: char) -> Form {
    Form::new(format!("(local.get ${ty}{name})"), move |values| match name {
        'A' => values.a,
        _ => values.b,
    })
}

/// Numbers that are in a slot or in the register, each the parameter $A.
fn operands(ty: &str) -> Vec<Form> {
    let a = local(ty, 'A');
    let mut all = vec![a.clone()];
    let wrapped = [
        format!("(call $same_{ty} {{}})"),
        format!("(block (result {ty}) {{}})"),
        format!("(loop (result {ty}) {{}})"),
        format!("(local.tee ${ty}T {{}})"),
        format!("(local.tee ${ty}A {{}})"),
        format!("(if (result {ty}) (i32.const 1) (then {{}}) (else ({ty}.const 7)))"),
        format!("({ty}.add {{}} ({ty}.const 0))"),
    ];
    all.extend(wrapped.iter().map(|template| a.within(template, same)));
    match ty {
        "i32" => {
            all.push(local("i64", 'A').within("(i32.wrap_i64 {})", same));
            all.push(a.within("(i32.reinterpret_f32 (f32.reinterpret_i32 {}))", same));
            all.push(a.within("(i32.xor {} (i32.const 0))", same));
            all.push(a.within("(block (result i32) (global.set $i32G {}) (global.get $i32G))", same));
        }
        "i64" => all.push(local("i32", 'A').within("(i64.extend_i32_u {})", same)),
        _ => {}
    }
    all
}

/// What an instruction that compares gives, by the instruction without its type.
type Comparison = (&'static str, fn(i64, i64) -> i64);
/// The same, by the whole instruction.
type Typed = (String, fn(i64, i64) -> i64);

/// All numbers here are small and positive, so that signs and sizes make no difference.
fn comparisons(ty: &str) -> Vec<Typed> {
    let integers: [Comparison; 10] = [
        ("eq", |a, b| i64::from(a == b)),
        ("ne", |a, b| i64::from(a != b)),
        ("lt_s", |a, b| i64::from(a < b)),
        ("lt_u", |a, b| i64::from(a < b)),
        ("gt_s", |a, b| i64::from(a > b)),
        ("gt_u", |a, b| i64::from(a > b)),
        ("le_s", |a, b| i64::from(a <= b)),
        ("le_u", |a, b| i64::from(a <= b)),
        ("ge_s", |a, b| i64::from(a >= b)),
        ("ge_u", |a, b| i64::from(a >= b)),
    ];
    let floats: [Comparison; 6] = [
        ("eq", |a, b| i64::from(a == b)),
        ("ne", |a, b| i64::from(a != b)),
        ("lt", |a, b| i64::from(a < b)),
        ("gt", |a, b| i64::from(a > b)),
        ("le", |a, b| i64::from(a <= b)),
        ("ge", |a, b| i64::from(a >= b)),
    ];
    let named = |(name, value): &Comparison| (format!("{ty}.{name}"), *value);
    if ty.starts_with('i') {
        integers.iter().map(named).collect()
    } else {
        floats.iter().map(named).collect()
    }
}

/// Every comparison, with locals and constants on both sides.
fn compared() -> Vec<Form> {
    let mut all = Vec::new();
    for ty in TYPES {
        let (a, b) = (local(ty, 'A'), local(ty, 'B'));
        let (zero, nine) = (constant(ty, 0), constant(ty, 9));
        for (operator, value) in comparisons(ty) {
            let pairs = [(&a, &b), (&a, &nine), (&nine, &a), (&a, &zero), (&zero, &a), (&zero, &nine)];
            all.extend(pairs.map(|(left, right)| left.with(&operator, right, value)));
        }
    }
    let (a, b, zero) = (local("i32", 'A'), local("i32", 'B'), constant("i32", 0));
    let computed: [Comparison; 5] = [
        ("i32.and", |a, b| a & b),
        ("i32.or", |a, b| a | b),
        ("i32.xor", |a, b| a ^ b),
        ("i32.add", |a, b| a + b),
        ("i32.sub", |a, b| a - b),
    ];
    for (operator, value) in computed {
        all.extend([&b, &constant("i32", 9), &zero].map(|right| a.with(operator, right, value)));
        all.push(zero.with(operator, &a, value));
    }
    all
}

/// What compares with 0, in all ways, any operand.
fn compared_with_zero() -> Vec<Form> {
    let mut all = Vec::new();
    for ty in ["i32", "i64"] {
        // 0 in other words, too.
        let zeros = [
            constant(ty, 0),
            Form::new(format!("({ty}.add ({ty}.const 5) ({ty}.const -5))"), |_| 0),
            Form::new(format!("(global.get ${ty}Z)"), |_| 0),
        ];
        for operand in operands(ty) {
            all.push(operand.within(&format!("({ty}.eqz {{}})"), is_zero));
            for zero in &zeros {
                for (operator, value) in comparisons(ty).into_iter().take(2) {
                    all.push(operand.with(&operator, zero, value));
                    all.push(zero.with(&operator, &operand, value));
                }
            }
        }
    }
    all.push(Form::new("(ref.is_null (local.get $null))", |_| 1));
    all.push(Form::new("(ref.is_null (local.get $some))", |_| 0));
    all
}

/// Conditions: all comparisons, negated ones, and those with zero in other words.
pub fn conditions() -> Vec<Form> {
    let mut all = Vec::new();
    for form in compared() {
        all.push(form.within("(i32.eqz {})", is_zero));
        all.push(form);
    }
    for form in compared_with_zero() {
        let passed_on = [
            "(block (result i32) {})",
            "(loop (result i32) {})",
            "{} nop",
            "{} (local.set $i32B (local.get $i32B))",
            "{} (block (br_if 0 (i32.const 0)))",
            "{} (drop (i32.const 3))",
            "{} (block (param i32) (result i32))",
            "(select {} (i32.const 8) (i32.const 1))",
            "(i32.ne (i32.const 0) {})",
            "(i64.ne (i64.extend_i32_u {}) (i64.const 0))",
            "(i64.ne (i64.const 0) (i64.extend_i32_u {}))",
            "(i32.wrap_i64 (i64.extend_i32_u {}))",
            "(local.tee $i32T {})",
            "{} (local.set $i32T) (local.get $i32T)",
            "(call $same_i32 {})",
            "(i32.or {} (i32.const 0))",
        ];
        all.extend(passed_on.iter().map(|template| form.within(template, same)));
        for negated in
            ["(i32.eqz {})", "(i64.eqz (i64.extend_i32_u {}))", "(i32.eqz (i32.xor {} (i32.const 0)))"]
        {
            all.push(form.within(negated, is_zero));
        }
        all.push(form.within("(i32.eqz (i32.eqz {}))", same));
        all.push(form.within("(i32.eqz (i32.eqz (i32.eqz {})))", is_zero));
        all.push(form);
    }
    all
}
