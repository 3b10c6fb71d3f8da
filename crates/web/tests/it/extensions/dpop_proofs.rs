//! Which proofs the token endpoint takes (RFC 9449, section 4.3), and what those try who have seen one.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use cognate_domain::Clock as _;
use cognate_testkit::{TestApp, both_engines};
use cognate_web::Pages;
use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::setting::open;
use crate::kit::key::{Key, address};
use crate::kit::{Answer, HOST, Machine, Shop, TOKEN, basic};

const GRANT: [(&str, &str); 1] = [("grant_type", "client_credentials")];
const BAD: (u16, &str) = (400, "invalid_dpop_proof");

async fn with_proofs(shop: &Shop, machine: &Machine, proofs: &[&str]) -> Answer {
    let basic = basic(&machine.id, &machine.secret);
    let headers: Vec<_> =
        proofs.iter().map(|proof| ("dpop", *proof)).chain([("authorization", basic.as_str())]).collect();
    shop.post_with(TOKEN, &GRANT, &headers).await
}

/// The same at another node.
async fn at_node(node: &TestApp, machine: &Machine, proof: &str) -> (u16, Value) {
    let routes = cognate_web::routes(Arc::new(Pages::built_in().unwrap()), true).with_state(Arc::clone(&node.app));
    let request = Request::post(TOKEN)
        .header("host", HOST)
        .header("dpop", proof)
        .header("authorization", basic(&machine.id, &machine.secret))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("grant_type=client_credentials"))
        .unwrap();
    let response = routes.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&to_bytes(response.into_body(), 1 << 20).await.unwrap()).unwrap())
}

both_engines! {
    async fn a_proof_is_good_once_on_every_node(app: TestApp) {
        let shop = open(app, "dpop").await;
        let node = shop.app.another_node().await;
        let (machine, key) = (shop.machine().await, Key::new());
        let proof = key.proof(&shop);
        assert_eq!(with_proofs(&shop, &machine, &[&proof]).await.status, 200);
        assert_eq!(with_proofs(&shop, &machine, &[&proof]).await.error(), BAD);
        let (status, body) = at_node(&node, &machine, &proof).await;
        assert_eq!((status, body["error"].as_str().unwrap()), BAD);

        let proof = key.proof(&shop);
        assert_eq!(at_node(&node, &machine, &proof).await.0, 200);
        assert_eq!(with_proofs(&shop, &machine, &[&proof]).await.error(), BAD);
        shop.app.clock.advance(std::time::Duration::from_mins(1));
        assert_eq!(with_proofs(&shop, &machine, &[&proof]).await.error(), BAD, "as long as its time is good");
    }

    /// Of many at the same moment one.
    async fn a_proof_is_good_once_however_many_bring_it(app: TestApp) {
        let shop = open(app, "dpop").await;
        let node = shop.app.another_node().await;
        let (machine, key) = (shop.machine().await, Key::new());
        for _ in 0..5 {
            let proof = key.proof(&shop);
            let proofs = [proof.as_str()];
            let (here, there, again) = tokio::join!(
                with_proofs(&shop, &machine, &proofs),
                at_node(&node, &machine, &proof),
                with_proofs(&shop, &machine, &proofs),
            );
            let good = [here.status, there.0, again.status].iter().filter(|status| **status == 200).count();
            assert_eq!(good, 1, "{} {} {}", here.status, there.0, again.status);
        }
    }

    /// A number that two keys have chosen is two proofs: nobody can spend another's.
    async fn a_number_belongs_to_its_key(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (machine, key, other) = (shop.machine().await, Key::new(), Key::new());
        let same = json!({ "jti": "the same" });
        for key in [&other, &key] {
            assert_eq!(with_proofs(&shop, &machine, &[&key.proof_of(&shop, same.clone())]).await.status, 200);
        }
    }

    async fn a_proof_is_for_one_request(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (machine, key, other) = (shop.machine().await, Key::new(), Key::new());
        let now = shop.app.clock.now().seconds();
        for wrong in [
            json!({ "htm": "GET" }),
            json!({ "htm": "post" }),
            json!({ "htm": "" }),
            json!({ "htm": null }),
            json!({ "htu": address("/oauth2/userInfo") }),
            json!({ "htu": address("/oauth2/token/") }),
            json!({ "htu": address(TOKEN).replace("https", "http") }),
            json!({ "htu": address(TOKEN).replace("shop", "bakery") }),
            json!({ "htu": "https://id.example.com/oauth2/token" }),
            json!({ "htu": format!("https://shop.auth.id.example.com:444{TOKEN}") }),
            json!({ "htu": TOKEN }),
            json!({ "htu": null }),
            json!({ "iat": now - 61 }),
            json!({ "iat": now + 61 }),
            json!({ "iat": i64::MAX }),
            json!({ "iat": i64::MIN }),
            json!({ "iat": 0 }),
            json!({ "iat": null }),
            json!({ "jti": "" }),
            json!({ "jti": "x".repeat(257) }),
            json!({ "jti": null }),
        ] {
            let proof = key.proof_of(&shop, wrong.clone());
            assert_eq!(with_proofs(&shop, &machine, &[&proof]).await.error(), BAD, "{wrong}");
        }
        let good = key.proof(&shop);
        let (signed, _) = good.rsplit_once('.').unwrap();
        for forged in [
            key.forged(&shop, &other),
            format!("{signed}."),
            format!("{good}x"),
            "x".repeat(5000),
            String::new(),
            "a.b.c".to_owned(),
        ] {
            assert_eq!(with_proofs(&shop, &machine, &[&forged]).await.error(), BAD, "{forged:.80}");
        }
        assert_eq!(with_proofs(&shop, &machine, &[&good]).await.status, 200, "none of them has spent it");
    }

    async fn the_same_address_may_be_written_in_another_way_and_clocks_may_differ(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (machine, key) = (shop.machine().await, Key::new());
        let now = shop.app.clock.now().seconds();
        for right in [
            json!({ "htu": format!("https://SHOP.auth.id.example.com:443{TOKEN}") }),
            json!({ "htu": format!("{}?x=y#z", address(TOKEN)) }),
            json!({ "htu": "https://id.example.com/domains/shop/oauth2/token" }),
            json!({ "iat": now - 60 }),
            json!({ "iat": now + 60 }),
            json!({ "jti": "x".repeat(256) }),
            json!({ "more": [1] }),
        ] {
            let answer = with_proofs(&shop, &machine, &[&key.proof_of(&shop, right.clone())]).await;
            assert_eq!(answer.status, 200, "{right}: {}", answer.body);
        }
    }

    async fn two_proofs_are_none(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (machine, key) = (shop.machine().await, Key::new());
        let (one, two) = (key.proof(&shop), key.proof(&shop));
        assert_eq!(with_proofs(&shop, &machine, &[&one, &two]).await.error(), BAD);
        assert_eq!(with_proofs(&shop, &machine, &[&format!("{one}, {two}")]).await.error(), BAD);
        assert_eq!(with_proofs(&shop, &machine, &[&one]).await.status, 200);
    }

    /// A client that has not proved itself spends nobody's proof.
    async fn the_client_is_proved_first(app: TestApp) {
        let shop = open(app, "dpop").await;
        let (machine, key) = (shop.machine().await, Key::new());
        let proof = key.proof(&shop);
        let stranger = Machine { id: machine.id.clone(), secret: "another-secret".to_owned() };
        assert_eq!(with_proofs(&shop, &stranger, &[&proof]).await.error(), (400, "invalid_client"));
        assert_eq!(with_proofs(&shop, &machine, &[&proof]).await.status, 200);
    }
}
