"""The operations that are built. A name is added here when its operation is; everything else must answer 501."""

BUILT = set(
    """
    CreateUserPool DescribeUserPool UpdateUserPool DeleteUserPool ListUserPools
    CreateUserPoolClient DescribeUserPoolClient UpdateUserPoolClient DeleteUserPoolClient ListUserPoolClients
    SignUp ConfirmSignUp ResendConfirmationCode InitiateAuth RespondToAuthChallenge
    AdminCreateUser AdminGetUser AdminSetUserPassword AdminConfirmSignUp AdminDeleteUser
    GetUser GlobalSignOut RevokeToken ListUsers
    AdminInitiateAuth AdminRespondToAuthChallenge GetTokensFromRefreshToken
    AdminDisableUser AdminEnableUser AdminUserGlobalSignOut
    UpdateUserAttributes DeleteUserAttributes AdminUpdateUserAttributes AdminDeleteUserAttributes
    GetUserAttributeVerificationCode VerifyUserAttribute DeleteUser
    ChangePassword ForgotPassword ConfirmForgotPassword AdminResetUserPassword
    CreateGroup GetGroup UpdateGroup DeleteGroup ListGroups
    AdminAddUserToGroup AdminRemoveUserFromGroup AdminListGroupsForUser ListUsersInGroup
    CreateResourceServer DescribeResourceServer UpdateResourceServer DeleteResourceServer ListResourceServers
    CreateUserPoolDomain DescribeUserPoolDomain UpdateUserPoolDomain DeleteUserPoolDomain
    TagResource UntagResource ListTagsForResource AddCustomAttributes
    AddUserPoolClientSecret ListUserPoolClientSecrets DeleteUserPoolClientSecret
    GetUserPoolMfaConfig SetUserPoolMfaConfig
    """.split()
)
