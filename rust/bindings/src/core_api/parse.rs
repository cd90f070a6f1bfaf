//! The functions that a header declares. The grammar is small, so that what an app imports is what it says: prototypes of numbers,
//! and of what `zephyr_wasm/core.h` has macros for.

use super::model::{CoreApi, Function, Kind, Parameter, Scalar};
use super::tokens::{Token, Wrong, tokens};
use anyhow::{Result, anyhow};
use zephyr_wasm_manifest::keys::KEYS;

const NUMBERS: &str = "`int32_t`, `uint32_t`, `int64_t`, `uint64_t`, `float` or `double`";
const POINTERS: &str = "`ZEPHYR_WASM_IN(pointer, length)`, `ZEPHYR_WASM_OUT(pointer, length)` or `ZEPHYR_WASM_TEXT(text)` in place of \
                        a pointer, so that what it leads to can be checked";
/// The most values that a function of the host takes.
const MOST: usize = 16;
/// The module of WASI, which is no API of the firmware's.
const WASI: &str = "wasi_snapshot_preview1";

/// Reads the text of a header, which messages call `file`.
///
/// # Errors
/// The first line that is not understood, with what has to be there.
pub fn header(file: &str, text: &str, name: &str, module: &str) -> Result<CoreApi> {
    named(name, module).map_err(|expected| anyhow!("{file}: expected {expected}"))?;
    let functions = functions(text, name).map_err(|(line, expected)| {
        let found = text.lines().nth(line - 1).map_or("the end of the file", str::trim);
        anyhow!("{file}:{line}: expected {expected}; found: {found}")
    })?;
    Ok(CoreApi { name: name.into(), module: module.into(), functions })
}

/// Whether an API can be called so; else, what has to be there.
fn named(name: &str, module: &str) -> Result<(), String> {
    let is_name = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    if !is_name(name, "_") || name.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(format!("a header whose name without `.h` is an identifier of C, not `{name}`"));
    }
    // In a manifest, it stands for a grant.
    if !is_name(module, "_-.") || module == WASI {
        return Err(format!(
            "a module of letters, digits, `_`, `-` and `.` that is not WASI's, not `{module}`: what has other characters is WIT's"
        ));
    }
    if KEYS.iter().any(|key| key.name == module) {
        return Err(format!(
            "a module that is no key of manifests, as `{module}` is: name it otherwise in apps"
        ));
    }
    Ok(())
}

fn functions(text: &str, api: &str) -> Result<Vec<Function>, Wrong> {
    let (tokens, defined) = tokens(text)?;
    if let Some(token) = tokens.iter().find(|token| defined.contains(&token.text)) {
        return Err((
            token.line,
            format!("a word that no `#define` of this header changes, as `{}` is", token.text),
        ));
    }
    let last = text.lines().count().max(1);
    let mut parser = Parser { tokens: &tokens, at: 0, last };
    let mut found: Vec<Function> = Vec::new();
    while parser.at < tokens.len() {
        let line = parser.line();
        let function = parser.function(api)?;
        if let Some(other) = found.iter().find(|other| other.import == function.import) {
            return Err((
                line,
                format!("an import of its own: `{}` is that of `{}`", other.import, other.name),
            ));
        }
        found.push(function);
    }
    if found.is_empty() {
        return Err((last, "at least one function".into()));
    }
    Ok(found)
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    /// The last line of the file.
    last: usize,
}

/// A parameter before it is known where its length is.
struct Read {
    name: String,
    kind: ReadKind,
    line: usize,
}

enum ReadKind {
    Scalar(Scalar),
    Bytes { writes: bool, length: String },
    Text,
}

