//! One statement: its text, its values, and what is wanted of it.

use std::borrow::Cow;
use std::marker::PhantomData;

use cognate_domain::{Error, Result};

use super::{Fault, Tx, Value};
use crate::row::Row;

/// A statement's text: one for both engines, or both side by side where they must differ.
#[derive(Clone, Debug)]
pub struct Sql<'q> {
    pub(super) sqlite: Cow<'q, str>,
    pub(super) postgres: Option<Cow<'q, str>>,
}

impl<'q> Sql<'q> {
    /// For the few statements that the engines cannot share; each use is counted.
    pub const fn each(sqlite: &'q str, postgres: &'q str) -> Self {
        Self { sqlite: Cow::Borrowed(sqlite), postgres: Some(Cow::Borrowed(postgres)) }
    }

    pub(super) fn for_sqlite(&self) -> &str {
        &self.sqlite
    }

    pub(super) fn for_postgres(&self) -> &str {
        self.postgres.as_ref().unwrap_or(&self.sqlite)
    }

    pub(super) fn into_owned(self) -> Sql<'static> {
        Sql {
            sqlite: Cow::Owned(self.sqlite.into_owned()),
            postgres: self.postgres.map(|text| Cow::Owned(text.into_owned())),
        }
    }
}

impl<'q> From<&'q str> for Sql<'q> {
    fn from(text: &'q str) -> Self {
        Self { sqlite: Cow::Borrowed(text), postgres: None }
    }
}

impl<'q> From<&'q String> for Sql<'q> {
    fn from(text: &'q String) -> Self {
        Self::from(text.as_str())
    }
}

/// A query may only answer rows.
pub enum Reading {}
/// A query may also change them.
pub enum Writing {}

/// A statement being put together. Placeholders are `$1`, `$2`, ..; each is bound exactly once, in order.
#[must_use = "a query does nothing until it is asked for its answer"]
pub struct Query<'q, 'tx, M> {
    tx: &'q mut Tx<'tx>,
    sql: Sql<'q>,
    values: Vec<Value<'q>>,
    may: PhantomData<fn() -> M>,
}

impl<'q, 'tx, M> Query<'q, 'tx, M> {
    pub(super) fn new(tx: &'q mut Tx<'tx>, sql: Sql<'q>) -> Self {
        Self { tx, sql, values: Vec::new(), may: PhantomData }
    }

    pub fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    /// The one row; none or several are an error.
    pub async fn one<T: Send>(self, read: impl FnOnce(&Row<'_>) -> Result<T> + Send) -> Result<T> {
        let sql = self.sql.clone();
        match self.optional(read).await? {
            Some(value) => Ok(value),
            None => Err(Error::internal(Fault::Rows { sql: sql.for_sqlite().to_owned(), found: 0 })),
        }
    }

    /// The row, if there is one; several are an error (`SELECT 1 .. LIMIT 1` asks whether there is any).
    pub async fn optional<T: Send>(self, read: impl FnOnce(&Row<'_>) -> Result<T> + Send) -> Result<Option<T>> {
        let mut read = Some(read);
        let mut first = None;
        let mut found = 0;
        let each = &mut |row: &Row<'_>| {
            found += 1;
            if let Some(read) = read.take() {
                first = Some(read(row));
            }
        };
        self.tx.rows(&self.sql, &self.values, each).await?;
        if found > 1 {
            return Err(Error::internal(Fault::Rows { sql: self.sql.for_sqlite().to_owned(), found }));
        }
        first.transpose()
    }

    /// Every row. For answers of bounded length that an index leads to; see `scan`.
    pub async fn all<T: Send>(self, read: impl FnMut(&Row<'_>) -> Result<T> + Send) -> Result<Vec<T>> {
        let mut collected = Collected::new(read);
        self.tx.rows(&self.sql, &self.values, &mut |row| collected.add(row)).await?;
        collected.into_result()
    }

    /// Every row of a query that may look at many: SQLite runs it on the blocking pool instead of where it is called.
    /// Inside a write it runs where it is called, like every other statement there.
    pub async fn scan<T, F>(self, read: F) -> Result<Vec<T>>
    where
        T: Send + 'static,
        F: FnMut(&Row<'_>) -> Result<T> + Send + 'static,
    {
        let Some(sqlite) = self.tx.scans_elsewhere() else { return self.all(read).await };
        let sql = self.sql.into_owned();
        let values: Vec<_> = self.values.into_iter().map(Value::into_owned).collect();
        let mut collected = Collected::new(read);
        sqlite
            .elsewhere(move |sqlite| {
                sqlite.rows(sql.for_sqlite(), &values, &mut |row| collected.add(row))?;
                Ok(collected)
            })
            .await?
            .into_result()
    }
}

impl Query<'_, '_, Writing> {
    /// Runs the statement; how many rows it met is nobody's business.
    pub async fn execute(self) -> Result<()> {
        self.affected().await.map(drop)
    }

    /// How many rows were inserted, changed or deleted.
    pub async fn affected(self) -> Result<u64> {
        self.tx.count(&self.sql, &self.values).await
    }
}

/// Rows as they were read, or the first that could not be. A statement is run to its end either way.
struct Collected<T, F> {
    read: F,
    so_far: Result<Vec<T>>,
}

impl<T, F: FnMut(&Row<'_>) -> Result<T>> Collected<T, F> {
    fn new(read: F) -> Self {
        Self { read, so_far: Ok(Vec::new()) }
    }

    fn add(&mut self, row: &Row<'_>) {
        if let Ok(rows) = &mut self.so_far {
            match (self.read)(row) {
                Ok(value) => rows.push(value),
                Err(error) => self.so_far = Err(error),
            }
        }
    }

    fn into_result(self) -> Result<Vec<T>> {
        self.so_far
    }
}
