"""What a pool's tier does not hold."""

from support.aws import proves, refused


def needs_disabling(feature, tier):
    return f"The following features need to be disabled for the {tier} pricing tier configured: {feature}"


@proves("CreateUserPool", "FeatureUnavailableInTierException")
def test_threat_protection_needs_plus(make_pool, idp):
    threats = {"AdvancedSecurityMode": "ENFORCED"}
    for tier in ["LITE", "ESSENTIALS"]:
        with refused("FeatureUnavailableInTierException", needs_disabling("Threat Protection", tier)):
            idp.create_user_pool(PoolName="never", UserPoolTier=tier, UserPoolAddOns=threats)

    pool = make_pool(UserPoolTier="PLUS", UserPoolAddOns=threats)
    assert pool.described["UserPoolAddOns"] == threats


@proves("UpdateUserPool", "FeatureUnavailableInTierException")
def test_lite_has_passwords_only(pool, idp):
    factors = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
    idp.update_user_pool(UserPoolId=pool.id, Policies=factors)
    with refused("FeatureUnavailableInTierException", needs_disabling("Passwordless Sign-In", "LITE")):
        idp.update_user_pool(UserPoolId=pool.id, Policies=factors, UserPoolTier="LITE")
    assert idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["UserPoolTier"] == "ESSENTIALS"
