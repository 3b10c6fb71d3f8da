//! The group's arithmetic on fixed-width bytes. Numbers come in as anything below 2^3072 and leave below N.

use std::sync::OnceLock;

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::bn::{Modulus, Num, Reckoner};
use crate::comb::Comb;
use crate::constants::{BYTES, Bytes, G, K, N, small};

pub(crate) struct Group {
    modulus: Modulus,
    /// `k * R mod N`, so that one Montgomery multiplication gives `k * v`.
    k: Bytes,
    comb: Comb,
}

impl Group {
    /// Made at the first call, which takes a millisecond or two.
    pub(crate) fn get() -> &'static Self {
        static GROUP: OnceLock<Group> = OnceLock::new();
        GROUP.get_or_init(|| {
            let modulus = Modulus::new(&N);
            let mut reckoner = Reckoner::new(&modulus);
            let k = *reckoner.enter_montgomery(&Num::from_bytes(&K)).to_bytes();
            let comb = Comb::new(&mut reckoner);
            drop(reckoner);
            Self { modulus, k, comb }
        })
    }

    /// `g ^ exponent`
    pub(crate) fn base_power(&self, exponent: &[u8]) -> Zeroizing<Bytes> {
        let mut reckoner = Reckoner::new(&self.modulus);
        match exponent.try_into() {
            Ok(exponent) => self.comb.power(&mut reckoner, exponent).to_bytes(),
            Err(_) => reckoner.power(&Num::from_bytes(&small(G)), &Num::from_bytes(exponent)).to_bytes(),
        }
    }

    /// `base ^ exponent`
    #[cfg(feature = "client")]
    pub(crate) fn power(&self, base: &Bytes, exponent: &[u8]) -> Zeroizing<Bytes> {
        let mut reckoner = Reckoner::new(&self.modulus);
        reckoner.power(&Num::from_bytes(reduce(base, 0).as_slice()), &Num::from_bytes(exponent)).to_bytes()
    }

    /// `k * v + power`
    pub(crate) fn masked(&self, v: &Bytes, power: &Bytes) -> Zeroizing<Bytes> {
        let mut reckoner = Reckoner::new(&self.modulus);
        let mut product = Num::from_bytes(reduce(v, 0).as_slice());
        reckoner.multiply(&mut product, &Num::from_bytes(&self.k));
        add(&product.to_bytes(), power)
    }

    /// `(a * v^u)^b`
    pub(crate) fn shared(&self, a: &Bytes, v: &Bytes, u: &[u8; 32], b: &[u8]) -> Zeroizing<Bytes> {
        let mut reckoner = Reckoner::new(&self.modulus);
        let mut base = reckoner.power(&Num::from_bytes(reduce(v, 0).as_slice()), &Num::from_bytes(u));
        let a = reckoner.enter_montgomery(&Num::from_bytes(reduce(a, 0).as_slice()));
        reckoner.multiply(&mut base, &a);
        reckoner.power(&base, &Num::from_bytes(b)).to_bytes()
    }
}

/// Whether `number mod N` is zero.
pub(crate) fn is_zero(number: &Bytes) -> bool {
    reduce(number, 0).ct_eq(&[0; BYTES]).into()
}

/// `number + carry * 2^3072 mod N`, for numbers below 2N: one subtraction is always made and then kept or not.
/// Any number of 384 bytes is below 2N, because N's highest bit is set.
pub(crate) fn reduce(number: &Bytes, carry: u8) -> Zeroizing<Bytes> {
    let mut result = Zeroizing::new([0; BYTES]);
    let mut borrow = 0;
    for ((to, from), n) in result.iter_mut().zip(number).zip(&N).rev() {
        let [high, low] = (u16::from(*from)).wrapping_sub(u16::from(*n) + borrow).to_be_bytes();
        *to = low;
        borrow = u16::from(high & 1);
    }
    let [_, borrowed] = borrow.to_be_bytes();
    let keep = Choice::from(borrowed & (carry ^ 1));
    for (to, from) in result.iter_mut().zip(number) {
        to.conditional_assign(from, keep);
    }
    result
}

/// `left + right mod N`, both below N.
pub(crate) fn add(left: &Bytes, right: &Bytes) -> Zeroizing<Bytes> {
    let mut sum = Zeroizing::new([0; BYTES]);
    let mut carry = 0;
    for ((to, left), right) in sum.iter_mut().zip(left).zip(right).rev() {
        let [high, low] = (u16::from(*left) + u16::from(*right) + u16::from(carry)).to_be_bytes();
        *to = low;
        carry = high;
    }
    reduce(&sum, carry)
}
