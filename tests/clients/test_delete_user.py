"""DeleteUser: people remove themselves, and nothing of theirs stays good."""

import pytest
from support.aws import proves, refused, violation
from support.pools import attributes
from test_races import together

GONE = "User does not exist."


@pytest.fixture
def tokens(app, pool):
    pool.user("ann", email="ann@example.com")
    return app.tokens("ann")


def count(pool):
    return pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["EstimatedNumberOfUsers"]


@proves("DeleteUser", "success", "UserNotFoundException")
def test_who_is_gone_is_gone_with_everything(app, pool, tokens, idp):
    access = tokens["AccessToken"]
    assert set(idp.delete_user(AccessToken=access)) == {"ResponseMetadata"}

    assert pool.names() == [] == pool.names(Filter='email ^= "ann"') and count(pool) == 0
    for call in [idp.delete_user, idp.get_user]:
        with refused("UserNotFoundException", GONE):
            call(AccessToken=access)
    with refused("NotAuthorizedException", "Invalid Refresh Token"):
        app.refresh(tokens["RefreshToken"])
    with refused("UserNotFoundException", GONE):
        app.password("ann")


def test_the_next_of_that_name_is_somebody_else(pool, tokens, idp):
    idp.delete_user(AccessToken=tokens["AccessToken"])
    pool.user("ann")
    with refused("UserNotFoundException", GONE):
        idp.get_user(AccessToken=tokens["AccessToken"])


def test_of_twenty_deletions_at_once_one_is_done_and_counted(pool, tokens, idp):
    pool.user("bob")
    outcomes = together(lambda _: idp.delete_user(AccessToken=tokens["AccessToken"]), 20)

    assert outcomes["success"] == 1, outcomes
    assert {error for error, _ in set(outcomes) - {"success"}} <= {"UserNotFoundException", "TooManyRequestsException"}
    assert count(pool) == 1


@proves("DeleteUser", "PasswordResetRequiredException")
def test_who_must_reset_the_password_does_so_first(pool, tokens, idp):
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id, Username="ann", UserAttributes=attributes(email_verified="true")
    )
    idp.admin_reset_user_password(UserPoolId=pool.id, Username="ann")
    with refused("PasswordResetRequiredException", "Password reset required for the user"):
        idp.delete_user(AccessToken=tokens["AccessToken"])


@proves("DeleteUser", "NotAuthorizedException", "InvalidParameterException")
def test_only_an_access_token_that_is_good_deletes(app, tokens, server):
    idp = server.idp
    for token in [tokens["IdToken"], tokens["RefreshToken"], "no.token.atall"]:
        with refused("NotAuthorizedException", "Invalid Access Token"):
            idp.delete_user(AccessToken=token)
    with refused("InvalidParameterException", violation("accessToken", "Member must not be null")):
        server.loose.delete_user()
    idp.global_sign_out(AccessToken=tokens["AccessToken"])
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        idp.delete_user(AccessToken=tokens["AccessToken"])
    assert app.tokens("ann")
