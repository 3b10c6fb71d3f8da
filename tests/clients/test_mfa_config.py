"""What a pool keeps of second factors. Sign-in asks for none yet, so a pool that requires one lets nobody in."""

import pytest
from botocore.exceptions import ClientError
from support.aws import proves, refused, violation
from support.pools import PASSWORD

NOWHERE = "us-east-1_000000000"
SENDER = {
    "SnsCallerArn": "arn:aws:iam::123456789012:role/service-role/sms",
    "ExternalId": "x",
    "SnsRegion": "us-east-1",
}
DEVELOPER = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/a@example.com",
}
SOFTWARE_TOKEN = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
TEXTS = {"SmsMfaConfiguration": {"SmsAuthenticationMessage": "Sign in with {####}", "SmsConfiguration": SENDER}}
MAILS = {"EmailMfaConfiguration": {"Message": "Sign in with {####}", "Subject": "Code"}}
PASSKEYS = {
    "WebAuthnConfiguration": {
        "RelyingPartyId": "auth.example.com",
        "UserVerification": "preferred",
        "FactorConfiguration": "SINGLE_FACTOR",
    }
}


def plain(answer):
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def set_config(pool, **settings):
    return plain(pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, **settings))


def config(pool):
    return plain(pool.idp.get_user_pool_mfa_config(UserPoolId=pool.id))


def describe(pool):
    return pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]


@proves("SetUserPoolMfaConfig", "success")
@proves("GetUserPoolMfaConfig", "success")
@pytest.mark.parametrize("mode", ["ON", "OPTIONAL"])
def test_what_is_set_is_answered_and_read_again(make_pool, mode):
    pool = make_pool(EmailConfiguration=DEVELOPER)
    everything = {"MfaConfiguration": mode, **SOFTWARE_TOKEN, **TEXTS, **MAILS, **PASSKEYS}

    assert set_config(pool, **everything) == everything
    assert config(pool) == everything
    described = describe(pool)
    assert described["MfaConfiguration"] == mode and described["SmsConfiguration"] == SENDER
    assert described["SmsAuthenticationMessage"] == "Sign in with {####}"


def test_what_is_left_out_goes(make_pool):
    pool = make_pool(EmailConfiguration=DEVELOPER)
    set_config(pool, MfaConfiguration="ON", **SOFTWARE_TOKEN, **TEXTS, **MAILS, **PASSKEYS)

    assert set_config(pool, MfaConfiguration="OPTIONAL", **TEXTS) == {"MfaConfiguration": "OPTIONAL", **TEXTS}
    assert set_config(pool, MfaConfiguration="OFF") == {"MfaConfiguration": "OFF"} == config(pool)
    assert describe(pool)["SmsConfiguration"] == SENDER, "verification still sends with it"


def test_a_new_pool_has_mfa_off_and_nothing_else(pool):
    assert config(pool) == {"MfaConfiguration": "OFF"}


def test_passkeys_are_set_on_their_own(pool):
    set_config(pool, MfaConfiguration="ON", **SOFTWARE_TOKEN)
    both = {"MfaConfiguration": "ON", **SOFTWARE_TOKEN, **PASSKEYS}
    assert set_config(pool, **PASSKEYS) == both == config(pool)


def test_a_pool_made_with_mfa_sends_text_messages(make_pool):
    pool = make_pool(MfaConfiguration="OPTIONAL", SmsConfiguration=SENDER, SmsAuthenticationMessage="{####}!")
    assert config(pool) == {
        "MfaConfiguration": "OPTIONAL",
        "SmsMfaConfiguration": {"SmsAuthenticationMessage": "{####}!", "SmsConfiguration": SENDER},
    }


