"""What an operator does with users: create, invite, read, set passwords, delete; and what GetUser tells a user."""

import re

import pytest
from support.aws import proves, refused, violation
from support.pools import PASSWORD, TEMPORARY, as_dict, attributes

NOWHERE = "us-east-1_000000000"
NO_USER = "User does not exist."
TEMPORARY_POLICY = "Password did not conform with password policy: "
OWN_POLICY = "Password did not conform with policy: "


@proves("AdminCreateUser", "success")
def test_a_created_user_must_change_the_password(pool):
    user = pool.create_user("ann", UserAttributes=attributes(email="ann@example.com", email_verified="true"))
    sub = as_dict(user["Attributes"])["sub"]

    assert set(user) == {"Username", "Attributes", "UserCreateDate", "UserLastModifiedDate", "Enabled", "UserStatus"}
    assert (user["Username"], user["Enabled"], user["UserStatus"]) == ("ann", True, "FORCE_CHANGE_PASSWORD")
    assert as_dict(user["Attributes"]) == {"sub": sub, "email": "ann@example.com", "email_verified": "true"}
    assert user["UserCreateDate"] == user["UserLastModifiedDate"]


def test_an_invitation_carries_name_and_a_temporary_password_that_works(pool, app, idp):
    idp.admin_create_user(
        UserPoolId=pool.id,
        Username="ann",
        UserAttributes=attributes(email="invited@example.com"),
        DesiredDeliveryMediums=["EMAIL"],
    )
    message = pool.inbox.newest("invited@example.com")
    password = re.fullmatch(r"Your username is ann and temporary password is (\S+)\.", message["body"].strip())[1]

    assert message["subject"] == "Your temporary password"
    assert app.password("ann", password)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_the_pools_own_invitation_is_sent(make_pool, idp):
    template = {"EmailSubject": "Come in", "EmailMessage": "{username}: {####}", "SMSMessage": "SMS {username} {####}"}
    pool = make_pool(AdminCreateUserConfig={"AllowAdminCreateUserOnly": False, "InviteMessageTemplate": template})
    idp.admin_create_user(
        UserPoolId=pool.id, Username="ann", TemporaryPassword=TEMPORARY, DesiredDeliveryMediums=["EMAIL", "SMS"],
        UserAttributes=attributes(email="template@example.com", phone_number="+12065550199"),
    )  # fmt: skip

    mail = pool.inbox.newest("template@example.com")
    assert (mail["subject"], mail["body"].strip()) == ("Come in", f"ann: {TEMPORARY}")
    assert pool.inbox.messages("+12065550199", "sms")[0]["body"].strip() == f"SMS ann {TEMPORARY}"


def test_a_suppressed_invitation_is_not_sent(pool):
    pool.create_user("ann", UserAttributes=attributes(email="hush@example.com"))
    assert pool.inbox.messages("hush@example.com") == []


@proves("AdminCreateUser", "UserNotFoundException", "UnsupportedUserStateException")
def test_an_invitation_is_sent_again_only_to_those_who_still_need_it(pool, app, idp):
    mail = attributes(email="again.ann@example.com")
    ask = {"UserPoolId": pool.id, "Username": "ann", "DesiredDeliveryMediums": ["EMAIL"]}
    idp.admin_create_user(**ask, UserAttributes=mail, TemporaryPassword=TEMPORARY)
    idp.admin_create_user(**ask, MessageAction="RESEND")
    newest = re.search(r"password is (\S+)\.$", pool.inbox.newest("again.ann@example.com")["body"].strip())[1]

    assert len(pool.inbox.messages("again.ann@example.com")) == 2
    assert app.password("ann", newest)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    with refused("UserNotFoundException", NO_USER):
        idp.admin_create_user(UserPoolId=pool.id, Username="nobody", MessageAction="RESEND")
    pool.set_password("ann")
    with refused("UnsupportedUserStateException", "Resend not possible. ann status is not FORCE_CHANGE_PASSWORD"):
        idp.admin_create_user(**ask, MessageAction="RESEND")


@proves("AdminCreateUser", "UsernameExistsException")
def test_a_name_is_free_only_once(pool, make_pool):
    pool.create_user("ann")
    with refused("UsernameExistsException", "User account already exists"):
        pool.create_user("ann")

    addresses = make_pool(UsernameAttributes=["email"])
    addresses.create_user("ann@example.com")
    with refused("UsernameExistsException"):
        addresses.create_user("ann@example.com")


def test_an_alias_that_another_owns_is_moved_only_by_force(make_pool):
    pool = make_pool(AliasAttributes=["email"])
    mail = attributes(email="owned@example.com", email_verified="true")
    pool.user("ann", email="owned@example.com", email_verified="true")
    with refused("AliasExistsException"):
        pool.create_user("bob", UserAttributes=mail)
    assert pool.names() == ["ann"]

    pool.create_user("bob", UserAttributes=mail, ForceAliasCreation=True)
    assert pool.get("owned@example.com")["Username"] == "bob"
    assert as_dict(pool.get("ann")["UserAttributes"])["email_verified"] == "false"


