"""NEW_PASSWORD_REQUIRED, and the handles that lead from one challenge to the next: opaque, bound, good once."""

import json

import pytest
from support.aws import proves, refused
from support.pools import PASSWORD, TEMPORARY, as_dict

WRONG = "Incorrect username or password."
NEW = "Brand-New-Pass-2"
USED = "Invalid session for the user, session can only be used once."
INVALID = "Invalid session for the user."


def text(name, **more):
    return {"Name": name, "AttributeDataType": "String", "Mutable": True, **more}


@pytest.fixture
def invited(pool):
    pool.create_user("ann", TemporaryPassword=TEMPORARY)
    return "ann"


@pytest.fixture
def challenge(app, invited):
    """The challenge that a temporary password leads to."""
    return app.password(invited, TEMPORARY)


def test_a_temporary_password_leads_to_the_new_password_challenge(challenge):
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED" and "AuthenticationResult" not in challenge
    assert challenge["ChallengeParameters"]["USER_ID_FOR_SRP"] == "ann"
    assert json.loads(challenge["ChallengeParameters"]["requiredAttributes"]) == []
    assert "sub" not in json.loads(challenge["ChallengeParameters"]["userAttributes"])
    assert challenge["Session"].startswith("AYABe") and 20 <= len(challenge["Session"]) < 2048


def test_the_challenge_tells_what_is_known_and_what_is_required(make_pool):
    pool = make_pool(Schema=[text("name", Required=True), text("team")])
    given = [{"Name": "email", "Value": "ann@example.com"}, {"Name": "email_verified", "Value": "true"}]
    pool.create_user("ann", TemporaryPassword=TEMPORARY, UserAttributes=given)
    parameters = pool.app().password("ann", TEMPORARY)["ChallengeParameters"]

    assert json.loads(parameters["requiredAttributes"]) == ["userAttributes.name"]
    assert json.loads(parameters["userAttributes"]) == {"email": "ann@example.com", "email_verified": "true"}


def test_a_password_of_ones_own_ends_in_tokens_and_a_confirmed_user(app, challenge):
    answer = app.answer("NEW_PASSWORD_REQUIRED", challenge["Session"], USERNAME="ann", NEW_PASSWORD=NEW)

    assert answer["AuthenticationResult"]["AccessToken"] and answer["ChallengeParameters"] == {}
    assert app.pool.get("ann")["UserStatus"] == "CONFIRMED"
    assert app.tokens("ann", NEW) and app.srp("ann", NEW).sign_in()["AuthenticationResult"]
    with refused("NotAuthorizedException", WRONG):
        app.password("ann", TEMPORARY)


def test_srp_leads_to_the_same_challenge(app, invited):
    challenge = app.srp(invited, TEMPORARY).sign_in()
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"

    answer = app.answer("NEW_PASSWORD_REQUIRED", challenge["Session"], USERNAME=invited, NEW_PASSWORD=NEW)
    assert answer["AuthenticationResult"]["RefreshToken"]


def test_a_required_attribute_must_be_given_and_is_stored(make_pool):
    pool = make_pool(Schema=[text("name", Required=True)])
    pool.create_user("ann", TemporaryPassword=TEMPORARY)
    app = pool.app()
    first = app.password("ann", TEMPORARY)
    with refused("InvalidParameterException", "Invalid attributes given, name is missing"):
        app.answer("NEW_PASSWORD_REQUIRED", first["Session"], USERNAME="ann", NEW_PASSWORD=NEW)

    again = app.password("ann", TEMPORARY)
    app.answer("NEW_PASSWORD_REQUIRED", again["Session"], USERNAME="ann", NEW_PASSWORD=NEW, userAttributes__name="Ann")
    assert as_dict(pool.get("ann")["UserAttributes"])["name"] == "Ann"


def test_what_is_known_already_cannot_be_changed_on_the_way(pool, app):
    pool.create_user("ann", TemporaryPassword=TEMPORARY, UserAttributes=[{"Name": "email", "Value": "ann@example.com"}])
    session = app.password("ann", TEMPORARY)["Session"]
    with refused("NotAuthorizedException", "Cannot modify an already provided email"):
        app.answer(
            "NEW_PASSWORD_REQUIRED",
            session,
            USERNAME="ann",
            NEW_PASSWORD=NEW,
            userAttributes__email="other@example.com",
        )
    assert pool.get("ann")["UserStatus"] == "FORCE_CHANGE_PASSWORD"


@proves("RespondToAuthChallenge", "InvalidPasswordException")
def test_the_new_password_obeys_the_policy(app, challenge):
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        app.answer("NEW_PASSWORD_REQUIRED", challenge["Session"], USERNAME="ann", NEW_PASSWORD="Sh0rt-1")
    assert app.pool.get("ann")["UserStatus"] == "FORCE_CHANGE_PASSWORD"


