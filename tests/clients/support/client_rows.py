"""Every optional member of an app client: what it is set to, how it is emptied, what is described then."""

from .configuration import REFUSED, Row

ROLE = "arn:aws:iam::123456789012:role/"
OAUTH = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code", "implicit"],
    "AllowedOAuthScopes": ["openid", "email", "aws.cognito.signin.user.admin"],
}
NO_OAUTH = {"AllowedOAuthFlowsUserPoolClient": False, "AllowedOAuthFlows": [], "AllowedOAuthScopes": []}
PINPOINT = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0123456789abcdef"
MINIMAL_CLIENT = {
    "RefreshTokenValidity": 30,
    "TokenValidityUnits": {},
    "AllowedOAuthFlowsUserPoolClient": False,
    "EnableTokenRevocation": True,
    "EnablePropagateAdditionalUserContextData": False,
    "AuthSessionValidity": 3,
}
SECRET = "a_secret_of_my_own_0123456789"


def of_client(*members):
    return {name: MINIMAL_CLIENT[name] for name in members}


def listed(member, values):
    return Row({member: values}, emptied={member: []})


CLIENT_ROWS = {
    "ClientSecret": Row({"ClientSecret": SECRET}, emptied={"ClientSecret": ""}, empties=REFUSED, only_created=True),
    "GenerateSecret": Row(
        {"GenerateSecret": True},
        emptied={"GenerateSecret": False},
        only_created=True,
        hidden=frozenset(["GenerateSecret"]),
        changes=frozenset(["ClientSecret"]),
    ),
    "RefreshTokenValidity": Row(
        {"RefreshTokenValidity": 90}, unset=of_client("RefreshTokenValidity"), emptied={"RefreshTokenValidity": 0}
    ),
    "AccessTokenValidity": Row({"AccessTokenValidity": 10}, emptied={"AccessTokenValidity": 0}, empties=REFUSED),
    "IdTokenValidity": Row({"IdTokenValidity": 10}, emptied={"IdTokenValidity": 0}, empties=REFUSED),
    "TokenValidityUnits": Row(
        {"TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "seconds", "RefreshToken": "hours"}},
        unset=of_client("TokenValidityUnits", "RefreshTokenValidity"),
        shows={"RefreshTokenValidity": 720},
        emptied={"TokenValidityUnits": {}},
    ),
    "ReadAttributes": listed("ReadAttributes", ["email", "email_verified", "name"]),
    "WriteAttributes": listed("WriteAttributes", ["email", "name"]),
    "ExplicitAuthFlows": listed("ExplicitAuthFlows", ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]),
    "SupportedIdentityProviders": listed("SupportedIdentityProviders", ["COGNITO"]),
    "CallbackURLs": listed("CallbackURLs", ["https://app.example/a", "myapp://done"]),
    "LogoutURLs": listed("LogoutURLs", ["https://app.example/bye"]),
    "DefaultRedirectURI": Row(
        {"DefaultRedirectURI": "https://app.example/a"},
        needs={"CallbackURLs": ["https://app.example/a"]},
        emptied={"DefaultRedirectURI": ""},
        empties=REFUSED,
    ),
    "OAuth": Row(OAUTH, unset=of_client("AllowedOAuthFlowsUserPoolClient"), emptied=NO_OAUTH),
    "AnalyticsConfiguration": Row(
        {"AnalyticsConfiguration": {"ApplicationArn": PINPOINT, "UserDataShared": True}},
        shows={
            "AnalyticsConfiguration": {
                "ApplicationArn": PINPOINT,
                "RoleArn": f"{ROLE}aws-service-role/cognito-idp.amazonaws.com/AWSServiceRoleForAmazonCognitoIdp",
                "UserDataShared": True,
            }
        },
        emptied={"AnalyticsConfiguration": {}},
    ),
    "AnalyticsConfiguration.ApplicationId": Row(
        {"AnalyticsConfiguration": {"ApplicationId": "0123abcd", "RoleArn": f"{ROLE}pinpoint", "ExternalId": "x"}},
        emptied={"AnalyticsConfiguration": {}},
    ),
    "PreventUserExistenceErrors": Row(
        {"PreventUserExistenceErrors": "ENABLED"}, emptied={"PreventUserExistenceErrors": ""}, empties=REFUSED
    ),
    "EnableTokenRevocation": Row(
        {"EnableTokenRevocation": False},
        unset=of_client("EnableTokenRevocation"),
        emptied={"EnableTokenRevocation": True},
    ),
    "EnablePropagateAdditionalUserContextData": Row(
        {"EnablePropagateAdditionalUserContextData": True},
        unset=of_client("EnablePropagateAdditionalUserContextData"),
        needs={"ClientSecret": SECRET},
        emptied={"EnablePropagateAdditionalUserContextData": False},
    ),
    "AuthSessionValidity": Row(
        {"AuthSessionValidity": 15},
        unset=of_client("AuthSessionValidity"),
        emptied={"AuthSessionValidity": 0},
        empties=REFUSED,
    ),
    "RefreshTokenRotation": Row(
        {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}},
        emptied={"RefreshTokenRotation": {}},
        empties=REFUSED,
    ),
}
