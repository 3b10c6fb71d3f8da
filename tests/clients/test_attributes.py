"""Update-, Delete-, AdminUpdate- and AdminDeleteUserAttributes: who may write what, and what becomes of names."""

import pytest
from support.aws import proves, refused, violation
from support.pools import as_dict, attributes
from test_races import together

UNAUTHORIZED = "A client attempted to write unauthorized attribute"
UNKNOWN = "Attributes did not conform to the schema: Type for attribute {custom:none} could not be determined"
TAKEN = "An account with the email already exists."
SCHEMA = [
    {"Name": "family_name", "Required": True, "AttributeDataType": "String"},
    {"Name": "badge", "Mutable": False, "AttributeDataType": "String"},
    {"Name": "team", "AttributeDataType": "String"},
    {"Name": "cost", "AttributeDataType": "String", "DeveloperOnlyAttribute": True},
]


class Person:
    """A signed-in user, and an administrator's hand on them."""

    def __init__(self, pool, name="ann", **values):
        self.pool, self.idp, self.name = pool, pool.idp, name
        pool.user(name, **values)
        self.app = pool.app()
        self.token = self.app.tokens(name)["AccessToken"]

    def update(self, **values):
        answer = self.idp.update_user_attributes(AccessToken=self.token, UserAttributes=attributes(**values))
        return answer["CodeDeliveryDetailsList"]

    def administer(self, **values):
        return self.idp.admin_update_user_attributes(
            UserPoolId=self.pool.id, Username=self.name, UserAttributes=attributes(**values)
        )

    def delete(self, *names):
        return self.idp.delete_user_attributes(AccessToken=self.token, UserAttributeNames=list(names))

    def admin_delete(self, *names):
        return self.idp.admin_delete_user_attributes(
            UserPoolId=self.pool.id, Username=self.name, UserAttributeNames=list(names)
        )

    def known(self):
        found = as_dict(self.idp.get_user(AccessToken=self.token)["UserAttributes"])
        del found["sub"]
        return found

    def signs_in_as(self, name):
        try:
            return bool(self.app.tokens(name))
        except self.idp.exceptions.UserNotFoundException:
            return False


@pytest.fixture
def ann(make_pool):
    return Person(
        make_pool(Schema=SCHEMA, AutoVerifiedAttributes=["email"]), family_name="Lee", email="ann@example.com"
    )


@proves("UpdateUserAttributes", "success")
@proves("DeleteUserAttributes", "success")
def test_people_change_and_remove_what_is_known_of_them(ann):
    assert ann.update(family_name="Ng", custom__team="red", nickname="A") == []
    assert ann.known() == {"family_name": "Ng", "email": "ann@example.com", "custom:team": "red", "nickname": "A"}
    assert ann.pool.names(Filter='family_name = "Ng"') == ["ann"] and ann.pool.names(Filter='family_name = "Lee"') == []

    assert ann.update(nickname="") == []
    assert set(ann.delete("custom:team", "zoneinfo")) == {"ResponseMetadata"}
    assert ann.known() == {"family_name": "Ng", "email": "ann@example.com"}


@proves("AdminUpdateUserAttributes", "success")
@proves("AdminDeleteUserAttributes", "success")
def test_administrators_write_what_clients_may_not(ann):
    assert set(ann.administer(dev__cost="4", email_verified="true")) == {"ResponseMetadata"}
    assert ann.known()["dev:cost"] == "4" and ann.known()["email_verified"] == "true"

    assert set(ann.admin_delete("dev:cost", "email")) == {"ResponseMetadata"}
    assert ann.known() == {"family_name": "Lee"}


@proves("UpdateUserAttributes", "NotAuthorizedException")
@proves("DeleteUserAttributes", "NotAuthorizedException")
def test_a_client_writes_only_what_it_may(ann):
    for values in [{"email_verified": "true"}, {"dev__cost": "1"}]:
        with refused("NotAuthorizedException", UNAUTHORIZED):
            ann.update(nickname="A", **values)
    with refused("NotAuthorizedException", UNAUTHORIZED):
        ann.delete("nickname", "dev:cost")

    app = ann.pool.app(WriteAttributes=["family_name", "nickname"])
    ann.token = app.tokens("ann")["AccessToken"]
    ann.update(nickname="A")
    with refused("NotAuthorizedException", UNAUTHORIZED):
        ann.update(nickname="B", email="new@example.com")
    with refused("NotAuthorizedException", UNAUTHORIZED):
        ann.delete("email")
    assert ann.known() == {"family_name": "Lee", "email": "ann@example.com", "nickname": "A"}


