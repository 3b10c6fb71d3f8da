"""InitiateAuth and RespondToAuthChallenge with passwords: SRP, plain, and the first password of one's own."""

import base64
import re

import pytest
from support import tokens
from support.aws import proves, refused, violation
from support.pools import PASSWORD, as_dict

NOBODY = "0000000000000000000000000a"
WRONG = "Incorrect username or password."
NEW = "Brand-New-Pass-2"


def missing(name):
    return f"Missing required parameter {name}"


@proves("InitiateAuth", "success")
def test_a_password_gives_three_tokens(app, pool):
    pool.user("ann")
    answer = app.password("ann")
    result = answer["AuthenticationResult"]

    assert answer["ChallengeParameters"] == {} and "ChallengeName" not in answer and "Session" not in answer
    assert set(result) == {"AccessToken", "ExpiresIn", "TokenType", "RefreshToken", "IdToken"}
    assert (result["ExpiresIn"], result["TokenType"]) == (3600, "Bearer")


@proves("RespondToAuthChallenge", "success")
def test_srp_gives_three_tokens(app, pool):
    pool.user("ann")
    answer = app.srp("ann").sign_in()

    assert answer["ChallengeParameters"] == {}
    assert set(answer["AuthenticationResult"]) == {"AccessToken", "ExpiresIn", "TokenType", "RefreshToken", "IdToken"}


def test_the_srp_challenge_has_its_five_parameters(app, pool):
    pool.user("ann")
    challenge = app.srp("ann").first()
    parameters = challenge["ChallengeParameters"]

    assert challenge["ChallengeName"] == "PASSWORD_VERIFIER"
    assert set(parameters) == {"SALT", "SRP_B", "SECRET_BLOCK", "USERNAME", "USER_ID_FOR_SRP"}
    assert parameters["USERNAME"] == parameters["USER_ID_FOR_SRP"] == "ann"
    assert re.fullmatch("[0-9a-f]{1,32}", parameters["SALT"]) and re.fullmatch("[0-9a-f]{700,768}", parameters["SRP_B"])
    assert base64.b64decode(parameters["SECRET_BLOCK"], validate=True)


def test_two_challenges_share_the_salt_and_nothing_else(app, pool):
    pool.user("ann")
    one, two = (app.srp("ann").first()["ChallengeParameters"] for _ in range(2))

    assert one["SALT"] == two["SALT"]
    assert one["SRP_B"] != two["SRP_B"] and one["SECRET_BLOCK"] != two["SECRET_BLOCK"]


@pytest.mark.parametrize("password", ["Pässwörd-ß-9", "漢字-Aa-123456", "🔑-Key-🔑-9a"])
def test_any_letters_make_a_password(app, pool, password):
    pool.user("ann", password)

    assert app.srp("ann", password).sign_in()["AuthenticationResult"]
    assert app.tokens("ann", password)


def test_an_answer_with_upper_case_and_leading_zeros_in_a_is_the_same_number(app, pool):
    pool.user("ann")
    srp = app.srp("ann")
    srp.first()
    srp.asked = {**srp.asked, "SRP_A": "00" + srp.asked["SRP_A"].upper()}
    srp.challenge = app.start("USER_SRP_AUTH", **srp.asked)

    assert srp.second()["AuthenticationResult"]


@proves("InitiateAuth", "NotAuthorizedException", "UserNotFoundException")
@proves("RespondToAuthChallenge", "NotAuthorizedException")
def test_a_wrong_password_and_an_unknown_user_are_refused(app, pool):
    pool.user("ann")
    with refused("NotAuthorizedException", WRONG):
        app.password("ann", "Wrong-Horse-9")
    with refused("NotAuthorizedException", WRONG):
        app.srp("ann", "Wrong-Horse-9").sign_in()
    with refused("UserNotFoundException", "User does not exist."):
        app.password("nobody")
    with refused("UserNotFoundException", "User does not exist."):
        app.srp("nobody").first()


@proves("InitiateAuth", "UserNotConfirmedException")
@proves("RespondToAuthChallenge", "UserNotConfirmedException")
def test_an_unconfirmed_user_is_told_so_only_with_the_right_password(app):
    app.sign_up("ann")
    with refused("NotAuthorizedException", WRONG):
        app.password("ann", "Wrong-Horse-9")
    with refused("UserNotConfirmedException", "User is not confirmed."):
        app.password("ann")
    with refused("UserNotConfirmedException", "User is not confirmed."):
        app.srp("ann").sign_in()


