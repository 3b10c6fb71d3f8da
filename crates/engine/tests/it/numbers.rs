//! A user's number is a way to their row, never who they are: one that leads to somebody else leads nowhere. PostgreSQL goes by ids
//! alone and has the number 0 for everybody; one that is not theirs is refused there too.

use cognate_domain::Timestamp;
use cognate_domain::login_session::LoginSession;
use cognate_domain::oauth::{CodeGrant, OAuthGrant};
use cognate_domain::tokens::TokenFamily;
use cognate_domain::user::User;
use cognate_store::authorization_codes::{self, NewCode};
use cognate_store::tokens::Beginning;
use cognate_store::{WriteTx, login_sessions, tokens, users};
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

/// Each row of these tables that is Ann's has the next number from now on, which is Eve's.
async fn lead_astray(app: &TestApp, ann: &str) {
    for table in ["user_aliases", "user_search", "token_families"] {
        let numbered = format!("UPDATE {table} SET user_number = user_number + 1 WHERE user_id = $1");
        let changed = app.app.db.write(async |tx| tx.query(&numbered).bind(ann).affected().await).await.unwrap();
        assert!(changed > 0, "{table}");
    }
}

async fn found(app: &TestApp, pool: &str, name: &str) -> Value {
    let filter = format!("username = \"{name}\"");
    let listed = app.idp("ListUsers", json!({ "UserPoolId": pool, "Filter": filter })).await.good();
    listed.get("Users").cloned().unwrap()
}

/// Which of a sign-in's rows are kept for a user who was read so: of its tokens, of its session, of its code.
async fn kept(tx: &mut WriteTx<'_>, user: &User, name: &str) -> [bool; 3] {
    let family = TokenFamily {
        pool_id: user.pool_id.clone(),
        user_id: user.id.clone(),
        client_id: "client".to_owned(),
        origin_jti: name.to_owned(),
        event_id: name.to_owned(),
        scope: String::new(),
        authenticated_at: Timestamp(0),
        expires_at: Timestamp(i64::MAX),
        oauth: Some(OAuthGrant::default()),
    };
    let session = LoginSession::begin(name.to_owned(), "COGNITO", Timestamp(0));
    let grant: CodeGrant = serde_json::from_value(
        json!({ "redirect_uri": "https://a.example", "redirect_uri_named": true, "scopes": [] }),
    )
    .unwrap();
    let code = NewCode {
        digest: name.as_bytes(),
        origin_jti: name,
        client_id: "client",
        grant: &grant,
        authenticated_at: Timestamp(0),
        expires_at: Timestamp(i64::MAX),
    };
    [
        tokens::insert_family(tx, &family, user, Beginning { at: Timestamp(0), token_epoch: None }).await.unwrap(),
        login_sessions::insert(tx, user, name.as_bytes(), &session).await.unwrap(),
        authorization_codes::insert(tx, user, &code).await.unwrap(),
    ]
}

both_engines! {
    async fn nobody_is_signed_in_by_the_number_of_somebody_else(app: TestApp) {
        let pool = app.pool().await;
        let ann = app.user(&pool, "ann").await;
        app.user(&pool, "eve").await; // who has the next one
        let db = &app.app.db;
        let ann = users::find(&mut db.read().await.unwrap(), &pool, &ann).await.unwrap().unwrap();
        let read_as = |number| User { number, ..ann.clone() };
        let eves = read_as(ann.number.map(|number| number + 1));

        let all = async |tx: &mut WriteTx<'_>| {
            Ok([kept(tx, &ann, "1").await, kept(tx, &read_as(None), "2").await, kept(tx, &eves, "3").await])
        };
        assert_eq!(db.write(all).await.unwrap(), [[true; 3], [true; 3], [false; 3]]);
    }

    async fn a_number_of_somebody_else_leads_nowhere(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        let ann = app.user(&pool, "ann").await;
        app.user(&pool, "eve").await;
        let tokens = app.tokens(&client, "ann").await;
        let refresh = tokens.refresh.clone();
        app.get_user(&tokens.access).await.assert_good();
        assert_eq!(found(&app, &pool, "ann").await.as_array().unwrap().len(), 1);

        lead_astray(&app, &ann).await;

        let asked = app.idp("AdminGetUser", json!({ "UserPoolId": pool, "Username": "ann" })).await;
        assert_eq!(asked.error.as_deref(), Some("UserNotFoundException"), "{asked}");
        assert_eq!(found(&app, &pool, "ann").await, json!([]));
        for answer in [app.get_user(&tokens.access).await, app.refresh(&client, &refresh).await] {
            assert_eq!(answer.error.as_deref(), Some("NotAuthorizedException"), "{answer}");
        }
        assert_eq!(found(&app, &pool, "eve").await.as_array().unwrap().len(), 1);
    }

    async fn who_gets_the_number_of_a_deleted_user_gets_nothing_else_of_theirs(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        let anns = app.tokens(&client, "ann").await;

        app.idp("AdminDeleteUser", json!({ "UserPoolId": pool, "Username": "ann" })).await.assert_good();
        let next = app.user(&pool, "eve").await; // SQLite gives the last number once more

        let user = app.get_user(&app.tokens(&client, "eve").await.access).await.good();
        assert_eq!(user.pointer("/UserAttributes/0"), Some(&json!({ "Name": "sub", "Value": next })), "{user}");
        let (user, session) = (app.get_user(&anns.access).await, app.refresh(&client, &anns.refresh).await);
        assert_eq!(user.error.as_deref(), Some("UserNotFoundException"), "{user}");
        assert_eq!(session.error.as_deref(), Some("NotAuthorizedException"), "{session}");
    }
}
