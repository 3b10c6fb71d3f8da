//! What the machine itself asks for, measured beside the server: one RS256 signature and verification with aws-lc as the
//! server uses it, and one constant-time exponentiation of 3072 bits with an exponent of 256.
//!
//! As many threads as cores compute at once, as they do while a server is loaded: two busy cores are slower than one.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use cognate_srp::client::{Client, power};
use serde::Serialize;

use crate::proc;

/// About as long as an access token's header and claims.
const SIGNED: usize = 720;

/// Microseconds of CPU.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Floor {
    pub(crate) signature: f64,
    pub(crate) verification: f64,
    pub(crate) exponentiation: f64,
}

impl Floor {
    /// Midway between two.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            signature: self.signature.midpoint(other.signature),
            verification: self.verification.midpoint(other.verification),
            exponentiation: self.exponentiation.midpoint(other.exponentiation),
        }
    }
}

pub(crate) struct Bench {
    pair: KeyPair,
    public: ParsedPublicKey,
    message: Vec<u8>,
    signature: Vec<u8>,
    base: [u8; cognate_srp::BYTES],
    threads: usize,
}

impl Bench {
    pub(crate) fn new() -> Result<Self> {
        let refused = |_| anyhow!("aws-lc refused");
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(refused)?;
        let der: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(refused)?;
        let public = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der.as_ref()).map_err(|_| anyhow!("the key"))?;
        let message = vec![b'x'; SIGNED];
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut signature).map_err(refused)?;
        let base = Client::new([0x77; 32])?.public().to_bytes();
        let threads = thread::available_parallelism().map_or(1, usize::from);
        Ok(Self { pair, public, message, signature, base, threads })
    }

    /// Takes three times `slice`. With `alone`, on one thread.
    pub(crate) fn measure(&self, slice: Duration, alone: bool) -> Result<Floor> {
        let threads = if alone { 1 } else { self.threads };
        let exponent = [0xb7; 32];
        let sign = || {
            let mut signature = [0; 256];
            let chance = SystemRandom::new();
            let signed = self.pair.sign(&RSA_PKCS1_SHA256, &chance, black_box(&self.message), &mut signature);
            signed.is_ok() && black_box(signature).len() == 256
        };
        let verify = || self.public.verify_sig(black_box(&self.message), &self.signature).is_ok();
        let exponentiate = || black_box(power(black_box(&self.base), &exponent)).len() == cognate_srp::BYTES;
        Ok(Floor {
            signature: cost(threads, slice, &sign)?,
            verification: cost(threads, slice, &verify)?,
            exponentiation: cost(threads, slice, &exponentiate)?,
        })
    }
}

/// Microseconds of CPU for one, over all threads.
fn cost(threads: usize, slice: Duration, one: &(dyn Fn() -> bool + Sync)) -> Result<f64> {
    let totals: Vec<Result<(Duration, u32)>> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(|| repeat(slice, one))).collect();
        let ended = running.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("a panic"))));
        ended.collect()
    });
    let (mut computed, mut times) = (Duration::ZERO, 0);
    for total in totals {
        let (of_thread, count) = total?;
        computed += of_thread;
        times += count;
    }
    Ok(computed.as_secs_f64() * 1e6 / f64::from(times))
}

fn repeat(slice: Duration, one: &dyn Fn() -> bool) -> Result<(Duration, u32)> {
    if !one() {
        bail!("aws-lc refused");
    }
    let end = Instant::now() + slice;
    let began = proc::cpu_of_thread()?;
    let mut times = 0;
    while Instant::now() < end {
        black_box(one());
        times += 1;
    }
    let computed = proc::cpu_of_thread()?.checked_sub(began).context("time ran backwards")?;
    Ok((computed, times))
}

/// The middle one.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    numbers.get(middle).copied().unwrap_or(f64::NAN)
}
