//! A bound value, in the few kinds that both engines share.

use std::borrow::Cow;
use std::fmt;

use cognate_domain::Timestamp;
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// What `bind` takes, through `Into`. A noun's own types join by `impl From<&Noun> for Value<'_>`.
#[derive(Clone)]
pub enum Value<'v> {
    Null,
    Int(i64),
    Bool(bool),
    Text(Cow<'v, str>),
    Bytes(Cow<'v, [u8]>),
}

impl Value<'_> {
    pub(super) fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Int(int) => Value::Int(int),
            Value::Bool(bool) => Value::Bool(bool),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Bytes(bytes) => Value::Bytes(Cow::Owned(bytes.into_owned())),
        }
    }

    /// The same value, lent: for what is bound more than once.
    pub(crate) fn borrowed(&self) -> Value<'_> {
        match self {
            Value::Null => Value::Null,
            Value::Int(int) => Value::Int(*int),
            Value::Bool(bool) => Value::Bool(*bool),
            Value::Text(text) => Value::Text(Cow::Borrowed(text)),
            Value::Bytes(bytes) => Value::Bytes(Cow::Borrowed(bytes)),
        }
    }

    pub(super) fn has_nul(&self) -> bool {
        matches!(self, Value::Text(text) if text.as_bytes().contains(&0))
    }
}

/// The kind alone: PostgreSQL's driver logs the values of a statement, and a log line carries no secrets.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Value::Null => "Null",
            Value::Int(_) => "Int",
            Value::Bool(_) => "Bool",
            Value::Text(_) => "Text",
            Value::Bytes(_) => "Bytes",
        })
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(int) => ValueRef::Integer(*int),
            Value::Bool(bool) => ValueRef::Integer(i64::from(*bool)),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(int) if *ty == Type::INT4 => i32::try_from(*int)?.to_sql_checked(ty, out),
            Value::Int(int) => int.to_sql_checked(ty, out),
            Value::Bool(bool) => bool.to_sql_checked(ty, out),
            Value::Text(text) => text.as_ref().to_sql_checked(ty, out),
            Value::Bytes(bytes) => bytes.as_ref().to_sql_checked(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true // each arm asks for itself
    }

    to_sql_checked!();
}

macro_rules! values {
    ($($from:ty, $value:ident => $to:expr;)*) => {
        $(impl<'v> From<$from> for Value<'v> {
            fn from($value: $from) -> Self {
                $to
            }
        })*
    };
}

values! {
    &'v str, text => Value::Text(Cow::Borrowed(text));
    &'v &'v str, text => Value::Text(Cow::Borrowed(text));
    &'v String, text => Value::Text(Cow::Borrowed(text));
    String, text => Value::Text(Cow::Owned(text));
    Cow<'v, str>, text => Value::Text(text);
    &'v Cow<'v, str>, text => Value::Text(Cow::Borrowed(text));
    &'v [u8], bytes => Value::Bytes(Cow::Borrowed(bytes));
    &'v &'v [u8], bytes => Value::Bytes(Cow::Borrowed(bytes));
    &'v Vec<u8>, bytes => Value::Bytes(Cow::Borrowed(bytes));
    Vec<u8>, bytes => Value::Bytes(Cow::Owned(bytes));
    i64, int => Value::Int(int);
    &'v i64, int => Value::Int(*int);
    i32, int => Value::Int(i64::from(int));
    &'v i32, int => Value::Int(i64::from(*int));
    u32, int => Value::Int(i64::from(int));
    &'v u32, int => Value::Int(i64::from(*int));
    bool, bool => Value::Bool(bool);
    &'v bool, bool => Value::Bool(*bool);
    Timestamp, moment => Value::Int(moment.0);
    &'v Timestamp, moment => Value::Int(moment.0);
}

impl<'v, const N: usize> From<&'v [u8; N]> for Value<'v> {
    fn from(bytes: &'v [u8; N]) -> Self {
        Value::Bytes(Cow::Borrowed(bytes))
    }
}

impl<'v, T: Into<Value<'v>>> From<Option<T>> for Value<'v> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl<'v, T> From<&'v Option<T>> for Value<'v>
where
    &'v T: Into<Value<'v>>,
{
    fn from(value: &'v Option<T>) -> Self {
        value.as_ref().map_or(Value::Null, Into::into)
    }
}
