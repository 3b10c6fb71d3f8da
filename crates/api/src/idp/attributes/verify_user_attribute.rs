//! `VerifyUserAttribute`: the code that was sent proves the e-mail address or phone number it went to.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifyUserAttribute.html>

use cognate_domain::delivery::Medium;

use crate::prelude::*;

pub(crate) async fn verify_user_attribute(
    cx: &mut Cx,
    input: VerifyUserAttributeRequest,
) -> Result<VerifyUserAttributeResponse> {
    let bearer = cx.bearer()?;
    let (pool, _) = cx.client(&bearer.family.client_id).await?;
    let medium = Medium::of(&input.attribute_name).ok_or_else(Error::unverifiable_attribute)?;

    cx.verify_attribute(&pool, &bearer.user, medium, &input.code).await?;

    Ok(VerifyUserAttributeResponse {})
}
