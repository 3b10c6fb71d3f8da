//! The names of a pool's login domains: one prefix and one of the owner's own at the most. They are kept with the pool, so
//! that the pool's row is where two creations of domains meet.

use super::PoolConfig;
use crate::error::{Error, Result};

impl PoolConfig {
    pub fn add_domain(&mut self, name: &str, custom: bool) -> Result<()> {
        let place = self.domain(custom);
        if place.is_some() {
            return Err(Error::pool_has_a_domain());
        }
        *place = Some(name.to_owned());
        Ok(())
    }

    pub fn remove_domain(&mut self, name: &str) {
        for place in [&mut self.described.domain, &mut self.described.custom_domain] {
            place.take_if(|kept| kept == name);
        }
    }

    pub fn has_domain(&self) -> bool {
        self.domains().next().is_some()
    }

    pub fn domains(&self) -> impl Iterator<Item = &str> {
        [&self.described.domain, &self.described.custom_domain].into_iter().filter_map(|name| name.as_deref())
    }

    fn domain(&mut self, custom: bool) -> &mut Option<String> {
        if custom { &mut self.described.custom_domain } else { &mut self.described.domain }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> PoolConfig {
        PoolConfig::create(serde_json::from_value(serde_json::json!({ "PoolName": "p" })).unwrap()).unwrap()
    }

    #[test]
    fn a_pool_has_one_prefix_and_one_name_of_its_own() {
        let mut config = config();
        assert!(!config.has_domain());
        config.add_domain("tenant", false).unwrap();
        config.add_domain("auth.example.com", true).unwrap();

        for (name, custom) in [("other", false), ("login.example.com", true)] {
            let error = config.add_domain(name, custom).unwrap_err();
            assert_eq!(error.to_string(), Error::pool_has_a_domain().to_string());
        }
        config.remove_domain("auth.example.com");
        assert_eq!(
            (config.described.domain.as_deref(), config.described.custom_domain.as_deref()),
            (Some("tenant"), None)
        );
        assert!(config.has_domain());
        config.remove_domain("unknown");
        config.remove_domain("tenant");
        assert!(!config.has_domain());
    }

    #[test]
    fn an_update_of_the_pool_keeps_its_domains() {
        let mut config = config();
        config.add_domain("tenant", false).unwrap();
        config.add_domain("auth.example.com", true).unwrap();

        let asked = serde_json::json!({ "UserPoolId": "us-east-1_AbCdEf123", "PoolName": "q" });
        let config = config.update(serde_json::from_value(asked).unwrap()).unwrap();

        assert_eq!(config.described.domain.as_deref(), Some("tenant"));
        assert_eq!(config.described.custom_domain.as_deref(), Some("auth.example.com"));
    }
}
