"""AdminInitiateAuth and AdminRespondToAuthChallenge: the same sign-in, by a server of the pool's owner."""

import pytest
from support.aws import proves, refused, violation
from support.pools import PASSWORD, TEMPORARY, attributes, secret_hash

NOBODY = "0000000000000000000000000a"
NO_POOL = "us-east-1_000000000"
WRONG = "Incorrect username or password."
RESET = "Password reset required for the user"
NEW = "Brand-New-Pass-2"
FLOWS = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
BOTH = ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"]
RESULT = {"AccessToken", "ExpiresIn", "TokenType", "RefreshToken", "IdToken"}


@pytest.fixture
def app(pool):
    return pool.app(ExplicitAuthFlows=FLOWS)


def start(app, flow, **parameters):
    return app.idp.admin_initiate_auth(
        UserPoolId=app.pool.id, ClientId=app.id, AuthFlow=flow, AuthParameters=parameters
    )


def by_password(app, username, password=PASSWORD, flow="ADMIN_USER_PASSWORD_AUTH"):
    hashed = app.hashed(username, "SECRET_HASH")
    return start(app, flow, USERNAME=username, PASSWORD=password, **hashed)


def answer(app, challenge, session=None, **responses):
    handle = {"Session": session} if session else {}
    return app.idp.admin_respond_to_auth_challenge(
        UserPoolId=app.pool.id, ClientId=app.id, ChallengeName=challenge, ChallengeResponses=responses, **handle
    )


def new_password(app, session, username="ann", password=NEW, **more):
    more = {name.replace("__", "."): value for name, value in more.items()}
    return answer(app, "NEW_PASSWORD_REQUIRED", session, USERNAME=username, NEW_PASSWORD=password, **more)


def srp(app, username, password=PASSWORD):
    """The first step, taken by this door."""
    begun = app.srp(username, password)
    begun.asked = begun.math.get_auth_params()
    begun.challenge = start(app, "USER_SRP_AUTH", **begun.asked)
    return begun


@proves("AdminInitiateAuth", "success", "NotAuthorizedException", "UserNotFoundException")
@pytest.mark.parametrize("flow", BOTH)
def test_a_password_gives_three_tokens_and_a_wrong_one_none(app, pool, flow):
    pool.user("ann")
    good = by_password(app, "ann", flow=flow)

    assert set(good["AuthenticationResult"]) == RESULT and good["ChallengeParameters"] == {}
    assert app.idp.get_user(AccessToken=good["AuthenticationResult"]["AccessToken"])["Username"] == "ann"
    with refused("NotAuthorizedException", WRONG):
        by_password(app, "ann", "Wrong-Horse-9", flow)
    with refused("UserNotFoundException", "User does not exist."):
        by_password(app, "nobody", flow=flow)


@proves("AdminRespondToAuthChallenge", "success", "NotAuthorizedException")
def test_srp_works_by_this_door(app, pool):
    pool.user("ann")
    proof = srp(app, "ann").proof()
    good = answer(app, "PASSWORD_VERIFIER", **proof)

    assert set(good["AuthenticationResult"]) == RESULT and good["ChallengeParameters"] == {}
    with refused("NotAuthorizedException", WRONG):
        answer(app, "PASSWORD_VERIFIER", **srp(app, "ann", "Wrong-Horse-9").proof())
    with refused("NotAuthorizedException", WRONG):
        answer(app, "PASSWORD_VERIFIER", **proof)


@proves("AdminRespondToAuthChallenge", "InvalidPasswordException")
def test_a_temporary_password_is_replaced(app, pool):
    pool.create_user("ann", TemporaryPassword=TEMPORARY)
    asked = by_password(app, "ann", TEMPORARY)
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert asked["ChallengeParameters"]["USER_ID_FOR_SRP"] == "ann"

    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        new_password(app, asked["Session"], password="Sh0rt-1")
    assert set(new_password(app, asked["Session"])["AuthenticationResult"]) == RESULT
    with refused("NotAuthorizedException", "Invalid session for the user, session can only be used once."):
        new_password(app, asked["Session"])
    assert by_password(app, "ann", NEW)["AuthenticationResult"]


