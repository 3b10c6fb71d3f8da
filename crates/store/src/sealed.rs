//! Sealed columns by pages, for moving them to a new master key while servers run.

use cognate_domain::Result;

use crate::{Tx, WriteTx};

/// A column of sealed values and the one or two columns that are its table's key.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub table: &'static str,
    pub column: &'static str,
    pub key: (&'static str, Option<&'static str>),
}

pub struct SealedValue {
    pub key: (String, Option<String>),
    pub value: Vec<u8>,
}

impl Column {
    pub async fn count(&self, tx: &mut Tx<'_>) -> Result<i64> {
        let Self { table, column, .. } = self;
        let sql = format!("SELECT CAST(COUNT({column}) AS BIGINT) FROM {table}");
        let counts = tx.query(&sql).scan(|row| row.int(0)).await?;
        Ok(counts.into_iter().sum())
    }

    /// The next values behind `after`, in the order of the key.
    pub async fn page(&self, tx: &mut Tx<'_>, after: &(String, Option<String>), most: u32) -> Result<Vec<SealedValue>> {
        let Self { table, column, key: (first, second) } = self;
        let Some(second) = second else {
            let sql = format!(
                "SELECT {first}, {column} FROM {table}
                  WHERE {first} > $1 AND {column} IS NOT NULL ORDER BY {first} LIMIT $2"
            );
            let query = tx.query(&sql).bind(&after.0).bind(i64::from(most));
            return query.scan(|row| Ok(SealedValue { key: (row.text(0)?, None), value: row.bytes(1)? })).await;
        };
        let sql = format!(
            "SELECT {first}, {second}, {column} FROM {table}
              WHERE ({first}, {second}) > ($1, $2) AND {column} IS NOT NULL ORDER BY {first}, {second} LIMIT $3"
        );
        tx.query(&sql)
            .bind(&after.0)
            .bind(after.1.as_deref().unwrap_or_default())
            .bind(i64::from(most))
            .scan(|row| Ok(SealedValue { key: (row.text(0)?, Some(row.text(1)?)), value: row.bytes(2)? }))
            .await
    }

    /// Puts `new` in the place of `old`, unless somebody else has changed or removed it meanwhile.
    pub async fn replace(&self, tx: &mut WriteTx<'_>, old: &SealedValue, new: &[u8]) -> Result<bool> {
        let Self { table, column, key: (first, second) } = self;
        let and = second.map(|second| format!(" AND {second} = $4")).unwrap_or_default();
        let sql = format!("UPDATE {table} SET {column} = $1 WHERE {column} = $2 AND {first} = $3{and}");
        let mut query = tx.query(&sql).bind(new).bind(&old.value).bind(&old.key.0);
        if let Some(second) = &old.key.1 {
            query = query.bind(second);
        }
        Ok(query.affected().await? > 0)
    }
}
