"""PreventUserExistenceErrors: what a stranger learns about a name that does not exist, with the veil and without."""

import pytest
from support.aws import refused
from support.pools import PASSWORD, attributes

WRONG = "Incorrect username or password."
UNKNOWN = "Username/client id combination not found."
NO_CODE = "Invalid code provided, please request a code again."


@pytest.fixture
def legacy(mail_pool):
    return mail_pool.app()


@pytest.fixture
def veiled(mail_pool):
    return mail_pool.app(PreventUserExistenceErrors="ENABLED")


def test_a_password_sign_in_tells_or_hides(legacy, veiled):
    with refused("UserNotFoundException", "User does not exist."):
        legacy.password("ghost")
    with refused("NotAuthorizedException", WRONG):
        veiled.password("ghost")


def test_srp_tells_at_once_or_asks_a_ghost_to_prove_itself(legacy, veiled):
    with refused("UserNotFoundException", "User does not exist."):
        legacy.srp("ghost").first()
    ghost = veiled.srp("ghost")
    assert ghost.first()["ChallengeName"] == "PASSWORD_VERIFIER"
    with refused("NotAuthorizedException", WRONG):
        ghost.second()


def test_a_ghosts_challenge_looks_like_a_users_and_stays_the_same(veiled, mail_pool):
    mail_pool.user("ann")
    ghosts = [veiled.srp("ghost").first()["ChallengeParameters"] for _ in range(2)]
    other = veiled.srp("spectre").first()["ChallengeParameters"]
    real = veiled.srp("ann").first()["ChallengeParameters"]

    assert set(ghosts[0]) == set(real)
    for stable in ["SALT", "USER_ID_FOR_SRP"]:
        assert ghosts[0][stable] == ghosts[1][stable] != other[stable]
    assert ghosts[0]["SRP_B"] != ghosts[1]["SRP_B"]
    assert abs(len(ghosts[0]["SALT"]) - len(real["SALT"])) <= 6
    assert abs(len(ghosts[0]["SECRET_BLOCK"]) - len(real["SECRET_BLOCK"])) <= 64


def test_a_ghost_is_the_same_for_every_client_of_the_pool_and_another_elsewhere(veiled, mail_pool, make_pool):
    here = veiled.srp("ghost").first()["ChallengeParameters"]["SALT"]
    beside = mail_pool.app(PreventUserExistenceErrors="ENABLED").srp("ghost").first()["ChallengeParameters"]["SALT"]
    elsewhere = (
        make_pool().app(PreventUserExistenceErrors="ENABLED").srp("ghost").first()["ChallengeParameters"]["SALT"]
    )

    assert here == beside != elsewhere


def test_a_new_code_is_refused_or_pretended(legacy, veiled, mail_pool):
    with refused("UserNotFoundException", UNKNOWN):
        legacy.resend("ghost")
    details = veiled.resend("ghost")["CodeDeliveryDetails"]

    assert details["DeliveryMedium"] == "EMAIL" and details["AttributeName"] == "email"
    assert details == veiled.resend("ghost")["CodeDeliveryDetails"]
    assert details["Destination"].endswith("***")


def test_a_pretended_delivery_follows_the_input_where_it_is_an_address(make_pool):
    pool = make_pool(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"])
    details = pool.app(PreventUserExistenceErrors="ENABLED").resend("ghost@haunted.example")["CodeDeliveryDetails"]

    assert details == {"Destination": "g***@h***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    assert pool.inbox.messages("ghost@haunted.example") == []


def test_a_confirmation_is_refused_with_the_name_or_with_the_code(legacy, veiled):
    with refused("UserNotFoundException", UNKNOWN):
        legacy.confirm("ghost", "123456")
    with pytest.raises(veiled.idp.exceptions.ClientError) as caught:
        veiled.confirm("ghost", "123456")
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) in {
        ("ExpiredCodeException", NO_CODE),
        ("CodeMismatchException", "Invalid verification code provided, please try again."),
    }


def test_a_taken_name_is_told_at_sign_up_even_so(legacy, veiled):
    legacy.sign_up("ann")
    for app in [legacy, veiled]:
        with refused("UsernameExistsException", "User already exists"):
            app.sign_up("ann")


def test_operators_are_told_the_truth(veiled, mail_pool, idp):
    for operation in [idp.admin_get_user, idp.admin_delete_user, idp.admin_confirm_sign_up]:
        with refused("UserNotFoundException", "User does not exist."):
            operation(UserPoolId=mail_pool.id, Username="ghost")
    with refused("UserNotFoundException", "User does not exist."):
        mail_pool.set_password("ghost", PASSWORD)


def test_the_veil_changes_nothing_for_those_who_exist(veiled, mail_pool):
    veiled.sign_up("ann", attributes=attributes(email="veiled@example.com"))
    with refused("UserNotConfirmedException", "User is not confirmed."):
        veiled.password("ann")
    veiled.confirm("ann", mail_pool.inbox.code("veiled@example.com"))

    assert veiled.tokens("ann") and veiled.srp("ann").sign_in()["AuthenticationResult"]
