"""Groups and their members, and what tokens say of them."""

import pytest
from support.aws import proves, refused, violation
from support.pools import PASSWORD, as_dict
from support.tokens import claims, verified
from test_races import together

GONE = "us-east-1_000000000"
NO_POOL = f"User pool {GONE} does not exist."
NO_GROUP, NO_USER = "Group not found.", "User does not exist."
NAME = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+"


def role(name):
    return f"arn:aws:iam::123456789012:role/{name}"


class Groups:
    """What an operator does with the groups of one pool."""

    def __init__(self, pool):
        self.pool, self.idp = pool, pool.idp

    def create(self, name, **settings):
        return self.idp.create_group(UserPoolId=self.pool.id, GroupName=name, **settings)["Group"]

    def get(self, name):
        return self.idp.get_group(UserPoolId=self.pool.id, GroupName=name)["Group"]

    def update(self, name, **settings):
        return self.idp.update_group(UserPoolId=self.pool.id, GroupName=name, **settings)["Group"]

    def delete(self, name):
        return self.idp.delete_group(UserPoolId=self.pool.id, GroupName=name)

    def add(self, user, group):
        return self.idp.admin_add_user_to_group(UserPoolId=self.pool.id, Username=user, GroupName=group)

    def remove(self, user, group):
        return self.idp.admin_remove_user_from_group(UserPoolId=self.pool.id, Username=user, GroupName=group)

    def of(self, user, **page):
        return self.idp.admin_list_groups_for_user(UserPoolId=self.pool.id, Username=user, **page)

    def names_of(self, user):
        return [group["GroupName"] for group in self.of(user)["Groups"]]

    def listed(self, **page):
        return self.idp.list_groups(UserPoolId=self.pool.id, **page)

    def members(self, group, **page):
        return self.idp.list_users_in_group(UserPoolId=self.pool.id, GroupName=group, **page)

    def names_in(self, group):
        return sorted(user["Username"] for user in self.members(group)["Users"])


@pytest.fixture
def groups(pool):
    return Groups(pool)


@proves("CreateGroup", "success")
@proves("GetGroup", "success")
def test_a_group_is_found_as_it_was_made(groups):
    made = groups.create("admins", Description="Who may all", RoleArn=role("admins"), Precedence=0)

    dates = {name: made.pop(name) for name in ["CreationDate", "LastModifiedDate"]}
    assert made == {
        "GroupName": "admins", "UserPoolId": groups.pool.id, "Description": "Who may all", "RoleArn": role("admins"),
        "Precedence": 0,
    }  # fmt: skip
    assert dates["CreationDate"] == dates["LastModifiedDate"]
    assert groups.get("admins") == made | dates


def test_a_group_has_nothing_it_was_not_given(groups):
    made = groups.create("größe:日本✓")
    assert set(made) == {"GroupName", "UserPoolId", "CreationDate", "LastModifiedDate"}
    assert groups.get("größe:日本✓") == made


@proves("CreateGroup", "GroupExistsException")
def test_a_name_is_taken_once(groups, make_pool):
    groups.create("admins")
    with refused("GroupExistsException", "A group with the name already exists."):
        groups.create("admins", Precedence=1)
    groups.create("Admins")
    Groups(make_pool()).create("admins")
    assert "Precedence" not in groups.get("admins")


@proves("UpdateGroup", "success")
def test_an_update_changes_what_it_is_given(groups):
    made = groups.create("admins", Description="before", RoleArn=role("before"), Precedence=5)

    for change in [{"Precedence": 0}, {"Description": "after"}, {"RoleArn": role("after")}, {}]:
        changed = groups.update("admins", **change)
        assert changed.pop("LastModifiedDate") >= made.pop("LastModifiedDate", made["CreationDate"])
        made |= change
        assert changed == made
        assert {**groups.get("admins"), "LastModifiedDate": None} == {**made, "LastModifiedDate": None}


