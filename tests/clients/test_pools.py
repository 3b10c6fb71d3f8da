"""User pools: defaults exactly, what is given is given back, update replaces, deletion ends everything in it."""

import datetime

import pytest
from support.aws import idp as client
from support.aws import proves, refused, violation
from support.pools import PASSWORD

NOWHERE = "us-east-1_000000000"
ORDER = (
    "sub name given_name family_name middle_name nickname preferred_username profile picture website email "
    "email_verified gender birthdate zoneinfo locale phone_number phone_number_verified address updated_at"
).split()
STRONG = {
    "MinimumLength": 12,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": False,
    "RequireSymbols": False,
}


def unknown(pool_id=NOWHERE):
    return f"User pool {pool_id} does not exist."


@proves("CreateUserPool", "success")
def test_a_pool_that_is_given_only_a_name_has_the_documented_defaults(idp):
    pool = idp.create_user_pool(PoolName="Plain + simple")["UserPool"]

    expected = {
        "Name": "Plain + simple",
        "MfaConfiguration": "OFF",
        "EstimatedNumberOfUsers": 0,
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7},
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "LambdaConfig": {},
        "DeletionProtection": "INACTIVE",
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
        "UserPoolTier": "ESSENTIALS",
        "Arn": f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool['Id']}",
    }
    assert {name: pool.get(name) for name in expected} == expected
    assert pool["Policies"] == {
        "PasswordPolicy": {
            "MinimumLength": 8,
            "RequireUppercase": True,
            "RequireLowercase": True,
            "RequireNumbers": True,
            "RequireSymbols": True,
            "TemporaryPasswordValidityDays": 7,
        },
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
    }
    assert not {"AliasAttributes", "UsernameAttributes", "AutoVerifiedAttributes", "DeviceConfiguration"} & set(pool)


def test_a_pool_id_is_its_region_and_nine_letters_or_digits(idp):
    identifier = idp.create_user_pool(PoolName="one")["UserPool"]["Id"]

    region, name = identifier.split("_")
    assert region == "us-east-1" and len(name) == 9 and name.isascii() and name.isalnum()


def test_a_pool_is_made_in_the_region_that_the_call_is_signed_for(server):
    made = client(server.endpoint, "eu-west-1").create_user_pool(PoolName="there")["UserPool"]

    assert made["Id"].startswith("eu-west-1_") and made["Arn"].startswith("arn:aws:cognito-idp:eu-west-1:")


def test_the_standard_attributes_come_in_their_order_with_their_constraints(idp):
    schema = idp.create_user_pool(PoolName="standard")["UserPool"]["SchemaAttributes"]

    names = [attribute["Name"] for attribute in schema]
    by_name = {attribute["Name"]: attribute for attribute in schema}
    assert [name for name in names if name != "identities"] == ORDER
    assert by_name["sub"] == {
        "Name": "sub",
        "AttributeDataType": "String",
        "DeveloperOnlyAttribute": False,
        "Mutable": False,
        "Required": True,
        "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "2048"},
    }
    assert by_name["email"]["StringAttributeConstraints"] == {"MinLength": "0", "MaxLength": "2048"}
    assert by_name["birthdate"]["StringAttributeConstraints"] == {"MinLength": "10", "MaxLength": "10"}
    assert by_name["updated_at"]["AttributeDataType"] == "Number"
    assert by_name["updated_at"]["NumberAttributeConstraints"] == {"MinValue": "0"}
    assert by_name["email_verified"]["AttributeDataType"] == "Boolean"
    assert all(entry["Mutable"] and not entry["Required"] for name, entry in by_name.items() if name != "sub")


@proves("DescribeUserPool", "success")
def test_what_a_pool_was_made_with_is_described(idp):
    given = {
        "PoolName": "Everything",
        "Policies": {"PasswordPolicy": {**STRONG, "TemporaryPasswordValidityDays": 3, "PasswordHistorySize": 4}},
        "DeletionProtection": "ACTIVE",
        "AutoVerifiedAttributes": ["email"],
        "AliasAttributes": ["email", "preferred_username"],
        "EmailVerificationSubject": "Hello",
        "EmailVerificationMessage": "Your code: {####}",
        "SmsVerificationMessage": "Code {####}",
        "SmsAuthenticationMessage": "Sign in with {####}",
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "UserPoolTags": {"stage": "test", "owner": ""},
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": True,
            "InviteMessageTemplate": {
                "EmailSubject": "Come in",
                "EmailMessage": "{username} {####}",
                "SMSMessage": "{username} {####}",
            },
        },
        "UsernameConfiguration": {"CaseSensitive": False},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
    }
    made = idp.create_user_pool(**given)["UserPool"]
    described = idp.describe_user_pool(UserPoolId=made["Id"])["UserPool"]

    assert described == made
    for name in set(given) - {"PoolName", "AdminCreateUserConfig", "Policies"}:
        assert described[name] == given[name], name
    assert described["Policies"]["PasswordPolicy"] == given["Policies"]["PasswordPolicy"]
    assert described["AdminCreateUserConfig"] == {**given["AdminCreateUserConfig"], "UnusedAccountValidityDays": 3}
    idp.update_user_pool(UserPoolId=made["Id"], DeletionProtection="INACTIVE")


