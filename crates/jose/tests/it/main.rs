//! What holders of keys and tokens would notice, through the public surface only.

#[cfg(test)]
mod edges;
mod seal;
#[cfg(test)]
mod token;
