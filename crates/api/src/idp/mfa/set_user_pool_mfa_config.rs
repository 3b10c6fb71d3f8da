//! `SetUserPoolMfaConfig`: replaces which second factors a pool offers. As long as none is asked for, a pool that
//! requires one lets nobody in.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html>

use cognate_store::pools;

use crate::prelude::*;

pub(crate) async fn set_user_pool_mfa_config(
    cx: &mut Cx,
    input: SetUserPoolMfaConfigRequest,
) -> Result<SetUserPoolMfaConfigResponse> {
    let pool = cx.own_pool(&input.user_pool_id).await?;
    let row = pools::find(&mut cx.read().await?, &pool.id).await?;
    let mut row = row.ok_or_else(|| Error::pool_not_found(&pool.id))?;

    row.config = row.config.set_mfa(input)?;
    row.modified_at = cx.now;

    cx.write(async |tx| pools::update(tx, &row).await).await?;
    cx.app.caches.pools.forget();

    let set = row.config.described_mfa();
    Ok(SetUserPoolMfaConfigResponse {
        sms_mfa_configuration: set.sms_mfa_configuration,
        software_token_mfa_configuration: set.software_token_mfa_configuration,
        email_mfa_configuration: set.email_mfa_configuration,
        mfa_configuration: set.mfa_configuration,
        webauthn_configuration: set.webauthn_configuration,
    })
}
