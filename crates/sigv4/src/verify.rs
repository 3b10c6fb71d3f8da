//! Is what is presented true of this request, now, for this service? In AWS's order: what must be signed, time, scope,
//! body, signature.

use crate::canonical::SigningKey;
use crate::{Presented, Refusal, Request, SKEW_MS, TERMINATOR, canonical};

impl Presented {
    /// `key` is derived for the scope that is presented.
    pub fn verify_with(
        &self,
        request: &Request<'_>,
        key: &SigningKey,
        now_ms: i64,
        expected_service: &str,
    ) -> Result<(), Refusal> {
        self.signs_what_it_must(request)?;
        self.is_current(now_ms)?;
        self.is_scoped_to(expected_service)?;
        let body_hash = canonical::sha256_hex(request.body);
        if request.only("x-amz-content-sha256")?.is_some_and(|declared| declared != body_hash) {
            return Err(Refusal::BodyHash);
        }

        let canonical = canonical::request(request, &self.signed_headers, &body_hash, self.presigned_ms.is_some());
        let canonical = canonical.ok_or(Refusal::Mismatch)?;
        let to_sign = canonical::string_to_sign(&self.signed_at.text, &self.scope, &canonical);
        if key.verify(&to_sign, &self.signature) { Ok(()) } else { Err(Refusal::Mismatch) }
    }

    /// The same for somebody who has the secret at hand and asks seldom.
    pub fn verify(
        &self,
        request: &Request<'_>,
        secret: &str,
        now_ms: i64,
        expected_service: &str,
    ) -> Result<(), Refusal> {
        self.verify_with(request, &SigningKey::derive(secret, &self.scope), now_ms, expected_service)
    }

    /// `host`, and every `x-amz-*` header that came along: all of Amazon's clients sign those. `content-type` is not
    /// asked for: the SDKs for PHP and (version 2) JavaScript leave it out.
    fn signs_what_it_must(&self, request: &Request<'_>) -> Result<(), Refusal> {
        let signed = &self.signed_headers;
        if !signed.contains("host") {
            return Err(Refusal::Unsigned("host".to_owned()));
        }
        // Without X-Amz-Date the time was taken from Date.
        let dated = self.presigned_ms.is_some() || request.all("x-amz-date").next().is_some();
        if !dated && !signed.contains("date") {
            return Err(Refusal::Unsigned("date".to_owned()));
        }
        // `x-amz-cf-id` is added on the way, by CloudFront.
        let amazons = |name: &str| name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("x-amz-"));
        let left_out = request
            .headers
            .iter()
            .filter(|(name, _)| amazons(name) && !name.eq_ignore_ascii_case("x-amz-cf-id"))
            .find(|(name, _)| !signed.contains(name));
        left_out.map_or(Ok(()), |(name, _)| Err(Refusal::Unsigned(name.to_ascii_lowercase())))
    }

    fn is_current(&self, now_ms: i64) -> Result<(), Refusal> {
        let signed_ms = self.signed_at.ms;
        let lifetime_ms = self.presigned_ms.unwrap_or(SKEW_MS);
        if signed_ms < now_ms.saturating_sub(lifetime_ms) {
            return Err(Refusal::Expired { signed_ms, now_ms, lifetime_ms });
        }
        if signed_ms > now_ms.saturating_add(SKEW_MS) {
            return Err(Refusal::NotYetCurrent { signed_ms, now_ms });
        }
        Ok(())
    }

    /// Any region: one server holds them all, and each resource is looked up in the region it is asked for in.
    fn is_scoped_to(&self, service: &str) -> Result<(), Refusal> {
        let mut sentences = Vec::new();
        if self.scope.service != service {
            sentences.push(format!("Credential should be scoped to correct service: '{service}'."));
        }
        if self.terminator != TERMINATOR {
            let given = &self.terminator;
            sentences
                .push(format!("Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{given}'."));
        }
        let stamp = &self.signed_at.text;
        let day = stamp.get(..8).unwrap_or_default();
        if self.scope.date != day {
            sentences.push(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != \
                 '{day}', from '{stamp}'.",
                self.scope.date
            ));
        }
        if sentences.is_empty() { Ok(()) } else { Err(Refusal::Scope(sentences.join(" "))) }
    }
}
