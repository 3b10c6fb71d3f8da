//! The user-pool API: every built operation, once. `run` does the parsing, validating and answering; what is not in
//! this table is admitted and validated too and then says that it is not built.

use cognate_wire::{ErrorKind, idp};

use crate::run::operations;
use crate::services::Service;

mod secret_hash;

mod attributes {
    pub(crate) mod admin_delete_user_attributes;
    pub(crate) mod admin_update_user_attributes;
    pub(crate) mod delete_user_attributes;
    pub(crate) mod get_user_attribute_verification_code;
    pub(crate) mod update_user_attributes;
    pub(crate) mod verify_user_attribute;
}
mod clients {
    pub(crate) mod add_user_pool_client_secret;
    pub(crate) mod create_user_pool_client;
    pub(crate) mod delete_user_pool_client;
    pub(crate) mod delete_user_pool_client_secret;
    pub(crate) mod describe_user_pool_client;
    pub(crate) mod list_user_pool_client_secrets;
    pub(crate) mod list_user_pool_clients;
    pub(crate) mod update_user_pool_client;
}
mod domains {
    pub(crate) mod create_user_pool_domain;
    pub(crate) mod delete_user_pool_domain;
    pub(crate) mod describe_user_pool_domain;
    pub(crate) mod update_user_pool_domain;
}
mod groups {
    pub(crate) mod admin_add_user_to_group;
    pub(crate) mod admin_list_groups_for_user;
    pub(crate) mod admin_remove_user_from_group;
    pub(crate) mod create_group;
    pub(crate) mod delete_group;
    pub(crate) mod get_group;
    pub(crate) mod list_groups;
    pub(crate) mod list_users_in_group;
    pub(crate) mod update_group;
}
mod mfa {
    pub(crate) mod get_user_pool_mfa_config;
    pub(crate) mod set_user_pool_mfa_config;
}
mod password {
    pub(crate) mod admin_reset_user_password;
    pub(crate) mod admin_set_user_password;
    pub(crate) mod change_password;
    pub(crate) mod confirm_forgot_password;
    pub(crate) mod forgot_password;
}
mod pools {
    pub(crate) mod add_custom_attributes;
    pub(crate) mod create_user_pool;
    pub(crate) mod delete_user_pool;
    pub(crate) mod describe_user_pool;
    pub(crate) mod list_user_pools;
    pub(crate) mod update_user_pool;
}
mod resource_servers {
    pub(crate) mod create_resource_server;
    pub(crate) mod delete_resource_server;
    pub(crate) mod describe_resource_server;
    pub(crate) mod list_resource_servers;
    pub(crate) mod update_resource_server;
}
mod sign_in {
    pub(crate) mod admin_initiate_auth;
    pub(crate) mod admin_respond_to_auth_challenge;
    mod answer;
    mod first_step;
    pub(crate) mod initiate_auth;
    mod next_step;
    mod parameters;
    pub(crate) mod respond_to_auth_challenge;
}
mod sign_up {
    pub(crate) mod admin_confirm_sign_up;
    pub(crate) mod confirm_sign_up;
    pub(crate) mod resend_confirmation_code;
    #[expect(clippy::module_inception, reason = "the operation is called like its noun")]
    pub(crate) mod sign_up;
}
mod tags {
    pub(crate) mod list_tags_for_resource;
    pub(crate) mod tag_resource;
    mod tagged_pool;
    pub(crate) mod untag_resource;
}
mod tokens {
    pub(crate) mod admin_user_global_sign_out;
    pub(crate) mod get_tokens_from_refresh_token;
    pub(crate) mod global_sign_out;
    pub(crate) mod revoke_token;
}
mod users {
    pub(crate) mod admin_create_user;
    pub(crate) mod admin_delete_user;
    pub(crate) mod admin_disable_user;
    pub(crate) mod admin_enable_user;
    pub(crate) mod admin_get_user;
    pub(crate) mod delete_user;
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
    AddCustomAttributes => pools::add_custom_attributes,
    AddUserPoolClientSecret => clients::add_user_pool_client_secret,
    AdminAddUserToGroup => groups::admin_add_user_to_group,
    AdminConfirmSignUp => sign_up::admin_confirm_sign_up,
    AdminCreateUser => users::admin_create_user,
    AdminDeleteUser => users::admin_delete_user,
    AdminDeleteUserAttributes => attributes::admin_delete_user_attributes,
    AdminDisableUser => users::admin_disable_user,
    AdminEnableUser => users::admin_enable_user,
    AdminGetUser => users::admin_get_user,
    AdminInitiateAuth => sign_in::admin_initiate_auth,
    AdminListGroupsForUser => groups::admin_list_groups_for_user,
    AdminRemoveUserFromGroup => groups::admin_remove_user_from_group,
    AdminResetUserPassword => password::admin_reset_user_password,
    AdminRespondToAuthChallenge => sign_in::admin_respond_to_auth_challenge,
    AdminSetUserPassword => password::admin_set_user_password,
    AdminUpdateUserAttributes => attributes::admin_update_user_attributes,
    AdminUserGlobalSignOut => tokens::admin_user_global_sign_out,
    ChangePassword => password::change_password,
    ConfirmForgotPassword => password::confirm_forgot_password,
    ConfirmSignUp => sign_up::confirm_sign_up,
    CreateGroup => groups::create_group,
    CreateResourceServer => resource_servers::create_resource_server,
    CreateUserPool => pools::create_user_pool,
    CreateUserPoolClient => clients::create_user_pool_client,
    CreateUserPoolDomain => domains::create_user_pool_domain,
    DeleteGroup => groups::delete_group,
    DeleteResourceServer => resource_servers::delete_resource_server,
    DeleteUser => users::delete_user,
    DeleteUserAttributes => attributes::delete_user_attributes,
    DeleteUserPool => pools::delete_user_pool,
    DeleteUserPoolClient => clients::delete_user_pool_client,
    DeleteUserPoolClientSecret => clients::delete_user_pool_client_secret,
    DeleteUserPoolDomain => domains::delete_user_pool_domain,
    DescribeResourceServer => resource_servers::describe_resource_server,
    DescribeUserPool => pools::describe_user_pool,
    DescribeUserPoolClient => clients::describe_user_pool_client,
    DescribeUserPoolDomain => domains::describe_user_pool_domain,
    ForgotPassword => password::forgot_password,
    GetGroup => groups::get_group,
    GetTokensFromRefreshToken => tokens::get_tokens_from_refresh_token,
    GetUser => users::get_user,
    GetUserAttributeVerificationCode => attributes::get_user_attribute_verification_code,
    GetUserPoolMfaConfig => mfa::get_user_pool_mfa_config,
    GlobalSignOut => tokens::global_sign_out,
    InitiateAuth => sign_in::initiate_auth,
    ListGroups => groups::list_groups,
    ListResourceServers => resource_servers::list_resource_servers,
    ListTagsForResource => tags::list_tags_for_resource,
    ListUserPoolClientSecrets => clients::list_user_pool_client_secrets,
    ListUserPoolClients => clients::list_user_pool_clients,
    ListUserPools => pools::list_user_pools,
    ListUsers => users::list_users,
    ListUsersInGroup => groups::list_users_in_group,
    ResendConfirmationCode => sign_up::resend_confirmation_code,
    RespondToAuthChallenge => sign_in::respond_to_auth_challenge,
    RevokeToken => tokens::revoke_token,
    SetUserPoolMfaConfig => mfa::set_user_pool_mfa_config,
    SignUp => sign_up::sign_up,
    TagResource => tags::tag_resource,
    UntagResource => tags::untag_resource,
    UpdateGroup => groups::update_group,
    UpdateResourceServer => resource_servers::update_resource_server,
    UpdateUserAttributes => attributes::update_user_attributes,
    UpdateUserPool => pools::update_user_pool,
    UpdateUserPoolClient => clients::update_user_pool_client,
    UpdateUserPoolDomain => domains::update_user_pool_domain,
    VerifyUserAttribute => attributes::verify_user_attribute,
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
