//! AWS's contract as Rust: what travels, which operations there are, how each is admitted, what may be said.
//!
//! `idp`, `identity`, `sts` and `errors` are generated from `model/` by `cargo xtask gen`; the rest is written by hand.

#[macro_use]
mod operation;
#[macro_use]
mod string_enum;
mod secret;
pub mod shape;

#[rustfmt::skip]
mod errors;
#[rustfmt::skip]
pub mod identity;
#[rustfmt::skip]
pub mod idp;
#[rustfmt::skip]
pub mod sts;

pub use errors::ErrorKind;
pub use operation::{Auth, Empty, Facts, Operation, facts};
pub use secret::Secret;
pub use shape::Shape;
pub use string_enum::StringEnum;