@proves("DeleteGroup", "success")
@proves("AdminAddUserToGroup", "success")
@proves("ListUsersInGroup", "success")
def test_nobody_is_in_a_group_that_was_deleted_nor_in_its_next(groups, pool):
    pool.user("ann")
    groups.create("admins")
    groups.add("ann", "admins")
    assert groups.names_in("admins") == groups.pool.names() == ["ann"]

    groups.delete("admins")
    assert groups.names_of("ann") == []
    groups.create("admins")
    assert groups.names_in("admins") == []


@proves("AdminRemoveUserFromGroup", "success")
def test_adding_twice_and_removing_who_is_not_there_are_silent(groups, pool):
    pool.user("ann")
    groups.create("admins")

    groups.remove("ann", "admins")
    groups.add("ann", "admins")
    groups.add("ann", "admins")
    assert groups.names_in("admins") == ["ann"]
    groups.remove("ann", "admins")
    groups.remove("ann", "admins")
    assert groups.names_in("admins") == []


def test_a_member_is_shown_as_a_listed_user(groups, pool, idp):
    pool.user("ann", email="ann@example.com")
    groups.create("admins")
    groups.add("ann", "admins")

    (member,) = groups.members("admins")["Users"]
    assert member == idp.list_users(UserPoolId=pool.id)["Users"][0]
    assert as_dict(member["Attributes"])["email"] == "ann@example.com"


@proves("ListGroups", "success")
@proves("AdminListGroupsForUser", "success")
def test_lists_are_walked_by_botos_paginators(groups, pool, idp):
    names = [f"group{number}" for number in range(5)]
    people = [f"user{number}" for number in range(5)]
    for name in reversed(names):
        groups.create(name)
    for person in people:
        pool.create_user(person)
        groups.add(person, "group3")
    for name in names:
        groups.add("user0", name)
    groups.create("group9")

    def walked(operation, result, name, **query):
        pages = list(
            idp.get_paginator(operation).paginate(UserPoolId=pool.id, PaginationConfig={"PageSize": 2}, **query)
        )
        assert all(len(page[result]) <= 2 for page in pages) and "NextToken" not in pages[-1]
        return [item[name] for page in pages for item in page[result]]

    assert walked("list_groups", "Groups", "GroupName") == [*names, "group9"]
    assert walked("admin_list_groups_for_user", "Groups", "GroupName", Username="user0") == names
    assert sorted(walked("list_users_in_group", "Users", "Username", GroupName="group3")) == people
    assert len(groups.listed(Limit=0)["Groups"]) == len(groups.listed()["Groups"]) == 6


@proves("ListGroups", "InvalidParameterException")
@proves("AdminListGroupsForUser", "InvalidParameterException")
@proves("ListUsersInGroup", "InvalidParameterException")
def test_a_page_token_is_good_only_where_it_came_from(groups, pool):
    for person in ["ann", "bob"]:
        pool.create_user(person)
        groups.create(f"of-{person}")
    for group in ["of-ann", "of-bob"]:
        groups.add("ann", group)
        groups.add("bob", group)
    lists = [
        groups.listed,
        lambda **page: groups.of("ann", **page),
        lambda **page: groups.of("bob", **page),
        lambda **page: groups.members("of-ann", **page),
        lambda **page: groups.members("of-bob", **page),
    ]
    tokens = [ask(Limit=1)["NextToken"] for ask in lists]

    for ask in lists:
        for token in [*tokens, "made-up"]:
            if tokens[lists.index(ask)] == token:
                assert "NextToken" not in ask(Limit=1, NextToken=token)
                continue
            with refused("InvalidParameterException", "Invalid pagination token given."):
                ask(Limit=1, NextToken=token)