def test_custom_and_developer_attributes_get_their_prefix(make_pool):
    pool = make_pool(
        Schema=[
            {
                "Name": "rank",
                "AttributeDataType": "Number",
                "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "9"},
            },
            {"Name": "since", "AttributeDataType": "DateTime", "Mutable": False},
            {"Name": "note", "AttributeDataType": "String", "DeveloperOnlyAttribute": True, "Mutable": True},
            {"Name": "name", "AttributeDataType": "String", "Required": True, "Mutable": True},
        ]
    )
    schema = {entry["Name"]: entry for entry in pool.described["SchemaAttributes"]}

    assert schema["custom:rank"]["NumberAttributeConstraints"] == {"MinValue": "1", "MaxValue": "9"}
    assert schema["custom:rank"]["Mutable"] is True and schema["custom:rank"]["Required"] is False
    assert schema["custom:since"]["Mutable"] is False
    assert schema["dev:note"]["DeveloperOnlyAttribute"] is True
    assert schema["name"]["Required"] is True


def test_a_policy_that_names_only_a_length_asks_for_nothing_else(make_pool):
    policy = make_pool(Policies={"PasswordPolicy": {"MinimumLength": 6}}).described["Policies"]["PasswordPolicy"]

    assert policy == {
        "MinimumLength": 6,
        "RequireUppercase": False,
        "RequireLowercase": False,
        "RequireNumbers": False,
        "RequireSymbols": False,
        "TemporaryPasswordValidityDays": 7,
    }


def custom(**more):
    return [{"Name": "x", "AttributeDataType": "String", **more}]


SCHEMA_FAULTS = {
    "required": (custom(Required=True), "Required custom attributes are not supported currently."),
    "no type": (
        [{"Name": "x"}],
        "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.",
    ),
    "standard type": (
        [{"Name": "email", "AttributeDataType": "Number"}],
        "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email",
    ),
    "standard developer": (
        [{"Name": "email", "AttributeDataType": "String", "DeveloperOnlyAttribute": True}],
        "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email",
    ),
    "too long": (
        custom(StringAttributeConstraints={"MaxLength": "2049"}),
        "user.custom:x: String attributes cannot have a length of more than 2048",
    ),
    "length upside down": (
        custom(StringAttributeConstraints={"MinLength": "5", "MaxLength": "4"}),
        "user.custom:x: Max length cannot be less than min length.",
    ),
    "value upside down": (
        [
            {
                "Name": "x",
                "AttributeDataType": "Number",
                "NumberAttributeConstraints": {"MinValue": "5", "MaxValue": "4"},
            }
        ],
        "user.custom:x: Max value cannot be less than min value.",
    ),
    "twice": (custom() + custom(), "custom:x: Existing attribute already has name custom:x."),
}


@pytest.mark.parametrize("fault", SCHEMA_FAULTS)
def test_a_schema_that_cannot_be_is_refused(idp, fault):
    schema, message = SCHEMA_FAULTS[fault]
    with refused("InvalidParameterException", message):
        idp.create_user_pool(PoolName="never", Schema=schema)


@proves("CreateUserPool", "InvalidParameterException")
def test_aliases_and_addresses_as_names_exclude_each_other(idp):
    with refused(
        "InvalidParameterException", "Only one of the aliasAttributes or usernameAttributes can be set in a user pool."
    ):
        idp.create_user_pool(PoolName="never", AliasAttributes=["email"], UsernameAttributes=["email"])


def test_two_lives_of_a_temporary_password_that_differ_are_refused(idp):
    with refused("InvalidParameterException"):
        idp.create_user_pool(
            PoolName="never",
            Policies={"PasswordPolicy": {**STRONG, "TemporaryPasswordValidityDays": 3}},
            AdminCreateUserConfig={"UnusedAccountValidityDays": 4},
        )


def test_an_attribute_cannot_be_required_and_an_alias(idp):
    name = {"Name": "preferred_username", "AttributeDataType": "String", "Required": True, "Mutable": True}
    with refused("InvalidParameterException"):
        idp.create_user_pool(PoolName="never", AliasAttributes=["preferred_username"], Schema=[name])


def test_mfa_cannot_be_on_without_a_way_to_send_messages(idp):
    with refused("InvalidParameterException"):
        idp.create_user_pool(PoolName="never", MfaConfiguration="ON")


