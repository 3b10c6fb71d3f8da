//! Reading the log.

use std::time::Duration;

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::USERS;
use crate::kit::Product;

const AUDIT: &str = "/v1/admin/audit";

both_engines! {
    async fn the_log_is_read_by_what_who_and_when(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known("ann@example.com").await);
        let token = &admin.session.access;
        let path = format!("{USERS}/{}", ann.id);
        for plan in ["a", "b", "c", "d", "e"] {
            product.patch_as(token, &path, json!({ "plan": plan })).await.good();
            product.app.clock.advance(Duration::from_secs(1));
        }
        product.post_as(token, "/v1/admin/roles", json!({ "key": "r", "scope": "platform", "name": "r" })).await.good();

        let first = product.get_as(token, AUDIT).await.good();
        let entry = &first.body["items"][0];
        assert_eq!(entry, &json!({
            "id": entry["id"], "at": "2026-01-02T03:04:10Z", "actor": admin.id, "action": "role.create", "kind": "role", "target": "r",
            "details": { "name": "r", "scope": "platform" }, "traceId": entry["traceId"],
        }));
        assert_eq!(entry["traceId"].as_str().unwrap().len(), 32);
        let plans = async |query: String| -> Vec<String> {
            let items = product.pages(token, &format!("{AUDIT}?{query}"), 2).await;
            items.iter().map(|entry| entry["details"]["plan"].as_str().unwrap_or("-").to_owned()).collect()
        };
        let about = format!("kind=subject&target={}", ann.id);
        assert_eq!(plans(String::new()).await, ["-", "e", "d", "c", "b", "a"]);
        assert_eq!(plans(about.clone()).await, ["e", "d", "c", "b", "a"]);
        assert_eq!(plans(format!("actor={}", admin.id)).await.len(), 6);
        assert_eq!(plans("actor=operator".to_owned()).await.len(), 0);
        assert_eq!(plans("workspace=w".to_owned()).await.len(), 0);
        assert_eq!(plans(format!("{about}&from=2026-01-02T03:04:06Z&until=2026-01-02T04:04:08%2B01:00")).await, ["c", "b"]);

        for (bad, field) in [
            ("kind=subject", "target"), ("target=x", "kind"), ("actor=a&workspace=b", ""), ("kind=a&target=b&actor=c", ""),
            ("from=yesterday", "from"), ("until=2026-01-02", "until"), ("since=x", "since"), ("limit=x", "limit"),
        ] {
            let refused = product.get_as(token, &format!("{AUDIT}?{bad}")).await;
            assert_eq!(refused.problem(), (400, "validation_failed"), "{bad}");
            assert_eq!(refused.text("/errors/0/field"), field, "{bad}");
        }
    }
}