def test_an_update_of_the_pool_keeps_the_factors_it_cannot_name(pool, idp):
    set_config(pool, MfaConfiguration="ON", **SOFTWARE_TOKEN)
    idp.update_user_pool(UserPoolId=pool.id, MfaConfiguration="OPTIONAL")
    assert config(pool) == {"MfaConfiguration": "OPTIONAL", **SOFTWARE_TOKEN}
    idp.update_user_pool(UserPoolId=pool.id)
    assert config(pool) == {"MfaConfiguration": "OFF"}


def test_a_pool_that_requires_mfa_lets_nobody_in(pool, app):
    pool.user("ann")
    set_config(pool, MfaConfiguration="ON", **SOFTWARE_TOKEN)
    with refused("NotImplementedException", "Sign-in with required MFA is not implemented yet."):
        app.password("ann", PASSWORD)
    with pytest.raises(ClientError):
        app.srp("ann").sign_in()

    set_config(pool, MfaConfiguration="OPTIONAL", **SOFTWARE_TOKEN)
    assert app.tokens("ann"), "who has no factor is asked for none"


MFA_NEEDS = "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"
NO_FACTOR = "At least one of [SmsMfaConfiguration] or [SoftwareTokenMfaConfiguration] must be provided."
NO_MODE = "[MfaConfiguration] must be one of 'ON', 'OFF', or 'OPTIONAL'."
OFF_WITH = "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
CONTRADICTIONS = {
    "no factor": ({"MfaConfiguration": "ON"}, NO_FACTOR),
    "no factor, optional": ({"MfaConfiguration": "OPTIONAL", **PASSKEYS}, NO_FACTOR),
    "factor off": ({"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": False}}, NO_FACTOR),
    "no mode": (SOFTWARE_TOKEN, NO_MODE),
    "nothing": ({}, NO_MODE),
    "off with a factor": ({"MfaConfiguration": "OFF", **SOFTWARE_TOKEN}, OFF_WITH),
    "off with texts": ({"MfaConfiguration": "OFF", **TEXTS}, OFF_WITH),
    "texts without a sender": ({"MfaConfiguration": "ON", "SmsMfaConfiguration": {}}, MFA_NEEDS),
    "mails from Cognito": (
        {"MfaConfiguration": "ON", **MAILS},
        "Email MFA can only be configured when EmailSendingAccount is DEVELOPER.",
    ),
}


@proves("SetUserPoolMfaConfig", "InvalidParameterException")
@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_what_contradicts_itself_is_refused_and_changes_nothing(pool, case):
    settings, message = CONTRADICTIONS[case]
    with refused("InvalidParameterException", message):
        set_config(pool, **settings)
    assert config(pool) == {"MfaConfiguration": "OFF"}


@proves("SetUserPoolMfaConfig", "FeatureUnavailableInTierException")
def test_email_codes_and_strong_passkeys_are_beyond_the_lite_tier(make_pool):
    pool = make_pool(EmailConfiguration=DEVELOPER, UserPoolTier="LITE")
    disabled = "The following features need to be disabled for the LITE pricing tier configured: "
    with refused("FeatureUnavailableInTierException", disabled + "Email MFA"):
        set_config(pool, MfaConfiguration="ON", **MAILS)
    with refused("FeatureUnavailableInTierException", disabled + "Passkey MFA"):
        set_config(pool, **PASSKEYS)
    assert config(pool) == {"MfaConfiguration": "OFF"}


@proves("GetUserPoolMfaConfig", "InvalidParameterException", "ResourceNotFoundException")
@proves("SetUserPoolMfaConfig", "ResourceNotFoundException")
def test_an_unknown_pool_is_not_found(idp):
    for operation in [idp.get_user_pool_mfa_config, idp.set_user_pool_mfa_config]:
        with refused("ResourceNotFoundException", f"User pool {NOWHERE} does not exist."):
            operation(UserPoolId=NOWHERE)
        tail = r"Member must satisfy regular expression pattern: [\w-]+_[0-9a-zA-Z]+"
        with refused("InvalidParameterException", violation("userPoolId", tail, "not a pool")):
            operation(UserPoolId="not a pool")
