//! The user-pool API.

mod sign_up {
    mod confirm_sign_up;
    mod races;
    mod resend_confirmation_code;
    #[expect(clippy::module_inception, reason = "the operation is called like its noun")]
    mod sign_up;
}
mod sign_in {
    mod lock_out;
    mod new_password;
    mod parallel;
    mod srp;
    mod srp_veil;
    mod unbuilt;
}
mod tokens {
    mod bearer;
    mod claims;
    mod global_sign_out;
    mod refresh;
    mod revoke_token;
    mod rotation;
}
mod pages;
mod users {
    mod admin_create_user;
}
