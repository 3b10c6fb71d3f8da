//! The contract as a caller of this crate meets it. `cfg(test)` tells clippy that helpers are tests too.

#[cfg(test)]
mod constraints;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod types;
