"""AdminDisableUser, AdminEnableUser and AdminUserGlobalSignOut: who is out, and with what."""

import pytest
from support.aws import proves, refused, violation
from support.pools import PASSWORD

NO_POOL = "us-east-1_000000000"
DISABLED = "User is disabled."
REVOKED = "Access Token has been revoked"


@pytest.fixture
def ann(pool):
    pool.user("ann")
    return {"UserPoolId": pool.id, "Username": "ann"}


@proves("AdminDisableUser", "success")
def test_who_is_disabled_does_nothing_more(app, pool, idp, ann):
    result = app.tokens("ann")
    srp = app.srp("ann")
    srp.first()
    assert set(idp.admin_disable_user(**ann)) == {"ResponseMetadata"}

    assert pool.get("ann")["Enabled"] is False and pool.get("ann")["UserStatus"] == "CONFIRMED"
    for attempt in [
        lambda: app.password("ann"),
        lambda: app.srp("ann").first(),
        srp.second,
        lambda: app.refresh(result["RefreshToken"]),
        lambda: idp.get_tokens_from_refresh_token(ClientId=app.id, RefreshToken=result["RefreshToken"]),
        lambda: idp.get_user(AccessToken=result["AccessToken"]),
    ]:
        with refused("NotAuthorizedException", DISABLED):
            attempt()


@proves("AdminEnableUser", "success")
def test_who_is_enabled_again_begins_anew(app, pool, idp, ann):
    old = app.tokens("ann")
    idp.admin_disable_user(**ann)
    assert set(idp.admin_enable_user(**ann)) == {"ResponseMetadata"}

    assert pool.get("ann")["Enabled"] is True
    with refused("NotAuthorizedException", REVOKED):
        idp.get_user(AccessToken=old["AccessToken"])
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        app.refresh(old["RefreshToken"])
    new = app.tokens("ann")
    assert idp.get_user(AccessToken=new["AccessToken"]) and app.refresh(new["RefreshToken"])


def test_both_may_be_repeated(app, pool, idp, ann):
    result = app.tokens("ann")
    for _ in range(2):
        idp.admin_enable_user(**ann)
    assert idp.get_user(AccessToken=result["AccessToken"])["Username"] == "ann"
    for _ in range(2):
        idp.admin_disable_user(**ann)
    assert pool.get("ann")["Enabled"] is False


def test_disabled_users_are_listed_as_such(pool, idp, ann):
    pool.user("bob")
    idp.admin_disable_user(**ann)

    assert pool.names(Filter='status = "Disabled"') == ["ann"]
    assert pool.names(Filter='status = "Enabled"') == ["bob"]


@proves("AdminUserGlobalSignOut", "success")
def test_an_administrator_signs_a_user_out_everywhere(app, pool, idp, ann):
    pool.user("bob")
    elsewhere = pool.app()
    here, there, bobs = app.tokens("ann"), elsewhere.tokens("ann"), app.tokens("bob")
    for _ in range(2):
        assert set(idp.admin_user_global_sign_out(**ann)) == {"ResponseMetadata"}

    for client, result in [(app, here), (elsewhere, there)]:
        with refused("NotAuthorizedException", REVOKED):
            idp.get_user(AccessToken=result["AccessToken"])
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            client.refresh(result["RefreshToken"])
    assert idp.get_user(AccessToken=bobs["AccessToken"])["Username"] == "bob"
    later = app.tokens("ann", PASSWORD)
    assert idp.get_user(AccessToken=later["AccessToken"]) and app.refresh(later["RefreshToken"])


@proves("AdminDisableUser", "UserNotFoundException", "ResourceNotFoundException", "InvalidParameterException")
@proves("AdminEnableUser", "UserNotFoundException", "ResourceNotFoundException", "InvalidParameterException")
@proves("AdminUserGlobalSignOut", "UserNotFoundException", "ResourceNotFoundException", "InvalidParameterException")
def test_who_is_not_there_can_be_put_neither_in_nor_out(pool, idp, server):
    for operation in ["admin_disable_user", "admin_enable_user", "admin_user_global_sign_out"]:
        with refused("UserNotFoundException", "User does not exist."):
            getattr(idp, operation)(UserPoolId=pool.id, Username="nobody")
        with refused("ResourceNotFoundException", f"User pool {NO_POOL} does not exist."):
            getattr(idp, operation)(UserPoolId=NO_POOL, Username="ann")
        with refused("InvalidParameterException", violation("username", "Member must not be null")):
            getattr(server.loose, operation)(UserPoolId=pool.id)
