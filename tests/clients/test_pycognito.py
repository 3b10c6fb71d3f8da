"""pycognito, unmodified: SRP, the first password of one's own, refresh, sign-up, logout. It verifies every token."""

import pytest
from pycognito import Cognito
from pycognito.exceptions import ForceChangePasswordException
from support.aws import ACCESS_KEY, SECRET_KEY, refused
from support.pools import PASSWORD, TEMPORARY

NEW = "Brand-New-Pass-2"


@pytest.fixture
def cognito(mail_pool):
    """A pycognito user of the test's pool."""
    apps = {False: mail_pool.app(), True: mail_pool.app(GenerateSecret=True)}

    def cognito(name, secret=False, **more):
        app = apps[secret]
        return Cognito(
            mail_pool.id, app.id, username=name, client_secret=app.secret, access_key=ACCESS_KEY, secret_key=SECRET_KEY,
            boto3_client_kwargs={"endpoint_url": mail_pool.server.endpoint}, **more,
        )  # fmt: skip

    cognito.pool = mail_pool
    return cognito


@pytest.mark.parametrize("secret", [False, True])
def test_a_user_signs_in_by_srp(cognito, secret):
    cognito.pool.user("ann", email="ann@example.com")
    user = cognito("ann", secret)
    user.authenticate(PASSWORD)

    assert user.token_type == "Bearer" and user.refresh_token
    assert user.id_claims["email"] == "ann@example.com" and user.access_claims["username"] == "ann"
    user.verify_tokens()


@pytest.mark.parametrize("secret", [False, True])
def test_a_person_signs_up_confirms_and_signs_in(cognito, secret):
    address = f"pycognito{secret}@example.com"
    user = cognito("newcomer", secret)
    user.set_base_attributes(email=address, name="New Comer")
    answer = user.register("newcomer", PASSWORD)
    assert answer["UserConfirmed"] is False and answer["CodeDeliveryDetails"]["Destination"] == "p***@e***"

    user.confirm_sign_up(cognito.pool.inbox.code(address))
    user.authenticate(PASSWORD)
    shown = user.get_user()
    assert shown.email == address and shown.email_verified in ("true", True) and shown.name == "New Comer"


@pytest.mark.parametrize("secret", [False, True])
def test_an_invited_user_chooses_a_password(cognito, secret):
    cognito.pool.create_user("ann", TemporaryPassword=TEMPORARY)
    user = cognito("ann", secret)
    with pytest.raises(ForceChangePasswordException):
        user.authenticate(TEMPORARY)
    user.new_password_challenge(TEMPORARY, NEW)
    assert user.access_token

    again = cognito("ann", secret)
    again.authenticate(NEW)
    assert again.access_token


@pytest.mark.parametrize("secret", [False, True])
def test_tokens_are_renewed(cognito, secret):
    cognito.pool.user("ann")
    user = cognito("ann", secret)
    user.authenticate(PASSWORD)
    before = user.access_token
    assert user.check_token() is False and user.access_token == before

    user.renew_access_token()
    assert user.access_token != before
    remembered = cognito(
        "ann", secret, id_token=user.id_token, access_token=user.access_token, refresh_token=user.refresh_token
    )
    remembered.verify_tokens()


def test_a_logged_out_user_is_logged_out_everywhere(cognito):
    cognito.pool.user("ann")
    here, there = cognito("ann"), cognito("ann")
    here.authenticate(PASSWORD)
    there.authenticate(PASSWORD)
    here.logout()

    with refused("NotAuthorizedException", "Access Token has been revoked"):
        there.get_user()
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        there.renew_access_token()
    here.authenticate(PASSWORD)
    assert here.get_user().username == "ann"


def test_a_code_can_be_sent_again(cognito):
    user = cognito("ann")
    user.set_base_attributes(email="resend.py@example.com")
    user.register("ann", PASSWORD)
    user.resend_confirmation_code("ann")
    user.confirm_sign_up(cognito.pool.inbox.code("resend.py@example.com"))
    user.authenticate(PASSWORD)


def test_an_operator_reads_lists_and_deletes(cognito):
    user = cognito("ann")
    user.admin_create_user("ann", TEMPORARY, {"MessageAction": "SUPPRESS"}, email="ann.py@example.com")
    assert user.admin_get_user().email == "ann.py@example.com"
    assert [found.username for found in user.get_users()] == ["ann"]
    user.admin_delete_user()
    assert user.get_users() == []
