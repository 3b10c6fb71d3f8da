"""What the tokens say, who signed them, and the issuer's documents that prove it. Verified as a stranger would."""

import base64
import re
import time
import uuid

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from support import tokens

# Claims of 2026 that may or may not be there yet.
LATER = {"acr", "amr"}
BOTH = {"sub", "iss", "token_use", "auth_time", "iat", "exp", "jti", "origin_jti", "event_id"}


@pytest.fixture
def result(app, pool):
    pool.user("ann", email="ann@example.com", email_verified="true", phone_number="+12065550123", name="Ann")
    return app.tokens("ann")


@pytest.fixture
def id_claims(result):
    return tokens.claims(result["IdToken"])


@pytest.fixture
def access_claims(result):
    return tokens.claims(result["AccessToken"])


def test_the_id_token_says_who_and_nothing_else(id_claims, app, pool):
    own = {"aud", "cognito:username", "email", "email_verified", "phone_number", "phone_number_verified", "name"}
    # A flag that was never set may be left out.
    assert set(id_claims) - LATER - {"phone_number_verified"} == (BOTH | own) - {"phone_number_verified"}
    assert (id_claims["aud"], id_claims["iss"], id_claims["token_use"]) == (app.id, pool.issuer, "id")
    assert (id_claims["cognito:username"], id_claims["email"], id_claims["name"]) == ("ann", "ann@example.com", "Ann")
    assert id_claims["email_verified"] is True


def test_the_access_token_says_what_for_and_nothing_else(access_claims, app, pool):
    assert set(access_claims) - LATER == BOTH | {"client_id", "scope", "username"}
    assert (access_claims["client_id"], access_claims["iss"], access_claims["token_use"]) == (
        app.id,
        pool.issuer,
        "access",
    )
    assert (access_claims["username"], access_claims["scope"]) == ("ann", "aws.cognito.signin.user.admin")


def test_both_tokens_belong_to_one_sign_in(id_claims, access_claims):
    for same in ["sub", "auth_time", "iat", "origin_jti", "event_id"]:
        assert id_claims[same] == access_claims[same], same
    assert id_claims["jti"] != access_claims["jti"]
    for name in ["sub", "jti", "origin_jti", "event_id"]:
        assert str(uuid.UUID(access_claims[name])) == access_claims[name], name


def test_times_are_whole_seconds_of_now(id_claims, access_claims):
    for claims in [id_claims, access_claims]:
        assert all(type(claims[name]) is int for name in ["iat", "exp", "auth_time"])
        assert claims["auth_time"] == claims["iat"] and claims["exp"] - claims["iat"] == 3600
        assert abs(claims["iat"] - time.time()) < 60


def test_the_clients_validities_are_kept_to_the_second(pool):
    pool.user("ann")
    app = pool.app(
        AccessTokenValidity=301, IdTokenValidity=7, RefreshTokenValidity=1,
        TokenValidityUnits={"AccessToken": "seconds", "IdToken": "minutes", "RefreshToken": "days"},
    )  # fmt: skip
    result = app.tokens("ann")
    access, identity = tokens.claims(result["AccessToken"]), tokens.claims(result["IdToken"])

    assert result["ExpiresIn"] == access["exp"] - access["iat"] == 301
    assert identity["exp"] - identity["iat"] == 420


def test_custom_values_are_strings_and_structured_ones_structured(make_pool):
    pool = make_pool(Schema=[{"Name": "rank", "AttributeDataType": "Number", "Mutable": True}])
    pool.user(
        "ann",
        custom__rank="7",
        address="1 Main St",
        updated_at="1700000000",
        phone_number="+12065550123",
        phone_number_verified="false",
    )
    claims = tokens.claims(
        pool.app(ReadAttributes=["custom:rank", "address", "updated_at", "phone_number_verified"]).tokens("ann")[
            "IdToken"
        ]
    )

    assert claims["custom:rank"] == "7"
    assert claims["phone_number_verified"] is False
    assert claims["address"] == {"formatted": "1 Main St"}
    assert claims["updated_at"] == 1700000000
    assert "phone_number" not in claims


def test_only_readable_attributes_are_told(pool):
    pool.user("ann", email="ann@example.com", name="Ann", email_verified="true")
    claims = tokens.claims(pool.app(ReadAttributes=["name"]).tokens("ann")["IdToken"])

    assert claims["name"] == "Ann" and not {"email", "email_verified"} & set(claims)


def test_a_generated_name_is_the_sub(make_pool):
    pool = make_pool(UsernameAttributes=["email"])
    pool.user("gil@example.com")
    result = pool.app().tokens("gil@example.com")
    identity, access = tokens.claims(result["IdToken"]), tokens.claims(result["AccessToken"])

    assert identity["cognito:username"] == access["username"] == identity["sub"] == access["sub"]