@proves("InitiateAuth", "ResourceNotFoundException")
@proves("RespondToAuthChallenge", "ResourceNotFoundException")
def test_an_unknown_client_is_not_found(idp):
    message = f"User pool client {NOBODY} does not exist."
    with refused("ResourceNotFoundException", message):
        idp.initiate_auth(
            ClientId=NOBODY, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": "a", "PASSWORD": "b"}
        )
    with refused("ResourceNotFoundException", message):
        idp.respond_to_auth_challenge(
            ClientId=NOBODY, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses={"USERNAME": "a"}
        )


@proves("InitiateAuth", "InvalidParameterException")
@proves("RespondToAuthChallenge", "InvalidParameterException")
def test_what_a_step_needs_is_asked_for_by_name(app, pool, server):
    pool.user("ann")
    for flow, given, name in [
        ("USER_PASSWORD_AUTH", {"PASSWORD": "x"}, "USERNAME"),
        ("USER_PASSWORD_AUTH", {"USERNAME": "ann"}, "PASSWORD"),
        ("USER_SRP_AUTH", {"SRP_A": "ab"}, "USERNAME"),
        ("USER_SRP_AUTH", {"USERNAME": "ann"}, "SRP_A"),
        ("REFRESH_TOKEN_AUTH", {}, "REFRESH_TOKEN"),
        ("REFRESH_TOKEN", {"USERNAME": "ann"}, "REFRESH_TOKEN"),
    ]:
        with refused("InvalidParameterException", missing(name)):
            app.start(flow, **given)

    srp = app.srp("ann")
    srp.first()
    for name in ["USERNAME", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"]:
        responses = {key: value for key, value in srp.proof().items() if key != name}
        with refused("InvalidParameterException", missing(name)):
            app.answer("PASSWORD_VERIFIER", srp.challenge.get("Session"), **responses)
    with refused("InvalidParameterException", missing("Session")):
        app.answer("NEW_PASSWORD_REQUIRED", USERNAME="ann", NEW_PASSWORD=NEW)


def test_a_flow_that_does_not_exist_is_refused_with_those_that_do(server, app):
    flows = server.idp.meta.service_model.shape_for("AuthFlowType").enum
    tail = f"Member must satisfy enum value set: [{', '.join(flows)}]"
    with refused("InvalidParameterException", violation("authFlow", tail, "MAGIC")):
        server.loose.initiate_auth(ClientId=app.id, AuthFlow="MAGIC", AuthParameters={})


@pytest.mark.parametrize("number", ["0", "00", "zz"])
def test_an_a_that_is_no_number_or_zero_is_refused(app, pool, number):
    pool.user("ann")
    with refused("InvalidParameterException", "SRP_A is not valid"):
        app.start("USER_SRP_AUTH", USERNAME="ann", SRP_A=number)


def test_an_a_that_is_a_multiple_of_the_prime_is_refused(app, pool):
    pool.user("ann")
    prime = app.srp("ann").math.big_n
    for factor in [1, 2]:
        with refused("InvalidParameterException", "SRP_A is not valid"):
            app.start("USER_SRP_AUTH", USERNAME="ann", SRP_A=f"{prime * factor:x}")


@pytest.mark.parametrize(
    "flow, parameters, message",
    [
        (
            "USER_PASSWORD_AUTH",
            {"USERNAME": "ann", "PASSWORD": PASSWORD},
            "USER_PASSWORD_AUTH flow not enabled for this client",
        ),
        ("USER_SRP_AUTH", {"USERNAME": "ann", "SRP_A": "ab"}, "USER_SRP_AUTH is not enabled for the client."),
        ("CUSTOM_AUTH", {"USERNAME": "ann"}, "CUSTOM_AUTH is not enabled for the client."),
        ("USER_AUTH", {"USERNAME": "ann"}, "USER_AUTH is not enabled for the client."),
        ("REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": "x"}, "REFRESH_TOKEN_AUTH is not enabled for the client."),
        ("ADMIN_NO_SRP_AUTH", {"USERNAME": "ann", "PASSWORD": PASSWORD}, "Initiate Auth method not supported."),
        ("ADMIN_USER_PASSWORD_AUTH", {"USERNAME": "ann", "PASSWORD": PASSWORD}, "Initiate Auth method not supported."),
    ],
)
def test_a_flow_that_the_client_does_not_allow_is_refused(pool, flow, parameters, message):
    pool.user("ann")
    app = pool.app(ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"])
    with refused("InvalidParameterException", message):
        app.start(flow, **parameters)


def test_a_client_that_names_no_flow_has_srp_and_refresh(pool, idp):
    pool.user("ann")
    app = pool.app()
    idp.update_user_pool_client(UserPoolId=pool.id, ClientId=app.id)

    result = app.srp("ann").sign_in()["AuthenticationResult"]
    assert app.refresh(result["RefreshToken"])["AuthenticationResult"]
    with refused("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"):
        app.password("ann")


class TestSecretHash:
    @pytest.fixture
    def app(self, pool):
        pool.user("ann")
        return pool.app(GenerateSecret=True)

    def test_every_step_wants_the_hash_and_takes_the_right_one(self, app):
        absent = f"Client {app.id} is configured with secret but SECRET_HASH was not received"
        with refused("NotAuthorizedException", absent):
            app.start("USER_PASSWORD_AUTH", USERNAME="ann", PASSWORD=PASSWORD)
        with refused("NotAuthorizedException", f"Unable to verify secret hash for client {app.id}"):
            app.start("USER_PASSWORD_AUTH", USERNAME="ann", PASSWORD=PASSWORD, **app.hashed("bob", "SECRET_HASH"))

        assert app.tokens("ann")
        assert app.srp("ann").sign_in()["AuthenticationResult"]

    def test_the_hash_is_checked_before_the_user_is_looked_up(self, app):
        with refused("NotAuthorizedException", f"Unable to verify secret hash for client {app.id}"):
            app.start("USER_PASSWORD_AUTH", USERNAME="nobody", PASSWORD=PASSWORD, SECRET_HASH="d3Jvbmc=")

    def test_a_proof_without_the_hash_is_refused(self, app):
        srp = app.srp("ann")
        srp.first()
        proof = {name: value for name, value in srp.proof().items() if name != "SECRET_HASH"}
        with refused("NotAuthorizedException"):
            app.answer("PASSWORD_VERIFIER", srp.challenge.get("Session"), **proof)


class TestNames:
    """What a user may type to sign in."""

    def test_a_verified_alias_signs_in_and_an_unverified_one_does_not(self, make_pool):
        pool = make_pool(AliasAttributes=["email", "phone_number"])
        pool.user("ann", email="ann@example.com", email_verified="true", phone_number="+12065550123")
        app = pool.app()

        assert tokens.claims(app.tokens("ann@example.com")["AccessToken"])["username"] == "ann"
        assert app.srp("ann@example.com").sign_in()["AuthenticationResult"]
        with refused("UserNotFoundException", "User does not exist."):
            app.password("+12065550123")

    def test_the_challenge_names_the_user_that_an_alias_belongs_to(self, make_pool):
        pool = make_pool(AliasAttributes=["email"])
        pool.user("ann", email="ann@example.com", email_verified="true")

        assert pool.app().srp("ann@example.com").first()["ChallengeParameters"]["USER_ID_FOR_SRP"] == "ann"

    def test_an_address_signs_in_only_where_the_pool_says_so(self, app, pool):
        pool.user("ann", email="ann@example.com", email_verified="true")
        with refused("UserNotFoundException", "User does not exist."):
            app.password("ann@example.com")

    def test_a_sub_signs_in(self, app, pool):
        sub = as_dict(pool.user("ann")["Attributes"])["sub"]
        assert tokens.claims(app.tokens(sub)["AccessToken"])["username"] == "ann"

    def test_an_address_as_name_needs_no_verification(self, make_pool):
        pool = make_pool(UsernameAttributes=["email"], UsernameConfiguration={"CaseSensitive": False})
        made = pool.user("gil@example.com")

        assert tokens.claims(pool.app().tokens("Gil@Example.com")["AccessToken"])["username"] == made["Username"]
        challenge = pool.app().srp("gil@example.com")
        assert challenge.first()["ChallengeParameters"]["USER_ID_FOR_SRP"] == made["Username"]
        assert challenge.second()["AuthenticationResult"]
