"""Errors that the model declares and that no client can bring about yet, each with the reason.

A line goes when the feature comes: `test_coverage.py` then asks for the test.
"""

TRIGGER = "Lambda triggers are not built yet"
AWS_ROLE = "AWS's roles for SNS and SES: we send by webhook and SMTP, and have none to get wrong"
MFA = "MFA is not built yet"
RESET = "no operation that leads to RESET_REQUIRED is built yet (AdminResetUserPassword, imports)"
TIER = "tiers and what they refuse come with the features that they gate"
POLICY = "every key has full rights until IAM policies exist"
RUST = "time or load must be made: tested in Rust with a fixed clock and narrow queues"
QUOTA = "the quota is too high to be reached here: tested in Rust"
LIMIT = "LimitExceededException is what too many attempts get"

# Whatever operation declares them.
EVERYWHERE = {
    "InternalErrorException": "a fault of ours; anything that causes one is a bug",
    "TooManyRequestsException": RUST,
    "ForbiddenException": "said by a web application firewall: there is none",
    "OperationNotEnabledException": "said by a secondary replica: replicas are not built yet",
    "UnexpectedLambdaException": TRIGGER,
    "UserLambdaValidationException": TRIGGER,
    "InvalidLambdaResponseException": TRIGGER,
    "InvalidSmsRoleAccessPolicyException": AWS_ROLE,
    "InvalidSmsRoleTrustRelationshipException": AWS_ROLE,
    "InvalidEmailRoleAccessPolicyException": AWS_ROLE,
    "PasswordResetRequiredException": RESET,
    "InvalidUserPoolConfigurationException": "settings that contradict each other are refused when a pool is made",
    "UserPoolTaggingException": "said by AWS's tagging service, of which tags here are no part",
    "UserImportInProgressException": "import jobs are not built yet",
    "TierChangeNotAllowedException": TIER,
    "FeatureUnavailableInTierException": TIER,
    "ConcurrentModificationException": "two updates of one row at the same moment: the loser is tested in Rust",
}

_BY_OPERATION = {
    "AdminConfirmSignUp": {
        "TooManyFailedAttemptsException": LIMIT,
        "LimitExceededException": "no attempt of an operator fails",
    },
    "AdminCreateUser": {
        "NotAuthorizedException": POLICY,
        "PreconditionNotMetException": "said when a linked AWS service is not set up",
    },
    "AdminDeleteUser": {"NotAuthorizedException": POLICY},
    "AdminGetUser": {"NotAuthorizedException": POLICY},
    "AdminSetUserPassword": {"NotAuthorizedException": POLICY},
    "ConfirmSignUp": {"TooManyFailedAttemptsException": LIMIT},
    "CreateUserPool": {"NotAuthorizedException": POLICY, "LimitExceededException": QUOTA},
    "CreateUserPoolClient": {"NotAuthorizedException": POLICY, "LimitExceededException": QUOTA},
    "DeleteUserPool": {"NotAuthorizedException": POLICY},
    "DeleteUserPoolClient": {"NotAuthorizedException": POLICY},
    "DescribeUserPool": {"NotAuthorizedException": POLICY},
    "DescribeUserPoolClient": {"NotAuthorizedException": POLICY},
    "GetUser": {
        "ResourceNotFoundException": "the token of a pool that is gone is an invalid one",
        "UserNotConfirmedException": "who holds a token was confirmed, and nobody becomes unconfirmed again",
    },
    "GlobalSignOut": {
        "ResourceNotFoundException": "the token of a pool that is gone is an invalid one",
        "UserNotConfirmedException": "who holds a token was confirmed, and nobody becomes unconfirmed again",
    },
    "ListUserPoolClients": {"NotAuthorizedException": POLICY},
    "ListUserPools": {"NotAuthorizedException": POLICY},
    "ListUsers": {"NotAuthorizedException": POLICY},
    "RespondToAuthChallenge": {
        "CodeMismatchException": MFA,
        "ExpiredCodeException": MFA,
        "MFAMethodNotFoundException": MFA,
        "SoftwareTokenMFANotFoundException": MFA,
    },
    "SignUp": {"LimitExceededException": QUOTA},
    "UpdateUserPool": {"NotAuthorizedException": POLICY},
    "UpdateUserPoolClient": {"NotAuthorizedException": POLICY},
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
