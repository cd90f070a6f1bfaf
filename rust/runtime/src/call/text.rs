//! A cursor over text, for types and values alike.

/// What is left of a text.
#[derive(Clone)]
pub struct Text<'a> {
    rest: &'a str,
}

impl<'a> Text<'a> {
    pub fn new(text: &'a str) -> Self {
        Text { rest: text.trim() }
    }

    pub fn rest(&self) -> &'a str {
        self.rest
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest[bytes..].trim_start();
    }

    pub fn next_is(&self, mark: char) -> bool {
        self.rest.starts_with(mark)
    }

    /// Takes a mark, if it is next.
    pub fn punctuation(&mut self, mark: char) -> bool {
        let found = self.next_is(mark);
        if found {
            self.skip(mark.len_utf8());
        }
        found
    }

    /// Takes these characters, if they are next.
    pub fn take(&mut self, wanted: &str) -> bool {
        let found = self.rest.starts_with(wanted);
        if found {
            self.skip(wanted.len());
        }
        found
    }

    /// Takes a name as WIT has them, without the `%` that may mark it.
    pub fn name(&mut self) -> Option<&'a str> {
        let rest = self.rest.strip_prefix('%').unwrap_or(self.rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        self.word(rest, end)
    }

    /// Takes a number, with its sign and whatever letters are in it.
    pub fn number(&mut self) -> Option<&'a str> {
        let rest = self.rest;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(rest.len());
        self.word(rest, end)
    }

    fn word(&mut self, rest: &'a str, end: usize) -> Option<&'a str> {
        if end == 0 {
            return None;
        }
        self.rest = rest;
        self.skip(end);
        Some(&rest[..end])
    }

    /// Takes one character of a string or `char`, of which `\` may escape it.
    pub fn character(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let character = match characters.next()? {
            '\\' => match characters.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'u' => {
                    let (digits, after) = characters.as_str().strip_prefix('{')?.split_once('}')?;
                    characters = after.chars();
                    char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
                }
                other => other,
            },
            other => other,
        };
        self.rest = characters.as_str();
        Some(character)
    }

    /// Takes the quote that opens or closes, without the spaces that may follow an opening one.
    pub fn quote(&mut self, quote: char, opening: bool) -> bool {
        match self.rest.strip_prefix(quote) {
            Some(rest) if opening => self.rest = rest,
            Some(_) => self.skip(quote.len_utf8()),
            None => return false,
        }
        true
    }
}
