"""App clients: defaults, secrets, update replaces, and the settings that contradict each other."""

import re

import pytest
from support.aws import proves, refused, violation
from support.pools import PASSWORD

NOWHERE = "us-east-1_000000000"
NOBODY = "0000000000000000000000000a"
OAUTH = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email"],
    "CallbackURLs": ["https://app.example/done", "http://localhost:3000/done", "myapp://done"],
    "LogoutURLs": ["https://app.example/"],
    "DefaultRedirectURI": "https://app.example/done",
    "SupportedIdentityProviders": ["COGNITO"],
}


def no_client(client_id=NOBODY):
    return f"User pool client {client_id} does not exist."


@pytest.fixture
def make(pool, idp):
    """CreateUserPoolClient in the test's pool with exactly these settings."""

    def make(**settings):
        return idp.create_user_pool_client(UserPoolId=pool.id, **{"ClientName": "web app", **settings})[
            "UserPoolClient"
        ]

    return make


@proves("CreateUserPoolClient", "success")
def test_a_client_that_is_given_only_a_name_has_the_documented_defaults(make, pool):
    client = make()

    expected = {
        "UserPoolId": pool.id,
        "ClientName": "web app",
        "RefreshTokenValidity": 30,
        "AllowedOAuthFlowsUserPoolClient": False,
        "EnableTokenRevocation": True,
        "EnablePropagateAdditionalUserContextData": False,
        "AuthSessionValidity": 3,
    }
    assert {name: client.get(name) for name in expected} == expected
    absent = {"ClientSecret", "ExplicitAuthFlows", "ReadAttributes", "WriteAttributes", "PreventUserExistenceErrors"}
    assert not absent & set(client)


def test_a_client_id_is_a_128_bit_number_in_base_32(make):
    assert re.fullmatch("[0-9a-v]{25,26}", make()["ClientId"])


@proves("DescribeUserPoolClient", "success")
def test_a_generated_secret_is_given_and_can_be_read_again(make, pool, idp):
    made = make(GenerateSecret=True)
    described = idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"])["UserPoolClient"]

    assert re.fullmatch("[0-9a-v]{48,64}", made["ClientSecret"])
    assert described == made


def test_a_secret_of_ones_own_is_kept(make):
    own = "a_secret_of_my_own_that_is_long_enough"
    assert make(ClientSecret=own)["ClientSecret"] == own


def test_what_a_client_was_made_with_is_described(make, pool, idp):
    given = {
        **OAUTH,
        "GenerateSecret": True,
        "RefreshTokenValidity": 90,
        "AccessTokenValidity": 10,
        "IdTokenValidity": 20,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "minutes"},
        "ReadAttributes": ["email", "name"],
        "WriteAttributes": ["email"],
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": False,
        "EnablePropagateAdditionalUserContextData": True,
        "AuthSessionValidity": 15,
    }
    made = make(**given)
    described = idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"])["UserPoolClient"]

    assert described == made
    for name in set(given) - {"GenerateSecret"}:
        same = (
            sorted(described[name]) == sorted(given[name])
            if isinstance(given[name], list)
            else described[name] == given[name]
        )
        assert same, name


@proves("UpdateUserPoolClient", "success")
def test_an_update_replaces_everything_but_the_secret(make, pool, idp):
    made = make(
        **OAUTH,
        GenerateSecret=True,
        PreventUserExistenceErrors="ENABLED",
        RefreshTokenValidity=5,
        AuthSessionValidity=9,
    )
    updated = idp.update_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"], ClientName="renamed")[
        "UserPoolClient"
    ]
    described = idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"])["UserPoolClient"]

    assert updated == described
    assert updated["ClientName"] == "renamed" and updated["ClientSecret"] == made["ClientSecret"]
    assert updated["RefreshTokenValidity"] == 30 and updated["AuthSessionValidity"] == 3
    assert not updated.get("CallbackURLs") and updated["AllowedOAuthFlowsUserPoolClient"] is False
    assert "PreventUserExistenceErrors" not in updated
    assert updated["CreationDate"] == made["CreationDate"] and updated["LastModifiedDate"] > made["LastModifiedDate"]


