"""ConfirmSignUp, ResendConfirmationCode, AdminConfirmSignUp: one code, once; limits; aliases become real here."""

import pytest
from support.aws import proves, refused, violation
from support.pools import as_dict, attributes

NOBODY = "0000000000000000000000000a"
WRONG = "Invalid verification code provided, please try again."
NONE = "Invalid code provided, please request a code again."
UNKNOWN = "Username/client id combination not found."
LIMIT = "Attempt limit exceeded, please try after some time."
CONFIRMED = "User cannot be confirmed. Current status is CONFIRMED"


@pytest.fixture
def app(mail_pool):
    return mail_pool.app()


@pytest.fixture
def signed_up(app):
    """Signs a user up; gives the code that was sent."""

    def sign_up(name="fay", address=None):
        address = address or f"{name}.{app.id}@example.com"
        app.sign_up(name, attributes=attributes(email=address))
        return app.pool.inbox.code(address)

    return sign_up


def other(code):
    """A wrong code of the right form."""
    return f"{(int(code) + 1) % 1_000_000:06}"


@proves("ConfirmSignUp", "success", "NotAuthorizedException")
def test_the_code_confirms_the_user_and_verifies_the_address_once(app, signed_up):
    code = signed_up()
    answer = app.confirm("fay", code)

    assert set(answer) == {"ResponseMetadata"}
    user = app.pool.get("fay")
    assert user["UserStatus"] == "CONFIRMED" and as_dict(user["UserAttributes"])["email_verified"] == "true"
    with refused("NotAuthorizedException", CONFIRMED):
        app.confirm("fay", code)


@proves("ConfirmSignUp", "CodeMismatchException")
def test_a_wrong_code_confirms_nothing_and_the_right_one_stays_good(app, signed_up):
    code = signed_up()
    with refused("CodeMismatchException", WRONG):
        app.confirm("fay", other(code))

    assert app.pool.get("fay")["UserStatus"] == "UNCONFIRMED"
    app.confirm("fay", code)


@proves("ConfirmSignUp", "ExpiredCodeException")
def test_without_a_code_there_is_nothing_to_confirm_with(app):
    app.sign_up("fay")
    with refused("ExpiredCodeException", NONE):
        app.confirm("fay", "123456")


@proves("ConfirmSignUp", "LimitExceededException")
def test_after_fifteen_attempts_even_the_right_code_is_refused(app, signed_up):
    code = signed_up()
    for _ in range(15):
        with refused("CodeMismatchException", WRONG):
            app.confirm("fay", other(code))
    with refused("LimitExceededException", LIMIT):
        app.confirm("fay", code)


@proves("ConfirmSignUp", "UserNotFoundException", "ResourceNotFoundException", "InvalidParameterException")
@proves("ResendConfirmationCode", "UserNotFoundException", "ResourceNotFoundException", "InvalidParameterException")
def test_unknown_users_and_clients_are_not_found(app, server):
    idp = server.idp
    with refused("UserNotFoundException", UNKNOWN):
        app.confirm("nobody", "123456")
    with refused("UserNotFoundException", UNKNOWN):
        app.resend("nobody")
    with refused("ResourceNotFoundException", f"User pool client {NOBODY} does not exist."):
        idp.confirm_sign_up(ClientId=NOBODY, Username="fay", ConfirmationCode="123456")
    with refused("ResourceNotFoundException", f"User pool client {NOBODY} does not exist."):
        idp.resend_confirmation_code(ClientId=NOBODY, Username="fay")
    with refused("InvalidParameterException", violation("confirmationCode", "Member must not be null")):
        server.loose.confirm_sign_up(ClientId=app.id, Username="fay")
    with refused("InvalidParameterException", violation("username", "Member must not be null")):
        server.loose.resend_confirmation_code(ClientId=app.id)


@proves("ResendConfirmationCode", "NotAuthorizedException")
def test_a_client_with_a_secret_wants_its_hash(mail_pool):
    app = mail_pool.app(GenerateSecret=True)
    app.sign_up("fay", attributes=attributes(email="hash@example.com"))
    missing = f"Client {app.id} is configured with secret but SECRET_HASH was not received"
    with refused("NotAuthorizedException", missing):
        app.idp.confirm_sign_up(ClientId=app.id, Username="fay", ConfirmationCode="123456")
    with refused("NotAuthorizedException", missing):
        app.idp.resend_confirmation_code(ClientId=app.id, Username="fay")
    with refused("NotAuthorizedException", f"Unable to verify secret hash for client {app.id}"):
        app.confirm("fay", "123456", SecretHash="d3Jvbmc=")

    app.confirm("fay", mail_pool.inbox.code("hash@example.com"))


