//! aws-lc's big numbers, as little of them as SRP needs, behind safe types; the only `unsafe` of the house.
//! Constant time: a number's width follows from the length of the bytes it was read from, never from its value, and only
//! functions that aws-lc documents or writes for secrets are called. aws-lc wipes all memory that it frees.

use std::alloc::{Layout, handle_alloc_error};
use std::ffi::c_int;
use std::ptr::NonNull;

use aws_lc_sys as lc;
use zeroize::Zeroizing;

use crate::constants::{BYTES, Bytes};

fn allocated<T>(pointer: *mut T) -> NonNull<T> {
    NonNull::new(pointer).unwrap_or_else(|| handle_alloc_error(Layout::new::<T>()))
}

/// aws-lc's calls fail if memory runs out or an operand is not below the modulus, which callers in this crate keep.
#[track_caller]
pub(crate) fn done(outcome: c_int) {
    assert_eq!(outcome, 1, "aws-lc ran out of memory, or was given a number outside the group");
}

/// A number of its own, wiped when dropped.
pub(crate) struct Num(NonNull<lc::BIGNUM>);

impl Num {
    #[expect(unsafe_code, reason = "aws-lc's constructor")]
    fn zero() -> Self {
        // SAFETY: takes nothing; a pointer that is not null is ours to free.
        Self(allocated(unsafe { lc::BN_new() }))
    }

    /// Big-endian.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let mut number = Self::zero();
        number.load(bytes);
        number
    }

    /// Takes another value in the same memory. Big-endian.
    #[expect(unsafe_code, reason = "aws-lc reads through a pointer")]
    pub(crate) fn load(&mut self, bytes: &[u8]) {
        // SAFETY: `bytes` is readable for its length; the target is a live number that nobody else holds.
        let loaded = unsafe { lc::BN_bin2bn(bytes.as_ptr(), bytes.len(), self.0.as_ptr()) };
        done(c_int::from(!loaded.is_null()));
    }

    /// Big-endian, at full width.
    #[expect(unsafe_code, reason = "aws-lc writes through a pointer")]
    pub(crate) fn to_bytes(&self) -> Zeroizing<Bytes> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        // SAFETY: `bytes` is writable for BYTES bytes; the number is live and only read.
        done(unsafe { lc::BN_bn2bin_padded(bytes.as_mut_ptr(), BYTES, self.0.as_ptr()) });
        bytes
    }
}

impl Drop for Num {
    #[expect(unsafe_code, reason = "aws-lc's destructor")]
    fn drop(&mut self) {
        // SAFETY: the number is live, ours alone, and not used again.
        unsafe { lc::BN_clear_free(self.0.as_ptr()) }
    }
}

/// An odd modulus of full width, with what Montgomery's multiplication needs.
pub(crate) struct Modulus {
    n: Num,
    montgomery: NonNull<lc::BN_MONT_CTX>,
}

// SAFETY: neither pointer is tied to a thread, and both are freed only by the one owner's drop.
#[expect(unsafe_code, reason = "raw pointers are not Send by themselves")]
unsafe impl Send for Modulus {}
// SAFETY: after `new` both are only passed to aws-lc as pointers to const, which it does not write through.
#[expect(unsafe_code, reason = "raw pointers are not Sync by themselves")]
unsafe impl Sync for Modulus {}

impl Modulus {
    #[expect(unsafe_code, reason = "aws-lc's constructor")]
    pub(crate) fn new(n: &Bytes) -> Self {
        let n = Num::from_bytes(n);
        let scratch = Scratch::new();
        // SAFETY: the modulus and the scratch space are live; the context copies the modulus.
        let montgomery = unsafe { lc::BN_MONT_CTX_new_for_modulus(n.0.as_ptr(), scratch.0.as_ptr()) };
        Self { n, montgomery: allocated(montgomery) }
    }
}

impl Drop for Modulus {
    #[expect(unsafe_code, reason = "aws-lc's destructor")]
    fn drop(&mut self) {
        // SAFETY: the context is live, ours alone, and not used again.
        unsafe { lc::BN_MONT_CTX_free(self.montgomery.as_ptr()) }
    }
}