@proves("DeleteUserPoolClient", "success")
def test_a_deleted_client_is_gone_and_its_users_stay(pool, idp):
    gone, stays = pool.app(), pool.app()
    pool.user("ann")
    idp.delete_user_pool_client(UserPoolId=pool.id, ClientId=gone.id)

    with refused("ResourceNotFoundException", no_client(gone.id)):
        gone.password("ann", PASSWORD)
    assert stays.tokens("ann")


@proves("ListUserPoolClients", "success")
def test_all_clients_are_listed_once_page_by_page_and_without_secrets(make, pool, idp):
    made = {make(ClientName=f"app {number}", GenerateSecret=True)["ClientId"] for number in range(5)}
    pages = list(
        idp.get_paginator("list_user_pool_clients").paginate(UserPoolId=pool.id, PaginationConfig={"PageSize": 2})
    )
    listed = [client for page in pages for client in page["UserPoolClients"]]

    assert sorted(client["ClientId"] for client in listed) == sorted(made)
    assert {frozenset(client) for client in listed} == {frozenset(["ClientId", "UserPoolId", "ClientName"])}
    assert all(len(page["UserPoolClients"]) <= 2 for page in pages)


@proves("CreateUserPoolClient", "ResourceNotFoundException")
@proves("ListUserPoolClients", "ResourceNotFoundException")
@proves("DescribeUserPoolClient", "ResourceNotFoundException")
@proves("UpdateUserPoolClient", "ResourceNotFoundException")
@proves("DeleteUserPoolClient", "ResourceNotFoundException")
def test_unknown_pools_and_clients_are_not_found(pool, app, idp, make_pool):
    absent = f"User pool {NOWHERE} does not exist."
    with refused("ResourceNotFoundException", absent):
        idp.create_user_pool_client(UserPoolId=NOWHERE, ClientName="x")
    with refused("ResourceNotFoundException", absent):
        idp.list_user_pool_clients(UserPoolId=NOWHERE)

    elsewhere = make_pool()
    for operation in [idp.describe_user_pool_client, idp.update_user_pool_client, idp.delete_user_pool_client]:
        with refused("ResourceNotFoundException", no_client()):
            operation(UserPoolId=pool.id, ClientId=NOBODY)
        # Another pool's client is as unknown as none.
        with refused("ResourceNotFoundException", no_client(app.id)):
            operation(UserPoolId=elsewhere.id, ClientId=app.id)


@proves("CreateUserPoolClient", "InvalidParameterException")
@proves("ListUserPoolClients", "InvalidParameterException")
@proves("DescribeUserPoolClient", "InvalidParameterException")
@proves("UpdateUserPoolClient", "InvalidParameterException")
@proves("DeleteUserPoolClient", "InvalidParameterException")
def test_what_cannot_be_is_refused_before_anything_is_looked_up(pool, server):
    missing = violation("userPoolId", "Member must not be null")
    for operation, more in [
        ("create_user_pool_client", {"ClientName": "x"}),
        ("list_user_pool_clients", {}),
        ("describe_user_pool_client", {"ClientId": NOBODY}),
        ("update_user_pool_client", {"ClientId": NOBODY}),
        ("delete_user_pool_client", {"ClientId": NOBODY}),
    ]:
        with refused("InvalidParameterException", missing):
            getattr(server.loose, operation)(**more)
    with refused(
        "InvalidParameterException", violation("maxResults", "Member must have value less than or equal to 60", 61)
    ):
        server.idp.list_user_pool_clients(UserPoolId=pool.id, MaxResults=61)


CODE_AND_CREDENTIALS = "client_credentials flow can not be selected along with code flow or implicit flow."
NO_SECRET = "client_credentials flow can not be selected if client does not have a client secret."
CREDENTIALS = {**OAUTH, "AllowedOAuthFlows": ["client_credentials"]}
PARAMETER, RANGE = "InvalidParameterException", "Invalid range for token validity."


