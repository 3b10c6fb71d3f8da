//! A small service behind an authorizer.
//!
//! ```sh
//! cargo run -p cognate-authorizer --example service --features axum,reqwest -- "$ISSUER" "$CLIENT_ID"
//! curl -i -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8081/me
//! ```

use std::error::Error;

use axum::Router;
use axum::routing::{get, post};
use cognate_authorizer::{
    AuthContext, AuthLayer, Authorizer, Issuer, RequireAuth, RequireGroup, RequireScope, Rule, TokenUse,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(issuer), Some(client)) = (arguments.next(), arguments.next()) else {
        return Err("usage: service ISSUER CLIENT_ID".into());
    };
    let authorizer = Authorizer::builder().issuer(Issuer::cognito(issuer).clients([client])).build()?;
    authorizer.preload().await?;

    let listener = tokio::net::TcpListener::bind("127.0.0.1:8081").await?;
    axum::serve(listener, routes(authorizer)).await?;
    Ok(())
}

fn routes(authorizer: Authorizer) -> Router {
    let orders = Router::new()
        .route("/orders", get(list_orders).layer(RequireScope::any(["orders/read", "orders/write"])))
        .route("/orders", post(place_order).layer(RequireScope::all(["orders/write"])))
        .route("/orders/all", get(list_orders).layer(RequireGroup::any(["clerks", "admins"])))
        .route_layer(AuthLayer::new(authorizer.clone()).rule(Rule::authenticated().only(TokenUse::Access)));

    Router::new().route("/", get("hello, whoever you are")).route("/me", get(me)).merge(orders).with_state(authorizer)
}

/// Asks for a good token itself; no layer is needed.
async fn me(RequireAuth(who): RequireAuth) -> String {
    format!("you are {}", who.subject)
}

/// Behind a layer, who was let in is there to be asked for.
async fn list_orders(who: AuthContext) -> String {
    format!("orders of {}", who.subject)
}

async fn place_order(who: AuthContext) -> String {
    format!("ordered by {}", who.subject)
}
