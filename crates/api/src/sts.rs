//! STS: admitted and validated; its operations come later. It speaks the Query protocol (`query.rs`).

use cognate_wire::{ErrorKind, sts};

use crate::services::Service;

pub(crate) static SERVICE: Service =
    Service { target_prefix: "", signing_name: "sts", facts: sts::FACTS, built: &[], invalid: ErrorKind::Validation };
