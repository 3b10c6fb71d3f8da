//! A pool's tags. user-pools.md, section 25.1; lengths are the model's to check.

use std::collections::BTreeMap;

use super::{PoolConfig, beyond};
use crate::error::{Error, Result};

const MOST: usize = 50;

/// AWS: reserved in any spelling.
const RESERVED: &str = "aws:";

impl PoolConfig {
    pub fn tags(&self) -> BTreeMap<String, String> {
        self.described.user_pool_tags.clone().unwrap_or_default()
    }

    /// Values of tags that are there already are replaced.
    pub fn tag(&mut self, added: BTreeMap<String, String>) -> Result<()> {
        let mut tags = self.tags();
        tags.extend(added);
        check(&tags)?;
        self.described.user_pool_tags = Some(tags);
        Ok(())
    }

    /// Keys that are not there are no error.
    pub fn untag(&mut self, keys: &[String]) {
        let mut tags = self.tags();
        tags.retain(|key, _| !keys.contains(key));
        self.described.user_pool_tags = Some(tags);
    }
}

/// What all tags of a pool must keep to.
pub(super) fn check(tags: &BTreeMap<String, String>) -> Result<()> {
    let reserved = |key: &String| key.get(..RESERVED.len()).is_some_and(|start| start.eq_ignore_ascii_case(RESERVED));
    if tags.keys().any(reserved) {
        return Err(Error::reserved_tag_key());
    }
    if tags.len() > MOST {
        return Err(Error::too_many_tags());
    }
    beyond::check(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn config(given: &[(&str, &str)]) -> PoolConfig {
        let asked = serde_json::json!({ "PoolName": "p", "UserPoolTags": tags(given) });
        PoolConfig::create(serde_json::from_value(asked).unwrap()).unwrap()
    }

    #[test]
    fn tags_are_added_replaced_and_taken_away() {
        let mut config = config(&[("stage", "test"), ("owner", "ann")]);
        config.tag(tags(&[("stage", "live"), ("Stage", "other"), ("empty", "")])).unwrap();
        config.untag(&["owner".to_owned(), "unknown".to_owned()]);
        assert_eq!(config.tags(), tags(&[("stage", "live"), ("Stage", "other"), ("empty", "")]));
    }

    #[test]
    fn a_pool_has_at_most_fifty_tags() {
        let mut config = config(&[]);
        let numbered = |from: usize, to: usize| (from..to).map(|n| (format!("k{n}"), String::new())).collect();
        config.tag(numbered(0, 50)).unwrap();
        config.tag(numbered(10, 20)).unwrap(); // replaced, not added
        let error = config.tag(numbered(50, 51)).unwrap_err();
        assert_eq!(error.to_string(), Error::too_many_tags().to_string());
        assert_eq!(config.tags().len(), 50);
    }

    #[test]
    fn keys_of_aws_are_refused_in_any_spelling() {
        for key in ["aws:stage", "AWS:stage", "Aws:", "aws:"] {
            let error = config(&[]).tag(tags(&[(key, "x")])).unwrap_err();
            assert_eq!(error.to_string(), Error::reserved_tag_key().to_string(), "{key}");
        }
        for key in ["aws", "my-aws:x", " aws:", "äws:", "a"] {
            config(&[]).tag(tags(&[(key, "x")])).unwrap();
        }
    }

    #[test]
    fn an_update_of_the_pool_keeps_the_tags_that_it_leaves_out() {
        let update = |asked: serde_json::Value| {
            config(&[("stage", "test")]).update(serde_json::from_value(asked).unwrap()).unwrap().tags()
        };
        let pool = "us-east-1_AbCdEf123";
        assert_eq!(update(serde_json::json!({ "UserPoolId": pool })), tags(&[("stage", "test")]));
        let asked = serde_json::json!({ "UserPoolId": pool, "UserPoolTags": { "owner": "ann" } });
        assert_eq!(update(asked), tags(&[("owner", "ann")]));
        let none = serde_json::json!({ "UserPoolId": pool, "UserPoolTags": {} });
        assert_eq!(update(none), tags(&[]));
    }

    #[test]
    fn a_new_pool_keeps_to_the_same_rules() {
        let asked = serde_json::json!({ "PoolName": "p", "UserPoolTags": { "aws:x": "" } });
        let error = PoolConfig::create(serde_json::from_value(asked).unwrap()).unwrap_err();
        assert_eq!(error.to_string(), Error::reserved_tag_key().to_string());
    }
}
