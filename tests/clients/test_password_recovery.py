"""ForgotPassword, ConfirmForgotPassword, AdminResetUserPassword: one code, once, to a verified contact only."""

import pytest
from support.aws import proves, refused, violation
from support.pools import PASSWORD, TEMPORARY, as_dict, attributes
from test_races import together

NEW = "Another-Horse-9"
NOBODY = "0000000000000000000000000a"
WRONG = "Invalid verification code provided, please try again."
NONE = "Invalid code provided, please request a code again."
UNKNOWN = "Username/client id combination not found."
LIMIT = "Attempt limit exceeded, please try after some time."
INCORRECT = "Incorrect username or password."
STATE = "User password cannot be reset in the current state."
ADMIN = "Contact administrator to reset password."
NO_CONTACT = "Cannot reset password for the user as there is no registered/verified email or phone_number"
RESET = "Password reset required for the user"
ADMIN_ONLY = {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}
HISTORY = {"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 3}}


@pytest.fixture
def app(mail_pool):
    return mail_pool.app()


def user(app, name="ann"):
    """A user with a verified address; the address."""
    address = f"{name}.{app.id}@example.com"
    app.pool.user(name, email=address, email_verified="true")
    return address


def forgot(app, name="ann", **more):
    return app.idp.forgot_password(ClientId=app.id, Username=name, **{**app.hashed(name), **more})


def confirm(app, code, name="ann", password=NEW, **more):
    return app.idp.confirm_forgot_password(
        ClientId=app.id, Username=name, ConfirmationCode=code, Password=password, **{**app.hashed(name), **more}
    )


def reset(app, name="ann"):
    return app.idp.admin_reset_user_password(UserPoolId=app.pool.id, Username=name)


def asked(app, name="ann"):
    """A user who has asked for a code; the code."""
    address = user(app, name)
    forgot(app, name)
    return app.pool.inbox.code(address)


def other(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


@proves("ForgotPassword", "success")
@proves("ConfirmForgotPassword", "success")
def test_a_forgotten_password_is_replaced_by_the_code_that_was_sent(app):
    address = user(app)
    details = forgot(app)["CodeDeliveryDetails"]
    message = app.pool.inbox.newest(address)

    assert details == {"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    assert message["trigger"] == "CustomMessage_ForgotPassword" and len(message["code"]) == 6
    assert app.tokens("ann")  # asking changes nothing
    assert set(confirm(app, message["code"])) == {"ResponseMetadata"}
    assert app.srp("ann", NEW).sign_in()["AuthenticationResult"] and app.tokens("ann", NEW)
    with refused("NotAuthorizedException", INCORRECT):
        app.password("ann")
    with refused("NotAuthorizedException", INCORRECT):
        app.srp("ann").sign_in()


@proves("ConfirmForgotPassword", "CodeMismatchException", "ExpiredCodeException")
def test_a_wrong_code_a_used_code_and_no_code(app):
    code = asked(app)
    with refused("CodeMismatchException", WRONG):
        confirm(app, other(code))
    confirm(app, code)
    with refused("ExpiredCodeException", NONE):
        confirm(app, code, password=PASSWORD)
    app.pool.user("bea")
    with refused("ExpiredCodeException", NONE):
        confirm(app, "123456", "bea")


@proves("ConfirmForgotPassword", "InvalidPasswordException", "PasswordHistoryPolicyViolationException")
def test_a_password_that_will_not_do_spends_no_code(make_pool):
    app = make_pool(Policies=HISTORY).app()
    code = asked(app)
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        confirm(app, code, password="Short-1")
    with refused("PasswordHistoryPolicyViolationException", "Password has previously been used and cannot be reused."):
        confirm(app, code, password=PASSWORD)
    confirm(app, code)

    assert app.tokens("ann", NEW)


@proves("ForgotPassword", "LimitExceededException")
@proves("ConfirmForgotPassword", "LimitExceededException")
def test_ten_attempts_an_hour_are_shared_by_asking_and_answering(app):
    code = asked(app)
    for _ in range(9):
        with refused("CodeMismatchException", WRONG):
            confirm(app, other(code))
    with refused("LimitExceededException", LIMIT):
        confirm(app, code)
    with refused("LimitExceededException", LIMIT):
        forgot(app)


@proves("ForgotPassword", "UserNotFoundException", "ResourceNotFoundException", "InvalidParameterException")
@proves("ConfirmForgotPassword", "UserNotFoundException", "ResourceNotFoundException", "InvalidParameterException")
@proves("AdminResetUserPassword", "UserNotFoundException", "ResourceNotFoundException", "InvalidParameterException")
def test_unknown_users_clients_and_pools_are_not_found(app, server):
    idp = server.idp
    with refused("UserNotFoundException", UNKNOWN):
        forgot(app, "nobody")
    with refused("UserNotFoundException", UNKNOWN):
        confirm(app, "123456", "nobody")
    with refused("UserNotFoundException", "User does not exist."):
        reset(app, "nobody")
    with refused("ResourceNotFoundException", f"User pool client {NOBODY} does not exist."):
        idp.forgot_password(ClientId=NOBODY, Username="ann")
    with refused("ResourceNotFoundException", f"User pool client {NOBODY} does not exist."):
        idp.confirm_forgot_password(ClientId=NOBODY, Username="ann", ConfirmationCode="123456", Password=NEW)
    with refused("ResourceNotFoundException", "User pool us-east-1_000000000 does not exist."):
        idp.admin_reset_user_password(UserPoolId="us-east-1_000000000", Username="ann")
    with refused("InvalidParameterException", violation("username", "Member must not be null")):
        server.loose.forgot_password(ClientId=app.id)
    with refused("InvalidParameterException", violation("confirmationCode", "Member must not be null")):
        server.loose.confirm_forgot_password(ClientId=app.id, Username="ann", Password=NEW)
    app.pool.user("bare", email="bare@example.com")
    for ask in [forgot, reset]:
        with refused("InvalidParameterException", NO_CONTACT):
            ask(app, "bare")


@proves("ForgotPassword", "NotAuthorizedException")
@proves("ConfirmForgotPassword", "NotAuthorizedException")
def test_a_client_with_a_secret_wants_its_hash_and_recovers_with_it(mail_pool):
    app = mail_pool.app(GenerateSecret=True)
    address = user(app)
    missing = f"Client {app.id} is configured with secret but SECRET_HASH was not received"
    mistaken = f"Unable to verify secret hash for client {app.id}"
    with refused("NotAuthorizedException", missing):
        app.idp.forgot_password(ClientId=app.id, Username="ann")
    with refused("NotAuthorizedException", mistaken):
        forgot(app, SecretHash="d3Jvbmc=")
    with refused("NotAuthorizedException", mistaken):
        forgot(app, "nobody", SecretHash="d3Jvbmc=")
    forgot(app)
    code = mail_pool.inbox.code(address)
    with refused("NotAuthorizedException", missing):
        app.idp.confirm_forgot_password(ClientId=app.id, Username="ann", ConfirmationCode=code, Password=NEW)
    with refused("NotAuthorizedException", mistaken):
        confirm(app, code, SecretHash="d3Jvbmc=")
    confirm(app, code)

    assert app.tokens("ann", NEW)


@proves("AdminResetUserPassword", "NotAuthorizedException")
def test_states_without_a_password_of_ones_own_are_refused(app):
    app.pool.create_user("ann", TemporaryPassword=TEMPORARY, UserAttributes=attributes(email_verified="true"))
    for ask in [forgot, reset]:
        with refused("NotAuthorizedException", STATE):
            ask(app)
    with refused("NotAuthorizedException", STATE):
        confirm(app, "123456")


@proves("ConfirmForgotPassword", "UserNotConfirmedException")
def test_an_unconfirmed_user_has_a_sign_up_to_confirm_first(app):
    app.sign_up("ann", attributes=attributes(email="unconfirmed@example.com"))
    for ask in [forgot, reset]:
        with refused("InvalidParameterException", NO_CONTACT):
            ask(app)
    with refused("UserNotConfirmedException", "User is not confirmed."):
        confirm(app, app.pool.inbox.code("unconfirmed@example.com"))


def test_where_only_administrators_recover_nobody_is_sent_a_code(make_pool):
    app = make_pool(AutoVerifiedAttributes=["email"], AccountRecoverySetting=ADMIN_ONLY).app()
    address = user(app)
    for ask in [forgot, reset]:
        with refused("NotAuthorizedException", ADMIN):
            ask(app)

    assert app.pool.inbox.messages(address) == [] and app.tokens("ann")


def test_the_recovery_setting_orders_the_ways(make_pool):
    ways = [{"Name": "verified_email", "Priority": 1}, {"Name": "verified_phone_number", "Priority": 2}]
    numbers = {"phone_number": "+15551231234", "phone_number_verified": "true"}
    legacy = make_pool().app()
    by_mail = make_pool(AccountRecoverySetting={"RecoveryMechanisms": ways}).app()
    for app in [legacy, by_mail]:
        app.pool.user("ann", email="ways@example.com", email_verified="true", **numbers)
        app.pool.user("bea", **numbers)

    assert forgot(legacy)["CodeDeliveryDetails"] == {
        "Destination": "+*******1234", "DeliveryMedium": "SMS", "AttributeName": "phone_number",
    }  # fmt: skip
    assert forgot(by_mail)["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"
    assert forgot(by_mail, "bea")["CodeDeliveryDetails"]["DeliveryMedium"] == "SMS"


def test_an_address_is_a_name_here_and_recovers_too(make_pool):
    app = make_pool(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"]).app()
    address = f"{app.id}@example.com"
    app.sign_up(address)
    app.confirm(address, app.pool.inbox.code(address))
    forgot(app, address)
    confirm(app, app.pool.inbox.code(address), address)

    assert app.srp(address, NEW).sign_in()["AuthenticationResult"]


@proves("AdminResetUserPassword", "success")
@proves("InitiateAuth", "PasswordResetRequiredException")
def test_an_administrator_resets_a_password(app):
    address = user(app)
    assert set(reset(app)) == {"ResponseMetadata"}

    assert app.pool.get("ann")["UserStatus"] == "RESET_REQUIRED"
    with refused("PasswordResetRequiredException", RESET):
        app.password("ann")
    with refused("PasswordResetRequiredException", RESET):
        app.srp("ann").first()
    confirm(app, app.pool.inbox.code(address))
    described = app.pool.get("ann")
    assert described["UserStatus"] == "CONFIRMED" and as_dict(described["UserAttributes"])["email_verified"] == "true"
    assert app.tokens("ann", NEW) and app.srp("ann", NEW).sign_in()["AuthenticationResult"]


@proves("RespondToAuthChallenge", "PasswordResetRequiredException")
def test_a_reset_ends_a_sign_in_that_was_begun(app):
    user(app)
    srp = app.srp("ann")
    srp.first()
    reset(app)

    with refused("PasswordResetRequiredException", RESET):
        srp.second()


def test_the_veil_hides_a_reset_and_lets_it_be_mended(mail_pool):
    app = mail_pool.app(PreventUserExistenceErrors="ENABLED")
    address = user(app)
    reset(app)
    for attempt in [lambda: app.password("ann"), lambda: app.srp("ann").sign_in()]:
        with refused("NotAuthorizedException", INCORRECT):
            attempt()
    confirm(app, mail_pool.inbox.code(address))

    assert app.tokens("ann", NEW)


def test_the_veil_answers_for_those_who_are_not_there_as_for_those_who_are(mail_pool):
    app = mail_pool.app(PreventUserExistenceErrors="ENABLED")
    mail_pool.user("bare")
    mail_pool.create_user("new", TemporaryPassword=TEMPORARY)
    for name in ["ghost", "bare", "new"]:
        with refused("ExpiredCodeException", NONE):
            confirm(app, "123456", name)
        details = forgot(app, name)["CodeDeliveryDetails"]
        assert details == forgot(app, name)["CodeDeliveryDetails"]
        assert (details["DeliveryMedium"], details["AttributeName"]) == ("EMAIL", "email")
        for _ in range(7):
            with refused("CodeMismatchException", WRONG):
                confirm(app, "123456", name)
        with refused("LimitExceededException", LIMIT):
            forgot(app, name)


# Whatever a token of theirs is shown to: the reset is said before the operation begins.
BY_TOKEN = {
    "ChangePassword": {"PreviousPassword": PASSWORD, "ProposedPassword": NEW},
    "GetUser": {},
    "GlobalSignOut": {},
}


@proves("ChangePassword", "PasswordResetRequiredException")
@proves("GetUser", "PasswordResetRequiredException")
@proves("GlobalSignOut", "PasswordResetRequiredException")
def test_tokens_rest_until_the_password_is_there_again(app, idp):
    address = user(app)
    tokens = app.tokens("ann")
    reset(app)
    for operation, members in BY_TOKEN.items():
        method = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation)[1:]
        with refused("PasswordResetRequiredException", RESET):
            getattr(idp, method)(AccessToken=tokens["AccessToken"], **members)
    confirm(app, app.pool.inbox.code(address))

    assert idp.get_user(AccessToken=tokens["AccessToken"])["Username"] == "ann"
    assert app.refresh(tokens["RefreshToken"])["AuthenticationResult"]


def test_of_fifty_uses_of_one_code_one_succeeds(app):
    code = asked(app)
    outcomes = together(lambda number: confirm(app, code, password=f"Horse-Number-{number}"))

    assert outcomes["success"] == 1
    errors = {error for error, _ in set(outcomes) - {"success"}}
    assert errors <= {"ExpiredCodeException", "LimitExceededException", "TooManyRequestsException"}
