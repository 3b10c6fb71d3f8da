//! Writes the document that `/v1/openapi.json` serves to where it is checked in: `cargo run -p cognate-auth-api --example openapi`.

fn main() -> std::io::Result<()> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    std::fs::write(path, cognate_auth_api::openapi_json() + "\n")
}