@proves("DescribeUserPool", "ResourceNotFoundException")
@proves("UpdateUserPool", "ResourceNotFoundException")
@proves("DeleteUserPool", "ResourceNotFoundException")
def test_an_unknown_pool_is_not_found(idp):
    for operation in [idp.describe_user_pool, idp.update_user_pool, idp.delete_user_pool]:
        with refused("ResourceNotFoundException", unknown()):
            operation(UserPoolId=NOWHERE)


@proves("DescribeUserPool", "InvalidParameterException")
@proves("UpdateUserPool", "InvalidParameterException")
@proves("DeleteUserPool", "InvalidParameterException")
def test_a_pool_id_that_cannot_be_one_is_refused_with_its_value(idp):
    tail = r"Member must satisfy regular expression pattern: [\w-]+_[0-9a-zA-Z]+"
    for operation in [idp.describe_user_pool, idp.update_user_pool, idp.delete_user_pool]:
        with refused("InvalidParameterException", violation("userPoolId", tail, "not a pool")):
            operation(UserPoolId="not a pool")


@proves("UpdateUserPool", "success")
def test_an_update_replaces_all_that_can_change_and_keeps_what_cannot(make_pool, idp):
    pool = make_pool(
        PoolName="Before",
        Policies={"PasswordPolicy": STRONG},
        AutoVerifiedAttributes=["email"],
        UsernameAttributes=["email"],
        UserPoolTags={"a": "b"},
        Schema=custom(),
    )
    answer = idp.update_user_pool(UserPoolId=pool.id, PoolName="After")
    now = idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]

    assert set(answer) == {"ResponseMetadata"}
    assert now["Name"] == "After"
    assert (
        now["Policies"]["PasswordPolicy"]["MinimumLength"] == 8 and now["Policies"]["PasswordPolicy"]["RequireSymbols"]
    )
    assert not now.get("AutoVerifiedAttributes") and now["UserPoolTags"] == {"a": "b"}
    assert now["UsernameAttributes"] == ["email"] and now["SchemaAttributes"] == pool.described["SchemaAttributes"]
    assert (
        now["CreationDate"] == pool.described["CreationDate"]
        and now["LastModifiedDate"] > pool.described["LastModifiedDate"]
    )


def test_times_are_those_of_the_call(idp):
    before = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=2)
    made = idp.create_user_pool(PoolName="now")["UserPool"]

    assert before < made["CreationDate"] < before + datetime.timedelta(seconds=30)
    assert made["LastModifiedDate"] == made["CreationDate"]


@proves("DeleteUserPool", "success")
def test_a_deleted_pool_is_gone_with_its_clients_and_users(pool, app, idp):
    pool.user("ann")
    idp.delete_user_pool(UserPoolId=pool.id)

    for operation in [idp.describe_user_pool, idp.delete_user_pool, idp.list_users]:
        with refused("ResourceNotFoundException", unknown(pool.id)):
            operation(UserPoolId=pool.id)
    with refused("ResourceNotFoundException", f"User pool client {app.id} does not exist."):
        app.password("ann", PASSWORD)


def test_a_protected_pool_is_not_deleted(make_pool, idp):
    pool = make_pool(DeletionProtection="ACTIVE")
    message = (
        "The user pool cannot be deleted because deletion protection is activated. "
        "Deletion protection must be inactivated first."
    )
    with refused("InvalidParameterException", message):
        idp.delete_user_pool(UserPoolId=pool.id)

    idp.update_user_pool(UserPoolId=pool.id, DeletionProtection="INACTIVE")
    idp.delete_user_pool(UserPoolId=pool.id)


@proves("ListUserPools", "success")
def test_all_pools_are_listed_once_page_by_page(server):
    there = client(server.endpoint, "ap-south-1")
    made = {there.create_user_pool(PoolName=f"page {number}")["UserPool"]["Id"] for number in range(5)}
    pages = list(there.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 2}))
    listed = [pool for page in pages for pool in page["UserPools"]]

    assert {pool["Id"] for pool in listed} >= made and len({pool["Id"] for pool in listed}) == len(listed)
    assert all(len(page["UserPools"]) <= 2 for page in pages)
    assert {"Id", "Name", "CreationDate", "LastModifiedDate"} <= set(listed[0])


@proves("ListUserPools", "InvalidParameterException")
@pytest.mark.parametrize("size, tail", [(0, "greater than or equal to 1"), (61, "less than or equal to 60")])
def test_a_page_of_pools_has_one_to_sixty(server, size, tail):
    with refused("InvalidParameterException", violation("maxResults", f"Member must have value {tail}", size)):
        server.loose.list_user_pools(MaxResults=size)


def test_a_made_up_page_token_of_pools_is_refused(idp):
    with refused("InvalidParameterException"):
        idp.list_user_pools(MaxResults=10, NextToken="made-up")


def test_the_number_of_users_is_estimated(pool, idp):
    for name in ["ann", "bob", "cid"]:
        pool.create_user(name)

    assert idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["EstimatedNumberOfUsers"] == 3
