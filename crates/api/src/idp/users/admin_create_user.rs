//! `AdminCreateUser`: an administrator makes a user, who is invited with a temporary password.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html>

use cognate_domain::attributes::Attributes;
use cognate_engine::sign_up::NewUser;
use cognate_engine::users::TakenAlias;

use crate::prelude::*;

pub(crate) async fn admin_create_user(cx: &mut Cx, input: AdminCreateUserRequest) -> Result<AdminCreateUserResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;

    let asked = NewUser {
        username: &input.username,
        attributes: Attributes::from_wire(input.user_attributes.unwrap_or_default())?,
        temporary_password: input
            .temporary_password
            .as_ref()
            .map(cognate_wire::Secret::expose)
            .filter(|given| !given.is_empty()),
        mediums: input.desired_delivery_mediums.as_deref().unwrap_or_default(),
        silent: input.message_action == Some(MessageActionType::Suppress),
        taken: if input.force_alias_creation == Some(true) { TakenAlias::Move } else { TakenAlias::Refuse },
    };
    let user = if input.message_action == Some(MessageActionType::Resend) {
        cx.invite_again(&pool, asked).await?
    } else {
        cx.create_user(&pool, asked).await?
    };

    Ok(AdminCreateUserResponse { user: Some(user.into_wire()) })
}
