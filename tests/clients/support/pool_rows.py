"""Every optional member of a pool: what it is set to, how it is emptied, what is described then."""

from .configuration import REFUSED, Row

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"
ROLE = "arn:aws:iam::123456789012:role/"
SMS = {"SnsCallerArn": f"{ROLE}sms", "ExternalId": "x", "SnsRegion": "us-east-1"}
CODE, MAIL, SUBJECT = "Your code: {####}", "Mailed: {####}", "Hello"
BY_CODE = {"DefaultEmailOption": "CONFIRM_WITH_CODE"}
POLICY = {
    "MinimumLength": 8,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "TemporaryPasswordValidityDays": 7,
}
OWN_POLICY = {
    "MinimumLength": 12,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": False,
    "RequireSymbols": False,
    "PasswordHistorySize": 4,
    "TemporaryPasswordValidityDays": 3,
}
PASSWORDS = {"AllowedFirstAuthFactors": ["PASSWORD"]}
ADMIN = {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7}
INVITATION = {"SMSMessage": "{username} {####}", "EmailMessage": "{username} {####}", "EmailSubject": "Come in"}
TRIGGERS = {
    "PreSignUp": f"{LAMBDA}a",
    "CustomMessage": f"{LAMBDA}b",
    "PostConfirmation": f"{LAMBDA}c",
    "PreAuthentication": f"{LAMBDA}d",
    "PostAuthentication": f"{LAMBDA}e",
    "DefineAuthChallenge": f"{LAMBDA}f",
    "CreateAuthChallenge": f"{LAMBDA}g",
    "VerifyAuthChallengeResponse": f"{LAMBDA}h",
    "UserMigration": f"{LAMBDA}i",
    "PreTokenGeneration": f"{LAMBDA}j",
    "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": f"{LAMBDA}j"},
    "CustomSMSSender": {"LambdaVersion": "V1_0", "LambdaArn": f"{LAMBDA}k"},
    "CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": f"{LAMBDA}l"},
    "InboundFederation": {"LambdaVersion": "V1_0", "LambdaArn": f"{LAMBDA}m"},
    "KMSKeyID": "arn:aws:kms:us-east-1:123456789012:key/a1b2c3d4-5678-90ab-cdef-000000000000",
}
LEVELS = {f"Level{level}": {"AcrValue": f"urn:cognito:loa:{level}"} for level in range(1, 5)}
REQUIRED_NAME = {
    "Name": "name",
    "AttributeDataType": "String",
    "DeveloperOnlyAttribute": False,
    "Mutable": True,
    "Required": True,
    "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "99"},
}
MINIMAL_POOL = {
    "Policies": {"PasswordPolicy": POLICY, "SignInPolicy": PASSWORDS},
    "DeletionProtection": "INACTIVE",
    "LambdaConfig": {},
    "VerificationMessageTemplate": BY_CODE,
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": []},
    "MfaConfiguration": "OFF",
    "EstimatedNumberOfUsers": 0,
    "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
    "UserPoolTags": {},
    "AdminCreateUserConfig": ADMIN,
    "UserPoolTier": "ESSENTIALS",
    "AcrConfiguration": LEVELS,
}


def of_pool(*members):
    return {name: MINIMAL_POOL[name] for name in members}


