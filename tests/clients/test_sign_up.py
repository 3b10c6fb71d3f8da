"""SignUp: the answer, the message, the names that are possible, and everything that is refused with nothing stored."""

import re
import uuid

import pytest
from support.aws import proves, refused, violation
from support.pools import PASSWORD, as_dict, attributes

NOBODY = "0000000000000000000000000a"
MAIL = attributes(email="fay@example.com")
POLICY = "Password did not conform with policy: "


@proves("SignUp", "success")
def test_a_sign_up_is_answered_with_the_masked_address_that_the_code_went_to(mail_pool):
    app = mail_pool.app()
    answer = app.sign_up("fay", attributes=MAIL)
    answer.pop("ResponseMetadata")
    sub = answer.pop("UserSub")

    assert answer == {
        "UserConfirmed": False,
        "CodeDeliveryDetails": {"Destination": "f***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"},
    }
    assert str(uuid.UUID(sub)) == sub
    user = mail_pool.get("fay")
    assert user["UserStatus"] == "UNCONFIRMED" and user["Enabled"] is True
    # Whether a flag that was never set is shown is not known.
    assert {"email_verified": "false", **as_dict(user["UserAttributes"])} == {
        "sub": sub,
        "email": "fay@example.com",
        "email_verified": "false",
    }


def test_the_message_carries_a_code_of_six_digits(mail_pool):
    mail_pool.app().sign_up("fay", attributes=attributes(email="six@example.com"))
    message = mail_pool.inbox.newest("six@example.com")

    assert re.fullmatch("[0-9]{6}", message["code"])
    assert message["subject"] == "Your verification code"
    assert message["body"].strip() == f"Your verification code is {message['code']}."
    assert message["channel"] == "email" and message["to"] == "six@example.com"
    assert {"id", "channel", "to", "from", "subject", "body", "code", "trigger", "createdAt"} <= set(message)


def test_the_pools_own_texts_are_sent(make_pool):
    pool = make_pool(
        AutoVerifiedAttributes=["email"],
        VerificationMessageTemplate={
            "DefaultEmailOption": "CONFIRM_WITH_CODE", "EmailSubject": "Welcome!", "EmailMessage": "Type {####} please",
        },
    )  # fmt: skip
    pool.app().sign_up("fay", attributes=attributes(email="own@example.com"))
    message = pool.inbox.newest("own@example.com")

    assert (message["subject"], message["body"].strip()) == ("Welcome!", f"Type {message['code']} please")


def test_nothing_is_sent_when_no_attribute_is_verified_automatically(app, pool):
    answer = app.sign_up("fay", attributes=attributes(email="silent@example.com"))

    assert "CodeDeliveryDetails" not in answer
    assert pool.inbox.messages("silent@example.com") == []


def test_nothing_is_sent_when_the_user_gave_no_address(mail_pool):
    assert "CodeDeliveryDetails" not in mail_pool.app().sign_up("fay")


def test_a_telephone_wins_over_an_address(make_pool):
    pool = make_pool(AutoVerifiedAttributes=["email", "phone_number"])
    both = attributes(email="both@example.com", phone_number="+12065550123")
    details = pool.app().sign_up("fay", attributes=both)["CodeDeliveryDetails"]

    assert details == {"Destination": "+*******0123", "DeliveryMedium": "SMS", "AttributeName": "phone_number"}
    message = pool.inbox.messages("+12065550123", "sms")[0]
    assert message["body"].strip() == f"Your verification code is {message['code']}."
    assert pool.inbox.messages("both@example.com") == []


@proves("SignUp", "UsernameExistsException")
def test_a_name_is_free_only_once(app, pool):
    first = app.sign_up("fay")["UserSub"]
    with refused("UsernameExistsException", "User already exists"):
        app.sign_up("fay", "Another-Pass-2")

    assert as_dict(pool.get("fay")["UserAttributes"])["sub"] == first


def test_case_counts_by_default(app, pool):
    app.sign_up("fay")
    app.sign_up("Fay")
    assert pool.names() == ["Fay", "fay"]


def test_case_does_not_count_where_the_pool_says_so_and_the_spelling_is_kept(make_pool):
    pool = make_pool(UsernameConfiguration={"CaseSensitive": False})
    app = pool.app()
    app.sign_up("Fay")
    with refused("UsernameExistsException", "User already exists"):
        app.sign_up("fAY")
    assert pool.get("FAY")["Username"] == "Fay"


