//! The model's names in Rust's spelling.

/// `AllowedOAuthFlows` is `allowed_oauth_flows`, `CallbackURLs` is `callback_urls`, `MFAOptions` is `mfa_options`.
pub(crate) fn field(name: &str) -> String {
    let snake = snake(name);
    match snake.as_str() {
        "type" | "match" | "ref" | "use" | "as" | "in" | "move" => format!("r#{snake}"),
        _ => snake,
    }
}

/// What serde makes of a field by `rename_all = "PascalCase"`.
pub(crate) fn pascal(field: &str) -> String {
    field.trim_start_matches("r#").split('_').map(capitalised).collect()
}

/// The name of a constraint table: `S_USER_POOL_ID_TYPE`.
pub(crate) fn constant(prefix: &str, shape: &str) -> String {
    format!("{prefix}_{}", snake(shape).to_uppercase())
}

/// `USER_SRP_AUTH` is `UserSrpAuth`, `phone_number` is `PhoneNumber`, `V1_0` stays, `InProgress` stays.
pub(crate) fn variant(name: &str) -> String {
    let mut variant = String::new();
    for word in name.split(['_', '-', ' ']) {
        let digits_meet =
            variant.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_digit());
        if digits_meet {
            variant.push('_');
        }
        let shouts = !word.chars().any(|c| c.is_ascii_lowercase());
        variant.push_str(&capitalised(&if shouts { word.to_lowercase() } else { word.to_owned() }));
    }
    variant
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The method of a boto3 client: `ListWebAuthnCredentials` is `list_web_authn_credentials`.
pub(crate) fn boto(operation: &str) -> String {
    split(operation)
}

fn snake(name: &str) -> String {
    let name = name.replace("OAuth", "Oauth").replace("WebAuthn", "Webauthn");
    split(&name.replace("URLs", "Urls").replace("ARNs", "Arns").replace("IPs", "Ips"))
}

fn split(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let starts_word = letter.is_ascii_uppercase()
            && before.is_some_and(|before| !before.is_ascii_uppercase() || after.is_some_and(char::is_ascii_lowercase));
        if starts_word && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_read_as_a_person_would_write_them() {
        let cases = [
            ("UserPoolId", "user_pool_id"),
            ("AllowedOAuthFlowsUserPoolClient", "allowed_oauth_flows_user_pool_client"),
            ("CallbackURLs", "callback_urls"),
            ("MFAOptions", "mfa_options"),
            ("SMSMfaSettings", "sms_mfa_settings"),
            ("OpenIdConnectProviderARNs", "open_id_connect_provider_arns"),
            ("PrimaryRoute53HealthCheckId", "primary_route53_health_check_id"),
            ("S3Bucket", "s3_bucket"),
            ("headerName", "header_name"),
            ("Type", "r#type"),
        ];
        for (name, expected) in cases {
            assert_eq!(field(name), expected);
        }
    }

    #[test]
    fn variants_are_words() {
        let cases = [
            ("USER_SRP_AUTH", "UserSrpAuth"),
            ("phone_number", "PhoneNumber"),
            ("InProgress", "InProgress"),
            ("V1_0", "V1_0"),
            ("TLS_V1_2_2021", "TlsV1_2_2021"),
            ("PBKDF2_SHA256", "Pbkdf2Sha256"),
            ("SAML", "Saml"),
        ];
        for (name, expected) in cases {
            assert_eq!(variant(name), expected);
        }
    }
}
