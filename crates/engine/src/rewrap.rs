//! Moves every sealed value to the current master key, while servers run. It may be stopped and begun again, and two
//! may run at once: a value is replaced only where the old one still stands.

use cognate_domain::{Error, Result, ids};
use cognate_jose::{Keyring, SEAL_RANDOM};
use cognate_store::marks;
use cognate_store::sealed::{Column, SealedValue};

use crate::App;
use crate::sealing::{Sealed, row_of};

/// Rows that are read, and then written, in one go: short enough for sign-ins to pass between two of them.
const BATCH: u32 = 200;

/// Passes over a store in which a server with the old key goes on sealing; after so many it must be told.
const MOST_PASSES: u32 = 5;

/// Every column of the store that is sealed. A test compares it with the schema.
pub const COLUMNS: [Sealed; 8] = [
    Sealed::AccessKeySecret,
    Sealed::PoolVeilKey,
    Sealed::SigningKey,
    Sealed::StockedKey,
    Sealed::ClientSecret,
    Sealed::AddedClientSecret,
    Sealed::UserVerifier,
    Sealed::UserPasswordHistory,
];

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rewrapped {
    pub seen: u64,
    pub moved: u64,
}

fn column_of(sealed: Sealed) -> Column {
    let place = sealed.at("");
    let key = match sealed {
        Sealed::AccessKeySecret => ("access_key_id", None),
        Sealed::SigningKey => ("pool_id", Some("kid")),
        Sealed::StockedKey => ("kid", None),
        Sealed::ClientSecret => ("client_id", None),
        Sealed::AddedClientSecret => ("client_id", Some("secret_id")),
        Sealed::UserVerifier | Sealed::UserPasswordHistory => ("pool_id", Some("user_id")),
        _ => ("pool_id", None),
    };
    Column { table: place.table, column: place.column, key }
}

impl App {
    /// How many sealed values there are: the length of one pass.
    pub async fn count_sealed(&self) -> Result<u64> {
        let mut tx = self.db.read().await?;
        let mut sum = 0;
        for sealed in COLUMNS {
            sum += column_of(sealed).count(&mut tx).await?;
        }
        Ok(u64::try_from(sum).unwrap_or(0))
    }

    /// Passes over all columns until a pass finds nothing to move; then the previous keys are needed no longer.
    /// `progress` learns of each batch how many values were seen, and how many of them moved.
    pub async fn rewrap(&self, mut progress: impl FnMut(Rewrapped) + Send) -> Result<Rewrapped> {
        let mut total = Rewrapped::default();
        for _ in 0..MOST_PASSES {
            let mut pass = Rewrapped::default();
            for sealed in COLUMNS {
                self.rewrap_column(sealed, &mut |batch| {
                    pass.seen += batch.seen;
                    pass.moved += batch.moved;
                    progress(batch);
                })
                .await?;
            }
            total.seen = total.seen.max(pass.seen);
            total.moved += pass.moved;
            if pass.moved == 0 {
                let current = self.keyring.current_id().to_string();
                self.db.write(async |tx| marks::set(tx, marks::MASTER_KEY, &current).await).await?;
                return Ok(total);
            }
        }
        Err(Error::corrupt("a server still seals with a previous master key; give every server the new one first"))
    }

    async fn rewrap_column(&self, sealed: Sealed, progress: &mut (impl FnMut(Rewrapped) + Send)) -> Result<()> {
        let column = column_of(sealed);
        let mut after = (String::new(), Some(String::new()));
        loop {
            let page = column.page(&mut self.db.read().await?, &after, BATCH).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after.clone_from(&last.key);
            let moved = self.move_page(sealed, column, &page).await?;
            progress(Rewrapped { seen: page.len() as u64, moved });
        }
    }

    async fn move_page(&self, sealed: Sealed, column: Column, page: &[SealedValue]) -> Result<u64> {
        let stale = page.iter().filter(|value| !self.keyring.is_current(&value.value));
        let renewed: Vec<_> = stale.map(|old| Ok((old, self.sealed_anew(sealed, old)?))).collect::<Result<_>>()?;
        if renewed.is_empty() {
            return Ok(0);
        }
        let renewed = &renewed;
        self.db
            .write(async |tx| {
                let mut moved = 0;
                for (old, new) in renewed {
                    moved += u64::from(column.replace(tx, old, new).await?);
                }
                Ok(moved)
            })
            .await
    }

    fn sealed_anew(&self, sealed: Sealed, old: &SealedValue) -> Result<Vec<u8>> {
        let row = match &old.key {
            (first, Some(second)) => row_of(first, second),
            (only, None) => only.clone(),
        };
        let place = sealed.at(&row);
        let plain = self.keyring.open(place, &old.value).map_err(|error| {
            let key = Keyring::key_id_of(&old.value).map_or_else(|| "none".into(), |id| id.to_string());
            Error::corrupt(format!("{}.{} of {row}, sealed with key {key}: {error}", place.table, place.column))
        })?;
        let random = ids::random::<SEAL_RANDOM>(self.entropy.as_ref());
        self.keyring.seal(place, &plain, random).map_err(Error::internal)
    }
}
