//! What a pool does beyond Cognito, or stricter than it: said in tags named `cognate:…`, so that every client that can make a pool
//! can switch it on (docs/decisions/0018). All of it is off by default; a tag that means nothing is refused.

use std::collections::BTreeMap;

use super::PoolConfig;
use crate::error::{Error, Result};

/// Tags that begin like this are settings.
const OURS: &str = "cognate:";
const PROFILE: &str = "cognate:profile";
const EXTENSIONS: &str = "cognate:extensions";
const ALGORITHM: &str = "cognate:signing-algorithm";

/// How OAuth's endpoints answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// As Cognito's do, to the letter.
    #[default]
    Cognito,
    /// As OpenID Connect demands of a certified provider.
    Oidc,
}

impl Profile {
    pub fn is_oidc(self) -> bool {
        self == Self::Oidc
    }
}

/// What Cognito does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// The issuer's name in every authorization response (RFC 9207).
    Iss,
    /// Pushed authorization requests (RFC 9126).
    Par,
    /// Only pushed ones.
    RequirePar,
    /// Tokens that only the holder of a key can use (RFC 9449).
    Dpop,
    /// Token introspection (RFC 7662).
    Introspection,
    /// Access tokens in RFC 9068's form.
    JwtAccessTokens,
    /// Devices that a person lets in from a browser elsewhere (RFC 8628).
    Device,
}

impl Extension {
    const ALL: [Self; 7] =
        [Self::Iss, Self::Par, Self::RequirePar, Self::Dpop, Self::Introspection, Self::JwtAccessTokens, Self::Device];

    const fn name(self) -> &'static str {
        match self {
            Self::Iss => "iss",
            Self::Par => "par",
            Self::RequirePar => "require-par",
            Self::Dpop => "dpop",
            Self::Introspection => "introspection",
            Self::JwtAccessTokens => "jwt-access-tokens",
            Self::Device => "device",
        }
    }
}

/// What new signing keys are made for. A pool that changes it signs so once its keys are rotated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SigningAlgorithm {
    #[default]
    Rs256,
    Es256,
    EdDsa,
}

impl PoolConfig {
    pub fn signing_algorithm(&self) -> SigningAlgorithm {
        match self.setting(ALGORITHM) {
            "ES256" => SigningAlgorithm::Es256,
            "EdDSA" => SigningAlgorithm::EdDsa,
            _ => SigningAlgorithm::Rs256,
        }
    }

    pub fn profile(&self) -> Profile {
        match self.setting(PROFILE) {
            "oidc" => Profile::Oidc,
            _ => Profile::Cognito,
        }
    }

    pub fn has(&self, extension: Extension) -> bool {
        let mut on = self.setting(EXTENSIONS).split(' ');
        on.any(|name| name == extension.name() || (extension == Extension::Par && name == Extension::RequirePar.name()))
    }

    fn setting(&self, key: &str) -> &str {
        let tags = self.described.user_pool_tags.as_ref();
        tags.and_then(|tags| tags.get(key)).map(String::as_str).unwrap_or_default()
    }
}

/// Whether tags that are settings are ones that mean something.
pub(super) fn check(tags: &BTreeMap<String, String>) -> Result<()> {
    for (key, value) in tags.iter().filter(|(key, _)| key.starts_with(OURS)) {
        let refusal = match key.as_str() {
            PROFILE if ["cognito", "oidc"].contains(&value.as_str()) => continue,
            PROFILE => format!("{value:?} is neither `cognito` nor `oidc`"),
            EXTENSIONS => match unknown(value) {
                None => continue,
                Some(name) => format!("{name:?} is none of {}", Extension::ALL.map(Extension::name).join(", ")),
            },
            ALGORITHM if ["RS256", "ES256", "EdDSA"].contains(&value.as_str()) => continue,
            ALGORITHM => format!("{value:?} is none of RS256, ES256, EdDSA"),
            _ => format!("there is no such setting; there are {PROFILE}, {EXTENSIONS} and {ALGORITHM}"),
        };
        return Err(Error::invalid_parameter(format!("Tag {key}: {refusal}.")));
    }
    Ok(())
}

fn unknown(names: &str) -> Option<&str> {
    names.split(' ').filter(|name| !name.is_empty()).find(|name| Extension::ALL.iter().all(|one| one.name() != *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(tags: &[(&str, &str)]) -> Result<PoolConfig> {
        let tags: BTreeMap<_, _> = tags.iter().copied().collect();
        let asked = serde_json::json!({ "PoolName": "p", "UserPoolTags": tags });
        PoolConfig::create(serde_json::from_value(asked).unwrap())
    }

    #[test]
    fn a_pool_is_cognitos_until_a_tag_says_otherwise() {
        let plain = config(&[("stage", "test")]).unwrap();
        assert_eq!((plain.profile(), plain.signing_algorithm()), (Profile::Cognito, SigningAlgorithm::Rs256));
        for (name, algorithm) in
            [("ES256", SigningAlgorithm::Es256), ("EdDSA", SigningAlgorithm::EdDsa), ("RS256", SigningAlgorithm::Rs256)]
        {
            assert_eq!(config(&[(ALGORITHM, name)]).unwrap().signing_algorithm(), algorithm);
        }
        assert!(Extension::ALL.iter().all(|extension| !plain.has(*extension)));

        assert!(config(&[(EXTENSIONS, "require-par")]).unwrap().has(Extension::Par));

        let strict = config(&[(PROFILE, "oidc"), (EXTENSIONS, "iss  par")]).unwrap();
        assert!(strict.profile().is_oidc());
        let has = Extension::ALL.map(|extension| strict.has(extension));
        assert_eq!(has, [true, true, false, false, false, false, false]);
        assert!(!config(&[(PROFILE, "cognito")]).unwrap().profile().is_oidc());
    }

    #[test]
    fn a_setting_that_means_nothing_is_refused_by_name() {
        for (key, value, said) in [
            (ALGORITHM, "HS256", "Tag cognate:signing-algorithm: \"HS256\" is none of RS256, ES256, EdDSA."),
            (PROFILE, "OIDC", "Tag cognate:profile: \"OIDC\" is neither `cognito` nor `oidc`."),
            (
                EXTENSIONS,
                "iss pars",
                "Tag cognate:extensions: \"pars\" is none of iss, par, require-par, dpop, introspection, jwt-access-tokens, device.",
            ),
            (
                "cognate:profiles",
                "oidc",
                "Tag cognate:profiles: there is no such setting; there are cognate:profile, cognate:extensions and cognate:signing-algorithm.",
            ),
        ] {
            assert_eq!(config(&[(key, value)]).unwrap_err().message, said);
            let added = BTreeMap::from([(key.to_owned(), value.to_owned())]);
            assert_eq!(config(&[]).unwrap().tag(added).unwrap_err().message, said);
        }
    }
}