impl Parser<'_> {
    fn line(&self) -> usize {
        self.tokens.get(self.at).map_or(self.last, |token| token.line)
    }

    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", |token| token.text.as_str())
    }

    fn wrong<T>(&self, expected: impl Into<String>) -> Result<T, Wrong> {
        Err((self.line(), expected.into()))
    }

    fn take(&mut self, text: &str, expected: &str) -> Result<(), Wrong> {
        if self.peek() != text {
            return self.wrong(expected);
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, expected: &str) -> Result<String, Wrong> {
        match self.tokens.get(self.at).filter(|token| token.is_word()) {
            Some(token) => {
                self.at += 1;
                Ok(token.text.clone())
            }
            None => self.wrong(expected),
        }
    }

    fn scalar(&mut self) -> Option<Scalar> {
        let found = Scalar::ALL.into_iter().find(|scalar| scalar.in_c() == self.peek());
        self.at += usize::from(found.is_some());
        found
    }

    fn function(&mut self, api: &str) -> Result<Function, Wrong> {
        if self.peek() == "extern" {
            self.at += 1;
        }
        let result = if self.peek() == "void" {
            self.at += 1;
            None
        } else {
            match self.scalar() {
                None => {
                    return self.wrong(format!(
                        "a function that returns `void`, {NUMBERS}, and nothing but functions"
                    ));
                }
                found => found,
            }
        };
        if self.peek() == "*" {
            return self.wrong(format!(
                "a function that returns no pointer: an app has memory of its own, so take {POINTERS}"
            ));
        }
        let line = self.line();
        let name = self.word("the name of a function")?;
        if name.starts_with("zephyr_wasm_") {
            return Err((line, "a name that does not begin with `zephyr_wasm_`, as ours do".into()));
        }
        self.take("(", "a function with its parameters in parentheses: all that an API can have")?;
        let parameters = self.parameters()?;
        self.take(
            ";",
            "`;` behind the parameters: the function is defined in another file, and has no attributes",
        )?;
        let import =
            name.strip_prefix(&format!("{api}_")).filter(|rest| !rest.is_empty()).unwrap_or(&name).to_owned();
        Ok(Function { import, parameters: resolved(parameters)?, result, name })
    }

    fn parameters(&mut self) -> Result<Vec<Read>, Wrong> {
        let mut found = Vec::new();
        if self.peek() == ")" {
            return self.wrong("`(void)` of a function that takes nothing");
        }
        if self.peek() == "void" {
            self.at += 1;
            self.take(")", &format!("{NUMBERS}, or {POINTERS}"))?;
            return Ok(found);
        }
        loop {
            let read = self.parameter()?;
            if found.iter().any(|other: &Read| other.name == read.name) {
                return Err((read.line, format!("one parameter with the name `{}`", read.name)));
            }
            if found.len() == MOST {
                return Err((read.line, format!("at most {MOST} parameters")));
            }
            found.push(read);
            if self.peek() == ")" {
                self.at += 1;
                return Ok(found);
            }
            self.take(",", &format!("`,` or `)` behind a parameter; of pointers, {POINTERS}"))?;
        }
    }

    fn parameter(&mut self) -> Result<Read, Wrong> {
        let line = self.line();
        let kind = match self.peek() {
            "ZEPHYR_WASM_IN" | "ZEPHYR_WASM_OUT" => {
                let writes = self.peek() == "ZEPHYR_WASM_OUT";
                self.at += 1;
                self.take("(", POINTERS)?;
                let name = self.word("the name of a pointer")?;
                self.take(
                    ",",
                    "the parameter that says how many bytes there are, as `ZEPHYR_WASM_IN(pointer, length)`",
                )?;
                let length = self.word("the name of the parameter that says how many bytes there are")?;
                self.take(")", "`)` behind the name of the length")?;
                return Ok(Read { name, kind: ReadKind::Bytes { writes, length }, line });
            }
            "ZEPHYR_WASM_TEXT" => {
                self.at += 1;
                self.take("(", POINTERS)?;
                let name = self.word("the name of a text")?;
                self.take(")", "`)` behind the name of a text, which ends with a zero and so has no length")?;
                return Ok(Read { name, kind: ReadKind::Text, line });
            }
            "..." => return self.wrong("parameters that are all named: an import has one type"),
            _ => self.scalar(),
        };
        let Some(scalar) = kind else {
            let is_pointer = self.tokens[self.at..]
                .iter()
                .take_while(|token| !",);".contains(&token.text))
                .any(|token| token.text == "*");
            return self.wrong(if is_pointer {
                POINTERS.to_owned()
            } else {
                format!("{NUMBERS}, or {POINTERS}")
            });
        };
        if self.peek() == "*" {
            return self.wrong(POINTERS);
        }
        let name = self.word("a name for the parameter")?;
        Ok(Read { name, kind: ReadKind::Scalar(scalar), line })
    }
}

