"""Errors that the model declares and that no client can bring about yet, each with the reason.

A line goes when the feature comes: `test_coverage.py` then asks for the test.
"""

TRIGGER = "Lambda triggers are not built yet"
AWS_ROLE = "AWS's roles for SNS and SES: we send by webhook and SMTP, and have none to get wrong"
MFA = "MFA is not built yet"
TIER = "tiers and what they refuse come with the features that they gate"
POLICY = "every key has full rights until IAM policies exist"
RUST = "time or load must be made: tested in Rust with a fixed clock and narrow queues"
NO_QUOTA = "there is no such quota (docs/known-quirks.md)"
QUOTA = "the quota is too high to be reached here: tested in Rust"
LIMIT = "LimitExceededException is what too many attempts get"
CONFIRMED = "who holds a token was confirmed, and nobody becomes unconfirmed again"

# Whatever operation declares them.
EVERYWHERE = {
    "InternalErrorException": "a fault of ours; anything that causes one is a bug",
    "InternalServerException": "a fault of ours; anything that causes one is a bug",
    "TooManyRequestsException": RUST,
    "ForbiddenException": "said by a web application firewall: there is none",
    "OperationNotEnabledException": "said by a secondary replica: replicas are not built yet",
    "UnexpectedLambdaException": TRIGGER,
    "UserLambdaValidationException": TRIGGER,
    "InvalidLambdaResponseException": TRIGGER,
    "InvalidSmsRoleAccessPolicyException": AWS_ROLE,
    "InvalidSmsRoleTrustRelationshipException": AWS_ROLE,
    "InvalidEmailRoleAccessPolicyException": AWS_ROLE,
    "InvalidUserPoolConfigurationException": "settings that contradict each other are refused when a pool is made",
    "UserPoolTaggingException": "said by AWS's tagging service, of which tags here are no part",
    "UserImportInProgressException": "import jobs are not built yet",
    "ConcurrentModificationException": "two updates of one row at the same moment: the loser is tested in Rust",
}

