//! What a sign-in leaves behind: a line for support, and what the provider says of somebody now.

use std::time::{Duration, Instant};

use cognate_domain::directory::{SignIn, Subject};
use cognate_domain::{Clock as _, ids};
use cognate_store::{sign_ins, subjects};
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::USERS;
use crate::kit::Product;

impl Product {
    async fn subject(&self, id: &str) -> Subject {
        subjects::find(&mut self.app.app.db.read().await.unwrap(), id).await.unwrap().unwrap()
    }
}

both_engines! {
    async fn the_last_twenty_sign_ins_are_shown_and_no_refresh(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known("ann@example.com").await);
        for _ in 0..21 {
            product.app.clock.advance(Duration::from_secs(1));
            product.signed_in("ann@example.com").await;
        }
        product.app.clock.advance(Duration::from_secs(1));
        product.post("/v1/auth/token/refresh", json!({ "refreshToken": ann.session.refresh })).await.good();
        let wrong = json!({ "identifier": "ann@example.com", "password": "Wrong-Horse-1" });
        product.post("/v1/auth/sign-in", wrong).await;

        let shown = product.get_as(&admin.session.access, &format!("{USERS}/{}", ann.id)).await.good();
        let times: Vec<_> = shown.body["signIns"].as_array().unwrap().iter().map(|one| one["at"].as_str().unwrap()).collect();
        assert_eq!((times.len(), times[0], times[19]), (20, "2026-01-02T03:04:26Z", "2026-01-02T03:04:07Z"));
        assert_eq!(product.app.rows("sign_ins").await, 1 + 22);
    }

    async fn a_sign_in_tells_the_directory_of_a_new_name_and_a_refresh_does_not(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known("ann@example.com").await);
        let path = format!("{USERS}/{}", ann.id);
        let named = async || {
            let shown = product.get_as(&admin.session.access, &path).await.good();
            (shown.text("/name"), shown.header("etag").to_owned())
        };
        let rename = json!({
            "UserPoolId": product.pool, "Username": "ann@example.com", "UserAttributes": [{ "Name": "name", "Value": "Annie" }],
        });
        product.app.idp("AdminUpdateUserAttributes", rename).await.assert_good();
        product.post("/v1/auth/token/refresh", json!({ "refreshToken": ann.session.refresh })).await.good();
        assert_eq!(named().await, ("Ann".to_owned(), "\"1\"".to_owned()));
        product.signed_in("ann@example.com").await;
        assert_eq!(named().await, ("Annie".to_owned(), "\"2\"".to_owned()));
        product.signed_in("ann@example.com").await;
        assert_eq!(named().await, ("Annie".to_owned(), "\"2\"".to_owned()), "nothing is written twice");
    }

    async fn a_sign_in_that_cannot_be_noted_is_one_still(app: TestApp) {
        let product = Product::open(app).await;
        product.person("ann@example.com").await;
        product.refuse("sign_ins", "INSERT").await;
        product.signed_in("ann@example.com").await;
        assert_eq!(product.app.rows("sign_ins").await, 0);
    }

    /// `cargo nextest run --release -p cognate-auth-api noting_costs --run-ignored only --no-capture`
    #[ignore = "a measurement"]
    async fn what_noting_costs_beside_the_sign_in(app: TestApp) {
        let product = Product::open(app).await;
        let ann = product.known("ann@example.com").await;
        let known_as = product.subject(&ann.id).await.known_as;
        let now = product.app.clock.now();
        let both = measured(async || { product.signed_in("ann@example.com").await; }).await;
        let noting = measured(async || {
            let db = &product.app.app.db;
            subjects::find_by_provider(&mut db.read().await.unwrap(), &known_as).await.unwrap().unwrap();
            let id = ids::ordered_uuid(product.app.app.entropy.as_ref(), now).to_string();
            let sign_in = SignIn { id, at: now, challenge: None };
            db.write(async |tx| sign_ins::insert(tx, &known_as, &sign_in).await).await.unwrap();
        }).await;
        println!("a sign-in, all of it: {both}; of that, noting it: {noting}");
    }
}

/// Of one, on average: what the clock and what this process's CPU say, in microseconds.
async fn measured(work: impl AsyncFn()) -> String {
    const TIMES: u64 = 400;
    let (began, before) = (Instant::now(), cpu());
    for _ in 0..TIMES {
        work().await;
    }
    let (took, cpu) = (u64::try_from(began.elapsed().as_micros()).unwrap(), cpu() - before);
    format!("{} us, of CPU {} us", took / TIMES, cpu / TIMES)
}

/// In microseconds: the kernel counts hundredths of a second.
fn cpu() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    [11, 12].iter().map(|at| fields[*at].parse::<u64>().unwrap() * 10_000).sum()
}
