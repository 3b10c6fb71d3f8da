"""Refresh, revocation and global sign-out: which token lives how long, and which dies with which."""

import pytest
from support import tokens
from support.aws import proves, refused, violation
from support.pools import FLOWS, PASSWORD, secret_hash

NOBODY = "0000000000000000000000000a"
REVOKED = "Access Token has been revoked"


@pytest.fixture
def signed_in(app, pool):
    pool.user("ann")
    return app.tokens("ann")


@pytest.mark.parametrize("flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
def test_a_refresh_gives_new_tokens_of_the_same_sign_in(app, signed_in, flow):
    answer = app.start(flow, REFRESH_TOKEN=signed_in["RefreshToken"])
    result = answer["AuthenticationResult"]

    assert set(result) == {"AccessToken", "ExpiresIn", "TokenType", "IdToken"} and answer["ChallengeParameters"] == {}
    for kind in ["AccessToken", "IdToken"]:
        old, new = tokens.claims(signed_in[kind]), tokens.claims(result[kind])
        for same in ["sub", "iss", "origin_jti", "auth_time", "event_id", "token_use"]:
            assert new[same] == old[same], (kind, same)
        assert new["jti"] != old["jti"] and new["iat"] >= old["iat"] and new["exp"] - new["iat"] == 3600


def test_a_refresh_token_is_good_many_times(app, signed_in):
    for _ in range(3):
        assert app.refresh(signed_in["RefreshToken"])["AuthenticationResult"]


def test_a_refresh_reads_the_user_again(app, pool, idp):
    pool.create_user("ann", TemporaryPassword="Temporary-Pass-1")
    session = app.password("ann", "Temporary-Pass-1")["Session"]
    result = app.answer(
        "NEW_PASSWORD_REQUIRED", session, USERNAME="ann", NEW_PASSWORD=PASSWORD, userAttributes__name="Ann"
    )
    fresh = app.refresh(result["AuthenticationResult"]["RefreshToken"])["AuthenticationResult"]

    assert tokens.claims(fresh["IdToken"])["name"] == "Ann"


def test_a_refresh_token_is_opaque_and_has_five_parts(signed_in):
    token = signed_in["RefreshToken"]

    assert token.startswith("eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ.")
    assert token.count(".") == 4 and len(token) < 2_048


def test_a_made_up_or_foreign_refresh_token_is_refused(app, pool, make_pool, signed_in):
    token = signed_in["RefreshToken"]
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    elsewhere = make_pool().app()
    for client, presented in [
        (app, "garbage"),
        (app, changed),
        (pool.app(), token),
        (elsewhere, token),
        (app, signed_in["AccessToken"]),
    ]:
        with refused("NotAuthorizedException", "Invalid Refresh Token"):
            client.refresh(presented)


def test_the_hash_of_a_refresh_is_over_the_real_name(make_pool):
    pool = make_pool(UsernameAttributes=["email"])
    stored = pool.user("gil@example.com")["Username"]
    app = pool.app(GenerateSecret=True)
    token = app.tokens("gil@example.com")["RefreshToken"]
    with refused(
        "NotAuthorizedException", f"Client {app.id} is configured with secret but SECRET_HASH was not received"
    ):
        app.refresh(token)
    with refused("NotAuthorizedException", f"Unable to verify secret hash for client {app.id}"):
        app.refresh(token, SECRET_HASH=secret_hash("gil@example.com", app.id, app.secret))

    assert app.refresh(token, SECRET_HASH=secret_hash(stored, app.id, app.secret))["AuthenticationResult"]


@proves("InitiateAuth", "UnsupportedOperationException")
def test_a_client_that_rotates_does_not_refresh_this_way(pool):
    pool.user("ann")
    app = pool.app(
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
    )
    with refused("UnsupportedOperationException"):
        app.refresh(app.tokens("ann")["RefreshToken"])


def test_a_deleted_user_does_not_refresh(app, pool, signed_in):
    pool.delete("ann")
    with pytest.raises(app.idp.exceptions.ClientError) as caught:
        app.refresh(signed_in["RefreshToken"])
    assert caught.value.response["Error"]["Code"] in {"NotAuthorizedException", "UserNotFoundException"}


@proves("RevokeToken", "success")
def test_revoking_ends_one_sign_in_and_leaves_the_others(app, idp, signed_in):
    other = app.tokens("ann")
    refreshed = app.refresh(signed_in["RefreshToken"])["AuthenticationResult"]
    answer = idp.revoke_token(Token=signed_in["RefreshToken"], ClientId=app.id)

    assert set(answer) == {"ResponseMetadata"}
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        app.refresh(signed_in["RefreshToken"])
    for token in [signed_in["AccessToken"], refreshed["AccessToken"]]:
        with refused("NotAuthorizedException", REVOKED):
            idp.get_user(AccessToken=token)
    assert idp.get_user(AccessToken=other["AccessToken"])["Username"] == "ann"
    assert app.refresh(other["RefreshToken"])["AuthenticationResult"]


def test_revoking_twice_is_no_error(app, idp, signed_in):
    for _ in range(2):
        idp.revoke_token(Token=signed_in["RefreshToken"], ClientId=app.id)


def test_a_revoked_token_still_verifies_offline(app, pool, idp, signed_in):
    idp.revoke_token(Token=signed_in["RefreshToken"], ClientId=app.id)
    assert tokens.verified(signed_in["IdToken"], pool.issuer, app.id)["token_use"] == "id"


@proves("RevokeToken", "UnsupportedTokenTypeException")
def test_only_refresh_tokens_can_be_revoked(app, idp, signed_in):
    for kind in ["AccessToken", "IdToken"]:
        with refused("UnsupportedTokenTypeException"):
            idp.revoke_token(Token=signed_in[kind], ClientId=app.id)
    assert idp.get_user(AccessToken=signed_in["AccessToken"])


@proves("RevokeToken", "UnsupportedOperationException")
def test_a_client_without_revocation_revokes_nothing(pool, idp):
    pool.user("ann")
    app = pool.app(EnableTokenRevocation=False)
    result = app.tokens("ann")
    with refused("UnsupportedOperationException"):
        idp.revoke_token(Token=result["RefreshToken"], ClientId=app.id)
    assert "origin_jti" not in tokens.claims(result["AccessToken"]) | tokens.claims(result["IdToken"])


@proves("RevokeToken", "UnauthorizedException")
def test_revoking_needs_the_clients_secret_and_the_right_client(pool, idp):
    pool.user("ann")
    app = pool.app(GenerateSecret=True)
    token = app.tokens("ann")["RefreshToken"]
    for attempt in [
        {"ClientId": app.id},
        {"ClientId": app.id, "ClientSecret": "x" * 50},
        {"ClientId": NOBODY, "ClientSecret": app.secret},
    ]:
        with refused("UnauthorizedException"):
            idp.revoke_token(Token=token, **attempt)
    real = secret_hash("ann", app.id, app.secret)
    assert app.refresh(token, SECRET_HASH=real)["AuthenticationResult"]

    idp.revoke_token(Token=token, ClientId=app.id, ClientSecret=app.secret)
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        app.refresh(token, SECRET_HASH=real)


@proves("RevokeToken", "InvalidParameterException")
def test_a_token_that_cannot_be_one_is_not_printed(app, server):
    with refused(
        "InvalidParameterException",
        violation("token", "Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+"),
    ):
        server.idp.revoke_token(Token="not/a/token", ClientId=app.id)


@proves("GlobalSignOut", "success", "NotAuthorizedException")
def test_a_global_sign_out_ends_every_sign_in_so_far_and_none_to_come(app, pool, idp, signed_in):
    elsewhere = pool.app(ExplicitAuthFlows=FLOWS)
    other = elsewhere.tokens("ann")
    answer = idp.global_sign_out(AccessToken=signed_in["AccessToken"])

    assert set(answer) == {"ResponseMetadata"}
    for client, result in [(app, signed_in), (elsewhere, other)]:
        with refused("NotAuthorizedException", REVOKED):
            idp.get_user(AccessToken=result["AccessToken"])
        with refused("NotAuthorizedException", REVOKED):
            idp.global_sign_out(AccessToken=result["AccessToken"])
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            client.refresh(result["RefreshToken"])
    later = app.tokens("ann")
    assert idp.get_user(AccessToken=later["AccessToken"]) and app.refresh(later["RefreshToken"])


def test_a_global_sign_out_is_only_for_its_user(app, pool, idp, signed_in):
    pool.user("bob")
    bob = app.tokens("bob")
    idp.global_sign_out(AccessToken=signed_in["AccessToken"])

    assert idp.get_user(AccessToken=bob["AccessToken"])["Username"] == "bob"


@proves("GlobalSignOut", "InvalidParameterException")
def test_a_sign_out_needs_a_token(server):
    with refused("InvalidParameterException", violation("accessToken", "Member must not be null")):
        server.loose.global_sign_out()


def test_an_id_token_signs_nobody_out(idp, signed_in):
    with refused("NotAuthorizedException", "Invalid Access Token"):
        idp.global_sign_out(AccessToken=signed_in["IdToken"])


def test_a_password_set_by_an_administrator_ends_no_sign_in(app, pool, idp, signed_in):
    pool.set_password("ann", "Another-Pass-3")

    assert idp.get_user(AccessToken=signed_in["AccessToken"])["Username"] == "ann"
    assert app.refresh(signed_in["RefreshToken"])["AuthenticationResult"]