@proves("SignUp", "ResourceNotFoundException")
def test_an_unknown_client_is_not_found(idp):
    with refused("ResourceNotFoundException", f"User pool client {NOBODY} does not exist."):
        idp.sign_up(ClientId=NOBODY, Username="fay", Password=PASSWORD)


@proves("SignUp", "NotAuthorizedException")
def test_a_pool_for_administrators_takes_no_sign_ups(make_pool):
    pool = make_pool(AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    with refused("NotAuthorizedException", "SignUp is not permitted for this user pool"):
        pool.app().sign_up("fay")
    assert pool.names() == []


def test_a_client_with_a_secret_wants_its_hash(pool):
    app = pool.app(GenerateSecret=True)
    missing = f"Client {app.id} is configured with secret but SECRET_HASH was not received"
    with refused("NotAuthorizedException", missing):
        app.idp.sign_up(ClientId=app.id, Username="fay", Password=PASSWORD)
    with refused("NotAuthorizedException", f"Unable to verify secret hash for client {app.id}"):
        app.sign_up("fay", SecretHash=app.hashed("bob")["SecretHash"])

    assert app.sign_up("fay")["UserSub"]


def test_a_client_without_a_secret_takes_no_hash(app):
    with refused("NotAuthorizedException", f"Unable to verify secret hash for client {app.id}"):
        app.sign_up("fay", SecretHash="c29tZXRoaW5n")


@pytest.mark.parametrize(
    "password, message",
    [
        ("Sh0rt-1", "Password not long enough"),
        ("UPPER-CASE-1", "Password must have lowercase characters"),
        ("lower-case-1", "Password must have uppercase characters"),
        ("Letters-Only", "Password must have numeric characters"),
        ("NoSymbol123", "Password must have symbol characters"),
        ("short", "Password not long enough"),
        ("ÄÖÜÄÖÜ-ab-1", "Password must have uppercase characters"),
    ],
)
@proves("SignUp", "InvalidPasswordException")
def test_a_password_against_the_policy_is_refused_with_its_first_fault(app, pool, password, message):
    with refused("InvalidPasswordException", POLICY + message):
        app.sign_up("fay", password)
    assert pool.names() == []


@proves("SignUp", "InvalidParameterException")
def test_constraints_are_named_without_the_values_of_secrets(server, app):
    pattern = r"Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"
    with refused("InvalidParameterException", violation("username", pattern)):
        app.sign_up("has space")
    with refused(
        "InvalidParameterException", violation("password", "Member must have length less than or equal to 256")
    ):
        app.sign_up("fay", "A1-a" * 65)
    with refused("InvalidParameterException") as caught:
        server.loose.sign_up(Password=PASSWORD)
    assert caught.value.response["Error"]["Message"] == (
        "2 validation errors detected: Value at 'clientId' failed to satisfy constraint: Member must not be null; "
        "Value at 'username' failed to satisfy constraint: Member must not be null"
    )


def text(name, **more):
    return {"Name": name, "AttributeDataType": "String", "Mutable": True, **more}


REQUIRED = [text("name", Required=True), text("family_name", Required=True)]
SHORT = [text("rank", StringAttributeConstraints={"MinLength": "2", "MaxLength": "4"})]
SCHEMA = "Attributes did not conform to the schema: "
PARAMETER = "InvalidParameterException"
UNKNOWN = SCHEMA + "Type for attribute {custom:foo} could not be determined"
TOO_LONG = SCHEMA + "custom:rank: String must be no longer than 4 characters\n"
NO_NAME, NO_FAMILY = "name: The attribute is required\n", "family_name: The attribute is required\n"
UNAUTHORIZED = "A client attempted to write unauthorized attribute"
# name: pool settings, attributes, error, message (None: not known)
ATTRIBUTE_FAULTS = {
    "unknown": ({}, {"custom__foo": "1"}, PARAMETER, UNKNOWN),
    "one missing": ({"Schema": REQUIRED}, {"family_name": "F"}, PARAMETER, SCHEMA + NO_NAME),
    "two missing": ({"Schema": REQUIRED}, {}, PARAMETER, SCHEMA + NO_NAME + NO_FAMILY),
    "flag": ({}, {"email_verified": "true"}, "NotAuthorizedException", UNAUTHORIZED),
    "too long": ({"Schema": SHORT}, {"custom__rank": "12345"}, PARAMETER, TOO_LONG),
    "too short": ({"Schema": SHORT}, {"custom__rank": "1"}, PARAMETER, None),
    "bad mail": ({}, {"email": "nobody"}, PARAMETER, "Invalid email address format."),
    "bad telephone": ({}, {"phone_number": "0123"}, PARAMETER, "Invalid phone number format."),
    "sub": ({}, {"sub": str(uuid.UUID(int=1))}, None, None),
    "alias before confirmation": (
        {"AliasAttributes": ["preferred_username"]},
        {"preferred_username": "nick"},
        PARAMETER,
        None,
    ),
}


@pytest.mark.parametrize("fault", ATTRIBUTE_FAULTS)
def test_attributes_that_do_not_fit_the_schema_are_refused_and_nothing_is_stored(make_pool, fault):
    settings, given, error, message = ATTRIBUTE_FAULTS[fault]
    pool = make_pool(**settings)
    # All custom attributes may be written, so that the schema is what refuses.
    writable = {"WriteAttributes": ["custom:rank"]} if settings.get("Schema") is SHORT else {}
    app = pool.app(**writable)
    if error:
        with refused(error, message):
            app.sign_up("fay", attributes=attributes(**given))
    else:
        with pytest.raises(app.idp.exceptions.ClientError) as caught:
            app.sign_up("fay", attributes=attributes(**given))
        assert caught.value.response["Error"]["Code"] in {"InvalidParameterException", "NotAuthorizedException"}
    assert pool.names() == []


def test_an_attribute_given_twice_is_refused(app):
    with refused("InvalidParameterException"):
        app.sign_up("fay", attributes=attributes(name="a") + attributes(name="b"))


def test_a_client_writes_only_what_it_may(pool):
    app = pool.app(WriteAttributes=["email"])
    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        app.sign_up("fay", attributes=attributes(email="a@example.com", name="Fay"))


class TestAddressesAsNames:
    """Pools with UsernameAttributes: the name is the address, the stored name a UUID."""

    @pytest.fixture
    def pool(self, make_pool):
        return make_pool(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"])

    def test_the_stored_name_is_the_sub_and_the_address_an_attribute(self, pool):
        answer = pool.app().sign_up("gil@example.com")
        user = pool.get("gil@example.com")

        assert user["Username"] == answer["UserSub"] == as_dict(user["UserAttributes"])["sub"]
        assert as_dict(user["UserAttributes"])["email"] == "gil@example.com"
        assert answer["CodeDeliveryDetails"]["Destination"] == "g***@e***"

    def test_what_is_no_address_is_refused(self, pool, make_pool):
        with refused("InvalidParameterException", "Username should be an email."):
            pool.app().sign_up("gil")
        with refused("InvalidParameterException", "Username should be a phone number."):
            make_pool(UsernameAttributes=["phone_number"]).app().sign_up("gil")
        with refused("InvalidParameterException", "Username should be either an email or a phone number."):
            make_pool(UsernameAttributes=["phone_number", "email"]).app().sign_up("gil")

    def test_an_address_is_taken_only_once(self, pool):
        app = pool.app()
        app.sign_up("gil@example.com")
        with refused("UsernameExistsException", "An account with the given email already exists."):
            app.sign_up("gil@example.com")


class TestAliases:
    """Pools with AliasAttributes: a chosen name, and verified addresses that sign in as well."""

    def test_a_name_must_not_look_like_an_alias(self, make_pool):
        with refused(
            "InvalidParameterException",
            "Username cannot be of email format, since user pool is configured for email alias.",
        ):
            make_pool(AliasAttributes=["email"]).app().sign_up("gil@example.com")
        with refused(
            "InvalidParameterException",
            "Username cannot be of phone number format, since user pool is configured for phone number alias.",
        ):
            make_pool(AliasAttributes=["phone_number"]).app().sign_up("+12065550123")

    def test_an_address_that_another_owns_is_no_conflict_yet(self, make_pool):
        pool = make_pool(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
        pool.user("ann", email="shared@example.com", email_verified="true")

        assert pool.app().sign_up("bob", attributes=attributes(email="shared@example.com"))["UserSub"]
