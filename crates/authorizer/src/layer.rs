//! Layers (feature `tower`): `AuthLayer` verifies, `RequireScope` and `RequireGroup` ask more of single routes. A
//! refused request never reaches what is inside; its answer has no body.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use tower::{Layer, Service};

use crate::{AuthContext, Authorizer, Refusal, Rule};

/// Puts an [`AuthContext`] into the extensions of each request whose token is good, and answers the others with 401 or
/// 403. Browsers ask for CORS without a token: what answers them must stand outside of this.
#[derive(Clone, Debug)]
pub struct AuthLayer {
    authorizer: Authorizer,
    rule: Arc<Rule>,
}

impl AuthLayer {
    pub fn new(authorizer: Authorizer) -> Self {
        Self { authorizer, rule: Arc::default() }
    }

    /// What all routes inside ask for.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rule = Arc::new(rule);
        self
    }
}

impl<S> Layer<S> for AuthLayer {
    type Service = Auth<S>;

    fn layer(&self, inner: S) -> Auth<S> {
        Auth { inner, layer: self.clone() }
    }
}

#[derive(Clone, Debug)]
pub struct Auth<S> {
    inner: S,
    layer: AuthLayer,
}

type Answering<A, E> = Pin<Box<dyn Future<Output = Result<Response<A>, E>> + Send>>;

impl<S, B, A> Service<Request<B>> for Auth<S>
where
    S: Service<Request<B>, Response = Response<A>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    A: Default,
{
    type Response = Response<A>;
    type Error = S::Error;
    type Future = Answering<A, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let AuthLayer { authorizer, rule } = self.layer.clone();
        // The one that said it was ready is the one to be called.
        let next = self.inner.clone();
        let mut ready = std::mem::replace(&mut self.inner, next);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match authorizer.verify_headers(&parts.headers, &rule).await {
                Ok(who) => {
                    parts.extensions.insert(who);
                    ready.call(Request::from_parts(parts, body)).await
                }
                Err(refusal) => Ok(refusal.answer(A::default())),
            }
        })
    }
}

/// Asks something of whoever an [`AuthLayer`] outside of it has let in. Without such a layer everybody is refused with
/// 401.
#[derive(Clone, Debug)]
pub struct Require {
    rule: Arc<Rule>,
}

impl Require {
    pub fn rule(rule: Rule) -> Self {
        Self { rule: Arc::new(rule) }
    }
}

/// `RequireScope::all(["orders/read"])` is a layer.
#[derive(Clone, Copy, Debug)]
pub struct RequireScope;

impl RequireScope {
    pub fn all<T: Into<String>>(scopes: impl IntoIterator<Item = T>) -> Require {
        Require::rule(Rule::authenticated().all_scopes(scopes))
    }

    pub fn any<T: Into<String>>(scopes: impl IntoIterator<Item = T>) -> Require {
        Require::rule(Rule::authenticated().any_scope(scopes))
    }
}

/// `RequireGroup::any(["admins"])` is a layer.
#[derive(Clone, Copy, Debug)]
pub struct RequireGroup;

impl RequireGroup {
    pub fn any<T: Into<String>>(groups: impl IntoIterator<Item = T>) -> Require {
        Require::rule(Rule::authenticated().any_group(groups))
    }
}

impl<S> Layer<S> for Require {
    type Service = Required<S>;

    fn layer(&self, inner: S) -> Required<S> {
        Required { inner, rule: Arc::clone(&self.rule) }
    }
}

#[derive(Clone, Debug)]
pub struct Required<S> {
    inner: S,
    rule: Arc<Rule>,
}

impl<S, B, A> Service<Request<B>> for Required<S>
where
    S: Service<Request<B>, Response = Response<A>>,
    S::Future: Send + 'static,
    A: Default + Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<A>;
    type Error = S::Error;
    type Future = Answering<A, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let who = request.extensions().get::<AuthContext>().ok_or(Refusal::NoAuthorization);
        match who.and_then(|who| self.rule.allows(who)) {
            Ok(()) => Box::pin(self.inner.call(request)),
            Err(refusal) => Box::pin(std::future::ready(Ok(refusal.answer(A::default())))),
        }
    }
}
