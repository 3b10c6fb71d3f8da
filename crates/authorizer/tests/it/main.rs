//! What a service would notice, through the public surface only. Each rule has somebody who tries to get round it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests panic")]

mod attacks;
mod faces;
mod fetching;
mod kit;
mod meant_for_us;
mod network;
mod rotation;
mod rules;
mod settings;
mod standing;
mod times;
