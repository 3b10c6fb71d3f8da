//! What is known of an operation before it runs, as a marker type and as plain data.
//!
//! `read` and `write` are concrete in each marker, so that serde's code is compiled once, in this crate.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ErrorKind, Shape};

pub trait Operation {
    type Input: Send;
    type Output: Send;
    const NAME: &'static str;
    const INPUT: &'static Shape;
    const AUTH: Auth;
    const ERRORS: &'static [ErrorKind];
    fn read(value: Value) -> Result<Self::Input, serde_json::Error>;
    /// The body of the answer; nothing at all for the operations without an output shape.
    fn write(output: &Self::Output) -> Result<Vec<u8>, serde_json::Error>;
}

/// How a caller is admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Anybody; a signature, if sent, is ignored.
    None,
    /// `AccessToken` in the body.
    AccessToken,
    /// `AccessToken` in the body, or something else that the operation checks itself (`Session`).
    OptionalAccessToken,
    SigV4,
}

/// The input or output of an operation that has none. It is written as an empty body, not as `{}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Empty {}

/// What the runner needs to admit and validate a request, built or not.
#[derive(Clone, Copy)]
pub struct Facts {
    pub name: &'static str,
    pub input: &'static Shape,
    pub auth: Auth,
    pub errors: &'static [ErrorKind],
}

/// The facts of one operation, for tables that hold them beside a function.
pub const fn facts<Op: Operation>() -> Facts {
    Facts { name: Op::NAME, input: Op::INPUT, auth: Op::AUTH, errors: Op::ERRORS }
}

impl Facts {
    /// `table` is one of the generated `FACTS`, which are sorted by name.
    pub fn find(table: &'static [Facts], name: &str) -> Option<&'static Facts> {
        table.binary_search_by(|facts| facts.name.cmp(name)).ok().and_then(|at| table.get(at))
    }

    /// Is `kind` an error that the model lists for the operation, or one that any operation may meet?
    pub fn may_fail_with(&self, kind: ErrorKind) -> bool {
        self.errors.contains(&kind) || kind.is_protocol()
    }
}

macro_rules! operation {
    ($name:ident($input:ident) -> nothing; $shape:ident; $auth:ident; $($error:ident),* $(,)?) => {
        operation!(@marker $name, $input, crate::Empty, $shape, $auth, [$($error),*], |_| Ok(Vec::new()));
    };
    ($name:ident($input:ident) -> $output:ident; $shape:ident; $auth:ident; $($error:ident),* $(,)?) => {
        operation!(@marker $name, $input, $output, $shape, $auth, [$($error),*], serde_json::to_vec);
    };
    (@marker $name:ident, $input:ty, $output:ty, $shape:ident, $auth:ident, [$($error:ident),*], $write:expr) => {
        pub enum $name {}

        impl crate::Operation for $name {
            type Input = $input;
            type Output = $output;
            const NAME: &'static str = stringify!($name);
            const INPUT: &'static crate::Shape = &$shape;
            const AUTH: crate::Auth = crate::Auth::$auth;
            const ERRORS: &'static [crate::ErrorKind] = &[$(crate::ErrorKind::$error),*];

            fn read(value: serde_json::Value) -> Result<Self::Input, serde_json::Error> {
                serde_json::from_value(value)
            }

            fn write(output: &Self::Output) -> Result<Vec<u8>, serde_json::Error> {
                let write: fn(&Self::Output) -> Result<Vec<u8>, serde_json::Error> = $write;
                write(output)
            }
        }
    };
}