@proves("RespondToAuthChallenge", "PasswordHistoryPolicyViolationException")
def test_the_new_password_must_not_be_an_old_one(make_pool):
    pool = make_pool(Policies={"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 3}})
    pool.user("ann", "First-Pass-1")
    pool.set_password("ann", TEMPORARY, permanent=False)
    app = pool.app()
    session = app.password("ann", TEMPORARY)["Session"]
    with refused("PasswordHistoryPolicyViolationException", "Password has previously been used and cannot be reused."):
        app.answer("NEW_PASSWORD_REQUIRED", session, USERNAME="ann", NEW_PASSWORD="First-Pass-1")


@proves("RespondToAuthChallenge", "AliasExistsException")
def test_an_alias_that_another_owns_is_a_conflict(make_pool):
    pool = make_pool(AliasAttributes=["preferred_username"])
    pool.user("bob", preferred_username="chief")
    pool.create_user("ann", TemporaryPassword=TEMPORARY)
    app = pool.app()
    session = app.password("ann", TEMPORARY)["Session"]
    with refused("AliasExistsException"):
        app.answer(
            "NEW_PASSWORD_REQUIRED",
            session,
            USERNAME="ann",
            NEW_PASSWORD=NEW,
            userAttributes__preferred_username="chief",
        )
    assert pool.get("chief")["Username"] == "bob" and pool.get("ann")["UserStatus"] == "FORCE_CHANGE_PASSWORD"


def test_a_session_is_good_once(app, challenge):
    app.answer("NEW_PASSWORD_REQUIRED", challenge["Session"], USERNAME="ann", NEW_PASSWORD=NEW)
    with refused("NotAuthorizedException", USED):
        app.answer("NEW_PASSWORD_REQUIRED", challenge["Session"], USERNAME="ann", NEW_PASSWORD="Third-Pass-3")
    assert app.tokens("ann", NEW)


def test_a_session_belongs_to_its_user_and_its_client(app, pool, challenge):
    pool.create_user("bob", TemporaryPassword=TEMPORARY)
    with refused("NotAuthorizedException", INVALID):
        app.answer("NEW_PASSWORD_REQUIRED", challenge["Session"], USERNAME="bob", NEW_PASSWORD=NEW)

    other = app.password("ann", TEMPORARY)["Session"]
    with refused("NotAuthorizedException", INVALID):
        pool.app().answer("NEW_PASSWORD_REQUIRED", other, USERNAME="ann", NEW_PASSWORD=NEW)


@pytest.mark.parametrize("session", ["AYABe" + "x" * 60, "garbage" * 10])
def test_a_made_up_session_is_refused(app, invited, session):
    with refused("NotAuthorizedException", INVALID):
        app.answer("NEW_PASSWORD_REQUIRED", session, USERNAME=invited, NEW_PASSWORD=NEW)


def test_a_session_answers_only_its_own_challenge(app, challenge):
    with pytest.raises(app.idp.exceptions.ClientError) as caught:
        app.answer("SMS_MFA", challenge["Session"], USERNAME="ann", SMS_MFA_CODE="123456")
    assert caught.value.response["Error"]["Code"] in {"InvalidParameterException", "NotAuthorizedException"}
    assert app.pool.get("ann")["UserStatus"] == "FORCE_CHANGE_PASSWORD"


class TestSecretBlock:
    """The state of USER_SRP_AUTH."""

    @pytest.fixture
    def srp(self, app, pool):
        pool.user("ann")
        srp = app.srp("ann")
        srp.first()
        return srp

    def test_a_proof_is_good_once(self, app, srp):
        proof, session = srp.proof(), srp.challenge.get("Session")
        assert app.answer("PASSWORD_VERIFIER", session, **proof)["AuthenticationResult"]
        with refused("NotAuthorizedException"):
            app.answer("PASSWORD_VERIFIER", session, **proof)

    def test_a_wrong_proof_ends_the_challenge(self, srp):
        with refused("NotAuthorizedException", WRONG):
            srp.second(PASSWORD_CLAIM_SIGNATURE="d3Jvbmc=")
        with refused("NotAuthorizedException"):
            srp.second()

    def test_a_block_that_was_never_issued_is_refused(self, srp):
        with refused("NotAuthorizedException"):
            srp.second(PASSWORD_CLAIM_SECRET_BLOCK="bmV2ZXIgaXNzdWVk")

    def test_a_block_belongs_to_its_user_and_its_client(self, srp, pool):
        pool.user("bob")
        with refused("NotAuthorizedException"):
            srp.second(USERNAME="bob")
        fresh = pool.app().srp("ann")
        fresh.first()
        with refused("NotAuthorizedException"):
            pool.app().answer("PASSWORD_VERIFIER", fresh.challenge.get("Session"), **fresh.proof())

    def test_the_time_is_part_of_what_is_signed(self, srp):
        with refused("NotAuthorizedException", WRONG):
            srp.second(TIMESTAMP="Tue Sep 1 09:05:07 UTC 2026")

    @pytest.mark.parametrize("time", ["Tue Sep 1 09:05:07 UTC 2020", "yesterday", ""])
    def test_a_proof_signed_for_another_time_is_refused(self, srp, time):
        srp.math.get_cognito_formatted_timestamp = lambda _: time
        with pytest.raises(srp.app.idp.exceptions.ClientError):
            srp.second()

    def test_an_unknown_device_is_said_and_the_same_proof_may_come_again(self, app, srp):
        proof, session = srp.proof(), srp.challenge.get("Session")
        device = {"DEVICE_KEY": "us-east-1_00000000-0000-0000-0000-000000000000"}
        with refused("ResourceNotFoundException", "Device does not exist."):
            app.answer("PASSWORD_VERIFIER", session, **proof, **device)

        assert app.answer("PASSWORD_VERIFIER", session, **proof)["AuthenticationResult"]

    @proves("RespondToAuthChallenge", "UserNotFoundException")
    def test_a_user_deleted_meanwhile_is_not_found(self, srp, pool):
        pool.delete("ann")
        with refused("UserNotFoundException", "User does not exist."):
            srp.second()


def test_a_new_password_changes_nothing_before_the_session_is_answered(app, challenge):
    again = app.password("ann", TEMPORARY)
    assert again["ChallengeName"] == "NEW_PASSWORD_REQUIRED" and again["Session"] != challenge["Session"]
    with refused("NotAuthorizedException", WRONG):
        app.password("ann", PASSWORD)
