//! What the engine must know of the configuration. The binary reads flags, environment and file, and fills this.

/// How a server treats its callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Any access key is admitted, messages are kept in the inbox, the sample pool can be reset.
    Dev,
    /// `SigV4` is verified, messages leave through the configured carriers.
    Serve,
}

#[derive(Clone, Debug)]
pub struct Settings {
    pub mode: Mode,
    /// Without a trailing slash; issuers are `{public_url}/{poolId}`.
    pub public_url: String,
    /// The region of unsigned calls, and of pools they make.
    pub region: String,
    /// Twelve digits: the account of callers whose key names none (dev), and of the sample pool.
    pub account: String,
}

impl Settings {
    pub fn issuer(&self, pool_id: &str) -> String {
        format!("{}/{pool_id}", self.public_url)
    }
}
