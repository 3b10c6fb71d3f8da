//! Every setting of Cognate, once. Flags, `COGNATE__SECTION__KEY` variables and TOML keys are all made from this table,
//! so that a name which is not here is unknown everywhere.

/// What a setting's value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Switch,
    /// In TOML an array; as a flag repeated or separated by commas; in the environment separated by commas.
    List,
}

/// Where a setting means something. Given anywhere else it is refused by name rather than ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum For {
    Both,
    Serve,
}

pub(crate) struct Setting {
    /// `section.key`, or `section.part.key`: the TOML key. See `flag`.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) used_by: For,
    /// The placeholder in `--help`.
    pub(crate) value: &'static str,
    pub(crate) help: &'static str,
}

impl Setting {
    pub(crate) fn section(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(section, _)| section)
    }

    pub(crate) fn key(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(_, key)| key)
    }

    /// The key; below `auth_api`, whose keys alone would say too little, with its section.
    pub(crate) fn flag(&self) -> String {
        let name = if self.section() == "auth_api" { self.name } else { self.key() };
        name.replace(['_', '.'], "-")
    }

    pub(crate) fn variable(&self) -> String {
        format!("COGNATE__{}", self.name.replace('.', "__").to_uppercase())
    }
}

pub(crate) fn find(name: &str) -> Option<&'static Setting> {
    TABLE.iter().find(|setting| setting.name == name)
}

const fn both(name: &'static str, value: &'static str, help: &'static str) -> Setting {
    Setting { name, kind: Kind::Text, used_by: For::Both, value, help }
}

const fn serve(name: &'static str, value: &'static str, help: &'static str) -> Setting {
    Setting { name, kind: Kind::Text, used_by: For::Serve, value, help }
}

const fn list(mut setting: Setting) -> Setting {
    setting.kind = Kind::List;
    setting
}

const fn switch(name: &'static str, help: &'static str) -> Setting {
    Setting { name, kind: Kind::Switch, used_by: For::Serve, value: "", help }
}

const fn both_switch(name: &'static str, help: &'static str) -> Setting {
    Setting { name, kind: Kind::Switch, used_by: For::Both, value: "", help }
}