@proves("UpdateUserAttributes", "InvalidParameterException")
@proves("AdminUpdateUserAttributes", "InvalidParameterException")
@pytest.mark.parametrize(
    "values, message",
    [
        ({"custom__none": "1"}, UNKNOWN),
        ({"sub": "1"}, "Cannot modify the non-mutable attribute sub"),
        ({"custom__badge": "1"}, "user.custom:badge: Attribute cannot be updated.\n"),
        ({"family_name": ""}, "user.family_name: Required attribute cannot be deleted.\n"),
        ({"email": "nobody"}, "Invalid email address format."),
        ({"phone_number": "030"}, "Invalid phone number format."),
        ({"birthdate": "1990"}, "Invalid user attributes: birthdate: String must be no shorter than 10 characters\n"),
    ],
)
def test_what_does_not_fit_the_schema_is_refused_whole(ann, values, message):
    for operation in [ann.update, ann.administer]:
        with refused("InvalidParameterException", message):
            operation(nickname="A", **values)
    assert ann.known() == {"family_name": "Lee", "email": "ann@example.com"}


def test_the_validator_speaks_first(ann, server):
    with refused("InvalidParameterException", violation("userAttributes", "Member must not be null")):
        server.loose.update_user_attributes(AccessToken=ann.token)
    with refused("InvalidParameterException", violation("userAttributes.1.member.name", "Member must not be null")):
        server.loose.admin_update_user_attributes(
            UserPoolId=ann.pool.id, Username="ann", UserAttributes=[{"Value": "x"}]
        )
    twice = [{"Name": "name", "Value": "A"}, {"Name": "name", "Value": "B"}]
    with refused("InvalidParameterException", "Duplicate attribute found in user attributes: name"):
        ann.idp.update_user_attributes(AccessToken=ann.token, UserAttributes=twice)


@proves("DeleteUserAttributes", "InvalidParameterException")
@proves("AdminDeleteUserAttributes", "InvalidParameterException")
def test_all_that_cannot_be_deleted_is_named(ann):
    message = (
        "Invalid user attributes: user.custom:none: Attribute does not exist in the schema.\n"
        "user.custom:badge: Attribute cannot be updated.\n"
        "user.family_name: Required attribute cannot be deleted.\n"
    )
    for operation in [ann.delete, ann.admin_delete]:
        with refused("InvalidParameterException", message):
            operation("email", "custom:none", "custom:badge", "family_name")
    assert ann.known() == {"family_name": "Lee", "email": "ann@example.com"}


def test_a_flag_needs_its_contact(ann):
    with refused("InvalidParameterException", "Phone Number is required to verify/un-verify a phone number"):
        ann.administer(phone_number_verified="true")


