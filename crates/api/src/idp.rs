//! The user-pool API: every built operation, once. `run` does the parsing, validating and answering; what is not in
//! this table is admitted and validated too and then says that it is not built.

use cognate_wire::{ErrorKind, idp};

use crate::run::operations;
use crate::services::Service;

mod secret_hash;

mod clients {
    pub(crate) mod create_user_pool_client;
    pub(crate) mod delete_user_pool_client;
    pub(crate) mod describe_user_pool_client;
    pub(crate) mod list_user_pool_clients;
    pub(crate) mod update_user_pool_client;
}
mod password {
    pub(crate) mod admin_set_user_password;
}
mod pools {
    pub(crate) mod create_user_pool;
    pub(crate) mod delete_user_pool;
    pub(crate) mod describe_user_pool;
    pub(crate) mod list_user_pools;
    pub(crate) mod update_user_pool;
}
mod sign_in {
    pub(crate) mod initiate_auth;
    pub(crate) mod parameters;
    pub(crate) mod respond_to_auth_challenge;
}
mod sign_up {
    pub(crate) mod admin_confirm_sign_up;
    pub(crate) mod confirm_sign_up;
    pub(crate) mod resend_confirmation_code;
    #[expect(clippy::module_inception, reason = "the operation is called like its noun")]
    pub(crate) mod sign_up;
}
mod tokens {
    pub(crate) mod global_sign_out;
    pub(crate) mod revoke_token;
}
mod users {
    pub(crate) mod admin_create_user;
    pub(crate) mod admin_delete_user;
    pub(crate) mod admin_get_user;
    pub(crate) mod get_user;
    pub(crate) mod list_users;
}

pub(crate) static SERVICE: Service = Service {
    target_prefix: "AWSCognitoIdentityProviderService",
    signing_name: "cognito-idp",
    facts: idp::FACTS,
    built: OPERATIONS,
    invalid: ErrorKind::InvalidParameter,
};

operations! { wire::idp =>
    AdminConfirmSignUp => sign_up::admin_confirm_sign_up,
    AdminCreateUser => users::admin_create_user,
    AdminDeleteUser => users::admin_delete_user,
    AdminGetUser => users::admin_get_user,
    AdminSetUserPassword => password::admin_set_user_password,
    ConfirmSignUp => sign_up::confirm_sign_up,
    CreateUserPool => pools::create_user_pool,
    CreateUserPoolClient => clients::create_user_pool_client,
    DeleteUserPool => pools::delete_user_pool,
    DeleteUserPoolClient => clients::delete_user_pool_client,
    DescribeUserPool => pools::describe_user_pool,
    DescribeUserPoolClient => clients::describe_user_pool_client,
    GetUser => users::get_user,
    GlobalSignOut => tokens::global_sign_out,
    InitiateAuth => sign_in::initiate_auth,
    ListUserPoolClients => clients::list_user_pool_clients,
    ListUserPools => pools::list_user_pools,
    ListUsers => users::list_users,
    ResendConfirmationCode => sign_up::resend_confirmation_code,
    RespondToAuthChallenge => sign_in::respond_to_auth_challenge,
    RevokeToken => tokens::revoke_token,
    SignUp => sign_up::sign_up,
    UpdateUserPool => pools::update_user_pool,
    UpdateUserPoolClient => clients::update_user_pool_client,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_name_is_in_the_model() {
        let names: Vec<&str> = OPERATIONS.iter().map(|entry| entry.facts.name).collect();
        assert!(names.is_sorted(), "{names:?}");
        assert!(names.iter().all(|name| idp::NAMES.contains(name)), "{names:?}");
    }
}
