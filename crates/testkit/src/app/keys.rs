//! Signing keys that are always the same, laid into the stock: no test waits for primes, signatures can be compared.
//! They were made for these tests and protect nothing.

use cognate_engine::App;
use cognate_engine::sealing::Sealed;
use cognate_jose::SigningKey;
use cognate_store::signing_keys::{StockRow, add_to_stock};
use data_encoding::BASE64;

/// PKCS#8, one a line.
const KEYS: &str = include_str!("keys.txt");

pub(super) async fn stock(app: &App) {
    for line in KEYS.lines() {
        let der = BASE64.decode(line.as_bytes()).expect("base64");
        let key = SigningKey::from_pkcs8(&der).expect("an RSA key");
        let row = StockRow {
            kid: key.kid().to_owned(),
            public_jwk: serde_json::to_string(&key.public_jwk()).expect("a JWK"),
            private_sealed: app.seal(Sealed::StockedKey, key.kid(), &der).expect("the key is sealed"),
        };
        app.db.write(async |tx| add_to_stock(tx, &row).await).await.expect("the key is kept");
    }
}
