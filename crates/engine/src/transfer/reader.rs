//! Reads an export file line by line, and lets nothing pass that is not exactly as it was written: the tag first, then
//! the form, then the course of the lines.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use cognate_domain::transfer::{Course, FORMAT, Footer, Header, LONGEST_LINE, Line, VERSION};
use cognate_jose::MasterKey;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};

use super::seals::{Chain, FileKeys};
use super::writer::{AFTER_TAG, BEFORE_TAG, TAG_LENGTH};
use super::{Failure, opened};

const FOREIGN: &str = "this is no export of Cognate's";
const CUT: &str = "the file ends here, before its last line: it was cut off";
const ALTERED: &str = "this line was altered or moved, or belongs to another file";

/// A file that has been verified from its first line to its last.
#[derive(Clone, Debug)]
pub struct Checked {
    pub header: Header,
    pub counts: Footer,
    pub lines: u64,
    /// No other content has the same: the last line's tag.
    pub identity: String,
}

pub struct LineReader<R> {
    input: R,
    header: Header,
    keys: FileKeys,
    chain: Chain,
    course: Course,
    number: u64,
    bytes: u64,
    buffer: Vec<u8>,
}

/// A buffer of this size holds a whole header.
const SHORTEST_BUFFER: usize = 4096;

/// How often a long reading says how far it is.
const TELL_EVERY: u64 = 256;

/// Verifies a whole file and opens everything that is sealed in it. `progress` learns how many bytes have been read.
pub(super) fn check(path: &Path, key: &MasterKey, mut progress: impl FnMut(u64)) -> Result<Checked, Failure> {
    let mut reader = LineReader::open(BufReader::with_capacity(1 << 20, File::open(path)?), key)?;
    while let Some(line) = reader.next_line()? {
        opened::check(&line, &reader.keys).map_err(|reason| Failure::at(reader.number, reason))?;
        if reader.number.is_multiple_of(TELL_EVERY) {
            progress(reader.bytes);
        }
    }
    Ok(Checked {
        counts: reader.course.counts(),
        lines: reader.number,
        identity: reader.identity(),
        header: reader.header,
    })
}

impl<R: BufRead> LineReader<R> {
    /// Reads the header, which says which key is asked for.
    pub fn open(mut input: R, key: &MasterKey) -> Result<Self, Failure> {
        let refuse = |reason: &str| Failure::at(1, reason);
        let mut buffer = Vec::new();
        if !take_line(&mut input, &mut buffer, 1)? {
            return Err(refuse(CUT));
        }
        let bytes = buffer.len() as u64;
        let (text, tag) = split(&buffer).ok_or_else(|| refuse(FOREIGN))?;
        let header = header(text).map_err(|reason| refuse(&reason))?;
        if header.key != key.id().to_string() {
            return Err(refuse(&format!("the file was made with export key {}, and this is {}", header.key, key.id())));
        }

        let keys = FileKeys::new(key, &header.id)?;
        let mut chain = keys.chain();
        if !chain.accepts(text, &tag) {
            return Err(refuse(ALTERED));
        }
        let mut course = Course::default();
        let line = Line::Header(header);
        course.accept(&line).map_err(|reason| refuse(&reason))?;
        let Line::Header(header) = line else { return Err(refuse(ALTERED)) };
        Ok(Self { input, header, keys, chain, course, number: 1, bytes, buffer })
    }

    /// The same for a file that may have been cut off anywhere: none if not even the header is whole.
    pub(super) fn open_part(mut input: R, key: &MasterKey) -> Result<Option<Self>, Failure> {
        let there = input.fill_buf()?;
        if !there.contains(&b'\n') && there.len() < SHORTEST_BUFFER {
            return Ok(None);
        }
        Self::open(input, key).map(Some)
    }

    /// The next line; none behind the footer. A file that ends without one was cut off.
    pub fn next_line(&mut self) -> Result<Option<Line>, Failure> {
        match self.next_whole_line()? {
            None if self.course.has_ended() => Ok(None),
            None => Err(Failure::at(self.number + 1, CUT)),
            line => Ok(line),
        }
    }

