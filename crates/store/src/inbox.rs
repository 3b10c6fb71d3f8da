//! Messages that development keeps instead of sending.

use cognate_domain::{Result, Timestamp};

use crate::{Row, Tx, WriteTx};

#[derive(Clone, Debug)]
pub struct Message {
    pub id: String,
    /// `email` or `sms`
    pub channel: String,
    pub to: String,
    pub from: Option<String>,
    pub subject: Option<String>,
    pub body: String,
    pub code: Option<String>,
    pub trigger: String,
    pub created_at: Timestamp,
}

impl Message {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.text(0)?,
            channel: row.text(1)?,
            to: row.text(2)?,
            from: row.opt_text(3)?,
            subject: row.opt_text(4)?,
            body: row.text(5)?,
            code: row.opt_text(6)?,
            trigger: row.text(7)?,
            created_at: row.timestamp(8)?,
        })
    }
}

pub async fn insert(tx: &mut WriteTx<'_>, message: &Message) -> Result<()> {
    tx.query(
        "INSERT INTO inbox
            (message_id, channel, recipient, sender, subject, body, code, message_trigger, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&message.id)
    .bind(&message.channel)
    .bind(&message.to)
    .bind(&message.from)
    .bind(&message.subject)
    .bind(&message.body)
    .bind(&message.code)
    .bind(&message.trigger)
    .bind(message.created_at)
    .execute()
    .await
}

/// Which messages are asked for; `None` means all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'w> {
    pub to: Option<&'w str>,
    pub channel: Option<&'w str>,
    pub most: Option<u32>,
}

/// Newest first; those of one millisecond in any order, which stays the same.
pub async fn list(tx: &mut Tx<'_>, wanted: Wanted<'_>) -> Result<Vec<Message>> {
    tx.query(
        "SELECT message_id, channel, recipient, sender, subject, body, code, message_trigger, created_at
           FROM inbox
          WHERE (CAST($1 AS TEXT) IS NULL OR recipient = $1) AND (CAST($2 AS TEXT) IS NULL OR channel = $2)
          ORDER BY created_at DESC, message_id DESC
          LIMIT $3",
    )
    .bind(wanted.to)
    .bind(wanted.channel)
    .bind(wanted.most.map_or(i64::MAX, i64::from))
    .scan(Message::from_row)
    .await
}

pub async fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Message>> {
    tx.query(
        "SELECT message_id, channel, recipient, sender, subject, body, code, message_trigger, created_at
           FROM inbox WHERE message_id = $1",
    )
    .bind(id)
    .optional(Message::from_row)
    .await
}

pub async fn delete_all(tx: &mut WriteTx<'_>) -> Result<()> {
    tx.query("DELETE FROM inbox").execute().await
}