def test_what_one_door_asked_the_other_may_hear(pool):
    app = pool.app(ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH"])
    for name in ["ann", "bob"]:
        pool.create_user(name, TemporaryPassword=TEMPORARY)

    public, own = app.password("ann", TEMPORARY)["Session"], by_password(app, "bob", TEMPORARY)["Session"]
    assert new_password(app, public, "ann")["AuthenticationResult"]
    assert app.answer("NEW_PASSWORD_REQUIRED", own, USERNAME="bob", NEW_PASSWORD=NEW)["AuthenticationResult"]


@proves("AdminRespondToAuthChallenge", "PasswordHistoryPolicyViolationException")
def test_the_new_password_must_not_be_an_old_one(make_pool):
    pool = make_pool(Policies={"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 3}})
    pool.user("ann", "First-Pass-1")
    pool.set_password("ann", TEMPORARY, permanent=False)
    app = pool.app(ExplicitAuthFlows=FLOWS)
    session = by_password(app, "ann", TEMPORARY)["Session"]
    with refused("PasswordHistoryPolicyViolationException", "Password has previously been used and cannot be reused."):
        new_password(app, session, password="First-Pass-1")


@proves("AdminRespondToAuthChallenge", "AliasExistsException")
def test_an_alias_that_another_owns_is_a_conflict(make_pool):
    pool = make_pool(AliasAttributes=["preferred_username"])
    pool.user("bob", preferred_username="chief")
    pool.create_user("ann", TemporaryPassword=TEMPORARY)
    app = pool.app(ExplicitAuthFlows=FLOWS)
    session = by_password(app, "ann", TEMPORARY)["Session"]
    with refused("AliasExistsException", "An account with the preferred_username already exists."):
        new_password(app, session, userAttributes__preferred_username="chief")


@proves("AdminInitiateAuth", "UserNotConfirmedException")
@proves("AdminRespondToAuthChallenge", "UserNotConfirmedException")
def test_an_unconfirmed_user_is_told_so_only_with_the_right_password(app):
    app.sign_up("ann")
    with refused("NotAuthorizedException", WRONG):
        by_password(app, "ann", "Wrong-Horse-9")
    with refused("UserNotConfirmedException", "User is not confirmed."):
        by_password(app, "ann")
    with refused("UserNotConfirmedException", "User is not confirmed."):
        answer(app, "PASSWORD_VERIFIER", **srp(app, "ann").proof())


@proves("AdminInitiateAuth", "PasswordResetRequiredException")
@proves("AdminRespondToAuthChallenge", "PasswordResetRequiredException")
def test_who_must_reset_the_password_is_told_so(mail_pool):
    app = mail_pool.app(ExplicitAuthFlows=FLOWS)
    mail_pool.user("ann", email=f"{app.id}@example.com", email_verified="true")
    begun = srp(app, "ann")
    app.idp.admin_reset_user_password(UserPoolId=mail_pool.id, Username="ann")

    with refused("PasswordResetRequiredException", RESET):
        by_password(app, "ann")
    with refused("PasswordResetRequiredException", RESET):
        answer(app, "PASSWORD_VERIFIER", **begun.proof())


@proves("AdminRespondToAuthChallenge", "UserNotFoundException")
def test_a_user_deleted_meanwhile_is_not_found(app, pool):
    pool.user("ann")
    begun = srp(app, "ann")
    pool.delete("ann")
    with refused("UserNotFoundException", "User does not exist."):
        answer(app, "PASSWORD_VERIFIER", **begun.proof())


@proves("AdminInitiateAuth", "ResourceNotFoundException")
@proves("AdminRespondToAuthChallenge", "ResourceNotFoundException")
def test_a_client_is_looked_for_in_its_own_pool_only(app, pool, make_pool, idp):
    pool.user("ann")
    elsewhere = make_pool().app(ExplicitAuthFlows=FLOWS)
    for pool_id, client_id, message in [
        (pool.id, NOBODY, f"User pool client {NOBODY} does not exist."),
        (pool.id, elsewhere.id, f"User pool client {elsewhere.id} does not exist."),
        (NO_POOL, app.id, f"User pool {NO_POOL} does not exist."),
    ]:
        where = {"UserPoolId": pool_id, "ClientId": client_id}
        named = {"USERNAME": "ann", "PASSWORD": PASSWORD}
        with refused("ResourceNotFoundException", message):
            idp.admin_initiate_auth(**where, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=named)
        with refused("ResourceNotFoundException", message):
            idp.admin_respond_to_auth_challenge(
                **where, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses={"USERNAME": "ann"}
            )


@proves("AdminInitiateAuth", "InvalidParameterException")
@proves("AdminRespondToAuthChallenge", "InvalidParameterException")
def test_each_door_has_its_own_password_flow_and_names_what_is_missing(app, pool, server):
    pool.user("ann")
    with refused("InvalidParameterException", "Initiate Auth method not supported."):
        by_password(app, "ann", flow="USER_PASSWORD_AUTH")
    for flow in BOTH:
        with refused("InvalidParameterException", "Initiate Auth method not supported."):
            app.start(flow, USERNAME="ann", PASSWORD=PASSWORD)
        with refused("InvalidParameterException", "Missing required parameter PASSWORD"):
            start(app, flow, USERNAME="ann")
    with refused("InvalidParameterException", "Missing required parameter Session"):
        new_password(app, None)
    with refused("InvalidParameterException", violation("userPoolId", "Member must not be null")):
        server.loose.admin_initiate_auth(ClientId=app.id, AuthFlow=BOTH[0])
    with refused("InvalidParameterException", violation("challengeName", "Member must not be null")):
        server.loose.admin_respond_to_auth_challenge(UserPoolId=pool.id, ClientId=app.id)


def test_a_client_allows_the_flows_that_it_lists(pool):
    pool.user("ann")
    app = pool.app(ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])
    token = app.tokens("ann")["RefreshToken"]
    for flow, message in [
        ("ADMIN_USER_PASSWORD_AUTH", "Auth flow not enabled for this client"),
        ("ADMIN_NO_SRP_AUTH", "Auth flow not enabled for this client"),
        ("USER_SRP_AUTH", "USER_SRP_AUTH is not enabled for the client."),
        ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN_AUTH is not enabled for the client."),
        ("CUSTOM_AUTH", "CUSTOM_AUTH is not enabled for the client."),
        ("USER_AUTH", "USER_AUTH is not enabled for the client."),
    ]:
        with refused("InvalidParameterException", message):
            start(app, flow, USERNAME="ann", PASSWORD=PASSWORD, SRP_A="ff", REFRESH_TOKEN=token)


@proves("AdminInitiateAuth", "UnsupportedOperationException")
@pytest.mark.parametrize("flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
def test_a_refresh_gives_no_refresh_token_and_is_not_for_clients_that_rotate(app, pool, flow):
    pool.user("ann")
    token = by_password(app, "ann")["AuthenticationResult"]["RefreshToken"]

    assert set(start(app, flow, REFRESH_TOKEN=token)["AuthenticationResult"]) == RESULT - {"RefreshToken"}
    with refused("NotAuthorizedException", "Invalid Refresh Token"):
        start(pool.app(ExplicitAuthFlows=FLOWS), flow, REFRESH_TOKEN=token)
    rotating = pool.app(
        ExplicitAuthFlows=FLOWS[:2], RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    )
    with refused(
        "UnsupportedOperationException", "REFRESH_TOKEN_AUTH is not supported when refresh token rotation is enabled."
    ):
        start(rotating, flow, REFRESH_TOKEN=by_password(rotating, "ann")["AuthenticationResult"]["RefreshToken"])


def test_the_hash_is_over_the_name_that_was_given(make_pool):
    pool = make_pool(UsernameAttributes=["email"])
    stored = pool.user("gil@example.com")["Username"]
    app = pool.app(GenerateSecret=True, ExplicitAuthFlows=FLOWS)
    token = by_password(app, "gil@example.com")["AuthenticationResult"]["RefreshToken"]
    named = {"USERNAME": "gil@example.com", "PASSWORD": PASSWORD}

    with refused(
        "NotAuthorizedException", f"Client {app.id} is configured with secret but SECRET_HASH was not received"
    ):
        start(app, BOTH[0], **named)
    with refused("NotAuthorizedException", f"Unable to verify secret hash for client {app.id}"):
        start(app, BOTH[0], **named, SECRET_HASH=secret_hash(stored, app.id, app.secret))
    assert start(app, "REFRESH_TOKEN", REFRESH_TOKEN=token, SECRET_HASH=secret_hash(stored, app.id, app.secret))


def test_the_veil_hangs_before_this_door_too(pool):
    app = pool.app(ExplicitAuthFlows=FLOWS, PreventUserExistenceErrors="ENABLED")
    pool.user("ann")
    app.idp.admin_disable_user(UserPoolId=pool.id, Username="ann")
    for name in ["ann", "nobody"]:
        with refused("NotAuthorizedException", WRONG):
            by_password(app, name)
        with refused("NotAuthorizedException", WRONG):
            answer(app, "PASSWORD_VERIFIER", **srp(app, name).proof())


def test_a_user_signs_in_by_an_alias(make_pool):
    pool = make_pool(AliasAttributes=["email"])
    pool.create_user("ann", UserAttributes=attributes(email="ann@example.com", email_verified="true"))
    pool.set_password("ann")
    app = pool.app(ExplicitAuthFlows=FLOWS)

    assert by_password(app, "ann@example.com")["AuthenticationResult"]
