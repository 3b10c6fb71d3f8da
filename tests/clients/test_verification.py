"""GetUserAttributeVerificationCode, VerifyUserAttribute, and contacts that wait until they are verified."""

import pytest
from support.aws import proves, refused, violation
from support.pools import attributes
from test_attributes import Person
from test_races import together

WRONG = "Invalid verification code provided, please try again."
NONE = "Invalid code provided, please request a code again."
LIMIT = "Attempt limit exceeded, please try after some time."
NO_CONTACT = "Invalid attribute name. Only phone_number and email can be verified."
CAREFUL = {
    "AutoVerifiedAttributes": ["email"],
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
}


class Somebody(Person):
    def ask(self, attribute="email"):
        answer = self.idp.get_user_attribute_verification_code(AccessToken=self.token, AttributeName=attribute)
        return answer["CodeDeliveryDetails"]

    def verify(self, code, attribute="email"):
        return self.idp.verify_user_attribute(AccessToken=self.token, AttributeName=attribute, Code=code)

    def email(self):
        known = self.known()
        return known.get("email"), known.get("email_verified")


@pytest.fixture
def ann(mail_pool):
    return Somebody(mail_pool, email=f"{mail_pool.id}@example.com")


@pytest.fixture
def address(ann):
    return f"{ann.pool.id}@example.com"


def other(code):
    """A wrong code of the right form."""
    return f"{(int(code) + 1) % 1_000_000:06}"