def test_each_kind_of_token_is_signed_with_its_own_key(result, pool):
    identity, access = tokens.header(result["IdToken"]), tokens.header(result["AccessToken"])

    assert set(identity) == set(access) == {"kid", "alg"}
    assert identity["alg"] == access["alg"] == "RS256"
    assert identity["kid"] != access["kid"]
    assert {identity["kid"], access["kid"]} <= {key["kid"] for key in tokens.keys(pool.issuer)}


def test_the_key_set_is_two_rsa_keys(pool):
    keys = tokens.keys(pool.issuer)

    assert len(keys) == 2
    for key in keys:
        assert set(key) == {"alg", "e", "kid", "kty", "n", "use"}
        assert (key["alg"], key["e"], key["kty"], key["use"]) == ("RS256", "AQAB", "RSA", "sig")
        assert len(base64.b64decode(key["kid"], validate=True)) == 32 and len(key["kid"]) == 44
        assert len(base64.urlsafe_b64decode(key["n"] + "==")) == 256


def number(text):
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


@pytest.mark.parametrize("kind", ["IdToken", "AccessToken"])
def test_the_signature_verifies_with_plain_rsa(result, pool, kind):
    signed, signature = result[kind].rsplit(".", 1)
    (key,) = [key for key in tokens.keys(pool.issuer) if key["kid"] == tokens.header(result[kind])["kid"]]
    public = rsa.RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key()

    public.verify(base64.urlsafe_b64decode(signature + "=="), signed.encode(), padding.PKCS1v15(), SHA256())


def test_a_relying_party_accepts_our_tokens_and_only_for_its_client(result, pool, app):
    assert (
        tokens.verified(result["IdToken"], pool.issuer, app.id)["sub"]
        == tokens.verified(result["AccessToken"], pool.issuer)["sub"]
    )
    with pytest.raises(jwt.InvalidAudienceError):
        tokens.verified(result["IdToken"], pool.issuer, pool.app().id)


def test_an_altered_token_is_refused(result, pool):
    head, payload, signature = result["AccessToken"].split(".")
    forged = (
        base64.urlsafe_b64encode(base64.urlsafe_b64decode(payload + "==").replace(b"ann", b"bob")).decode().rstrip("=")
    )
    with pytest.raises(jwt.InvalidSignatureError):
        tokens.verified(f"{head}.{forged}.{signature}", pool.issuer)


def test_pools_have_keys_of_their_own(result, pool, make_pool):
    other = make_pool()
    assert not {key["kid"] for key in tokens.keys(pool.issuer)} & {key["kid"] for key in tokens.keys(other.issuer)}


def test_the_discovery_document_names_the_issuer_and_its_keys(pool):
    answer = requests.get(f"{pool.issuer}/.well-known/openid-configuration", timeout=30)
    document = answer.json()

    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert document["issuer"] == pool.issuer and document["jwks_uri"] == f"{pool.issuer}/.well-known/jwks.json"
    assert document["id_token_signing_alg_values_supported"] == ["RS256"]
    assert document["subject_types_supported"] == ["public"]


def test_the_key_set_can_be_read_by_any_page(pool):
    answer = requests.get(f"{pool.issuer}/.well-known/jwks.json", headers={"Origin": "https://app.example"}, timeout=30)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("document", ["jwks.json", "openid-configuration"])
def test_an_unknown_pool_publishes_nothing(server, document):
    for name in ["us-east-1_000000000", "nonsense"]:
        assert requests.get(f"{server.endpoint}/{name}/.well-known/{document}", timeout=30).status_code == 404


def test_a_deleted_pool_publishes_nothing(pool, idp):
    assert tokens.keys(pool.issuer)
    idp.delete_user_pool(UserPoolId=pool.id)
    assert requests.get(f"{pool.issuer}/.well-known/jwks.json", timeout=30).status_code == 404


def test_tokens_fit_the_models_pattern_and_are_text_for_a_header(result):
    for kind in ["IdToken", "AccessToken", "RefreshToken"]:
        assert re.fullmatch("[A-Za-z0-9-_=.]+", result[kind])


def test_two_sign_ins_are_two_families(app, result):
    again = app.tokens("ann")
    one, two = tokens.claims(result["AccessToken"]), tokens.claims(again["AccessToken"])

    assert one["origin_jti"] != two["origin_jti"] and one["event_id"] != two["event_id"] and one["sub"] == two["sub"]
    assert result["RefreshToken"] != again["RefreshToken"]


def test_srp_and_passwords_give_the_same_claims(app, result):
    other = app.srp("ann").sign_in()["AuthenticationResult"]
    assert set(tokens.claims(other["IdToken"])) == set(tokens.claims(result["IdToken"]))
    assert set(tokens.claims(other["AccessToken"])) == set(tokens.claims(result["AccessToken"]))


def test_a_user_without_attributes_has_tokens_too(app, pool):
    pool.user("bare")
    claims = tokens.claims(app.tokens("bare")["IdToken"])
    assert set(claims) - LATER - {"email_verified", "phone_number_verified"} == BOTH | {"aud", "cognito:username"}