_BY_OPERATION = {
    "AddCustomAttributes": {"NotAuthorizedException": POLICY},
    "AddUserPoolClientSecret": {"AccessDeniedException": POLICY},
    "AdminAddUserToGroup": {"NotAuthorizedException": POLICY},
    "AdminConfirmSignUp": {
        "TooManyFailedAttemptsException": LIMIT,
        "LimitExceededException": "no attempt of an operator fails",
    },
    "AdminCreateUser": {
        "NotAuthorizedException": POLICY,
        "PreconditionNotMetException": "said when a linked AWS service is not set up",
    },
    "AdminDeleteUser": {"NotAuthorizedException": POLICY},
    "AdminDeleteUserAttributes": {"NotAuthorizedException": POLICY},
    "AdminDisableUser": {"NotAuthorizedException": POLICY},
    "AdminEnableUser": {"NotAuthorizedException": POLICY},
    "AdminGetUser": {"NotAuthorizedException": POLICY},
    "AdminInitiateAuth": {"FeatureUnavailableInTierException": TIER, "MFAMethodNotFoundException": MFA},
    "AdminListGroupsForUser": {"NotAuthorizedException": POLICY},
    "AdminRemoveUserFromGroup": {"NotAuthorizedException": POLICY},
    "AdminRespondToAuthChallenge": {
        "CodeMismatchException": MFA,
        "ExpiredCodeException": MFA,
        "MFAMethodNotFoundException": MFA,
        "SoftwareTokenMFANotFoundException": MFA,
    },
    "AdminResetUserPassword": {"LimitExceededException": "operators are not limited"},
    "AdminSetUserPassword": {"NotAuthorizedException": POLICY},
    "AdminUpdateUserAttributes": {"NotAuthorizedException": POLICY},
    "AdminUserGlobalSignOut": {"NotAuthorizedException": POLICY},
    "ChangePassword": {"UserNotConfirmedException": CONFIRMED},
    "ConfirmForgotPassword": {"TooManyFailedAttemptsException": LIMIT},
    "ConfirmSignUp": {"TooManyFailedAttemptsException": LIMIT},
    "CreateGroup": {"NotAuthorizedException": POLICY, "LimitExceededException": QUOTA},
    "CreateResourceServer": {"NotAuthorizedException": POLICY},
    "CreateUserPool": {
        "NotAuthorizedException": POLICY,
        "LimitExceededException": QUOTA,
        "TierChangeNotAllowedException": "a new pool has no tier to change",
    },
    "CreateUserPoolClient": {
        "NotAuthorizedException": POLICY,
        "LimitExceededException": QUOTA,
    },
    "CreateUserPoolDomain": {"NotAuthorizedException": POLICY, "LimitExceededException": NO_QUOTA},
    "DeleteGroup": {"NotAuthorizedException": POLICY},
    "DeleteResourceServer": {"NotAuthorizedException": POLICY},
    "DeleteUser": {
        "ResourceNotFoundException": "the token of a pool that is gone is an invalid one",
        "UserNotConfirmedException": CONFIRMED,
    },
    "DeleteUserAttributes": {"UserNotConfirmedException": CONFIRMED},
    "DeleteUserPool": {"NotAuthorizedException": POLICY},
    "DeleteUserPoolClient": {"NotAuthorizedException": POLICY},
    "DeleteUserPoolDomain": {"NotAuthorizedException": POLICY},
    "DeleteUserPoolClientSecret": {"LimitExceededException": "what it takes away makes room"},
    "DescribeResourceServer": {"NotAuthorizedException": POLICY},
    "DescribeUserPool": {"NotAuthorizedException": POLICY},
    "DescribeUserPoolClient": {"NotAuthorizedException": POLICY},
    "DescribeUserPoolDomain": {
        "NotAuthorizedException": POLICY,
        "ResourceNotFoundException": "a domain that is not there is described by an empty object",
    },
    "GetGroup": {"NotAuthorizedException": POLICY},
    "GetTokensFromRefreshToken": {
        "UserNotFoundException": "a user who is deleted takes the tokens along: they are invalid ones",
    },
    "GetUser": {"UserNotConfirmedException": CONFIRMED},
    "GetUserAttributeVerificationCode": {"UserNotConfirmedException": CONFIRMED},
    "GetUserPoolMfaConfig": {"NotAuthorizedException": POLICY},
    "GlobalSignOut": {
        "ResourceNotFoundException": "the token of a pool that is gone is an invalid one",
        "UserNotConfirmedException": CONFIRMED,
    },
    "InitiateAuth": {"FeatureUnavailableInTierException": TIER},
    "ListGroups": {"NotAuthorizedException": POLICY},
    "ListResourceServers": {"NotAuthorizedException": POLICY},
    "ListTagsForResource": {"NotAuthorizedException": POLICY},
    "ListUserPoolClientSecrets": {"LimitExceededException": "it adds nothing"},
    "ListUserPoolClients": {"NotAuthorizedException": POLICY},
    "ListUserPools": {"NotAuthorizedException": POLICY},
    "ListUsers": {"NotAuthorizedException": POLICY},
    "ListUsersInGroup": {"NotAuthorizedException": POLICY},
    "RespondToAuthChallenge": {
        "CodeMismatchException": MFA,
        "ExpiredCodeException": MFA,
        "MFAMethodNotFoundException": MFA,
        "SoftwareTokenMFANotFoundException": MFA,
    },
    "SetUserPoolMfaConfig": {"NotAuthorizedException": POLICY},
    "SignUp": {"LimitExceededException": QUOTA},
    "TagResource": {"NotAuthorizedException": POLICY},
    "UntagResource": {"NotAuthorizedException": POLICY},
    "UpdateGroup": {"NotAuthorizedException": POLICY},
    "UpdateResourceServer": {"NotAuthorizedException": POLICY},
    "UpdateUserAttributes": {
        "CodeMismatchException": "it takes no code",
        "ExpiredCodeException": "it takes no code",
        "UserNotConfirmedException": CONFIRMED,
    },
    "UpdateUserPool": {"NotAuthorizedException": POLICY},
    "UpdateUserPoolClient": {"NotAuthorizedException": POLICY},
    "UpdateUserPoolDomain": {"NotAuthorizedException": POLICY},
    "VerifyUserAttribute": {"UserNotConfirmedException": CONFIRMED},
}

# Sentences of errors that are reached otherwise, and that take longer than a test may.
LATER_IN_TIME = {
    "Invalid session for the user, session is expired.": RUST,
    "Temporary password has expired and must be reset by an administrator.": RUST,
    "Access Token has expired": RUST,
    "Refresh Token has expired": RUST,
    "Invalid code provided, please request a code again. (after 24 hours)": RUST,
    "Password attempts exceeded (up to 15 minutes)": RUST,
}


def reasons(operation, declared):
    """Error -> reason, for those that this operation declares."""
    everywhere = {error: reason for error, reason in EVERYWHERE.items() if error in declared}
    return everywhere | _BY_OPERATION.get(operation, {})