/// aws-lc's pool of temporary numbers.
struct Scratch(NonNull<lc::BN_CTX>);

impl Scratch {
    #[expect(unsafe_code, reason = "aws-lc's constructor")]
    fn new() -> Self {
        // SAFETY: takes nothing; a pointer that is not null is ours to free.
        Self(allocated(unsafe { lc::BN_CTX_new() }))
    }
}

impl Drop for Scratch {
    #[expect(unsafe_code, reason = "aws-lc's destructor")]
    fn drop(&mut self) {
        // SAFETY: the pool is live, ours alone, and not used again.
        unsafe { lc::BN_CTX_free(self.0.as_ptr()) }
    }
}

/// Reckons modulo one modulus, for one thread at a time. All numbers given to it are below the modulus.
pub(crate) struct Reckoner<'m> {
    modulus: &'m Modulus,
    scratch: Scratch,
}

impl<'m> Reckoner<'m> {
    pub(crate) fn new(modulus: &'m Modulus) -> Self {
        Self { modulus, scratch: Scratch::new() }
    }

    /// `number * R mod N`, where R = 2^3072.
    #[expect(unsafe_code, reason = "a call to aws-lc")]
    pub(crate) fn enter_montgomery(&mut self, number: &Num) -> Num {
        let result = Num::zero();
        let (mont, scratch) = (self.modulus.montgomery.as_ptr(), self.scratch.0.as_ptr());
        // SAFETY: all four are live; only `result` and the scratch space, both ours alone, are written.
        done(unsafe { lc::BN_to_montgomery(result.0.as_ptr(), number.0.as_ptr(), mont, scratch) });
        result
    }

    /// `number / R mod N`.
    #[expect(unsafe_code, reason = "a call to aws-lc")]
    pub(crate) fn leave_montgomery(&mut self, number: &Num) -> Num {
        let result = Num::zero();
        let (mont, scratch) = (self.modulus.montgomery.as_ptr(), self.scratch.0.as_ptr());
        // SAFETY: all four are live; only `result` and the scratch space, both ours alone, are written.
        done(unsafe { lc::BN_from_montgomery(result.0.as_ptr(), number.0.as_ptr(), mont, scratch) });
        result
    }

    /// `product * factor / R mod N`: with one of the two in Montgomery form, their plain product.
    #[expect(unsafe_code, reason = "a call to aws-lc")]
    pub(crate) fn multiply(&mut self, product: &mut Num, factor: &Num) {
        let (mont, scratch) = (self.modulus.montgomery.as_ptr(), self.scratch.0.as_ptr());
        let product = product.0.as_ptr();
        // SAFETY: all are live; aws-lc allows the result to be an operand; `product` and scratch are ours alone.
        done(unsafe { lc::BN_mod_mul_montgomery(product, product, factor.0.as_ptr(), mont, scratch) });
    }

    /// `number * number / R mod N`.
    #[expect(unsafe_code, reason = "a call to aws-lc")]
    pub(crate) fn square(&mut self, number: &mut Num) {
        let (mont, scratch) = (self.modulus.montgomery.as_ptr(), self.scratch.0.as_ptr());
        let number = number.0.as_ptr();
        // SAFETY: all are live; aws-lc allows one number in all three roles; it and the scratch are ours alone.
        done(unsafe { lc::BN_mod_mul_montgomery(number, number, number, mont, scratch) });
    }

    /// `base ^ exponent mod N`, all plain; the time depends on the exponent's width only.
    #[expect(unsafe_code, reason = "a call to aws-lc")]
    pub(crate) fn power(&mut self, base: &Num, exponent: &Num) -> Num {
        let result = Num::zero();
        let (mont, scratch) = (self.modulus.montgomery.as_ptr(), self.scratch.0.as_ptr());
        let (base, exponent, n) = (base.0.as_ptr(), exponent.0.as_ptr(), self.modulus.n.0.as_ptr());
        // SAFETY: all six are live; only `result` and the scratch space, both ours alone, are written.
        done(unsafe { lc::BN_mod_exp_mont_consttime(result.0.as_ptr(), base, exponent, n, scratch, mont) });
        result
    }
}