@pytest.mark.parametrize("limit", [61, -1])
def test_a_limit_has_its_bounds(groups, pool, server, limit):
    bound = "less than or equal to 60" if limit > 60 else "greater than or equal to 0"
    for ask in [
        lambda: server.loose.list_groups(UserPoolId=pool.id, Limit=limit),
        lambda: server.loose.list_users_in_group(UserPoolId=pool.id, GroupName="admins", Limit=limit),
        lambda: server.loose.admin_list_groups_for_user(UserPoolId=pool.id, Username="ann", Limit=limit),
    ]:
        with refused("InvalidParameterException", violation("limit", f"Member must have value {bound}", limit)):
            ask()


@proves("CreateGroup", "InvalidParameterException")
@proves("GetGroup", "InvalidParameterException")
@proves("UpdateGroup", "InvalidParameterException")
@proves("DeleteGroup", "InvalidParameterException")
@proves("AdminAddUserToGroup", "InvalidParameterException")
@proves("AdminRemoveUserFromGroup", "InvalidParameterException")
def test_what_is_off_its_form_is_refused(pool, server):
    named = violation("groupName", f"Member must satisfy regular expression pattern: {NAME}", "two words")
    calls = ["create_group", "get_group", "update_group", "delete_group"]
    for call in [*calls, "admin_add_user_to_group", "admin_remove_user_from_group"]:
        whom = {} if call in calls else {"Username": "ann"}
        with refused("InvalidParameterException", named):
            getattr(server.loose, call)(UserPoolId=pool.id, GroupName="two words", **whom)

    for call in ["create_group", "update_group"]:
        for setting, value, constraint in [
            ("Precedence", -1, "Member must have value greater than or equal to 0"),
            ("Description", "x" * 2049, "Member must have length less than or equal to 2048"),
            ("GroupName", "x" * 129, "Member must have length less than or equal to 128"),
        ]:
            shown = value if setting != "Description" else "x" * 2000 + "..."
            member = setting[0].lower() + setting[1:]
            with refused("InvalidParameterException", violation(member, constraint, shown)):
                getattr(server.loose, call)(**{"UserPoolId": pool.id, "GroupName": "admins", setting: value})
        with refused("InvalidParameterException"):
            getattr(server.loose, call)(UserPoolId=pool.id, GroupName="admins", RoleArn="x" * 20)
    assert server.idp.list_groups(UserPoolId=pool.id)["Groups"] == []


@proves("GetGroup", "ResourceNotFoundException")
@proves("UpdateGroup", "ResourceNotFoundException")
@proves("DeleteGroup", "ResourceNotFoundException")
@proves("ListUsersInGroup", "ResourceNotFoundException")
@proves("AdminAddUserToGroup", "ResourceNotFoundException")
@proves("AdminRemoveUserFromGroup", "ResourceNotFoundException")
def test_an_unknown_group_is_not_found(groups, pool):
    pool.create_user("ann")
    for call in [
        lambda: groups.get("nothing"),
        lambda: groups.update("nothing", Precedence=1),
        lambda: groups.delete("nothing"),
        lambda: groups.members("nothing"),
        lambda: groups.add("ann", "nothing"),
        lambda: groups.remove("ann", "nothing"),
    ]:
        with refused("ResourceNotFoundException", NO_GROUP):
            call()


@proves("CreateGroup", "ResourceNotFoundException")
@proves("ListGroups", "ResourceNotFoundException")
@proves("AdminListGroupsForUser", "ResourceNotFoundException")
def test_an_unknown_pool_is_not_found(groups):
    groups.pool.id = GONE
    for call in [
        lambda: groups.create("admins"),
        lambda: groups.get("admins"),
        lambda: groups.update("admins"),
        lambda: groups.delete("admins"),
        lambda: groups.listed(),
        lambda: groups.members("admins"),
        lambda: groups.of("ann"),
        lambda: groups.add("ann", "admins"),
        lambda: groups.remove("ann", "admins"),
    ]:
        with refused("ResourceNotFoundException", NO_POOL):
            call()


