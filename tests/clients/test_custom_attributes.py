"""AddCustomAttributes: attributes that a pool gets later, for good, and that count at once."""

import pytest
from support.aws import proves, refused
from support.pools import as_dict, attributes

NOWHERE = "us-east-1_000000000"


def text(name, **more):
    return {"Name": name, "AttributeDataType": "String", **more}


@pytest.fixture
def add(pool, idp):
    return lambda *added: idp.add_custom_attributes(UserPoolId=pool.id, CustomAttributes=list(added))


def custom(pool):
    described = pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["SchemaAttributes"]
    return {entry["Name"]: entry for entry in described if ":" in entry["Name"]}


@proves("AddCustomAttributes", "success")
def test_attributes_are_described_with_prefix_and_bounds(pool, add):
    add(
        text("team", Mutable=False, StringAttributeConstraints={"MinLength": "2", "MaxLength": "9"}),
        text("note", DeveloperOnlyAttribute=True),
    )

    assert custom(pool) == {
        "custom:team": {
            "Name": "custom:team",
            "AttributeDataType": "String",
            "DeveloperOnlyAttribute": False,
            "Mutable": False,
            "Required": False,
            "StringAttributeConstraints": {"MinLength": "2", "MaxLength": "9"},
        },
        "dev:note": {
            "Name": "dev:note",
            "AttributeDataType": "String",
            "DeveloperOnlyAttribute": True,
            "Mutable": True,
            "Required": False,
            "StringAttributeConstraints": {},
        },
    }


def test_users_have_the_attribute_at_once(pool, app, add):
    unknown = "Attributes did not conform to the schema: Type for attribute {custom:team} could not be determined"
    with refused("InvalidParameterException", unknown):
        app.sign_up("ann", attributes=attributes(custom__team="red"))

    add(text("team", StringAttributeConstraints={"MaxLength": "4"}))

    with refused("InvalidParameterException"):
        app.sign_up("ann", attributes=attributes(custom__team="purple"))
    app.sign_up("ann", attributes=attributes(custom__team="red"))
    assert as_dict(pool.get("ann")["UserAttributes"])["custom:team"] == "red"


@proves("AddCustomAttributes", "InvalidParameterException")
def test_what_is_there_is_not_added_again_and_then_nothing_is(pool, add):
    add(text("team"))
    with refused("InvalidParameterException", "custom:team: Existing attribute already has name custom:team."):
        add(text("new"), text("team"))
    with refused("InvalidParameterException", "Required custom attributes are not supported currently."):
        add(text("new"), text("other", Required=True))
    assert set(custom(pool)) == {"custom:team"}


def test_a_pool_has_fifty_at_the_most(pool, add):
    add(*[text(f"a{number}") for number in range(25)])
    add(*[text(f"b{number}") for number in range(25)])
    with refused("InvalidParameterException", "A user pool cannot have more than 50 custom attributes."):
        add(text("one-more"))
    assert len(custom(pool)) == 50


@proves("AddCustomAttributes", "ResourceNotFoundException")
def test_an_unknown_pool_gets_none(idp):
    with refused("ResourceNotFoundException", f"User pool {NOWHERE} does not exist."):
        idp.add_custom_attributes(UserPoolId=NOWHERE, CustomAttributes=[text("team")])
