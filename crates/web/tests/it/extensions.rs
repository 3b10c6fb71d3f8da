//! What a pool has beyond Cognito when its tags say so (docs/decisions/0018): that it works, that nobody gets around
//! it, and that nothing of it is there otherwise.

mod device;
mod device_pages;
mod dpop;
mod dpop_proofs;
mod dpop_refresh;
mod introspection;
mod iss;
mod jwt_access_tokens;
mod par;
mod par_browsers;
mod setting;