@proves("AdminCreateUser", "InvalidPasswordException")
@pytest.mark.parametrize(
    "password, fault",
    [
        ("Sh0rt-1", "Password not long enough"),
        ("UPPER-CASE-1", "Password must have lowercase characters"),
        ("Letters-Only", "Password must have numeric characters"),
    ],
)
def test_a_temporary_password_obeys_the_policy(pool, password, fault):
    with refused("InvalidPasswordException", TEMPORARY_POLICY + fault):
        pool.create_user("ann", TemporaryPassword=password)
    assert pool.names() == []


@proves("AdminCreateUser", "InvalidParameterException", "ResourceNotFoundException")
def test_what_does_not_fit_is_refused(pool, idp, server):
    schema = "Attributes did not conform to the schema: "
    with refused("InvalidParameterException", schema + "Type for attribute {custom:foo} could not be determined"):
        pool.create_user("ann", UserAttributes=attributes(custom__foo="1"))
    with refused("InvalidParameterException", "Invalid email address format."):
        pool.create_user("ann", UserAttributes=attributes(email="ann"))
    with refused("InvalidParameterException", "Invalid phone number format."):
        pool.create_user("ann", UserAttributes=attributes(phone_number="123"))
    # A message with nowhere to go: SMS is the default medium.
    with refused("InvalidParameterException"):
        idp.admin_create_user(UserPoolId=pool.id, Username="ann", DesiredDeliveryMediums=["SMS"])
    with refused("ResourceNotFoundException", f"User pool {NOWHERE} does not exist."):
        idp.admin_create_user(UserPoolId=NOWHERE, Username="ann")
    tail = "Member must satisfy enum value set: [RESEND, SUPPRESS]"
    with refused("InvalidParameterException", violation("messageAction", tail, "SHOUT")):
        server.loose.admin_create_user(UserPoolId=pool.id, Username="ann", MessageAction="SHOUT")
    assert pool.names() == []


def test_required_attributes_are_not_asked_of_the_operator(make_pool):
    name = {"Name": "name", "AttributeDataType": "String", "Required": True, "Mutable": True}
    assert make_pool(Schema=[name]).create_user("ann")["UserStatus"] == "FORCE_CHANGE_PASSWORD"


def test_an_address_as_name_is_stored_as_the_sub(make_pool):
    pool = make_pool(UsernameAttributes=["email"])
    user = pool.create_user("gil@example.com")

    assert as_dict(user["Attributes"]) == {"sub": user["Username"], "email": "gil@example.com"}
    with refused("InvalidParameterException", "Username should be an email."):
        pool.create_user("gil")


@proves("AdminGetUser", "success")
def test_a_user_is_read_by_name_sub_or_alias(make_pool):
    pool = make_pool(AliasAttributes=["email"])
    made = pool.user("ann", email="ann@example.com", email_verified="true", name="Ann")
    read = pool.get("ann")
    read.pop("ResponseMetadata")

    assert set(read) == {
        "Username",
        "UserAttributes",
        "UserCreateDate",
        "UserLastModifiedDate",
        "Enabled",
        "UserStatus",
    }
    assert read["UserStatus"] == "CONFIRMED" and read["UserCreateDate"] == made["UserCreateDate"]
    assert as_dict(read["UserAttributes"]) == as_dict(made["Attributes"])
    for name in [as_dict(made["Attributes"])["sub"], "ann@example.com"]:
        assert pool.get(name)["Username"] == "ann"


