//! `SignUp`: a person makes an account; a code proves their e-mail address or phone.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html>

use cognate_domain::attributes::Attributes;
use cognate_engine::sign_up::SignUp;

use crate::idp::secret_hash;
use crate::prelude::*;

pub(crate) async fn sign_up(cx: &mut Cx, input: SignUpRequest) -> Result<SignUpResponse> {
    let (pool, client) = cx.client(&input.client_id).await?;
    secret_hash::check(&client, &input.username, input.secret_hash.as_ref())?;

    let asked = SignUp {
        username: &input.username,
        password: input.password.as_ref().map(cognate_wire::Secret::expose),
        attributes: Attributes::from_wire(input.user_attributes.unwrap_or_default())?,
    };
    let done = cx.sign_up(&pool, &client, asked).await?;

    Ok(SignUpResponse {
        user_confirmed: false,
        user_sub: done.user.id,
        code_delivery_details: done.sent.map(|delivery| delivery.destination().into_wire()),
        session: None,
    })
}
