//! `GET /oauth2/authorize`: sends the browser to sign in, or straight back with the answer. oauth-and-login.md, section 4.

use axum::response::Response;
use cognate_domain::oauth::{OAuthCode, Prompt};

use crate::login::request::{Request, refuse_at};
use crate::login::{Visit, provider, session};

pub(crate) async fn authorize(visit: Visit) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let request = visit.request().await?;
        provider::check(&visit, &request)?;
        if request.asked.prompt != Prompt::Again
            && let Some(response) = silently(&mut visit, &request).await
        {
            return Ok(response);
        }
        if request.asked.prompt == Prompt::Never {
            return Ok(refuse_at(&visit, &request.target, &OAuthCode::LoginRequired.into()));
        }
        Ok(visit.redirect(&visit.href("/login")))
    });
    answered.await
}

/// The answer for a browser whose session is good for this request.
async fn silently(visit: &mut Visit, request: &Request) -> Option<Response> {
    let answered = match session::good_for(visit, request).await {
        Ok(None) => return None,
        Ok(Some(found)) => visit.cx.answer_by_session(request.door(&visit.site), request.login(), &found).await,
        Err(error) => Err(error),
    };
    match answered {
        Ok(location) => location.map(|location| visit.redirect(&location)),
        // AWS: a fault is told to the client, not to the person.
        Err(error) => Some(refuse_at(visit, &request.target, &error.into())),
    }
}
