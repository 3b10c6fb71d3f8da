"""Resource servers: made, described, replaced, deleted, listed; and the scopes of theirs that a client may be given."""

import pytest
from support.aws import proves, refused, violation

NOWHERE = "us-east-1_000000000"
API = "https://api.example.com"


def scopes(*names):
    return [{"ScopeName": name, "ScopeDescription": f"May {name}"} for name in names]


def unknown_pool(pool_id=NOWHERE):
    return f"User pool {pool_id} does not exist."


def unknown(identifier):
    return f"Resource server {identifier} does not exist."


@pytest.fixture
def create(pool, idp):
    def create(identifier=API, *names, **more):
        asked = {"UserPoolId": pool.id, "Identifier": identifier, "Name": "An API", "Scopes": scopes(*names)}
        return idp.create_resource_server(**{**asked, **more})["ResourceServer"]

    return create


@pytest.fixture
def describe(pool, idp):
    return lambda identifier=API: idp.describe_resource_server(UserPoolId=pool.id, Identifier=identifier)["ResourceServer"]


@proves("CreateResourceServer", "success")
@proves("DescribeResourceServer", "success")
def test_a_server_is_described_as_it_was_made(pool, create, describe):
    made = create(API, "read", "users:write")

    assert made == {
        "UserPoolId": pool.id,
        "Identifier": API,
        "Name": "An API",
        "Scopes": scopes("read", "users:write"),
    }
    assert describe() == made


@proves("CreateResourceServer", "InvalidParameterException")
def test_an_identifier_is_taken_once_in_a_pool(pool, create):
    create(API)
    with refused("InvalidParameterException", f"{API} already exists in user pool {pool.id}."):
        create(API)
    with refused("InvalidParameterException", "Duplicate scope name: read"):
        create("photos", "read", "write", "read")


@proves("CreateResourceServer", "LimitExceededException")
def test_a_pool_has_three_hundred_servers_at_the_most(create):
    for number in range(300):
        create(f"api-{number}")
    with refused("LimitExceededException", "A user pool cannot have more than 300 resource servers."):
        create("one-more")


@proves("UpdateResourceServer", "success")
def test_an_update_replaces_name_and_scopes(pool, idp, create, describe):
    create(API, "read", "write")

    asked = {"UserPoolId": pool.id, "Identifier": API, "Name": "Renamed"}
    answer = idp.update_resource_server(**asked, Scopes=scopes("share"))["ResourceServer"]
    assert answer == describe() == {**asked, "Scopes": scopes("share")}

    idp.update_resource_server(**asked)
    assert describe() == asked


@proves("UpdateResourceServer", "InvalidParameterException")
def test_an_update_names_no_scope_twice(pool, idp, create, describe):
    made = create(API, "read")
    with refused("InvalidParameterException", "Duplicate scope name: a"):
        idp.update_resource_server(UserPoolId=pool.id, Identifier=API, Name="x", Scopes=scopes("a", "a"))
    assert describe() == made


@proves("DeleteResourceServer", "success")
@proves("DeleteResourceServer", "ResourceNotFoundException")
@proves("DescribeResourceServer", "ResourceNotFoundException")
@proves("UpdateResourceServer", "ResourceNotFoundException")
def test_a_deleted_server_is_gone(pool, idp, create):
    create(API, "read")
    idp.delete_resource_server(UserPoolId=pool.id, Identifier=API)

    named = {"UserPoolId": pool.id, "Identifier": API}
    with refused("ResourceNotFoundException", unknown(API)):
        idp.describe_resource_server(**named)
    with refused("ResourceNotFoundException", unknown(API)):
        idp.update_resource_server(**named, Name="x")
    with refused("ResourceNotFoundException", unknown(API)):
        idp.delete_resource_server(**named)


@proves("CreateResourceServer", "ResourceNotFoundException")
@proves("ListResourceServers", "ResourceNotFoundException")
def test_an_unknown_pool_has_no_servers(idp):
    with refused("ResourceNotFoundException", unknown_pool()):
        idp.create_resource_server(UserPoolId=NOWHERE, Identifier=API, Name="x")
    with refused("ResourceNotFoundException", unknown_pool()):
        idp.list_resource_servers(UserPoolId=NOWHERE)


@proves("DescribeResourceServer", "InvalidParameterException")
@proves("DeleteResourceServer", "InvalidParameterException")
def test_an_identifier_has_no_spaces(pool, server):
    tail = r"Member must satisfy regular expression pattern: [\x21\x23-\x5B\x5D-\x7E]+"
    for operation in [server.loose.describe_resource_server, server.loose.delete_resource_server]:
        with refused("InvalidParameterException", violation("identifier", tail, "an API")):
            operation(UserPoolId=pool.id, Identifier="an API")


@proves("ListResourceServers", "success")
def test_all_servers_are_listed_once_page_by_page(pool, idp, create):
    made = [create(identifier, "read") for identifier in ["b", API, "a", "B", "c"]]
    pages = list(
        idp.get_paginator("list_resource_servers").paginate(UserPoolId=pool.id, PaginationConfig={"PageSize": 2})
    )
    listed = [server for page in pages for server in page["ResourceServers"]]

    assert [len(page["ResourceServers"]) for page in pages] == [2, 2, 1]
    assert sorted(listed, key=str) == sorted(made, key=str)


@proves("ListResourceServers", "InvalidParameterException")
@pytest.mark.parametrize("size, tail", [(0, "greater than or equal to 1"), (51, "less than or equal to 50")])
def test_a_page_of_servers_has_one_to_fifty(pool, server, size, tail):
    with refused("InvalidParameterException", violation("maxResults", f"Member must have value {tail}", size)):
        server.loose.list_resource_servers(UserPoolId=pool.id, MaxResults=size)


def asking(*names):
    return {
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": list(names),
    }


@proves("CreateUserPoolClient", "ScopeDoesNotExistException")
@proves("UpdateUserPoolClient", "ScopeDoesNotExistException")
def test_a_client_is_given_the_scopes_that_servers_of_its_pool_have(pool, idp, create):
    create(API, "read", "write")
    made = idp.create_user_pool_client(
        UserPoolId=pool.id, ClientName="machine", GenerateSecret=True, **asking(f"{API}/read")
    )["UserPoolClient"]
    assert made["AllowedOAuthScopes"] == [f"{API}/read"]

    named = {"UserPoolId": pool.id, "ClientId": made["ClientId"]}
    with refused("ScopeDoesNotExistException", f"Invalid scope requested: {API}/delete"):
        idp.update_user_pool_client(**named, **asking(f"{API}/write", f"{API}/delete"))
    with refused("ScopeDoesNotExistException", "Invalid scope requested: photos/read"):
        idp.create_user_pool_client(
            UserPoolId=pool.id, ClientName="other", GenerateSecret=True, **asking("photos/read")
        )
    idp.update_user_pool_client(**named, **asking(f"{API}/write"))


def test_a_client_keeps_the_scopes_of_a_server_that_is_deleted(pool, idp, create):
    create(API, "read")
    made = idp.create_user_pool_client(
        UserPoolId=pool.id, ClientName="machine", GenerateSecret=True, **asking(f"{API}/read")
    )["UserPoolClient"]

    idp.delete_resource_server(UserPoolId=pool.id, Identifier=API)

    described = idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"])["UserPoolClient"]
    assert described["AllowedOAuthScopes"] == [f"{API}/read"]
