"""Messages of `cognate serve`: e-mail by SMTP to a real server, and what happens when that server is not there."""

import email
import email.policy
import re
import time

import pytest
from aiosmtpd.controller import Controller
from support.aws import idp, proves, refused
from support.pools import App, Pool, as_dict, attributes
from support.postgres import free_port
from support.serve import Serve, Site


class Mailbox:
    """Keeps what it is sent; while `broken`, it refuses everything."""

    def __init__(self):
        self.mails, self.broken, self.refused = [], False, 0

    async def handle_DATA(self, _server, _session, envelope):
        if self.broken:
            self.refused += 1
            return "554 no thanks"
        self.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"


@pytest.fixture
def mailbox():
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


@pytest.fixture
def pool(mailbox, engine, request, tmp_path):
    database = request.getfixturevalue("postgres").fresh_database() if engine == "postgres" else None
    site = Site(tmp_path, database, mailbox.port)
    running = Serve(site).ready()
    try:
        running.idp, running.inbox = idp(running.endpoint, keys=site.create_key()), None
        yield Pool(running, {"AutoVerifiedAttributes": ["email"]})
    finally:
        running.stop()


def test_a_code_arrives_by_mail_and_confirms(pool, mailbox):
    app = App(pool, {})
    app.sign_up("ann", attributes=attributes(email="ann@example.com"))
    ((recipients, mail),) = mailbox.mails

    assert recipients == ["ann@example.com"] and mail["Subject"] == "Your verification code"
    code = re.search(r"Your verification code is (\d{6})\.", mail.get_body(("html", "plain")).get_content())[1]
    app.confirm("ann", code)
    assert app.tokens("ann")


@proves("SignUp", "CodeDeliveryFailureException")
@proves("ResendConfirmationCode", "CodeDeliveryFailureException")
@proves("AdminCreateUser", "CodeDeliveryFailureException")
def test_a_mail_that_cannot_be_delivered_is_told_and_the_user_exists(pool, mailbox):
    mailbox.broken = True
    app = App(pool, {})
    with refused("CodeDeliveryFailureException"):
        app.sign_up("ann", attributes=attributes(email="ann@example.com"))
    assert pool.get("ann")["UserStatus"] == "UNCONFIRMED"
    with refused("CodeDeliveryFailureException"):
        app.resend("ann")
    with refused("CodeDeliveryFailureException"):
        pool.idp.admin_create_user(
            UserPoolId=pool.id,
            Username="bob",
            UserAttributes=attributes(email="bob@example.com"),
            DesiredDeliveryMediums=["EMAIL"],
        )
    assert pool.get("bob")["UserStatus"] == "FORCE_CHANGE_PASSWORD"

    mailbox.broken = False
    app.resend("ann")
    assert len(mailbox.mails) == 1


@proves("UpdateUserAttributes", "CodeDeliveryFailureException")
@proves("GetUserAttributeVerificationCode", "CodeDeliveryFailureException")
def test_a_change_stands_whose_code_cannot_be_delivered(pool, mailbox):
    app = App(pool, {})
    pool.user("ann", email="ann@example.com")
    token, idp = app.tokens("ann")["AccessToken"], pool.idp
    mailbox.broken = True
    with refused("CodeDeliveryFailureException", "Unable to deliver the email message."):
        idp.update_user_attributes(AccessToken=token, UserAttributes=attributes(email="new@example.com"))
    with refused("CodeDeliveryFailureException", "Unable to deliver the email message."):
        idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    assert as_dict(pool.get("ann")["UserAttributes"])["email"] == "new@example.com"
    with refused("CodeDeliveryFailureException", "Unable to deliver the email message."):
        idp.admin_update_user_attributes(
            UserPoolId=pool.id, Username="ann", UserAttributes=attributes(email="third@example.com")
        )
    assert as_dict(pool.get("ann")["UserAttributes"])["email"] == "third@example.com"

    mailbox.broken = False
    idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    ((recipients, mail),) = mailbox.mails
    code = re.search(r"is (\d{6})\.", mail.get_body(("html", "plain")).get_content())[1]
    idp.verify_user_attribute(AccessToken=token, AttributeName="email", Code=code)
    assert recipients == ["third@example.com"]
    assert as_dict(pool.get("ann")["UserAttributes"])["email_verified"] == "true"


@proves("ForgotPassword", "CodeDeliveryFailureException")
def test_a_recovery_that_cannot_be_delivered_is_told_only_without_the_veil(pool, mailbox):
    pool.user("ann", email="ann@example.com", email_verified="true")
    app, veiled = App(pool, {}), App(pool, {"PreventUserExistenceErrors": "ENABLED"})
    mailbox.broken = True
    with refused("CodeDeliveryFailureException", "Unable to deliver the email message."):
        pool.idp.forgot_password(ClientId=app.id, Username="ann")
    for name in ["ann", "ghost"]:
        assert pool.idp.forgot_password(ClientId=veiled.id, Username=name)["CodeDeliveryDetails"]

    deadline = time.monotonic() + 30
    while mailbox.refused < 2:  # the veiled one leaves after the answer, so that its time tells nothing
        assert time.monotonic() < deadline
        time.sleep(0.05)
    mailbox.broken = False
    pool.idp.forgot_password(ClientId=veiled.id, Username="ann")
    while not mailbox.mails:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    code = re.search(r"\d{6}", mailbox.mails[0][1].get_body(("html", "plain")).get_content())[0]
    pool.idp.confirm_forgot_password(
        ClientId=veiled.id, Username="ann", ConfirmationCode=code, Password="Another-Horse-9"
    )
    assert veiled.tokens("ann", "Another-Horse-9")
