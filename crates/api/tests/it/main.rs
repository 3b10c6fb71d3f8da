//! The API in process, on both engines. Folders mirror `src`; what belongs to no single operation lies beside them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests panic")]

mod idp;
mod logs;
mod nodes;
mod overload;
mod serve;
mod wire;
