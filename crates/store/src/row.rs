//! A row, read where the driver has it. Columns are asked for by their place in the SELECT list, from 0.
//! The types are strict on both engines: a column that is NULL or of another kind is an error of ours.

use cognate_domain::{Error, Result, Timestamp};
use rusqlite::types::ValueRef;
use tokio_postgres::types::{FromSql, Type};

use crate::db::Fault;

pub struct Row<'r>(Engine<'r>);

enum Engine<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

impl<'r> Row<'r> {
    pub(crate) fn sqlite(row: &'r rusqlite::Row<'r>) -> Self {
        Self(Engine::Sqlite(row))
    }

    pub(crate) fn postgres(row: &'r tokio_postgres::Row) -> Self {
        Self(Engine::Postgres(row))
    }

    pub fn text(&self, at: usize) -> Result<String> {
        filled(at, self.opt_text(at)?)
    }

    pub fn opt_text(&self, at: usize) -> Result<Option<String>> {
        match &self.0 {
            Engine::Sqlite(row) => match sqlite_cell(row, at)? {
                ValueRef::Null => Ok(None),
                ValueRef::Text(text) => match std::str::from_utf8(text) {
                    Ok(text) => Ok(Some(text.to_owned())),
                    Err(_) => Err(bad(at, "text that is not UTF-8")),
                },
                other => Err(bad(at, format!("{} where text was expected", other.data_type()))),
            },
            Engine::Postgres(row) => postgres_cell::<&str>(row, at).map(|text| text.map(str::to_owned)),
        }
    }

    pub fn int(&self, at: usize) -> Result<i64> {
        filled(at, self.opt_int(at)?)
    }

    /// A sum of BIGINTs is NUMERIC to PostgreSQL: write `CAST(SUM(x) AS BIGINT)`.
    pub fn opt_int(&self, at: usize) -> Result<Option<i64>> {
        match &self.0 {
            Engine::Sqlite(row) => match sqlite_cell(row, at)? {
                ValueRef::Null => Ok(None),
                ValueRef::Integer(int) => Ok(Some(int)),
                other => Err(bad(at, format!("{} where an integer was expected", other.data_type()))),
            },
            Engine::Postgres(row) => match row.columns().get(at).map(tokio_postgres::Column::type_) {
                Some(&Type::INT4) => postgres_cell::<i32>(row, at).map(|int| int.map(i64::from)),
                _ => postgres_cell(row, at),
            },
        }
    }

    pub fn bool(&self, at: usize) -> Result<bool> {
        filled(at, self.opt_bool(at)?)
    }

    pub fn opt_bool(&self, at: usize) -> Result<Option<bool>> {
        match &self.0 {
            Engine::Sqlite(row) => match sqlite_cell(row, at)? {
                ValueRef::Null => Ok(None),
                ValueRef::Integer(0) => Ok(Some(false)),
                ValueRef::Integer(1) => Ok(Some(true)),
                other => Err(bad(at, format!("{} where true or false was expected", other.data_type()))),
            },
            Engine::Postgres(row) => postgres_cell(row, at),
        }
    }

    pub fn bytes(&self, at: usize) -> Result<Vec<u8>> {
        filled(at, self.opt_bytes(at)?)
    }

    pub fn opt_bytes(&self, at: usize) -> Result<Option<Vec<u8>>> {
        match &self.0 {
            Engine::Sqlite(row) => match sqlite_cell(row, at)? {
                ValueRef::Null => Ok(None),
                ValueRef::Blob(bytes) => Ok(Some(bytes.to_vec())),
                other => Err(bad(at, format!("{} where bytes were expected", other.data_type()))),
            },
            Engine::Postgres(row) => postgres_cell::<&[u8]>(row, at).map(|bytes| bytes.map(<[u8]>::to_vec)),
        }
    }

    pub fn timestamp(&self, at: usize) -> Result<Timestamp> {
        self.int(at).map(Timestamp)
    }

    pub fn opt_timestamp(&self, at: usize) -> Result<Option<Timestamp>> {
        self.opt_int(at).map(|moment| moment.map(Timestamp))
    }
}

fn sqlite_cell<'r>(row: &'r rusqlite::Row<'r>, at: usize) -> Result<ValueRef<'r>> {
    row.get_ref(at).map_err(|error| bad(at, error.to_string()))
}

fn postgres_cell<'r, T: FromSql<'r>>(row: &'r tokio_postgres::Row, at: usize) -> Result<Option<T>> {
    row.try_get(at).map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        bad(at, format!("{error} {cause}"))
    })
}

fn filled<T>(at: usize, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| bad(at, "NULL where a value was expected"))
}

fn bad(at: usize, problem: impl Into<String>) -> Error {
    Error::internal(Fault::Column { at, problem: problem.into() })
}
