"""What infrastructure tools read back: every optional member of pools and clients, set, left out, emptied and updated.

The tables are `support/pool_rows.py` and `support/client_rows.py`; a test holds them against the model, so that no member
is forgotten.
"""

import pytest
from support import aws
from support.aws import post, proves, refused, violation
from support.client_rows import CLIENT_ROWS, MINIMAL_CLIENT
from support.configuration import REFUSED
from support.pool_rows import MINIMAL_POOL, POOL_ROWS, REQUIRED_NAME
from support.pools import attributes
from support.tokens import claims

POOL_IDENTITY = {"Id", "Arn", "Name", "CreationDate", "LastModifiedDate"}
CLIENT_IDENTITY = {"ClientId", "UserPoolId", "ClientName", "CreationDate", "LastModifiedDate"}


def members(operation):
    return set(aws.model().operation_model(operation).input_shape.members)


def known_to(operation, settings):
    return {name: value for name, value in settings.items() if name in members(operation)}


class Pools:
    """Creates, updates and describes pools, as sent: boto3 itself checks nothing."""

    create_operation, update_operation = "CreateUserPool", "UpdateUserPool"

    def __init__(self, server):
        self.idp = server.loose

    def create(self, **settings):
        pool = self.idp.create_user_pool(PoolName="configured", **settings)["UserPool"]
        return pool["Id"], self.shown(pool)

    def update(self, pool_id, **settings):
        answer = self.idp.update_user_pool(UserPoolId=pool_id, **known_to(self.update_operation, settings))
        assert set(answer) == {"ResponseMetadata"}

    def describe(self, pool_id):
        return self.shown(self.idp.describe_user_pool(UserPoolId=pool_id)["UserPool"])

    @staticmethod
    def shown(pool):
        assert POOL_IDENTITY <= set(pool)
        return {name: value for name, value in pool.items() if name not in POOL_IDENTITY}


class Clients:
    """The same for the app clients of one pool."""

    create_operation, update_operation = "CreateUserPoolClient", "UpdateUserPoolClient"

    def __init__(self, server, pool_id):
        self.idp, self.pool_id = server.loose, pool_id

    def create(self, **settings):
        made = self.idp.create_user_pool_client(UserPoolId=self.pool_id, ClientName="configured", **settings)
        return made["UserPoolClient"]["ClientId"], self.shown(made["UserPoolClient"])

    def update(self, client_id, **settings):
        answer = self.idp.update_user_pool_client(
            UserPoolId=self.pool_id, ClientId=client_id, **known_to(self.update_operation, settings)
        )
        assert self.shown(answer["UserPoolClient"]) == self.describe(client_id)

    def describe(self, client_id):
        return self.shown(
            self.idp.describe_user_pool_client(UserPoolId=self.pool_id, ClientId=client_id)["UserPoolClient"]
        )

    @staticmethod
    def shown(client):
        assert CLIENT_IDENTITY <= set(client)
        return {name: value for name, value in client.items() if name not in CLIENT_IDENTITY}


@pytest.fixture
def pools(server):
    return Pools(server)


@pytest.fixture
def clients(server, pool):
    return Clients(server, pool.id)


def goes_through(things, row):
    """A row's whole life, each answer compared in full."""
    _, twin = things.create(**row.needs)
    rest = {name: value for name, value in twin.items() if name not in row.concerns()}
    without = {name: twin[name] for name in row.concerns() - row.changes if name in twin}
    assert without == row.unset, "unset"

    def expect(thing, values, when):
        described = things.describe(thing)
        told = {name: value for name, value in described.items() if name not in row.changes}
        assert told == {**rest, **values}, when
        return described

    made, answer = things.create(**row.needs, **row.given)
    assert expect(made, row.when_set(), "created with it") == answer
    things.update(made, **row.needs, **row.given)
    assert expect(made, row.when_set(), "updated with the same") == answer

    things.update(made, **row.needs)
    kept = row.stays or row.only_created
    expect(made, row.when_set() if kept else row.unset, "updated without it")

    if not row.only_created:
        later, _ = things.create(**row.needs)
        things.update(later, **row.needs, **row.given)
        expect(later, row.when_set(), "created without it, then updated with it")
    if row.empties == REFUSED:
        with refused("InvalidParameterException"):
            things.create(**row.needs, **row.emptied)
        if not row.only_created:
            before = things.describe(made)
            with refused("InvalidParameterException"):
                things.update(made, **row.needs, **row.emptied)
            assert things.describe(made) == before
        return

    empty, answer = things.create(**row.needs, **row.emptied)
    assert expect(empty, row.when_emptied(), "created with it emptied") == answer
    if not row.only_created:
        things.update(made, **row.needs, **row.given)
        things.update(made, **row.needs, **row.emptied)
        expect(made, row.when_emptied(), "updated with it emptied")


@pytest.mark.parametrize("member", POOL_ROWS)
def test_a_member_of_a_pool_is_described_as_it_was_set_left_out_or_emptied(pools, member):
    goes_through(pools, POOL_ROWS[member])