POOL_ROWS = {
    "Policies": Row(
        {
            "Policies": {
                "PasswordPolicy": OWN_POLICY,
                "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]},
            }
        },
        unset=of_pool("Policies", "AdminCreateUserConfig"),
        shows={"AdminCreateUserConfig": {**ADMIN, "UnusedAccountValidityDays": 3}},
        emptied={"Policies": {}},
    ),
    "Policies.PasswordPolicy": Row(
        {"Policies": {"PasswordPolicy": OWN_POLICY}},
        unset=of_pool("Policies", "AdminCreateUserConfig"),
        shows={
            "Policies": {"PasswordPolicy": OWN_POLICY, "SignInPolicy": PASSWORDS},
            "AdminCreateUserConfig": {**ADMIN, "UnusedAccountValidityDays": 3},
        },
        emptied={"Policies": {"PasswordPolicy": {}, "SignInPolicy": {}}},
        empties={
            "Policies": {
                "PasswordPolicy": {**POLICY, **{name: False for name in POLICY if name.startswith("Require")}},
                "SignInPolicy": PASSWORDS,
            }
        },
    ),
    "DeletionProtection": Row(
        {"DeletionProtection": "ACTIVE"},
        unset=of_pool("DeletionProtection"),
        emptied={"DeletionProtection": ""},
        empties=REFUSED,
    ),
    "LambdaConfig": Row({"LambdaConfig": TRIGGERS}, unset=of_pool("LambdaConfig"), emptied={"LambdaConfig": {}}),
    "LambdaConfig.PreTokenGeneration": Row(
        {"LambdaConfig": {"PreTokenGeneration": f"{LAMBDA}j"}},
        unset=of_pool("LambdaConfig"),
        shows={
            "LambdaConfig": {
                "PreTokenGeneration": f"{LAMBDA}j",
                "PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": f"{LAMBDA}j"},
            }
        },
        emptied={"LambdaConfig": {"PreTokenGeneration": ""}},
        empties=REFUSED,
    ),
    "LambdaConfig.PreTokenGenerationConfig": Row(
        {"LambdaConfig": {"PreTokenGenerationConfig": {"LambdaVersion": "V3_0", "LambdaArn": f"{LAMBDA}j"}}},
        unset=of_pool("LambdaConfig"),
        shows={
            "LambdaConfig": {
                "PreTokenGeneration": f"{LAMBDA}j",
                "PreTokenGenerationConfig": {"LambdaVersion": "V3_0", "LambdaArn": f"{LAMBDA}j"},
            }
        },
        emptied={"LambdaConfig": {"PreTokenGenerationConfig": {}}},
        empties=REFUSED,
    ),
    "AutoVerifiedAttributes": Row(
        {"AutoVerifiedAttributes": ["email", "phone_number"]},
        emptied={"AutoVerifiedAttributes": []},
    ),
    "AliasAttributes": Row(
        {"AliasAttributes": ["email", "preferred_username"]},
        emptied={"AliasAttributes": []},
        only_created=True,
    ),
    "UsernameAttributes": Row(
        {"UsernameAttributes": ["phone_number"]},
        emptied={"UsernameAttributes": []},
        only_created=True,
    ),
    "SmsVerificationMessage": Row(
        {"SmsVerificationMessage": CODE},
        unset=of_pool("VerificationMessageTemplate"),
        shows={"VerificationMessageTemplate": {**BY_CODE, "SmsMessage": CODE}},
        emptied={"SmsVerificationMessage": ""},
        empties=REFUSED,
    ),
    "EmailVerificationMessage": Row(
        {"EmailVerificationMessage": MAIL},
        unset=of_pool("VerificationMessageTemplate"),
        shows={"VerificationMessageTemplate": {**BY_CODE, "EmailMessage": MAIL}},
        emptied={"EmailVerificationMessage": ""},
        empties=REFUSED,
    ),
    "EmailVerificationSubject": Row(
        {"EmailVerificationSubject": SUBJECT},
        unset=of_pool("VerificationMessageTemplate"),
        shows={"VerificationMessageTemplate": {**BY_CODE, "EmailSubject": SUBJECT}},
        emptied={"EmailVerificationSubject": ""},
        empties=REFUSED,
    ),
    "VerificationMessageTemplate": Row(
        {
            "VerificationMessageTemplate": {
                "SmsMessage": CODE,
                "EmailMessage": MAIL,
                "EmailSubject": SUBJECT,
                "EmailMessageByLink": "{##Click##}",
                "EmailSubjectByLink": "Click",
                "DefaultEmailOption": "CONFIRM_WITH_LINK",
            }
        },
        unset=of_pool("VerificationMessageTemplate"),
        shows={
            "SmsVerificationMessage": CODE,
            "EmailVerificationMessage": MAIL,
            "EmailVerificationSubject": SUBJECT,
        },
        emptied={"VerificationMessageTemplate": {}},
    ),
    "SmsAuthenticationMessage": Row(
        {"SmsAuthenticationMessage": CODE}, emptied={"SmsAuthenticationMessage": ""}, empties=REFUSED
    ),
    "MfaConfiguration": Row(
        {"MfaConfiguration": "OPTIONAL"},
        unset=of_pool("MfaConfiguration"),
        needs={"SmsConfiguration": SMS},
        emptied={"MfaConfiguration": ""},
        empties=REFUSED,
    ),
    "UserAttributeUpdateSettings": Row(
        {"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}},
        unset=of_pool("UserAttributeUpdateSettings"),
        needs={"AutoVerifiedAttributes": ["email"]},
        emptied={"UserAttributeUpdateSettings": {}},
    ),
    "DeviceConfiguration": Row(
        {"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}},
        emptied={"DeviceConfiguration": {}},
    ),
    "EmailConfiguration": Row(
        {
            "EmailConfiguration": {
                "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/a@example.com",
                "ReplyToEmailAddress": "b@example.com",
                "EmailSendingAccount": "DEVELOPER",
                "From": "Ann <a@example.com>",
                "ConfigurationSet": "set",
            }
        },
        unset=of_pool("EmailConfiguration"),
        emptied={"EmailConfiguration": {}},
    ),
    "EmailConfiguration.ReplyToEmailAddress": Row(
        {"EmailConfiguration": {"ReplyToEmailAddress": "b@example.com"}},
        unset=of_pool("EmailConfiguration"),
        shows={
            "EmailConfiguration": {"ReplyToEmailAddress": "b@example.com", "EmailSendingAccount": "COGNITO_DEFAULT"}
        },
        emptied={"EmailConfiguration": {"ReplyToEmailAddress": ""}},
        empties=REFUSED,
    ),
    "SmsConfiguration": Row({"SmsConfiguration": SMS}, emptied={"SmsConfiguration": {}}),
    "UserPoolTags": Row(
        {"UserPoolTags": {"stage": "test", "owner": ""}},
        unset=of_pool("UserPoolTags"),
        emptied={"UserPoolTags": {}},
        stays=True,
    ),
    "AdminCreateUserConfig": Row(
        {
            "AdminCreateUserConfig": {
                "AllowAdminCreateUserOnly": True,
                "UnusedAccountValidityDays": 5,
                "InviteMessageTemplate": INVITATION,
            }
        },
        unset=of_pool("AdminCreateUserConfig", "Policies"),
        shows={
            "Policies": {
                "PasswordPolicy": {**POLICY, "TemporaryPasswordValidityDays": 5},
                "SignInPolicy": PASSWORDS,
            }
        },
        emptied={"AdminCreateUserConfig": {}},
    ),
    "Schema": Row(
        {"Schema": [REQUIRED_NAME]},
        emptied={"Schema": []},
        empties=REFUSED,
        only_created=True,
        hidden=frozenset(["Schema"]),
        changes=frozenset(["SchemaAttributes"]),
    ),
    "UserPoolAddOns": Row(
        {
            "UserPoolAddOns": {
                "AdvancedSecurityMode": "AUDIT",
                "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "AUDIT"},
            }
        },
        needs={"UserPoolTier": "PLUS"},
        emptied={"UserPoolAddOns": {}},
        empties=REFUSED,
    ),
    "DcrConfiguration": Row(
        {
            "DcrConfiguration": {
                "EnableStatus": "Disabled",
                "OpenDcrEnabled": True,
                "AuthenticatedGrantTypes": ["code"],
                "OpenDcrGrantTypes": [],
                "AllowedScopes": ["aws.cognito.signin.user.admin"],
            }
        },
        emptied={"DcrConfiguration": {}},
        empties={"DcrConfiguration": {"EnableStatus": "Enabled", "OpenDcrEnabled": False}},
        stays=True,
    ),
    "UsernameConfiguration": Row(
        {"UsernameConfiguration": {"CaseSensitive": False}},
        emptied={"UsernameConfiguration": {}},
        empties=REFUSED,
        only_created=True,
    ),
    "AccountRecoverySetting": Row(
        {
            "AccountRecoverySetting": {
                "RecoveryMechanisms": [
                    {"Priority": 1, "Name": "verified_email"},
                    {"Priority": 2, "Name": "verified_phone_number"},
                ]
            }
        },
        emptied={"AccountRecoverySetting": {}},
    ),
    "UserPoolTier": Row(
        {"UserPoolTier": "LITE"}, unset=of_pool("UserPoolTier"), emptied={"UserPoolTier": ""}, empties=REFUSED
    ),
    "KeyConfiguration": Row({"KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"}}, emptied={"KeyConfiguration": {}}),
    "IssuerConfiguration": Row({"IssuerConfiguration": {"Type": "ORIGINAL"}}, emptied={"IssuerConfiguration": {}}),
    "AcrConfiguration": Row(
        {"AcrConfiguration": {"Level2": {"AcrValue": "urn:example:two"}}},
        unset=of_pool("AcrConfiguration"),
        shows={"AcrConfiguration": {**LEVELS, "Level2": {"AcrValue": "urn:example:two"}}},
        emptied={"AcrConfiguration": {}},
    ),
}