def callback(url):
    return {**OAUTH, "CallbackURLs": [url], "DefaultRedirectURI": url}


def validity(token, value, unit):
    return {f"{token}TokenValidity": value, "TokenValidityUnits": {f"{token}Token": unit}}


# name: settings, error, message (None: not known)
CONTRADICTIONS = {
    "code and client_credentials": (
        {**OAUTH, "AllowedOAuthFlows": ["code", "client_credentials"], "GenerateSecret": True},
        "InvalidOAuthFlowException",
        CODE_AND_CREDENTIALS,
    ),
    "client_credentials without secret": (CREDENTIALS, "InvalidOAuthFlowException", NO_SECRET),
    "unknown scope": ({**OAUTH, "AllowedOAuthScopes": ["shop/read"]}, "ScopeDoesNotExistException", None),
    "oauth not switched on": ({**OAUTH, "AllowedOAuthFlowsUserPoolClient": False}, PARAMETER, None),
    "plain http": (callback("http://app.example/"), PARAMETER, None),
    "fragment": (callback("https://app.example/#x"), PARAMETER, None),
    "relative": (callback("/done"), PARAMETER, None),
    "default not in list": ({**OAUTH, "DefaultRedirectURI": "https://app.example/other"}, PARAMETER, None),
    "old and new flow names": ({"ExplicitAuthFlows": ["USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"]}, PARAMETER, None),
    "two secrets": ({"GenerateSecret": True, "ClientSecret": "abcdefghijklmnopqrstuvwxyz"}, PARAMETER, None),
    "context without secret": ({"EnablePropagateAdditionalUserContextData": True}, PARAMETER, None),
    "unknown attribute": ({"ReadAttributes": ["custom:nothing"]}, PARAMETER, None),
    "access too short": (validity("Access", 299, "seconds"), PARAMETER, RANGE),
    "access too long": (validity("Access", 25, "hours"), PARAMETER, RANGE),
    "id too short": (validity("Id", 4, "minutes"), PARAMETER, RANGE),
    "refresh too short": (validity("Refresh", 59, "minutes"), PARAMETER, RANGE),
    "refresh too long": (validity("Refresh", 3651, "days"), PARAMETER, RANGE),
    "refresh shorter than access": ({**validity("Refresh", 60, "minutes"), "AccessTokenValidity": 2}, PARAMETER, None),
    "rotation and refresh flow": (
        {"RefreshTokenRotation": {"Feature": "ENABLED"}, "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]},
        PARAMETER,
        None,
    ),
}


@proves("CreateUserPoolClient", "InvalidOAuthFlowException", "ScopeDoesNotExistException")
@proves("UpdateUserPoolClient", "InvalidOAuthFlowException", "ScopeDoesNotExistException")
def test_the_oauth_settings_have_errors_of_their_own(make, pool, idp):
    plain = make()["ClientId"]
    for settings, error, message in [
        CONTRADICTIONS["client_credentials without secret"],
        CONTRADICTIONS["unknown scope"],
    ]:
        with refused(error, message):
            make(**settings)
        with refused(error, message):
            idp.update_user_pool_client(UserPoolId=pool.id, ClientId=plain, **settings)


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_settings_that_contradict_each_other_are_refused_and_nothing_is_made(make, pool, idp, case):
    settings, error, message = CONTRADICTIONS[case]
    with refused(error, message):
        make(**settings)
    assert idp.list_user_pool_clients(UserPoolId=pool.id)["UserPoolClients"] == []


def test_an_identity_provider_must_exist(make, pool):
    with refused("InvalidParameterException", f"The provider Google does not exist for User Pool {pool.id}."):
        make(SupportedIdentityProviders=["Google"])


def test_a_required_attribute_must_be_writable(make_pool, idp):
    name = {"Name": "name", "AttributeDataType": "String", "Required": True, "Mutable": True}
    pool = make_pool(Schema=[name])
    with refused("InvalidParameterException", "Invalid write attributes specified while creating a client"):
        idp.create_user_pool_client(UserPoolId=pool.id, ClientName="x", WriteAttributes=["email"])
