"""The operations that are built. A name is added here when its operation is; everything else must answer 501."""

BUILT = set(
    """
    CreateUserPool DescribeUserPool UpdateUserPool DeleteUserPool ListUserPools
    CreateUserPoolClient DescribeUserPoolClient UpdateUserPoolClient DeleteUserPoolClient ListUserPoolClients
    SignUp ConfirmSignUp ResendConfirmationCode InitiateAuth RespondToAuthChallenge
    AdminCreateUser AdminGetUser AdminSetUserPassword AdminConfirmSignUp AdminDeleteUser
    GetUser GlobalSignOut RevokeToken ListUsers
    """.split()
)
