"""GetTokensFromRefreshToken: refreshing with and without rotation, and what becomes of tokens that come back."""

import time

import pytest
from support import tokens
from support.aws import proves, refused, violation
from support.pools import secret_hash
from test_races import CROWD, together

NOBODY = "0000000000000000000000000a"
INVALID = "Invalid Refresh Token"
REUSED = "Refresh token has already been used"
REVOKED = "Refresh Token has been revoked"


def rotation(grace):
    return {
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": grace},
    }


def renew(app, token, **more):
    secret = {"ClientSecret": app.secret} if app.secret else {}
    return app.idp.get_tokens_from_refresh_token(ClientId=app.id, RefreshToken=token, **{**secret, **more})


def renewed(app, token):
    return renew(app, token)["AuthenticationResult"]


@pytest.fixture
def ann(pool):
    pool.user("ann")


@pytest.fixture
def rotating(pool, ann):
    return pool.app(**rotation(0))


@proves("GetTokensFromRefreshToken", "success")
def test_without_rotation_the_refresh_token_stays(app, ann):
    first = app.tokens("ann")
    for _ in range(3):
        result = renewed(app, first["RefreshToken"])
        assert set(result) == {"AccessToken", "ExpiresIn", "TokenType", "IdToken"}
        for kind in ["AccessToken", "IdToken"]:
            old, new = tokens.claims(first[kind]), tokens.claims(result[kind])
            assert all(new[same] == old[same] for same in ["sub", "iss", "origin_jti", "auth_time", "event_id"])
            assert new["jti"] != old["jti"]
    assert app.refresh(first["RefreshToken"])["AuthenticationResult"]


def test_with_rotation_each_token_leads_to_the_next(rotating, pool):
    first = rotating.tokens("ann")
    second = renewed(rotating, first["RefreshToken"])
    third = renewed(rotating, second["RefreshToken"])

    assert set(second) == {"AccessToken", "ExpiresIn", "TokenType", "IdToken", "RefreshToken"}
    assert len({result["RefreshToken"] for result in [first, second, third]}) == 3
    origins = {tokens.claims(result["AccessToken"])["origin_jti"] for result in [first, second, third]}
    assert len(origins) == 1
    assert tokens.verified(third["IdToken"], pool.issuer, rotating.id)["token_use"] == "id"
    for result in [first, second, third]:
        assert rotating.idp.get_user(AccessToken=result["AccessToken"])["Username"] == "ann"


@proves("GetTokensFromRefreshToken", "RefreshTokenReuseException")
def test_a_token_that_comes_back_takes_its_sign_in_along_and_no_other(rotating, idp):
    first, other = rotating.tokens("ann"), rotating.tokens("ann")
    second = renewed(rotating, first["RefreshToken"])
    for _ in range(2):
        with refused("RefreshTokenReuseException", REUSED):
            renew(rotating, first["RefreshToken"])

    with refused("NotAuthorizedException", REVOKED):
        renew(rotating, second["RefreshToken"])
    for result in [first, second]:
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            idp.get_user(AccessToken=result["AccessToken"])
    assert idp.get_user(AccessToken=other["AccessToken"]) and renewed(rotating, other["RefreshToken"])


def test_a_lost_answer_is_given_again_until_the_grace_is_over(pool, ann):
    app = pool.app(**rotation(2))
    first = app.tokens("ann")
    lost, again = (renewed(app, first["RefreshToken"]) for _ in range(2))
    assert lost["RefreshToken"] != again["RefreshToken"]
    last = renewed(app, again["RefreshToken"])

    time.sleep(2.1)
    with refused("RefreshTokenReuseException", REUSED):
        renew(app, first["RefreshToken"])
    with refused("NotAuthorizedException", REVOKED):
        renew(app, last["RefreshToken"])


def test_of_fifty_uses_at_once_one_wins(rotating):
    first = rotating.tokens("ann")["RefreshToken"]

    outcomes = together(lambda _: renew(rotating, first))
    assert outcomes == {"success": 1, ("RefreshTokenReuseException", REUSED): CROWD - 1}


def test_within_the_grace_all_of_twenty_get_tokens(pool, ann):
    app = pool.app(**rotation(60))
    first = app.tokens("ann")["RefreshToken"]
    got = []

    outcomes = together(lambda _: got.append(renewed(app, first)["RefreshToken"]), 20)
    assert outcomes == {"success": 20} and len(set(got)) == 20
    assert all(renewed(app, token) for token in got)


@proves("GetTokensFromRefreshToken", "NotAuthorizedException")
def test_a_made_up_or_foreign_token_is_invalid_and_spends_nothing(rotating, pool, make_pool):
    first = rotating.tokens("ann")
    token = first["RefreshToken"]
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    for client, presented in [
        (rotating, "garbage"),
        (rotating, changed),
        (rotating, first["AccessToken"]),
        (rotating, first["IdToken"]),
        (pool.app(**rotation(0)), token),
        (pool.app(), token),
        (make_pool().app(**rotation(0)), token),
    ]:
        with refused("NotAuthorizedException", INVALID):
            renew(client, presented)
    assert renewed(rotating, token)


def test_a_client_with_a_secret_proves_it_in_plain(pool, ann):
    app = pool.app(GenerateSecret=True, **rotation(0))
    token = app.tokens("ann")["RefreshToken"]
    wrong = f"Unable to verify client secret for client {app.id}"
    for secret in [
        app.secret + "0",
        "x" * 50,
        secret_hash("ann", app.id, app.secret).translate({43: 97, 47: 97, 61: 97}),
    ]:
        with refused("NotAuthorizedException", wrong):
            renew(app, token, ClientSecret=secret)
    with refused(
        "NotAuthorizedException", f"Client {app.id} is configured with secret but ClientSecret was not received"
    ):
        app.idp.get_tokens_from_refresh_token(ClientId=app.id, RefreshToken=token)
    public = pool.app(**rotation(0))
    with refused("NotAuthorizedException", f"Unable to verify client secret for client {public.id}"):
        renew(public, public.tokens("ann")["RefreshToken"], ClientSecret="x" * 50)

    assert renewed(app, token)["RefreshToken"]


@proves("GetTokensFromRefreshToken", "ResourceNotFoundException")
def test_an_unknown_client_is_not_found(idp):
    with refused("ResourceNotFoundException", f"User pool client {NOBODY} does not exist."):
        idp.get_tokens_from_refresh_token(ClientId=NOBODY, RefreshToken="a.b.c.d.e")


@proves("GetTokensFromRefreshToken", "InvalidParameterException")
def test_a_token_that_cannot_be_one_is_not_printed(app, server):
    pattern = "Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+"
    with refused("InvalidParameterException", violation("refreshToken", pattern)):
        renew(app, "not/a/token")
    with refused("InvalidParameterException", violation("refreshToken", "Member must not be null")):
        server.loose.get_tokens_from_refresh_token(ClientId=app.id)


def test_any_token_of_a_family_revokes_it(rotating, idp):
    first = rotating.tokens("ann")
    second = renewed(rotating, first["RefreshToken"])
    idp.revoke_token(Token=second["RefreshToken"], ClientId=rotating.id)

    with refused("NotAuthorizedException", REVOKED):
        renew(rotating, second["RefreshToken"])
    for result in [first, second]:
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            idp.get_user(AccessToken=result["AccessToken"])


def test_a_deleted_users_token_is_invalid(rotating, pool):
    token = rotating.tokens("ann")["RefreshToken"]
    pool.delete("ann")
    with refused("NotAuthorizedException", INVALID):
        renew(rotating, token)