@proves("GetUserAttributeVerificationCode", "success")
@proves("VerifyUserAttribute", "success", "ExpiredCodeException", "CodeMismatchException")
def test_a_code_verifies_the_address_once(ann, address):
    with refused("ExpiredCodeException", NONE):
        ann.verify("123456")
    assert ann.ask() == {"Destination": f"{address[0]}***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    code = ann.pool.inbox.code(address)
    with refused("CodeMismatchException", WRONG):
        ann.verify(other(code))

    assert set(ann.verify(code)) == {"ResponseMetadata"}
    assert ann.email() == (address, "true")
    with refused("ExpiredCodeException", NONE):
        ann.verify(code)


def test_a_number_is_verified_like_an_address(ann):
    ann.administer(phone_number="+12065550199")
    assert ann.ask("phone_number") == {
        "Destination": "+*******0199", "DeliveryMedium": "SMS", "AttributeName": "phone_number",
    }  # fmt: skip
    ann.verify(ann.pool.inbox.code("+12065550199"), "phone_number")
    assert ann.known()["phone_number_verified"] == "true"


def test_of_fifty_who_use_a_code_at_once_one_succeeds(ann, address):
    ann.ask()
    code = ann.pool.inbox.code(address)
    outcomes = together(lambda _: ann.verify(code))

    assert outcomes["success"] == 1, outcomes
    others = {error for error, _ in set(outcomes) - {"success"}}
    assert others <= {"ExpiredCodeException", "LimitExceededException", "TooManyRequestsException"}


def test_a_code_for_one_address_does_not_verify_the_next(pool):
    own, victim = f"own.{pool.id}@example.com", f"victim.{pool.id}@example.com"
    ann = Somebody(pool, email=own)  # the pool sends no code of its own
    ann.ask()
    ann.update(email=victim)
    with refused("ExpiredCodeException", NONE):
        ann.verify(pool.inbox.code(own))
    assert ann.email() == (victim, "false")


@proves("VerifyUserAttribute", "LimitExceededException")
def test_after_fifteen_attempts_even_the_right_code_is_refused(ann, address):
    ann.ask()
    code = ann.pool.inbox.code(address)
    for _ in range(15):
        with refused("CodeMismatchException", WRONG):
            ann.verify(other(code))
    with refused("LimitExceededException", LIMIT):
        ann.verify(code)


@proves("GetUserAttributeVerificationCode", "LimitExceededException")
def test_five_codes_an_hour_are_enough_also_when_asked_for_at_once(ann, address):
    outcomes = together(lambda _: ann.ask(), 20)

    assert set(outcomes) <= {
        "success",
        ("LimitExceededException", LIMIT),
        ("TooManyRequestsException", "Too many requests"),
    }
    assert len(ann.pool.inbox.messages(address)) == outcomes["success"] <= 5
    for _ in range(outcomes["success"], 5):
        ann.ask()
    with refused("LimitExceededException", LIMIT):
        ann.ask()


@proves("VerifyUserAttribute", "InvalidParameterException", "NotAuthorizedException")
@proves("GetUserAttributeVerificationCode", "InvalidParameterException", "NotAuthorizedException")
def test_only_contacts_that_are_there_can_be_verified(ann, server):
    for call in [lambda: ann.ask("nickname"), lambda: ann.verify("123456", "nickname")]:
        with refused("InvalidParameterException", NO_CONTACT):
            call()
    with refused("InvalidParameterException", "User does not have a valid registered phone number"):
        ann.ask("phone_number")
    with refused("InvalidParameterException", violation("code", "Member must not be null")):
        server.loose.verify_user_attribute(AccessToken=ann.token, AttributeName="email")
    ann.token = "no.token.atall"
    for call in [ann.ask, lambda: ann.verify("123456")]:
        with refused("NotAuthorizedException", "Invalid Access Token"):
            call()


@proves("VerifyUserAttribute", "UserNotFoundException")
@proves("GetUserAttributeVerificationCode", "UserNotFoundException")
def test_a_token_of_a_deleted_user_verifies_nothing(ann):
    ann.pool.delete("ann")
    for call in [ann.ask, lambda: ann.verify("123456")]:
        with refused("UserNotFoundException", "User does not exist."):
            call()


@proves("VerifyUserAttribute", "PasswordResetRequiredException")
@proves("GetUserAttributeVerificationCode", "PasswordResetRequiredException")
def test_a_token_of_somebody_who_must_reset_the_password_verifies_nothing(ann):
    ann.administer(email_verified="true")
    ann.idp.admin_reset_user_password(UserPoolId=ann.pool.id, Username="ann")
    for call in [ann.ask, lambda: ann.verify("123456")]:
        with refused("PasswordResetRequiredException", "Password reset required for the user"):
            call()


@proves("VerifyUserAttribute", "ResourceNotFoundException")
@proves("GetUserAttributeVerificationCode", "ResourceNotFoundException")
def test_a_token_of_a_deleted_client_verifies_nothing(ann):
    ann.idp.delete_user_pool_client(UserPoolId=ann.pool.id, ClientId=ann.app.id)
    for call in [ann.ask, lambda: ann.verify("123456")]:
        with refused("ResourceNotFoundException", f"User pool client {ann.app.id} does not exist."):
            call()


class TestVerifiedBeforeUpdate:
    OLD = "old.careful@example.com"

    @pytest.fixture
    def ann(self, make_pool):
        return Somebody(make_pool(AliasAttributes=["email"], **CAREFUL), email=self.OLD, email_verified="true")

    @pytest.fixture
    def new(self, ann):
        return f"new.{ann.pool.id}@example.com"

    def test_the_old_address_stays_verified_and_signs_in_until_the_new_one_is(self, ann, new):
        (details,) = ann.update(email=new)
        assert details["Destination"] == "n***@e***" and ann.email() == (self.OLD, "true")
        assert ann.signs_in_as(self.OLD) and not ann.signs_in_as(new)

        ann.verify(ann.pool.inbox.code(new))
        assert ann.email() == (new, "true")
        assert ann.signs_in_as(new) and not ann.signs_in_as(self.OLD)
        assert ann.pool.names(Filter=f'email = "{new}"') == ["ann"]

    def test_a_further_change_and_a_further_code_replace_those_before(self, ann, new):
        ann.update(email=f"first.{new}")
        first = ann.pool.inbox.code(f"first.{new}")
        ann.update(email=new)
        assert ann.ask()["Destination"] == "n***@e***"
        assert len(ann.pool.inbox.messages(new)) == 2
        code = ann.pool.inbox.code(new)
        if first != code:
            with refused("CodeMismatchException", WRONG):
                ann.verify(first)
        ann.verify(code)
        assert ann.email() == (new, "true")

    def test_an_administrator_who_calls_it_verified_stores_it_at_once(self, ann, new):
        ann.update(email=f"waits.{new}")
        ann.administer(email=new, email_verified="true")
        assert ann.email() == (new, "true") and ann.pool.inbox.messages(new) == []
        with refused("ExpiredCodeException", NONE):
            ann.verify(ann.pool.inbox.code(f"waits.{new}"))

    @proves("VerifyUserAttribute", "AliasExistsException")
    def test_an_address_that_was_taken_meanwhile_is_a_conflict(self, ann, new):
        ann.update(email=new)
        ann.pool.user("bob", email=new, email_verified="true")
        with refused("AliasExistsException", "An account with the email already exists."):
            ann.verify(ann.pool.inbox.code(new))
        assert ann.email() == (self.OLD, "true") and ann.signs_in_as(self.OLD)

    def test_a_deleted_address_takes_the_one_that_waits_along(self, ann, new):
        ann.update(email=new)
        ann.delete("email")
        with refused("ExpiredCodeException", NONE):
            ann.verify(ann.pool.inbox.code(new))
        with refused("InvalidParameterException", "User does not have a valid registered email address"):
            ann.ask()
        assert ann.known() == {}


def test_address_and_number_may_change_together(make_pool):
    pool = make_pool(AutoVerifiedAttributes=["email", "phone_number"])
    ann = Somebody(pool)
    email, phone = f"both.{pool.id}@example.com", "+12065550177"
    sent = ann.idp.update_user_attributes(
        AccessToken=ann.token, UserAttributes=attributes(email=email, phone_number=phone)
    )["CodeDeliveryDetailsList"]
    assert [one["DeliveryMedium"] for one in sent] == ["EMAIL", "SMS"]

    ann.verify(pool.inbox.code(phone), "phone_number")
    ann.verify(pool.inbox.code(email))
    assert ann.known()["email_verified"] == ann.known()["phone_number_verified"] == "true"
