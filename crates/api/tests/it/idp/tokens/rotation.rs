//! New signing keys: old tokens stay good as long as they live, and nobody has to be told.

use std::time::Duration;

use cognate_jose::{VerifyingKey, peek};
use cognate_testkit::{TestApp, both_engines};

/// The ids of the keys that `jwks.json` lists.
async fn published(app: &TestApp, pool: &str) -> Vec<String> {
    let keys = app.app.keys(pool).await.unwrap();
    keys.public().keys.iter().map(|jwk| jwk.kid.clone()).collect()
}

fn kid(token: &str) -> String {
    peek(token).unwrap().kid.unwrap()
}

both_engines! {
    async fn old_tokens_verify_and_new_ones_have_new_keys(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        let old = app.tokens(&client, "ann").await;
        let before = published(&app, &pool).await;
        app.clock.advance(Duration::from_secs(1));

        app.cx().rotate_keys(&pool).await.unwrap();

        let new = app.tokens(&client, "ann").await;
        let after = published(&app, &pool).await;
        assert_eq!((before.len(), after.len()), (2, 4));
        assert!(before.iter().all(|kid| after.contains(kid)));
        for token in [&new.id, &new.access] {
            assert!(!before.contains(&kid(token)) && after.contains(&kid(token)));
        }
        assert_ne!(kid(&new.id), kid(&new.access));
        app.get_user(&old.access).await.assert_good();
        app.get_user(&new.access).await.assert_good();
        app.get_user(&new.id).await.assert_refused("NotAuthorizedException", "Invalid Access Token");
        app.get_user(&old.id).await.assert_refused("NotAuthorizedException", "Invalid Access Token");
        let refreshed = app.refresh(&client, &old.refresh).await;
        assert_eq!(kid(&refreshed.text("/AuthenticationResult/AccessToken")), kid(&new.access));
    }

    async fn what_the_old_keys_signed_verifies_with_the_published_set(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        let old = app.tokens(&client, "ann").await;
        app.cx().rotate_keys(&pool).await.unwrap();
        let new = app.tokens(&client, "ann").await;

        let keys = app.app.keys(&pool).await.unwrap();

        for token in [&old.id, &old.access, &new.id, &new.access] {
            let jwk = keys.public().keys.iter().find(|jwk| jwk.kid == kid(token)).unwrap();
            VerifyingKey::from_jwk(jwk).unwrap().verify(token).unwrap();
        }
    }

    async fn old_keys_go_when_nothing_they_signed_can_be_alive(app: TestApp) {
        let pool = app.pool().await;
        app.cx().rotate_keys(&pool).await.unwrap();
        app.clock.advance(Duration::from_hours(49));

        app.cx().rotate_keys(&pool).await.unwrap();

        assert_eq!(published(&app, &pool).await.len(), 4);
    }

    async fn one_pools_rotation_leaves_the_others_alone(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        let before = published(&app, &other).await;

        app.cx().rotate_keys(&pool).await.unwrap();

        assert_eq!(published(&app, &other).await, before);
    }
}