@pytest.mark.parametrize("member", CLIENT_ROWS)
def test_a_member_of_a_client_is_described_as_it_was_set_left_out_or_emptied(clients, member):
    goes_through(clients, CLIENT_ROWS[member])


@pytest.mark.parametrize(
    "rows, create, update, names",
    [
        (POOL_ROWS, "CreateUserPool", "UpdateUserPool", {"PoolName", "UserPoolId"}),
        (CLIENT_ROWS, "CreateUserPoolClient", "UpdateUserPoolClient", {"ClientName", "UserPoolId", "ClientId"}),
    ],
)
def test_the_table_covers_every_member_of_the_model(rows, create, update, names):
    def covered(rows):
        return {name for row in rows for name in row.given}

    assert covered(rows.values()) == members(create) - names
    assert covered(row for row in rows.values() if not row.only_created) == members(update) - names


def test_a_minimal_pool_is_described_by_its_defaults_and_nothing_else(pools):
    pool, answer = pools.create()
    described = pools.describe(pool)
    assert answer == described
    assert {name: value for name, value in described.items() if name != "SchemaAttributes"} == MINIMAL_POOL


def test_a_minimal_client_is_described_by_its_defaults_and_nothing_else(clients):
    client, answer = clients.create()
    assert answer == clients.describe(client) == MINIMAL_CLIENT


def nulls(operation, inside):
    """Every optional member as null; or every optional structure with nulls in it."""
    shape = aws.model().operation_model(operation).input_shape
    optional = {name: shape.members[name] for name in set(shape.members) - set(shape.required_members)}
    if not inside:
        return dict.fromkeys(optional)
    return {
        name: dict.fromkeys(member.members)
        for name, member in optional.items()
        if member.type_name == "structure" and not member.required_members
    }


@pytest.mark.parametrize("inside", [False, True])
def test_null_is_left_out(server, pool, pools, clients, inside):
    """Raw, because boto3 never sends it."""
    given = {"PoolName": "nulls", **nulls("CreateUserPool", inside)}
    given.pop("DcrConfiguration")  # to name it at all turns it on
    made = post(server.endpoint, "CreateUserPool", given)
    assert made.ok, made.text
    described = pools.describe(made.json()["UserPool"]["Id"])
    assert {name: value for name, value in described.items() if name != "SchemaAttributes"} == MINIMAL_POOL

    given = {"UserPoolId": pool.id, "ClientName": "nulls", **nulls("CreateUserPoolClient", inside)}
    made = post(server.endpoint, "CreateUserPoolClient", given)
    assert made.ok, made.text
    assert clients.describe(made.json()["UserPoolClient"]["ClientId"]) == MINIMAL_CLIENT


def test_a_required_standard_attribute_is_described_in_its_place(pools):
    _, plain = pools.create()
    _, required = pools.create(**POOL_ROWS["Schema"].given)
    assert [REQUIRED_NAME if entry["Name"] == "name" else entry for entry in plain["SchemaAttributes"]] == required[
        "SchemaAttributes"
    ]


def test_a_pool_and_a_client_keep_their_names_when_an_update_leaves_them_out(server, pool):
    client = server.idp.create_user_pool_client(UserPoolId=pool.id, ClientName="kept")["UserPoolClient"]["ClientId"]
    server.idp.update_user_pool(UserPoolId=pool.id)
    updated = server.idp.update_user_pool_client(UserPoolId=pool.id, ClientId=client)["UserPoolClient"]

    assert updated["ClientName"] == "kept"
    now = server.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    assert now["Name"] == pool.described["Name"]


ACCESS = {"seconds": (300, 86400), "minutes": (5, 1440), "hours": (1, 24), "days": (1, 1)}
REFRESH = {"seconds": (3600, 315_360_000), "minutes": (60, 5_256_000), "hours": (1, 87_600), "days": (1, 3650)}
TOKENS = {"Access": (ACCESS, 86400), "Id": (ACCESS, 86400), "Refresh": (REFRESH, 315_360_000)}
LENGTH = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


def life(token, number, unit):
    return {f"{token}TokenValidity": number, "TokenValidityUnits": {f"{token}Token": unit}}


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("unit", ACCESS)
def test_each_unit_reaches_from_bound_to_bound_and_is_described_as_it_was_given(clients, token, unit):
    bounds, most = TOKENS[token]
    low, high = bounds[unit]
    for number in {low, high}:
        given = life(token, number, unit)
        client, _ = clients.create(**given)
        assert clients.describe(client) == {**MINIMAL_CLIENT, **given}

    for number in [low - 1, high + 1]:
        if 0 < number <= most:
            with refused("InvalidParameterException", "Invalid range for token validity."):
                clients.create(**life(token, number, unit))
        elif number > most:
            with refused(
                "InvalidParameterException",
                violation(
                    f"{token.lower()}TokenValidity", f"Member must have value less than or equal to {most}", number
                ),
            ):
                clients.create(**life(token, number, unit))


