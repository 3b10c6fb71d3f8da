//! What support sees of sign-ins, and what the directory learns by them: one read and one write for each, never for a refresh.

use cognate_domain::directory::{Claims, ProviderSubject, SignIn, rules};
use cognate_domain::ids;
use cognate_store::{WriteTx, sign_ins, subjects};

use crate::call::Call;
use crate::problem::{Code, Problem};
use crate::provider::ChallengeKind;
use crate::session::SessionBody;

impl Call {
    /// The session is the provider's and stands: what cannot be noted is told to the log, and not to the person.
    pub(crate) async fn note_sign_in(&mut self, session: &SessionBody, answered: Option<ChallengeKind>) {
        if let Err(problem) = self.keep_sign_in(session.known_as(), session.claims(), answered).await {
            let (trace_id, cause) = (self.trace.as_str(), problem.cause.as_deref());
            tracing::warn!(trace_id, cause, "a sign-in was not noted");
        }
    }

    async fn keep_sign_in(
        &mut self,
        known_as: ProviderSubject,
        said: Option<Claims>,
        answered: Option<ChallengeKind>,
    ) -> Result<(), Problem> {
        rules::provider_subject(&known_as.id).map_err(|unfit| Problem::new(Code::ProviderFailed).because(unfit.0))?;
        let known = subjects::find_by_provider(&mut self.cx.read().await?, &known_as).await?;
        let news = known.zip(said).and_then(|(known, said)| {
            let now = newer(&known.claims, said);
            (now != known.claims).then_some((known.id, now))
        });

        let now = self.cx.now;
        let id = ids::ordered_uuid(self.cx.entropy(), now).to_string();
        let sign_in = SignIn { id, at: now, challenge: answered.map(|kind| kind.name().to_owned()) };
        let noted = async |tx: &mut WriteTx<'_>| {
            sign_ins::insert(tx, &known_as, &sign_in).await?;
            if let Some((subject_id, claims)) = &news {
                subjects::set_claims(tx, subject_id, claims, now).await?;
            }
            Ok(())
        };
        Ok(self.cx.write(noted).await?)
    }
}

/// What a token leaves out stays: its client need not be allowed to read it.
fn newer(known: &Claims, said: Claims) -> Claims {
    Claims { name: said.name.or_else(|| known.name.clone()), email: said.email.or_else(|| known.email.clone()) }
}
