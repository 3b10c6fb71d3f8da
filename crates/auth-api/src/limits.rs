//! How often strangers may ask for what sends mail or can be guessed. Counted here for everybody alike, whether an account is there or not,
//! and before the provider is asked: what the provider counts it counts of accounts only.

use std::time::Duration;

use cognate_domain::username::fold;
use cognate_domain::{Timestamp, ids};
use cognate_store::WriteTx;
use cognate_store::counted_calls::{self, Calls, Limit};

use crate::call::Call;
use crate::problem::{Code, Problem};

/// What is counted, each on its own for each account that is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limited {
    SignUp,
    Resend,
    Confirm,
    BeginReset,
    FinishReset,
    Remind,
}

const HOUR: Duration = Duration::from_hours(1);

/// Of all that is limited together, by where it comes from.
const FROM: &str = "from";

impl Limited {
    const fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::Resend => "resend",
            Self::Confirm => "confirm",
            Self::BeginReset => "begin_reset",
            Self::FinishReset => "finish_reset",
            Self::Remind => "remind",
        }
    }

    /// Of one account, not more than a pool of ours allows: so nobody is told of its own limit.
    const fn per_hour(self) -> i64 {
        match self {
            Self::Confirm => 10,
            Self::SignUp | Self::Resend | Self::BeginReset | Self::FinishReset => 5,
            Self::Remind => 3,
        }
    }
}

impl Call {
    /// Counts a call about an account, whoever's it is or nobody's, and of whoever calls.
    pub(crate) async fn count(&mut self, limited: Limited, account: &str) -> Result<(), Problem> {
        let (now, since) = (self.cx.now, self.cx.now - HOUR);
        let id = ids::uuid(self.cx.entropy()).to_string();
        let about = cognate_jose::sha256(fold(account).as_bytes());
        let from = self.address.map(|address| cognate_jose::sha256(address.to_string().as_bytes()));
        let of_account = (limited.name(), &about, Some(limited.per_hour()));
        let of_address = from.as_ref().map(|from| (FROM, from, self.api.settings.calls_per_address));
        let until = self.cx.write(async |tx| {
            for (kind, about_digest, most) in of_address.into_iter().chain([of_account]) {
                let (Some(most), calls) = (most, Calls { kind, about_digest }) else { continue };
                if !counted_calls::insert_within(tx, calls, Limit { most, since }, &id, now).await? {
                    return free_again(tx, calls, since).await.map(Some);
                }
            }
            Ok(None)
        });
        match until.await? {
            None => Ok(()),
            Some(until) => Err(Problem::new(Code::RateLimited).after(until.since(now)).because(limited.name())),
        }
    }
}

/// When the oldest call of the last hour is an hour old.
async fn free_again(tx: &mut WriteTx<'_>, calls: Calls<'_>, since: Timestamp) -> cognate_domain::Result<Timestamp> {
    Ok(counted_calls::oldest(tx, calls, since).await?.unwrap_or(since) + HOUR)
}
