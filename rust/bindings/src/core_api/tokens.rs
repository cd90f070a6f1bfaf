//! A header of C in pieces, each with its line. Of what is the preprocessor's, only that is taken which cannot change what an app
//! imports.

use std::collections::BTreeSet;

/// What is wrong with a line: its number, and what has to be there.
pub type Wrong = (usize, String);

/// A piece of the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its line, from 1 on.
    pub line: usize,
    /// A word, a text in quotes, or a character by itself.
    pub text: String,
}

impl Token {
    /// Whether it is a name.
    pub fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    }
}

/// What `#if` and its kind may be for.
enum Condition {
    /// The header is read once.
    Guard,
    /// C++ reads it; the pieces before.
    ForCpp(usize),
}

const CONDITIONS: &str = "no condition other than an include guard and `#ifdef __cplusplus`: an app imports the same whatever Kconfig \
                          says (leave the whole API out in CMake)";
const DIRECTIVES: &str =
    "no directive other than `#include`, `#define` of a constant, `#pragma once` and an include guard";
const CPP: &str = "`extern \"C\" {` or `}`, and nothing else, between `#ifdef __cplusplus` and `#endif`";

#[derive(Default)]
struct Lexer {
    tokens: Vec<Token>,
    conditions: Vec<Condition>,
    defined: BTreeSet<String>,
    /// Something has been there that is no comment.
    has_begun: bool,
}

/// The pieces of a header without its directives, and the names that it defines.
///
/// # Errors
/// The first line that is not understood.
pub fn tokens(text: &str) -> Result<(Vec<Token>, BTreeSet<String>), Wrong> {
    let text = without_comments(text)?;
    let mut lexer = Lexer::default();
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    while let Some((number, line)) = lines.next() {
        let Some(directive) = line.trim_start().strip_prefix('#') else {
            lexer.line(number, line)?;
            continue;
        };
        let mut whole = directive.to_owned();
        while let Some(rest) = whole.trim_end().strip_suffix('\\') {
            whole = rest.to_owned() + lines.next().map_or("", |(_, line)| line);
        }
        lexer.directive(number, whole.trim())?;
        lexer.has_begun = true;
    }
    if !lexer.conditions.is_empty() {
        return Err((text.lines().count().max(1), "`#endif` before the end of the file".into()));
    }
    Ok((lexer.tokens, lexer.defined))
}

/// The text with a space in place of each comment, and each line where it was.
fn without_comments(text: &str) -> Result<String, Wrong> {
    let mut plain = String::new();
    let mut rest = text;
    let line_at = |rest: &str| text[..text.len() - rest.len()].matches('\n').count() + 1;
    while let Some(next) = rest.chars().next() {
        if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            // The preprocessor goes on with the comment in the next line.
            if rest[..end].trim_end().ends_with('\\') {
                return Err((line_at(rest), "no `\\` at the end of a comment".into()));
            }
            plain.push(' ');
            rest = &rest[end..];
        } else if rest.starts_with("/*") {
            let Some(end) = rest[2..].find("*/").map(|end| end + 4) else {
                return Err((line_at(rest), "the end of this comment".into()));
            };
            plain.push(' ');
            plain.extend(rest[..end].matches('\n'));
            rest = &rest[end..];
        } else if next == '"' {
            let end = rest[1..].find(['"', '\n', '\\']).map(|end| end + 1);
            let Some(end) = end.filter(|end| rest[*end..].starts_with('"')) else {
                return Err((line_at(rest), "a text that ends in its line, without `\\`".into()));
            };
            plain += &rest[..=end];
            rest = &rest[end + 1..];
        } else {
            plain.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    Ok(plain)
}

impl Lexer {
    fn line(&mut self, number: usize, line: &str) -> Result<(), Wrong> {
        let mut rest = line.trim();
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        while let Some(first) = rest.chars().next() {
            let end = match first {
                _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
                // Closed in its line, or else it would have been refused.
                '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
                _ if rest.starts_with("...") => 3,
                '\\' => return Err((number, "no `\\` outside of `#define`".into())),
                _ => first.len_utf8(),
            };
            self.tokens.push(Token { line: number, text: rest[..end].to_owned() });
            self.has_begun = true;
            rest = rest[end..].trim_start();
        }
        Ok(())
    }

    fn directive(&mut self, number: usize, text: &str) -> Result<(), Wrong> {
        let (name, rest) = text.split_once(|c: char| !c.is_ascii_alphanumeric()).unwrap_or((text, ""));
        let rest = rest.trim();
        match name {
            "include" => Ok(()),
            "pragma" if rest == "once" => Ok(()),
            "define" => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                if end == 0 || rest[end..].starts_with('(') {
                    return Err((number, "`#define` of a constant, without arguments".into()));
                }
                self.defined.insert(rest[..end].to_owned());
                Ok(())
            }
            "ifndef" if !self.has_begun => {
                self.conditions.push(Condition::Guard);
                Ok(())
            }
            "ifdef" if rest == "__cplusplus" => {
                self.conditions.push(Condition::ForCpp(self.tokens.len()));
                Ok(())
            }
            "endif" => match self.conditions.pop() {
                Some(Condition::Guard) => Ok(()),
                Some(Condition::ForCpp(before)) => self.for_cpp(number, before),
                None => Err((number, "`#endif` behind an `#if` only".into())),
            },
            "if" | "ifdef" | "ifndef" | "elif" | "else" => Err((number, CONDITIONS.into())),
            _ => Err((number, DIRECTIVES.into())),
        }
    }

    /// Takes away what only C++ reads.
    fn for_cpp(&mut self, number: usize, before: usize) -> Result<(), Wrong> {
        let pieces = self.tokens.split_off(before);
        let line = pieces.first().map_or(number, |token| token.line);
        let texts: Vec<&str> = pieces.iter().map(|token| token.text.as_str()).collect();
        match texts[..] {
            ["extern", "\"C\"", "{"] | ["}"] => Ok(()),
            _ => Err((line, CPP.into())),
        }
    }
}