/// The same, with the places of lengths.
fn resolved(read: Vec<Read>) -> Result<Vec<Parameter>, Wrong> {
    let length_of = |name: &str, line| {
        let found = read.iter().position(|other| other.name == name);
        match found.map(|place| (place, &read[place].kind)) {
            Some((place, ReadKind::Scalar(Scalar::I32 | Scalar::U32))) => Ok(place),
            _ => Err((
                line,
                format!(
                    "a parameter `int32_t {name}` or `uint32_t {name}`, which says how many bytes there are"
                ),
            )),
        }
    };
    let mut parameters = Vec::new();
    for one in &read {
        let kind = match &one.kind {
            ReadKind::Scalar(scalar) => Kind::Scalar(*scalar),
            ReadKind::Text => Kind::Text,
            ReadKind::Bytes { writes, length } => {
                Kind::Bytes { writes: *writes, length: length_of(length, one.line)? }
            }
        };
        parameters.push(Parameter { name: one.name.clone(), kind });
    }
    Ok(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<CoreApi> {
        header("env.h", text, "env", "env")
    }

    /// What is said of a header of one function.
    fn refused(text: &str) -> String {
        format!("{:#}", read(text).expect_err(text))
    }

    const WHOLE: &str = r#"/* What apps
 * import. */
#ifndef ENV_H_
#define ENV_H_

#include <zephyr_wasm/core.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ENV_MOST \
	64

// Says a text.
int32_t env_puts(ZEPHYR_WASM_TEXT(text));
extern void digitalWrite(uint32_t pin, uint32_t value);
uint64_t env_copy(ZEPHYR_WASM_IN(from, size), ZEPHYR_WASM_OUT(to, size),
		  int32_t size, double scale);
float env_(void);

#ifdef __cplusplus
}
#endif

#endif /* ENV_H_ */
"#;

    #[test]
    fn functions_are_read_with_their_names_in_imports() {
        let api = read(WHOLE).unwrap();
        let named: Vec<_> =
            api.functions.iter().map(|one| (one.name.as_str(), one.import.as_str())).collect();
        assert_eq!(
            named,
            [("env_puts", "puts"), ("digitalWrite", "digitalWrite"), ("env_copy", "copy"), ("env_", "env_")]
        );
        let kinds: Vec<_> = api.functions[2].parameters.iter().map(|one| one.kind).collect();
        let bytes = |writes| Kind::Bytes { writes, length: 2 };
        let size = Kind::Scalar(Scalar::I32);
        assert_eq!(kinds, [bytes(false), bytes(true), size, Kind::Scalar(Scalar::F64)]);
        assert_eq!(api.functions[2].result, Some(Scalar::U64));
        assert_eq!(api.functions[2].apart(), [(0, 1)]);
        assert_eq!(
            api.functions[0].passed(),
            [super::super::Passed::Parameter(0), super::super::Passed::Size(0)]
        );
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_line() {
        let cases = [
            ("int32_t env_f(int a);", "env.h:1: expected `int32_t`, `uint32_t`"),
            ("int32_t env_f(size_t a);", "expected `int32_t`, `uint32_t`"),
            ("\n\nint env_f(void);", "env.h:3: expected a function that returns `void`"),
            ("void env_f(const char *text);", "expected `ZEPHYR_WASM_IN(pointer, length)`"),
            ("void env_f(uint32_t *value);", "expected `ZEPHYR_WASM_IN(pointer, length)`"),
            ("void *env_f(void);", "returns no pointer"),
            ("int32_t *env_f(void);", "returns no pointer"),
            ("void env_f();", "`(void)`"),
            ("void env_f(uint32_t);", "a name for the parameter"),
            ("void env_f(uint32_t a, ...);", "parameters that are all named"),
            ("void env_f(uint32_t a, uint32_t a);", "one parameter with the name `a`"),
            ("void env_f(uint32_t a[4]);", "`,` or `)` behind a parameter"),
            ("void env_f(ZEPHYR_WASM_IN(a, b));", "a parameter `int32_t b` or `uint32_t b`"),
            ("void env_f(ZEPHYR_WASM_IN(a, b), uint64_t b);", "a parameter `int32_t b` or `uint32_t b`"),
            ("void env_f(ZEPHYR_WASM_IN(a), uint32_t b);", "the parameter that says how many bytes"),
            ("void env_f(ZEPHYR_WASM_TEXT(a, b), uint32_t b);", "`)` behind the name of a text"),
            ("static inline void env_f(void) {}", "nothing but functions"),
            ("struct a { int b; };", "nothing but functions"),
            ("typedef int a;", "nothing but functions"),
            ("int32_t env_a;", "a function with its parameters"),
            ("int32_t env_f(void) { return 0; }", "`;` behind the parameters"),
            ("int32_t env_f(void) __attribute__((weak));", "`;` behind the parameters"),
            ("int32_t env_f(void)", "has no attributes; found: int32_t env_f(void)"),
            (
                "void env_f(void);\nvoid f(void);",
                "env.h:2: expected an import of its own: `f` is that of `env_f`",
            ),
            ("void env_f(void);\nvoid env_f(void);", "env.h:2: expected an import of its own"),
            ("void zephyr_wasm_f(void);", "does not begin with `zephyr_wasm_`"),
            ("", "env.h:1: expected at least one function"),
            (
                "#define uint32_t uint16_t\nvoid env_f(uint32_t a);",
                "env.h:2: expected a word that no `#define`",
            ),
            ("#define F(a) a\nvoid env_f(void);", "env.h:1: expected `#define` of a constant"),
            ("#if CONFIG_A\nvoid env_f(void);\n#endif", "env.h:1: expected no condition"),
            ("void env_f(void);\n#ifndef A\n#endif", "env.h:2: expected no condition"),
            ("#ifndef A\n#else\n#endif", "env.h:2: expected no condition"),
            ("#undef A", "no directive other than"),
            ("#pragma pack(1)", "no directive other than"),
            ("#ifdef __cplusplus\nvoid env_f(void);\n#endif", "env.h:2: expected `extern \"C\" {`"),
            ("#ifndef A\nvoid env_f(void);\n", "env.h:2: expected `#endif`"),
            ("#endif", "`#endif` behind an `#if` only"),
            ("void env_f(void);\n/* no end", "env.h:2: expected the end of this comment"),
            ("// more \\\nvoid env_f(void);", "env.h:1: expected no `\\` at the end of a comment"),
            ("void env_\\\nf(void);", "expected no `\\` outside of `#define`"),
            ("extern \"C\" void env_f(void);", "nothing but functions"),
            ("void env_f(void); }", "nothing but functions"),
            ("\"\nvoid env_f(void);\"", "a text that ends in its line"),
        ];
        for (text, expected) in cases {
            let said = refused(text);
            assert!(said.contains(expected), "{text}\n  says: {said}\n  not:  {expected}");
        }
        let parameters = |count| (0..count).map(|at| format!("float a{at}")).collect::<Vec<_>>().join(", ");
        assert!(read(&format!("void env_f({});", parameters(16))).is_ok());
        assert!(refused(&format!("void env_f({});", parameters(17))).contains("at most 16 parameters"));
    }

    #[test]
    fn names_are_checked() {
        let named = |name, module| header("a.h", "void f(void);", name, module).is_ok();
        assert!(named("env", "wiring-2.1"));
        for (name, module) in [
            ("2env", "env"),
            ("e-nv", "env"),
            ("", "env"),
            ("env", ""),
            ("env", "a b"),
            ("env", "zephyr:gpio/gpio"),
            ("env", "heap"),
            ("env", WASI),
        ] {
            assert!(!named(name, module), "{name} {module}");
        }
    }
}
