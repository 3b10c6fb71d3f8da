//! One request's view of the world. `now` is read once; a write borrows the context, so nobody waits for the outside
//! while one is open (house, section 6).

use std::sync::Arc;

use cognate_domain::{Entropy, Error, Result, Timestamp};
use cognate_store::{Fault, Tx, WriteTx};
use uuid::Uuid;

use crate::app::App;
use crate::replays::SignedCall;
use crate::tokens::Bearer;

pub struct Cx {
    pub app: Arc<App>,
    pub now: Timestamp,
    pub caller: Caller,
    pub request_id: Uuid,
    /// The thumbprint of the key that the request proves to have (RFC 9449): what it is given is for that key's holder alone.
    pub key: Option<String>,
    /// Messages of this request leave after its answer: neither the answer nor its time says whether there was one.
    pub unseen: bool,
    /// Whose access token the body carries, where the operation takes one: proved by the runner.
    pub bearer: Option<Bearer>,
    /// A signed call that changes something and is not remembered yet: the next write remembers it.
    pub(crate) unnoted: Option<SignedCall>,
}

/// Who asks. Never taken from the body: the runner proves it from the signature.
#[derive(Clone, Debug)]
pub struct Caller {
    pub region: String,
    pub account: String,
}

impl Cx {
    pub fn new(app: Arc<App>) -> Self {
        let now = app.clock.now();
        let request_id = app.request_ids.next();
        let caller = Caller { region: app.settings.region.clone(), account: app.settings.account.clone() };
        Self { app, now, caller, request_id, key: None, unseen: false, bearer: None, unnoted: None }
    }

    /// Reads what is committed. Not to be held across a wait for anything but its own queries.
    pub async fn read(&self) -> Result<Tx<'static>> {
        self.app.db.read().await
    }

    /// Runs the closure in a transaction; durable when this returns `Ok`. The closure may run again. The first write of a
    /// signed call also remembers that call, so that it is good once.
    pub async fn write<T, F>(&mut self, work: F) -> Result<T>
    where
        T: Send,
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<T> + Clone,
    {
        let (now, unnoted) = (self.now, self.unnoted.as_ref());
        let written = match unnoted {
            None => self.app.db.write(work).await,
            Some(call) => {
                let noting = async |tx: &mut WriteTx<'_>| {
                    call.note(tx, now).await?;
                    work.clone()(tx).await
                };
                self.app.db.write(noting).await
            }
        };
        if written.is_ok() {
            self.unnoted = None;
        }
        written.map_err(|error| match error.cause() {
            Some(Fault::Again | Fault::Busy) => Error::too_many_requests().caused_by(error),
            _ => error,
        })
    }

    /// The bearer of an operation that takes an access token.
    pub fn bearer(&mut self) -> Result<Bearer> {
        self.bearer.take().ok_or_else(Error::access_token_invalid)
    }

    pub fn entropy(&self) -> &dyn Entropy {
        self.app.entropy.as_ref()
    }
}
