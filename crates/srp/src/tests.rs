//! The whole handshake against published vectors and against a client written on other big numbers (crypto-bigint).

mod client;
mod edges;
mod memory;
mod vectors;

use aws_lc_rs::digest;

use crate::constants::Bytes;

/// Bytes that look random and are the same in every run.
fn bytes<const LENGTH: usize>(label: &str) -> [u8; LENGTH] {
    let mut out = [0; LENGTH];
    for (at, chunk) in out.chunks_mut(32).enumerate() {
        let block = digest::digest(&digest::SHA256, format!("{label}:{at}").as_bytes());
        chunk.copy_from_slice(&block.as_ref()[..chunk.len()]);
    }
    out
}

fn wide(hex: &str) -> Bytes {
    data_encoding::HEXLOWER.decode(format!("{hex:0>768}").as_bytes()).unwrap().try_into().unwrap()
}