@proves("AdminSetUserPassword", "success")
def test_a_permanent_password_confirms_and_a_temporary_one_must_be_changed(pool, app):
    pool.create_user("ann")
    assert set(pool.set_password("ann")) == {"ResponseMetadata"}
    assert pool.get("ann")["UserStatus"] == "CONFIRMED" and app.tokens("ann")

    pool.set_password("ann", TEMPORARY, permanent=False)
    assert pool.get("ann")["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert app.password("ann", TEMPORARY)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    with refused("NotAuthorizedException", "Incorrect username or password."):
        app.password("ann", PASSWORD)


def test_a_permanent_password_confirms_who_signed_up(pool, app):
    app.sign_up("ann")
    pool.set_password("ann", "Another-Pass-2")

    assert pool.get("ann")["UserStatus"] == "CONFIRMED" and app.tokens("ann", "Another-Pass-2")


def test_a_password_is_temporary_unless_said_otherwise(pool, idp):
    pool.create_user("ann")
    idp.admin_set_user_password(UserPoolId=pool.id, Username="ann", Password=PASSWORD)
    assert pool.get("ann")["UserStatus"] == "FORCE_CHANGE_PASSWORD"


@proves("AdminSetUserPassword", "InvalidPasswordException")
def test_a_set_password_obeys_the_policy(pool):
    pool.create_user("ann")
    with refused("InvalidPasswordException", OWN_POLICY + "Password must have symbol characters"):
        pool.set_password("ann", "NoSymbol123")


@proves("AdminSetUserPassword", "PasswordHistoryPolicyViolationException")
def test_an_old_password_cannot_be_used_again_until_it_is_forgotten(make_pool):
    pool = make_pool(Policies={"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 2}})
    pool.user("ann", "First-Pass-1")
    pool.set_password("ann", "Second-Pass-2")
    for old in ["First-Pass-1", "Second-Pass-2"]:
        with refused(
            "PasswordHistoryPolicyViolationException", "Password has previously been used and cannot be reused."
        ):
            pool.set_password("ann", old)
    pool.set_password("ann", "Third-Pass-3")
    pool.set_password("ann", "First-Pass-1")


@proves("AdminDeleteUser", "success")
def test_a_deleted_user_is_gone_and_the_name_is_free(pool, app, idp):
    first = as_dict(pool.user("ann")["Attributes"])["sub"]
    access = app.tokens("ann")["AccessToken"]
    pool.delete("ann")

    with refused("UserNotFoundException", NO_USER):
        pool.get("ann")
    with refused("UserNotFoundException", NO_USER):
        app.password("ann")
    with refused("UserNotFoundException", NO_USER):
        idp.get_user(AccessToken=access)
    assert as_dict(pool.create_user("ann")["Attributes"])["sub"] != first


@proves("AdminGetUser", "UserNotFoundException", "ResourceNotFoundException", "InvalidParameterException")
@proves("AdminSetUserPassword", "UserNotFoundException", "ResourceNotFoundException", "InvalidParameterException")
@proves("AdminDeleteUser", "UserNotFoundException", "ResourceNotFoundException", "InvalidParameterException")
def test_pool_and_user_must_exist_and_be_named(pool, server):
    for operation, more in [
        ("admin_get_user", {}),
        ("admin_delete_user", {}),
        ("admin_set_user_password", {"Password": PASSWORD}),
    ]:
        with refused("UserNotFoundException", NO_USER):
            getattr(server.idp, operation)(UserPoolId=pool.id, Username="nobody", **more)
        with refused("ResourceNotFoundException", f"User pool {NOWHERE} does not exist."):
            getattr(server.idp, operation)(UserPoolId=NOWHERE, Username="ann", **more)
        with refused("InvalidParameterException", violation("username", "Member must not be null")):
            getattr(server.loose, operation)(UserPoolId=pool.id, **more)


@proves("GetUser", "success")
def test_a_user_sees_what_the_client_may_read(pool, idp):
    made = pool.user("ann", email="ann@example.com", name="Ann", email_verified="true")
    everything = idp.get_user(AccessToken=pool.app().tokens("ann")["AccessToken"])
    little = idp.get_user(AccessToken=pool.app(ReadAttributes=["name"]).tokens("ann")["AccessToken"])
    everything.pop("ResponseMetadata")

    assert set(everything) == {"Username", "UserAttributes"} and everything["Username"] == "ann"
    assert as_dict(everything["UserAttributes"]) == as_dict(made["Attributes"])
    shown = as_dict(little["UserAttributes"])
    assert shown["name"] == "Ann" and not {"email", "email_verified"} & set(shown)


@proves("GetUser", "NotAuthorizedException", "UserNotFoundException", "InvalidParameterException")
def test_get_user_needs_an_access_token_of_a_living_user(pool, app, server):
    idp = server.idp
    pool.user("ann")
    result = app.tokens("ann")
    head, payload, signature = result["AccessToken"].split(".")
    altered = signature[:-8] + signature[-8:].swapcase()
    for token in [
        result["IdToken"],
        result["RefreshToken"],
        "abc",
        "a.b.c",
        f"{head}.{payload}.{altered}",
        f"{head}.{payload}.",
    ]:
        with refused("NotAuthorizedException", "Invalid Access Token"):
            idp.get_user(AccessToken=token)
    with refused("InvalidParameterException", violation("accessToken", "Member must not be null")):
        server.loose.get_user()
    pool.delete("ann")
    with refused("UserNotFoundException", NO_USER):
        idp.get_user(AccessToken=result["AccessToken"])


def test_the_token_of_a_deleted_pool_is_good_for_nothing(pool, app, idp):
    pool.user("ann")
    access = app.tokens("ann")["AccessToken"]
    idp.delete_user_pool(UserPoolId=pool.id)
    with refused("NotAuthorizedException", "Invalid Access Token"):
        idp.get_user(AccessToken=access)