#[rustfmt::skip] // the order is that of the example file
pub(crate) static TABLE: &[Setting] = &[
    both("server.listen", "ADDR:PORT", "Where to listen; port 0 takes any free one [default: 127.0.0.1:9229]"),
    serve("server.admin_listen", "ADDR:PORT", "Where /health and /metrics answer [default: 127.0.0.1:9230]"),
    both("server.public_url", "URL", "The address clients use; issuers are {public URL}/{pool id}"),
    switch("server.allow_http_public_url", "Allow a public URL without TLS; tokens and passwords travel in the clear"),
    serve("server.environment", "NAME", "The name of this environment, such as production; a store belongs to one"),
    both("server.region", "NAME", "The region of calls that name none [default: us-east-1]"),
    both("server.account", "ID", "The account of calls that name none: twelve digits [default: 123456789012]"),
    list(serve("server.faces", "FACE", "What this server shows: `aws`, `login` (the login domains), `auth-api` [default: the first two, and the third if auth_api.client or auth_api.provider is set]")),
    list(serve("server.trusted_proxies", "ADDR", "Proxies whose X-Forwarded-For is believed: addresses, or networks as 10.0.0.0/8 [default: none]")),
    both("server.log", "FILTER", "What to log, as `info` or `warn,cognate_engine=debug` [default: dev warn, serve info]"),
    both("server.log_format", "FORMAT", "`text` or `json`, one object a line [default: text]"),

    both("store.data", "DIR", "The data folder [default: dev ./.cognate]"),
    both("store.database", "URL", "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME [default: sqlite:{data}/cognate.db]"),

    serve("keys.master_key_file", "FILE", "A file that only its owner can read and that holds the master key: 32 bytes in base64"),
    serve("keys.master_key", "BASE64", "The master key itself. As a flag it is seen in the list of processes: prefer the file"),
    serve("keys.master_key_command", "COMMAND", "A command whose standard output is the master key, for a key service"),
    list(both("keys.previous_master_key_files", "FILE", "Files of earlier master keys that still open what they sealed, until `keys rewrap`")),
    list(both("keys.previous_master_keys", "BASE64", "Earlier master keys themselves")),

    both("login.pages", "DIR", "A folder with templates, texts and styles of your own for the login pages"),
    switch("login.domains_by_path", "Also show login domains below /domains/NAME; puts all pools on one origin"),

    both("auth_api.provider", "NAME", "Who authenticates at /v1: `cognate`, a pool of this server, `cognito`, or in dev `mock`, a file [default: cognate]"),
    both("auth_api.mock.file", "FILE", "The users, machines, workspaces and faults of the mock, in TOML"),
    both("auth_api.client", "ID", "The app client whose pool signs people in at /v1 [default: dev the sample's]"),
    list(both("auth_api.allowed_origins", "ORIGIN", "Whose pages may call /v1 from a browser, such as https://app.example.com")),
    both("auth_api.invitation_url", "URL", "The application's page where invitations are accepted, with {token} in it [default: mails hold the bare token]"),
    list(both("auth_api.token_use", "USE", "What /v1 takes for a bearer: `access`; with `id`, for a time of transition, ID tokens too [default: access]")),
    both("auth_api.calls_per_address", "NUMBER", "How many sign-ups, reminders, resets and tries of codes may come from one address in an hour [default: 100; dev any number]"),
    both("auth_api.webhook_secret", "SECRET", "What a provider signs its events at /v1/auth/webhook with, at least 24 bytes; prefer the file"),
    both("auth_api.webhook_secret_file", "FILE", "A file that only its owner can read, with that secret"),

    both("auth_api.cognito.user_pool_id", "ID", "The pool of Amazon Cognito, or of a server that speaks its API"),
    both("auth_api.cognito.client_id", "ID", "The app client of that pool by which /v1 is known to it"),
    both("auth_api.cognito.client_secret", "SECRET", "Its secret, if it has one; prefer the file"),
    both("auth_api.cognito.client_secret_file", "FILE", "A file that only its owner can read, with that secret"),
    both("auth_api.cognito.region", "NAME", "Its region [default: that of the pool's id]"),
    both("auth_api.cognito.endpoint", "URL", "Where it answers [default: https://cognito-idp.{region}.amazonaws.com]"),
    both_switch("auth_api.cognito.allow_http_endpoint", "Allow an http endpoint on another machine; passwords travel in the clear"),
    both("auth_api.cognito.issuer", "URL", "The issuer in its tokens [default: the endpoint and the pool's id]"),
    both("auth_api.cognito.access_key_id", "ID", "The AWS access key for what administrators do; without it that is unsupported"),
    both("auth_api.cognito.secret_access_key", "SECRET", "Its secret; prefer the file"),
    both("auth_api.cognito.secret_access_key_file", "FILE", "A file that only its owner can read, with that secret"),
    both("auth_api.cognito.session_token", "TOKEN", "The session token of temporary credentials; prefer the file"),
    both("auth_api.cognito.session_token_file", "FILE", "A file that only its owner can read, with that token"),

    serve("messages.smtp_host", "HOST", "The mail server that carries e-mail"),
    serve("messages.smtp_port", "PORT", "Its port [default: 465 for tls, 587 for starttls, 25 for none]"),
    serve("messages.smtp_security", "HOW", "`tls`, `starttls`, or `none` for a relay on this machine [default: starttls]"),
    switch("messages.smtp_allow_plaintext", "Allow smtp_security none to another machine; codes travel in the clear"),
    serve("messages.smtp_user", "NAME", "The user name at the mail server"),
    serve("messages.smtp_password", "PASSWORD", "The password at the mail server; prefer the file"),
    serve("messages.smtp_password_file", "FILE", "A file that only its owner can read, with that password"),
    serve("messages.smtp_from", "ADDRESS", "The sender of pools that name none of their own"),
    serve("messages.sms_webhook_url", "URL", "Where text messages are posted, as signed JSON"),
    serve("messages.sms_webhook_secret", "SECRET", "What signs those posts; prefer the file"),
    serve("messages.sms_webhook_secret_file", "FILE", "A file that only its owner can read, with that secret"),
    serve("messages.sms_webhook_from", "SENDER", "The sender of text messages that name none"),
    list(serve("messages.allowed_private_hosts", "HOST", "Hosts that webhooks may reach on private addresses, or by http")),
];

#[cfg(test)]
mod tests {
    use super::TABLE;

    #[test]
    fn no_two_settings_share_a_flag() {
        let mut flags: Vec<_> = TABLE.iter().map(super::Setting::flag).collect();
        flags.sort();
        let count = flags.len();
        flags.dedup();
        assert_eq!(flags.len(), count);
    }

    #[test]
    fn flag_variable_and_key_have_the_same_name() {
        let setting = super::find("server.public_url").unwrap();
        assert_eq!(setting.flag(), "public-url");
        assert_eq!(setting.variable(), "COGNATE__SERVER__PUBLIC_URL");
        assert_eq!((setting.section(), setting.key()), ("server", "public_url"));

        let nested = super::find("auth_api.mock.file").unwrap();
        assert_eq!(nested.flag(), "auth-api-mock-file");
        assert_eq!(nested.variable(), "COGNATE__AUTH_API__MOCK__FILE");
        assert_eq!((nested.section(), nested.key()), ("auth_api", "mock.file"));
    }
}