    /// The next line, if a whole one is there.
    pub(super) fn next_whole_line(&mut self) -> Result<Option<Line>, Failure> {
        let number = self.number + 1;
        let refuse = |reason: &str| Failure::at(number, reason);
        if !take_line(&mut self.input, &mut self.buffer, number)? {
            return if self.buffer.is_empty() || !self.course.has_ended() {
                Ok(None)
            } else {
                Err(refuse("something stands behind the last line"))
            };
        }
        if self.course.has_ended() {
            return Err(refuse("something stands behind the last line"));
        }
        let (text, tag) = split(&self.buffer).ok_or_else(|| refuse(ALTERED))?;
        if !self.chain.accepts(text, &tag) {
            return Err(refuse(ALTERED));
        }
        let line = parse(text).map_err(|reason| refuse(&reason))?;
        self.course.accept(&line).map_err(|reason| refuse(&reason))?;
        self.number = number;
        self.bytes += self.buffer.len() as u64;
        Ok(Some(line))
    }

    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The line that was read last, counted from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How many bytes the lines so far take.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub fn course(&self) -> &Course {
        &self.course
    }

    /// The file's keys once more, for who uses them while the reading goes on.
    pub fn same_keys(&self, key: &MasterKey) -> Result<FileKeys, Failure> {
        Ok(FileKeys::new(key, &self.header.id)?)
    }

    pub(super) fn identity(&self) -> String {
        HEXLOWER.encode(self.chain.last())
    }

    /// What a writer needs to go on behind the last line.
    pub(super) fn into_parts(self) -> (FileKeys, Chain, Course) {
        (self.keys, self.chain, self.course)
    }
}

/// Fills `buffer` with one line and its end. False if there is none, or not all of it; then the buffer holds the rest.
fn take_line(input: &mut impl BufRead, buffer: &mut Vec<u8>, number: u64) -> Result<bool, Failure> {
    buffer.clear();
    input.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', buffer)?;
    if buffer.len() > LONGEST_LINE {
        return Err(Failure::at(number, format!("more than {LONGEST_LINE} bytes")));
    }
    Ok(buffer.last() == Some(&b'\n'))
}

/// A line's text, as the tag covers it, and the tag.
fn split(line: &[u8]) -> Option<(&[u8], [u8; 32])> {
    let line = line.strip_suffix(b"\n")?.strip_suffix(AFTER_TAG)?;
    let (rest, tag) = line.split_at_checked(line.len().checked_sub(TAG_LENGTH)?)?;
    let text = rest.strip_suffix(BEFORE_TAG)?;
    let tag = BASE64URL_NOPAD.decode(tag).ok()?.try_into().ok()?;
    Some((text, tag))
}

/// What the first line says, once it is known to be one of ours.
fn header(text: &[u8]) -> Result<Header, String> {
    #[derive(serde::Deserialize)]
    struct Any {
        header: Beginning,
    }
    #[derive(serde::Deserialize)]
    struct Beginning {
        format: String,
        version: u32,
    }

    let whole = closed(text);
    let beginning = serde_json::from_slice::<Any>(&whole).map_err(|_| FOREIGN.to_owned())?.header;
    if beginning.format != FORMAT {
        return Err(FOREIGN.to_owned());
    }
    if beginning.version != VERSION {
        return Err(format!("the file is of version {}, this program knows {VERSION}", beginning.version));
    }
    match parse(text)? {
        Line::Header(header) => Ok(header),
        _ => Err(FOREIGN.to_owned()),
    }
}

/// The text lacks the brace that closes it behind the tag.
fn closed(text: &[u8]) -> Vec<u8> {
    [text, b"}"].concat()
}

fn parse(text: &[u8]) -> Result<Line, String> {
    serde_json::from_slice(&closed(text)).map_err(|error| {
        let said = error.to_string();
        let what = said.split(" at line ").next().unwrap_or_default().to_owned();
        format!("this line is not what version {VERSION} knows: {what}")
    })
}
