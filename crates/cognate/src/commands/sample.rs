//! The pool and public client that a development store begins with. They are made as any client would make them: by
//! the API's own operations.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use bytes::Bytes;
use cognate_engine::App;
use cognate_engine::dev::Sample;
use http::Request;
use serde_json::{Value, json};

use crate::open;

/// The prefix of its login domain.
pub(super) const DOMAIN: &str = "dev";
/// Where the usual development server of an application stands.
pub(super) const CALLBACK: &str = "http://localhost:3000/";

/// The sample of an earlier start, or a new one.
pub(crate) async fn find_or_make(app: &Arc<App>) -> anyhow::Result<Sample> {
    if let Some(sample) = app.find_sample().await.map_err(|error| open::said(&error))? {
        give_domain(app, &sample).await?; // one of an earlier release has none
        return Ok(sample);
    }
    let made = make(app).await?;
    let stands = app.remember_sample(&made).await.map_err(|error| open::said(&error))?;
    if stands != made {
        call(app, "DeleteUserPool", &json!({ "UserPoolId": made.pool_id })).await?; // another node was first
    }
    give_domain(app, &stands).await?;
    Ok(stands)
}

/// Two who ask at once are no harm: one of them is told that it is there. A domain that somebody has given to a pool of theirs
/// stays theirs.
async fn give_domain(app: &Arc<App>, sample: &Sample) -> anyhow::Result<()> {
    let is_there = async || app.login_site(DOMAIN).await.map(|site| site.is_some()).map_err(|error| open::said(&error));
    if is_there().await? {
        return Ok(());
    }
    let domain = json!({ "UserPoolId": sample.pool_id, "Domain": DOMAIN });
    match call(app, "CreateUserPoolDomain", &domain).await {
        Err(_) if is_there().await? => Ok(()),
        made => made.map(drop),
    }
}

async fn make(app: &Arc<App>) -> anyhow::Result<Sample> {
    let pool = json!({ "PoolName": "sample", "AutoVerifiedAttributes": ["email"] });
    let pool_id = text(&call(app, "CreateUserPool", &pool).await?, "/UserPool/Id")?;
    let client = json!({
        "UserPoolId": pool_id,
        "ClientName": "sample",
        "GenerateSecret": false,
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        "PreventUserExistenceErrors": "ENABLED",
        "SupportedIdentityProviders": ["COGNITO"],
        "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"],
        "CallbackURLs": [CALLBACK],
        "LogoutURLs": [CALLBACK],
    });
    let client_id = text(&call(app, "CreateUserPoolClient", &client).await?, "/UserPoolClient/ClientId")?;
    Ok(Sample { pool_id, client_id })
}

async fn call(app: &Arc<App>, operation: &str, input: &Value) -> anyhow::Result<Value> {
    let request = Request::post("/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("AWSCognitoIdentityProviderService.{operation}"))
        .body(Bytes::from(input.to_string()))?;
    let response = cognate_api::answer(app, request).await;
    if !response.status().is_success() {
        bail!("the sample cannot be made: {operation}: {}", String::from_utf8_lossy(response.body()));
    }
    if response.body().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(response.body()).with_context(|| format!("{operation} answered no JSON: {response:?}"))
}

fn text(answer: &Value, at: &str) -> anyhow::Result<String> {
    answer.pointer(at).and_then(Value::as_str).map(str::to_owned).with_context(|| format!("the sample has no {at}"))
}