class TestNames:
    @proves("UpdateUserAttributes", "AliasExistsException")
    @proves("AdminUpdateUserAttributes", "AliasExistsException")
    def test_an_alias_of_somebody_else_is_refused(self, make_pool):
        pool = make_pool(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
        ann = Person(pool, email="ann.taken@example.com", email_verified="true")
        bob = Person(pool, "bob", email="bob.taken@example.com", email_verified="true")
        with refused("AliasExistsException", TAKEN):
            bob.update(email="ann.taken@example.com", nickname="B")
        with refused("AliasExistsException", TAKEN):
            bob.administer(email="ann.taken@example.com", email_verified="true", nickname="B")

        assert bob.known() == {"email": "bob.taken@example.com", "email_verified": "true"}
        assert ann.signs_in_as("ann.taken@example.com") and bob.signs_in_as("bob.taken@example.com")
        assert pool.inbox.messages("ann.taken@example.com") == []

    def test_as_an_alias_neither_address_signs_in_until_the_new_one_is_verified(self, make_pool):
        pool = make_pool(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
        ann = Person(pool, email="old.alias@example.com", email_verified="true")
        assert ann.signs_in_as("old.alias@example.com")

        (details,) = ann.update(email="new.alias@example.com")
        assert details == {"Destination": "n***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
        assert not ann.signs_in_as("old.alias@example.com") and not ann.signs_in_as("new.alias@example.com")
        assert ann.signs_in_as("ann")

        code = pool.inbox.code("new.alias@example.com")
        ann.idp.verify_user_attribute(AccessToken=ann.token, AttributeName="email", Code=code)
        assert ann.signs_in_as("new.alias@example.com") and not ann.signs_in_as("old.alias@example.com")

    def test_as_a_username_the_new_address_signs_in_at_once(self, make_pool):
        pool = make_pool(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"])
        ann = Person(pool, "old.name@example.com")
        ann.update(email="new.name@example.com")
        assert ann.signs_in_as("new.name@example.com") and not ann.signs_in_as("old.name@example.com")

        Person(pool, "old.name@example.com")
        with refused("AliasExistsException", TAKEN):
            ann.update(email="old.name@example.com")
        with refused("InvalidParameterException", "user.email: Required attribute cannot be deleted.\n"):
            ann.delete("email")

    def test_two_who_take_each_others_address_are_both_refused(self, make_pool):
        pool = make_pool(UsernameAttributes=["email"])
        people = [Person(pool, "one@example.com"), Person(pool, "two@example.com")]

        outcomes = together(lambda number: people[number].update(email=people[1 - number].name), 2)

        assert outcomes == {("AliasExistsException", TAKEN): 2}
        assert all(person.signs_in_as(person.name) for person in people)

    def test_of_many_who_take_one_address_one_gets_it(self, make_pool):
        pool = make_pool(UsernameAttributes=["email"])
        people = [Person(pool, f"user{number}@example.com") for number in range(8)]

        outcomes = together(lambda number: people[number].update(email="wanted@example.com"), 8)

        assert outcomes["success"] == 1, outcomes
        assert {error for error, _ in set(outcomes) - {"success"}} <= {
            "AliasExistsException",
            "TooManyRequestsException",
        }
        assert len(pool.names(Filter='email = "wanted@example.com"')) == 1


def test_changes_of_one_user_at_once_all_succeed(ann):
    names = ["nickname", "name", "given_name", "middle_name", "profile", "picture", "website", "gender"]

    assert together(lambda number: ann.administer(**{names[number]: "new"}), 8) == {"success": 8}
    assert set(names) <= set(ann.known())


@proves("AdminUpdateUserAttributes", "UserNotFoundException", "ResourceNotFoundException")
@proves("AdminDeleteUserAttributes", "UserNotFoundException", "ResourceNotFoundException")
def test_an_administrator_must_name_a_pool_and_a_user_that_exist(pool, idp):
    update = {"UserAttributes": attributes(nickname="A")}
    delete = {"UserAttributeNames": ["nickname"]}
    for operation, more in [(idp.admin_update_user_attributes, update), (idp.admin_delete_user_attributes, delete)]:
        with refused("UserNotFoundException", "User does not exist."):
            operation(UserPoolId=pool.id, Username="nobody", **more)
        with refused("ResourceNotFoundException", "User pool us-east-1_000000000 does not exist."):
            operation(UserPoolId="us-east-1_000000000", Username="ann", **more)


@proves("UpdateUserAttributes", "UserNotFoundException")
@proves("DeleteUserAttributes", "UserNotFoundException")
def test_a_token_of_a_deleted_user_changes_nothing(ann):
    ann.pool.delete("ann")
    with refused("UserNotFoundException", "User does not exist."):
        ann.update(nickname="A")
    with refused("UserNotFoundException", "User does not exist."):
        ann.delete("nickname")


@proves("UpdateUserAttributes", "PasswordResetRequiredException")
@proves("DeleteUserAttributes", "PasswordResetRequiredException")
def test_a_token_of_somebody_who_must_reset_the_password_changes_nothing(ann):
    ann.administer(email_verified="true")
    ann.idp.admin_reset_user_password(UserPoolId=ann.pool.id, Username="ann")
    for call in [lambda: ann.update(nickname="A"), lambda: ann.delete("nickname")]:
        with refused("PasswordResetRequiredException", "Password reset required for the user"):
            call()


@proves("UpdateUserAttributes", "ResourceNotFoundException")
@proves("DeleteUserAttributes", "ResourceNotFoundException")
@proves("GetUser", "ResourceNotFoundException")
def test_a_token_of_a_deleted_client_changes_nothing(ann):
    ann.idp.delete_user_pool_client(UserPoolId=ann.pool.id, ClientId=ann.app.id)
    for operation in [lambda: ann.update(nickname="A"), lambda: ann.delete("nickname"), ann.known]:
        with refused("ResourceNotFoundException", f"User pool client {ann.app.id} does not exist."):
            operation()