@proves("AdminAddUserToGroup", "UserNotFoundException")
@proves("AdminRemoveUserFromGroup", "UserNotFoundException")
@proves("AdminListGroupsForUser", "UserNotFoundException")
def test_an_unknown_user_is_not_found(groups):
    groups.create("admins")
    for call in [
        lambda: groups.add("eve", "admins"),
        lambda: groups.remove("eve", "admins"),
        lambda: groups.of("eve"),
    ]:
        with refused("UserNotFoundException", NO_USER):
            call()


def test_a_user_is_in_a_hundred_groups_at_the_most(groups, pool):
    pool.create_user("ann")
    for number in range(100):
        groups.create(f"group{number}")
        groups.add("ann", f"group{number}")
    groups.create("too-many")

    with refused("InvalidParameterException", "A user cannot be in more than 100 groups."):
        groups.add("ann", "too-many")
    groups.add("ann", "group0")
    groups.remove("ann", "group0")
    groups.add("ann", "too-many")


def test_tokens_say_the_groups_in_their_order(groups, pool, app):
    pool.user("ann")
    for name, settings in {
        "readers": {},
        "admins": {"Precedence": 0, "RoleArn": role("admins")},
        "writers": {"Precedence": 9, "RoleArn": role("writers")},
        "others": {"Precedence": 0, "RoleArn": role("others")},
    }.items():
        groups.create(name, **settings)
    for name in ["readers", "writers", "admins"]:
        groups.add("ann", name)

    tokens = app.tokens("ann")

    id_claims = verified(tokens["IdToken"], pool.issuer, app.id)
    access_claims = verified(tokens["AccessToken"], pool.issuer)
    assert id_claims["cognito:groups"] == access_claims["cognito:groups"] == ["admins", "writers", "readers"]
    assert id_claims["cognito:roles"] == [role("admins"), role("writers")]
    assert id_claims["cognito:preferred_role"] == role("admins")
    assert "cognito:roles" not in access_claims and "cognito:preferred_role" not in access_claims

    groups.add("ann", "others")  # as far in front as the admins, with another role
    tied = verified(app.srp("ann").sign_in()["AuthenticationResult"]["IdToken"], pool.issuer, app.id)
    assert tied["cognito:groups"] == ["admins", "others", "writers", "readers"]
    assert "cognito:preferred_role" not in tied


def test_a_refresh_says_the_groups_of_now(groups, pool, app):
    pool.user("ann")
    groups.create("admins")
    refresh_token = app.tokens("ann")["RefreshToken"]

    def told():
        result = app.refresh(refresh_token)["AuthenticationResult"]
        both = [claims(result[token]).get("cognito:groups") for token in ["IdToken", "AccessToken"]]
        assert both[0] == both[1]
        return both[0]

    assert told() is None
    groups.add("ann", "admins")
    assert told() == ["admins"]
    groups.delete("admins")
    assert told() is None


def test_a_group_that_is_deleted_while_people_are_added_holds_nobody(groups, pool):
    people = [f"user{number}" for number in range(12)]
    for person in people:
        pool.create_user(person)
    groups.create("admins")

    def act(number):
        if number == len(people):
            groups.delete("admins")
        else:
            groups.add(people[number], "admins")

    outcomes = together(act, len(people) + 1)

    busy = ("TooManyRequestsException", "Too many requests")
    assert set(outcomes) <= {"success", ("ResourceNotFoundException", NO_GROUP), busy}
    if "admins" in [group["GroupName"] for group in groups.listed()["Groups"]]:
        groups.delete("admins")
    groups.create("admins")
    assert groups.names_in("admins") == [] and all(groups.names_of(person) == [] for person in people)


def test_who_is_deleted_and_made_again_is_in_no_group(groups, pool):
    pool.user("ann", PASSWORD)
    groups.create("admins")
    groups.add("ann", "admins")
    pool.delete("ann")
    assert groups.names_in("admins") == []
    pool.user("ann", PASSWORD)
    assert groups.names_in("admins") == [] and groups.names_of("ann") == []
