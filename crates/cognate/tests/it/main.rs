//! The binary as its users start it.

#[cfg(test)]
mod admins;
#[cfg(test)]
mod dev;
#[cfg(test)]
mod engines;
#[cfg(test)]
mod export;
#[cfg(test)]
mod import;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod process;
#[cfg(test)]
mod rewrap;
#[cfg(test)]
mod serve;
#[cfg(test)]
mod store;
