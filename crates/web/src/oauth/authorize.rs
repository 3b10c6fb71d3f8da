//! `/oauth2/authorize`: sends the browser to sign in, or straight back with the answer. oauth-and-login.md, section 4.

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use cognate_domain::oauth::{OAuthCode, Prompt};

use http::{StatusCode, header};

use super::form;
use crate::login::request::{Request, refuse_at};
use crate::login::{Visit, provider, session};

pub(crate) async fn authorize(visit: Visit) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let request = Request::authorization(&visit).await?;
        provider::check(&visit, &request)?;
        if let Some(reference) = visit.pushed {
            let waited = visit.cx.wait_for_person(&visit.site.pool.id, &reference).await;
            waited.map_err(|error| refuse_at(&visit, &request, &error.into()))?;
        }
        let prompt = request.prompt();
        if matches!(prompt, Prompt::IfNeeded | Prompt::Never)
            && let Some(response) = silently(&mut visit, &request).await
        {
            return Ok(response);
        }
        if prompt == Prompt::Never {
            return Ok(refuse_at(&visit, &request, &OAuthCode::LoginRequired.into()));
        }
        Ok(visit.redirect(&visit.href("/login")))
    });
    answered.await
}

/// The answer for a browser whose session is good for this request.
async fn silently(visit: &mut Visit, request: &Request) -> Option<Response> {
    let answered = match session::good_for(visit, request).await {
        Ok(None) => return None,
        Ok(Some(found)) => {
            visit.cx.answer_by_session(request.door(&visit.site), request.login(visit.pushed.as_ref()), &found).await
        }
        Err(error) => Err(error),
    };
    match answered {
        Ok(onward) => onward.map(|onward| session::go_on(visit, request, &onward)),
        // AWS: a fault is told to the client, not to the person.
        Err(error) => Some(refuse_at(visit, request, &error.into())),
    }
}

/// OpenID Connect Core, 3.1.2.1, asks for it; AWS has only GET. What was posted goes on as a query, so that a browser can come back.
pub(crate) async fn posted(visit: Visit, body: Body) -> Response {
    if !visit.site.pool.config.profile().is_oidc() {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    match form::read(&visit.headers, body).await {
        Ok(params) => visit.redirect(&format!("{}/oauth2/authorize?{}", visit.site.base, params.with(&[]))),
        Err(_) => visit.redirect(&format!("{}/error?error=invalid_request", visit.site.base)),
    }
}
