//! `GetUserAttributeVerificationCode`: sends the code that proves an e-mail address or phone number.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAttributeVerificationCode.html>

use cognate_domain::delivery::Medium;

use crate::prelude::*;

pub(crate) async fn get_user_attribute_verification_code(
    cx: &mut Cx,
    input: GetUserAttributeVerificationCodeRequest,
) -> Result<GetUserAttributeVerificationCodeResponse> {
    let bearer = cx.bearer()?;
    let (pool, _) = cx.client(&bearer.family.client_id).await?;
    let medium = Medium::of(&input.attribute_name).ok_or_else(Error::unverifiable_attribute)?;

    let sent = cx.send_verification(&pool, &bearer.user, medium).await?;

    Ok(GetUserAttributeVerificationCodeResponse { code_delivery_details: Some(sent.into_wire()) })
}
