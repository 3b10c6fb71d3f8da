//! The API in process, on both engines. Folders mirror `src`; what belongs to no single operation lies beside them.

mod idp;
mod logs;
mod nodes;
mod serve;
mod wire;
