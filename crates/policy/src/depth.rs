//! How deep a policy may be nested. Cedar reads, copies and frees expressions by recursion, and a text of 16 KiB that
//! is nothing but brackets would take more stack than a thread has; so it is counted before it is read.

use crate::refused::Position;

/// Brackets and `if`s that are open at one place.
const DEEPEST: usize = 32;
/// Of what is chained (`a && b && …`, `a.b().c()…`, `when {…} when {…}`) in one statement; each link counts two. So 200
/// levels are the most, which are evaluated on little more than half of the stack that a thread of the runtime has.
const LONGEST_CHAIN: usize = 400;

pub(crate) fn check(source: &str) -> Result<(), (Position, &'static str)> {
    let mut count = Count::default();
    let mut bytes = source.bytes().enumerate().peekable();
    let mut word = 0;
    while let Some((at, byte)) = bytes.next() {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            word += 1;
            continue;
        }
        count.word(source.get(at - word..at).unwrap_or_default());
        word = 0;
        match byte {
            b'"' => skip_text(&mut bytes),
            b'/' if bytes.peek().is_some_and(|(_, next)| *next == b'/') => {
                while bytes.next_if(|(_, next)| *next != b'\n').is_some() {}
            }
            _ => count.sign(byte),
        }
        if let Some(sentence) = count.complaint() {
            return Err((Position::of(source, at), sentence));
        }
    }
    Ok(())
}

#[derive(Default)]
struct Count {
    open: usize,
    ifs: usize,
    chained: usize,
}

impl Count {
    fn sign(&mut self, byte: u8) {
        match byte {
            b'(' | b'[' => {
                self.open += 1;
                self.chained += 1;
            }
            b'{' => {
                self.open += 1;
                self.chained += 2;
            }
            b')' | b']' | b'}' => self.open = self.open.saturating_sub(1),
            // Of && and || each sign counts one.
            b'.' | b'!' | b'@' | b'&' | b'|' => self.chained += 1,
            b'+' | b'-' | b'*' => self.chained += 2,
            b';' => *self = Self::default(),
            _ => {}
        }
    }

    fn word(&mut self, word: &str) {
        // An else is followed by what is deeper still; where an if ends is not told by a sign.
        if word == "if" {
            self.ifs += 1;
        }
    }

    fn complaint(&self) -> Option<&'static str> {
        if self.open + self.ifs > DEEPEST {
            return Some("this is nested too deeply: 32 brackets and ifs are the most");
        }
        (self.chained > LONGEST_CHAIN).then_some("this statement is too long: 200 operators are the most")
    }
}

/// To behind the closing quote; a backslash takes the next sign with it.
fn skip_text(bytes: &mut impl Iterator<Item = (usize, u8)>) {
    while let Some((_, byte)) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
