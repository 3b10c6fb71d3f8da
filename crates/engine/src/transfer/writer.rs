//! Writes an export file, line by line: each is a JSON object whose last member is its tag.

use std::io::Write;

use cognate_domain::transfer::{FORMAT, Footer, Header, LONGEST_LINE, Line, VERSION};
use cognate_domain::{Entropy, Error, Timestamp, ids};
use cognate_jose::MasterKey;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};

use super::Failure;
use super::seals::{Chain, FileKeys};

/// Between a line's text and its tag, and behind the tag.
pub(super) const BEFORE_TAG: &[u8] = b",\"mac\":\"";
pub(super) const AFTER_TAG: &[u8] = b"\"}";
pub(super) const TAG_LENGTH: usize = 43;

/// Whose pool is exported, and when.
#[derive(Clone, Debug)]
pub struct Origin {
    pub pool_id: String,
    pub region: String,
    pub account: String,
    pub now: Timestamp,
}

pub struct LineWriter<W> {
    out: W,
    keys: FileKeys,
    chain: Chain,
    counts: Footer,
}

impl<W: Write> LineWriter<W> {
    /// Begins a file; its id is chance.
    pub fn begin(out: W, key: &MasterKey, origin: &Origin, entropy: &dyn Entropy) -> Result<Self, Failure> {
        let header = Header {
            format: FORMAT.to_owned(),
            version: VERSION,
            id: HEXLOWER.encode(&ids::random::<16>(entropy)),
            key: key.id().to_string(),
            pool_id: origin.pool_id.clone(),
            region: origin.region.clone(),
            account: origin.account.clone(),
            created_at: origin.now.0,
        };
        let keys = FileKeys::new(key, &header.id)?;
        let chain = keys.chain();
        let mut writer = Self { out, keys, chain, counts: Footer::default() };
        writer.write(&Line::Header(header))?;
        Ok(writer)
    }

    /// Goes on with a file whose lines so far have been read.
    pub(super) fn resume(out: W, keys: FileKeys, chain: Chain, counts: Footer) -> Self {
        Self { out, keys, chain, counts }
    }

    pub fn keys(&self) -> &FileKeys {
        &self.keys
    }

    pub fn counts(&self) -> Footer {
        self.counts
    }

    pub fn write(&mut self, line: &Line) -> Result<(), Failure> {
        self.counts.count(line);
        let mut text = serde_json::to_vec(line).map_err(Error::internal)?;
        text.pop(); // the closing brace comes behind the tag
        let tag = self.chain.tag(&text);
        text.extend(BEFORE_TAG);
        text.extend(BASE64URL_NOPAD.encode(&tag).as_bytes());
        text.extend(AFTER_TAG);
        text.push(b'\n');
        if text.len() > LONGEST_LINE {
            return Err(Failure::State(format!("a line of {} bytes is longer than a file may have", text.len())));
        }
        Ok(self.out.write_all(&text)?)
    }

    /// Writes the footer; without it a file counts as cut off.
    pub fn finish(mut self) -> Result<(W, Footer), Failure> {
        let counts = self.counts;
        self.write(&Line::Footer(counts))?;
        self.out.flush()?;
        Ok((self.out, counts))
    }
}
