//! Amazon's published vectors, step by step, for the signer and for the verifier. Origin and licence of the files
//! stand beside them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::canonical::sha256_hex;
use crate::sign::Draft;
use crate::{Credentials, Presented, Request, canonical, sign, stamp};

struct Case {
    folder: PathBuf,
    region: String,
    service: String,
    secret: String,
    token: Option<String>,
    /// AWS: a signer may add the token after signing; the services of ours ask for it to be signed.
    token_unsigned: bool,
    now_ms: i64,
}

struct Parsed {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

fn suite() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aws-sig-v4-test-suite");
    let folders = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut cases: Vec<Case> = folders.map(case).collect();
    cases.sort_by(|one, other| one.folder.cmp(&other.folder));
    assert_eq!(cases.len(), 31, "the suite is complete");
    cases
}

fn case(folder: PathBuf) -> Case {
    let Ok(context) = fs::read_to_string(folder.join("context.json")) else {
        let text = |text: &str| text.to_owned();
        let secret = text("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let now_ms = stamp::parse_compact("20210511T154045Z").unwrap().ms;
        let (region, service) = (text("us-east-2"), text("lambda"));
        return Case { folder, region, service, secret, token: None, token_unsigned: false, now_ms };
    };
    let context: serde_json::Value = serde_json::from_str(&context).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let compact = text(&context["timestamp"]).replace(['-', ':'], "");
    Case {
        region: text(&context["region"]),
        service: text(&context["service"]),
        secret: text(&context["credentials"]["secret_access_key"]),
        token: context["credentials"]["token"].as_str().map(str::to_owned),
        token_unsigned: context["omit_session_token"].as_bool().unwrap_or(false),
        now_ms: stamp::parse_compact(&compact).unwrap().ms,
        folder,
    }
}

impl Case {
    fn file(&self, name: &str) -> Option<String> {
        Some(fs::read_to_string(self.folder.join(name)).ok()?.trim_end_matches('\n').to_owned())
    }

    fn name(&self) -> String {
        self.folder.file_name().unwrap().to_string_lossy().into_owned()
    }
}

fn parse(text: &str) -> Parsed {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let (method, target) = lines.next().unwrap().split_once(' ').unwrap();
    let target = target.strip_suffix(" HTTP/1.1").unwrap_or(target);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines {
        if line.starts_with(' ') {
            let value = &mut headers.last_mut().unwrap().1;
            value.push('\n');
            value.push_str(line);
        } else {
            let (name, value) = line.split_once(':').unwrap();
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    let body = body.trim_end_matches('\n').as_bytes().to_vec();
    Parsed { method: method.to_owned(), path: path.to_owned(), query: query.to_owned(), headers, body }
}

impl Parsed {
    fn with<T>(&self, use_it: impl FnOnce(&Request<'_>) -> T) -> T {
        let headers: Vec<(&str, &str)> = self.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let (method, path, query) = (&*self.method, &*self.path, &*self.query);
        use_it(&Request { method, path, query, headers: &headers, body: &self.body })
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.headers.iter().position(|(given, _)| given.eq_ignore_ascii_case(name))?;
        Some(self.headers.remove(at).1)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

#[test]
fn every_step_of_signing_equals_amazons_vector() {
    for case in suite() {
        let expected = parse(&case.file("header-signed-request.txt").unwrap());
        let mut request = parse(&case.file("request.txt").unwrap());
        request.take("x-amz-date");
        if let Some(hash) = expected.header("x-amz-content-sha256") {
            request.headers.push(("x-amz-content-sha256".to_owned(), hash.to_owned()));
        }
        let token = case.token.as_deref().filter(|_| !case.token_unsigned);

        request.with(|request| {
            let draft = Draft::of(request, token, (&case.region, &case.service), case.now_ms).unwrap();
            assert_eq!(draft.canonical, case.file("header-canonical-request.txt").unwrap(), "{}", case.name());
            assert_eq!(draft.to_sign, case.file("header-string-to-sign.txt").unwrap(), "{}", case.name());
            let credentials = Credentials { access_key_id: "AKIDEXAMPLE", secret: &case.secret, session_token: token };
            let added = sign(request, &credentials, &case.region, &case.service, case.now_ms).unwrap();
            assert_eq!(added.last().unwrap().1, expected.header("authorization").unwrap(), "{}", case.name());
        });
    }
}

#[test]
fn every_vector_signed_by_headers_is_verified() {
    for case in suite() {
        let mut signed = parse(&case.file("header-signed-request.txt").unwrap());
        if case.token_unsigned {
            signed.take("x-amz-security-token");
        }
        signed.with(|request| {
            let presented = Presented::read(request).unwrap_or_else(|refusal| panic!("{}: {refusal}", case.name()));
            assert_eq!(presented.access_key_id(), "AKIDEXAMPLE");
            assert_eq!(presented.verify(request, &case.secret, case.now_ms, &case.service), Ok(()), "{}", case.name());
        });
    }
}

#[test]
fn every_presigned_vector_is_verified() {
    let mut seen = 0;
    for case in suite() {
        let Some(signed) = case.file("query-signed-request.txt") else { continue };
        if case.token_unsigned {
            continue;
        }
        parse(&signed).with(|request| {
            let presented = Presented::read(request).unwrap_or_else(|refusal| panic!("{}: {refusal}", case.name()));
            assert_eq!(presented.session_token(), case.token.as_deref());
            let canonical =
                canonical::request(request, &presented.signed_headers, &sha256_hex(request.body), true).unwrap();
            assert_eq!(canonical, case.file("query-canonical-request.txt").unwrap(), "{}", case.name());
            assert_eq!(presented.verify(request, &case.secret, case.now_ms, &case.service), Ok(()), "{}", case.name());
        });
        seen += 1;
    }
    assert_eq!(seen, 29);
}
