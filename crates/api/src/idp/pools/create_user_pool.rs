//! `CreateUserPool`: makes a pool with its own signing keys.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html>

use cognate_domain::ids;
use cognate_domain::pool::PoolConfig;
use cognate_engine::sealing::Sealed;
use cognate_store::pools::PoolRow;
use cognate_store::{pools, signing_keys};

use crate::prelude::*;

pub(crate) async fn create_user_pool(cx: &mut Cx, input: CreateUserPoolRequest) -> Result<CreateUserPoolResponse> {
    let config = PoolConfig::create(input)?;
    let pool_id = ids::pool_id(cx.entropy(), &cx.caller.region);
    let veil_key = ids::random::<32>(cx.entropy());

    let row = PoolRow {
        veil_key_sealed: cx.app.seal(Sealed::PoolVeilKey, &pool_id, &veil_key)?,
        pool_id,
        account_id: cx.caller.account.clone(),
        region: cx.caller.region.clone(),
        config,
        version: 1,
        created_at: cx.now,
        modified_at: cx.now,
    };
    let keys = cx.new_pool_keys(&row.pool_id, &row.config).await?;

    cx.write(async |tx| {
        pools::insert(tx, &row).await?;
        for key in &keys {
            signing_keys::insert(tx, &row.pool_id, key).await?;
        }
        Ok(())
    })
    .await?;

    let pool = cx.app.open_pool(row)?;
    Ok(CreateUserPoolResponse { user_pool: Some(pool.into_wire(0)) })
}
