//! The user-pool API.

mod attributes {
    mod admin_update_user_attributes;
    mod delete_user_attributes;
    mod get_user_attribute_verification_code;
    mod kit;
    mod pending;
    mod races;
    mod update_user_attributes;
    mod verify_user_attribute;
}
mod groups {
    mod admin_add_user_to_group;
    mod admin_list_groups_for_user;
    mod admin_remove_user_from_group;
    mod claims;
    mod create_group;
    mod delete_group;
    mod get_group;
    mod kit;
    mod list_groups;
    mod list_users_in_group;
    mod strangers;
    mod update_group;
}
mod clients {
    mod add_user_pool_client_secret;
    mod delete_user_pool_client_secret;
    mod list_user_pool_client_secrets;
}
mod mfa {
    mod set_user_pool_mfa_config;
}
mod password {
    mod admin_reset_user_password;
    mod change_password;
    mod confirm_forgot_password;
    mod forgot_password;
    mod kit;
    mod races;
    mod veil;
}
mod sign_up {
    mod confirm_sign_up;
    mod races;
    mod resend_confirmation_code;
    #[expect(clippy::module_inception, reason = "the operation is called like its noun")]
    mod sign_up;
}
mod sign_in {
    mod admin_initiate_auth;
    mod device_key;
    mod lock_out;
    mod new_password;
    mod parallel;
    mod srp;
    mod srp_veil;
    mod unbuilt;
}
mod tokens {
    mod admin_user_global_sign_out;
    mod bearer;
    mod claims;
    mod get_tokens_from_refresh_token;
    mod global_sign_out;
    mod refresh;
    mod reuse;
    mod revoke_token;
    mod rotation;
}
mod pages;
mod users {
    mod admin_create_user;
    mod admin_disable_user;
    mod delete_user;
}
mod domains {
    mod create_user_pool_domain;
    mod delete_user_pool_domain;
    mod describe_user_pool_domain;
    mod kit;
    mod update_user_pool_domain;
}
mod pools {
    mod add_custom_attributes;
    mod delete_user_pool;
    mod update_user_pool;
}
mod resource_servers {
    mod create_resource_server;
    mod delete_resource_server;
    mod describe_resource_server;
    mod kit;
    mod list_resource_servers;
    mod scopes_of_clients;
    mod update_resource_server;
}
mod tags {
    mod kit;
    mod list_tags_for_resource;
    mod settings;
    mod tag_resource;
    mod untag_resource;
}
