"""ChangePassword: a token and the present password, with the limits and the lock of a sign-in."""

import pytest
from support.aws import proves, refused, violation
from support.pools import PASSWORD, TEMPORARY
from test_races import together

NEW = "Another-Horse-9"
INCORRECT = "Incorrect username or password."
LIMIT = "Attempt limit exceeded, please try after some time."


@pytest.fixture
def token(app):
    app.pool.user("ann")
    return app.tokens("ann")["AccessToken"]


def change(app, token, previous=PASSWORD, proposed=NEW):
    return app.idp.change_password(AccessToken=token, PreviousPassword=previous, ProposedPassword=proposed)


@proves("ChangePassword", "success")
def test_the_new_password_signs_in_and_the_old_one_does_not(app, token):
    answer = change(app, token)

    assert set(answer) == {"ResponseMetadata"}
    assert app.srp("ann", NEW).sign_in()["AuthenticationResult"] and app.tokens("ann", NEW)
    with refused("NotAuthorizedException", INCORRECT):
        app.srp("ann").sign_in()
    with refused("NotAuthorizedException", INCORRECT):
        app.password("ann")


def test_tokens_stay_good_and_a_sign_in_under_way_ends(app, token):
    tokens, srp = app.tokens("ann"), app.srp("ann")
    srp.first()
    change(app, token)

    assert app.idp.get_user(AccessToken=token)["Username"] == "ann"
    assert app.refresh(tokens["RefreshToken"])["AuthenticationResult"]
    with refused("NotAuthorizedException", INCORRECT):
        srp.second()


@proves("ChangePassword", "NotAuthorizedException", "LimitExceededException")
def test_a_token_is_no_way_to_guess_the_password(app, token):
    for _ in range(4):
        with refused("NotAuthorizedException", INCORRECT):
            change(app, token, "Wrong-Horse-9")
    change(app, token)
    with refused("LimitExceededException", LIMIT):
        change(app, token, NEW, "Third-Horse-9")

    with refused("NotAuthorizedException", "Invalid Access Token"):
        change(app, "garbage")


def test_wrong_guesses_by_token_lock_the_sign_in(app, token):
    for _ in range(5):
        with refused("NotAuthorizedException", INCORRECT):
            change(app, token, "Wrong-Horse-9")
    outcomes = together(lambda _: app.password("ann", "Wrong-Horse-9"), 8)

    assert outcomes[("NotAuthorizedException", "Password attempts exceeded")] >= 1


@proves("ChangePassword", "InvalidPasswordException", "PasswordHistoryPolicyViolationException")
def test_the_proposal_must_fit_the_policy_and_the_history(make_pool):
    app = make_pool(Policies={"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 2}}).app()
    app.pool.user("ann")
    token = app.tokens("ann")["AccessToken"]
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        change(app, token, proposed="Short-1")
    with refused("PasswordHistoryPolicyViolationException", "Password has previously been used and cannot be reused."):
        change(app, token, proposed=PASSWORD)
    change(app, token)

    assert app.tokens("ann", NEW)


@proves("ChangePassword", "InvalidParameterException")
def test_what_is_missing_is_named(app, token, server):
    with refused("InvalidParameterException", violation("proposedPassword", "Member must not be null")):
        server.loose.change_password(AccessToken=token, PreviousPassword=PASSWORD)
    with refused("InvalidParameterException", "Missing required parameter PreviousPassword"):
        app.idp.change_password(AccessToken=token, ProposedPassword=NEW)


@proves("ChangePassword", "UserNotFoundException", "ResourceNotFoundException")
def test_tokens_of_deleted_users_and_clients_change_nothing(app, token, pool):
    elsewhere = pool.app()
    other = elsewhere.tokens("ann")["AccessToken"]
    app.idp.delete_user_pool_client(UserPoolId=pool.id, ClientId=elsewhere.id)
    with refused("ResourceNotFoundException", f"User pool client {elsewhere.id} does not exist."):
        change(app, other)
    pool.delete("ann")
    with refused("UserNotFoundException", "User does not exist."):
        change(app, token)


def test_a_temporary_password_is_replaced_by_signing_in(app, token):
    app.pool.set_password("ann", TEMPORARY, permanent=False)
    with refused("NotAuthorizedException", "User password cannot be reset in the current state."):
        change(app, token, TEMPORARY)


def test_of_fifty_changes_at_once_one_succeeds(app, token):
    outcomes = together(lambda number: change(app, token, proposed=f"Horse-Number-{number}"))

    assert outcomes["success"] == 1
    errors = {error for error, _ in set(outcomes) - {"success"}}
    assert errors <= {"NotAuthorizedException", "LimitExceededException", "TooManyRequestsException"}