@proves("ResendConfirmationCode", "success")
def test_a_new_code_replaces_the_old_one(app, signed_up):
    address = "again@example.com"
    old = signed_up(address=address)
    details = app.resend("fay")["CodeDeliveryDetails"]
    new = app.pool.inbox.code(address)

    assert details == {"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    assert len(app.pool.inbox.messages(address)) == 2
    if new != old:
        with refused("CodeMismatchException", WRONG):
            app.confirm("fay", old)
    app.confirm("fay", new)


@proves("ResendConfirmationCode", "LimitExceededException")
def test_five_further_codes_an_hour_are_enough(app, signed_up):
    signed_up()
    for _ in range(5):
        app.resend("fay")
    with refused("LimitExceededException", LIMIT):
        app.resend("fay")


def test_a_confirmed_user_gets_no_further_code(app, signed_up):
    app.confirm("fay", signed_up())
    with refused("InvalidParameterException", "User is already confirmed."):
        app.resend("fay")


@proves("AdminConfirmSignUp", "success", "NotAuthorizedException")
def test_an_administrator_confirms_without_verifying_anything(app, signed_up, idp):
    signed_up()
    answer = idp.admin_confirm_sign_up(UserPoolId=app.pool.id, Username="fay")

    assert set(answer) == {"ResponseMetadata"}
    user = app.pool.get("fay")
    assert user["UserStatus"] == "CONFIRMED" and as_dict(user["UserAttributes"]).get("email_verified") != "true"
    with refused("NotAuthorizedException", CONFIRMED):
        idp.admin_confirm_sign_up(UserPoolId=app.pool.id, Username="fay")


def test_a_user_who_must_change_the_password_cannot_be_confirmed(app, idp):
    app.pool.create_user("fay")
    message = "User cannot be confirmed. Current status is FORCE_CHANGE_PASSWORD"
    with refused("NotAuthorizedException", message):
        idp.admin_confirm_sign_up(UserPoolId=app.pool.id, Username="fay")
    with refused("NotAuthorizedException", message):
        app.confirm("fay", "123456")


@proves("AdminConfirmSignUp", "UserNotFoundException", "ResourceNotFoundException", "InvalidParameterException")
def test_an_administrator_too_must_name_a_pool_and_a_user_that_exist(app, server):
    with refused("UserNotFoundException", "User does not exist."):
        server.idp.admin_confirm_sign_up(UserPoolId=app.pool.id, Username="nobody")
    with refused("ResourceNotFoundException", "User pool us-east-1_000000000 does not exist."):
        server.idp.admin_confirm_sign_up(UserPoolId="us-east-1_000000000", Username="nobody")
    with refused("InvalidParameterException", violation("username", "Member must not be null")):
        server.loose.admin_confirm_sign_up(UserPoolId=app.pool.id)


class TestAliasesAtConfirmation:
    ADDRESS = "shared@example.com"

    @pytest.fixture
    def pool(self, make_pool):
        pool = make_pool(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
        pool.user("ann", email=self.ADDRESS, email_verified="true")
        return pool

    @pytest.fixture
    def code(self, pool):
        pool.app().sign_up("bob", attributes=attributes(email=self.ADDRESS))
        return pool.inbox.code(self.ADDRESS)

    @proves("ConfirmSignUp", "AliasExistsException")
    def test_an_address_that_another_owns_is_a_conflict(self, pool, code):
        with refused("AliasExistsException", "An account with the email already exists."):
            pool.app().confirm("bob", code)
        assert pool.get(self.ADDRESS)["Username"] == "ann"

    def test_force_moves_the_address_to_the_new_owner(self, pool, code):
        pool.app().confirm("bob", code, ForceAliasCreation=True)

        assert pool.get(self.ADDRESS)["Username"] == "bob"
        assert as_dict(pool.get("ann")["UserAttributes"])["email_verified"] == "false"

    def test_a_confirmed_address_signs_in(self, make_pool):
        pool = make_pool(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
        app = pool.app()
        app.sign_up("cid", attributes=attributes(email="cid@example.com"))
        with refused("UserNotFoundException", "User does not exist."):
            app.password("cid@example.com")
        app.confirm("cid", pool.inbox.code("cid@example.com"))

        assert app.tokens("cid@example.com")