def test_without_units_access_counts_in_hours_and_refresh_in_days(clients):
    for given in [{"AccessTokenValidity": 24}, {"IdTokenValidity": 24}, {"RefreshTokenValidity": 3650}]:
        client, _ = clients.create(**given)
        assert clients.describe(client) == {**MINIMAL_CLIENT, **given}
    for given in [{"AccessTokenValidity": 25}, {"IdTokenValidity": 25}, {"RefreshTokenValidity": 3651}]:
        with refused("InvalidParameterException", "Invalid range for token validity."):
            clients.create(**given)


@pytest.mark.parametrize("unit, access, identity", [("seconds", 301, 3599), ("minutes", 7, 61), ("hours", 2, 3)])
def test_tokens_live_as_long_as_their_client_says(pool, unit, access, identity):
    units = {"AccessToken": unit, "IdToken": unit}
    app = pool.app(AccessTokenValidity=access, IdTokenValidity=identity, TokenValidityUnits=units)
    pool.user("ann")
    tokens = app.tokens("ann")

    assert tokens["ExpiresIn"] == access * LENGTH[unit]
    for token, number in [("AccessToken", access), ("IdToken", identity)]:
        told = claims(tokens[token])
        assert told["exp"] - told["iat"] == number * LENGTH[unit], token


@pytest.mark.parametrize("unit, number", [("seconds", 2_592_000), ("minutes", 43_200), ("hours", 720), ("days", 30)])
@pytest.mark.parametrize("given", [{}, {"RefreshTokenValidity": 0}], ids=["left out", "zero"])
def test_the_default_is_thirty_days_in_whatever_unit(clients, given, unit, number):
    units = {"TokenValidityUnits": {"RefreshToken": unit}}
    client, _ = clients.create(**given, **units)
    assert clients.describe(client) == {**MINIMAL_CLIENT, "RefreshTokenValidity": number, **units}


def test_a_client_reads_and_writes_what_its_lists_name(pool):
    pool.user("ann", email="ann@example.com", name="Ann")
    narrow = pool.app(ReadAttributes=["name"], WriteAttributes=["name"])
    free, empty = pool.app(), pool.app(ReadAttributes=[], WriteAttributes=[])

    def reads(app):
        user = app.idp.get_user(AccessToken=app.tokens("ann")["AccessToken"])
        return {attribute["Name"] for attribute in user["UserAttributes"]}

    def writes(app, **values):
        token = app.tokens("ann")["AccessToken"]
        return app.idp.update_user_attributes(AccessToken=token, UserAttributes=attributes(**values))

    assert reads(narrow) == {"sub", "name"}
    assert {"sub", "name", "email"} <= reads(free) == reads(empty), "an empty list is none"
    for app in [narrow, free, empty]:
        writes(app, name="Anna")
    for app, values in [
        (narrow, {"email": "x@example.com"}),
        (free, {"email_verified": "true"}),
        (empty, {"email_verified": "true"}),
    ]:
        with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
            writes(app, **values)


@proves("CreateUserPool", "FeatureUnavailableInTierException")
@proves("UpdateUserPool", "FeatureUnavailableInTierException", "TierChangeNotAllowedException")
def test_dynamic_registration_is_beyond_the_lite_tier(pools):
    disabled = "The following features need to be disabled for the LITE pricing tier configured: "
    with refused("FeatureUnavailableInTierException", f"{disabled}Dynamic Client Registration"):
        pools.create(UserPoolTier="LITE", DcrConfiguration={})
    registering, _ = pools.create(DcrConfiguration={})
    with refused("FeatureUnavailableInTierException", f"{disabled}Dynamic Client Registration"):
        pools.update(registering, UserPoolTier="LITE", DcrConfiguration={})
    before = pools.describe(registering)
    with refused(
        "TierChangeNotAllowedException",
        "The user pool can not change to the LITE pricing tier while it uses: Dynamic Client Registration",
    ):
        pools.update(registering, UserPoolTier="LITE")
    assert pools.describe(registering) == before
    pools.update(registering, UserPoolTier="LITE", DcrConfiguration={"EnableStatus": "Disabled"})
    assert pools.describe(registering)["UserPoolTier"] == "LITE"


@proves("CreateUserPoolClient", "FeatureUnavailableInTierException")
@proves("UpdateUserPoolClient", "FeatureUnavailableInTierException")
def test_choosing_ones_way_to_sign_in_is_beyond_the_lite_tier(server, make_pool):
    lite = Clients(server, make_pool(UserPoolTier="LITE").id)
    chooses = {"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}
    message = "The following features need to be disabled for the LITE pricing tier configured: Choice-Based Sign-In"
    with refused("FeatureUnavailableInTierException", message):
        lite.create(**chooses)
    client, _ = lite.create()
    with refused("FeatureUnavailableInTierException", message):
        lite.update(client, **chooses)
