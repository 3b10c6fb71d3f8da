//! What Cognito's errors mean at this boundary. Who is not there is answered as whoever is: by the same problem.

use std::time::Duration;

use cognate_engine::carriers::outbound::OutboundError;

use super::calls::{Fault, Reason, Refused};
use crate::problem::{Code, Problem};

/// What was asked when Cognito refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum During {
    SignIn,
    Challenge,
    Refresh,
    SignUp,
    /// A code is presented: to confirm, to reset.
    Code,
    /// With the access token of somebody.
    Bearer,
    /// A change of password, with the access token.
    Password,
    Administration,
}

/// How long a lock lasts is not told.
const SOME_TIME: Duration = Duration::from_secs(30);
const A_MOMENT: Duration = Duration::from_secs(1);

/// What belongs to the operator: our credentials, our client, the pool's triggers. Nobody who calls can help it.
const OURS: [&str; 16] = [
    "AccessDeniedException",
    "ExpiredTokenException",
    "ForbiddenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidClientTokenId",
    "InvalidEmailRoleAccessPolicyException",
    "InvalidLambdaResponseException",
    "InvalidSignatureException",
    "InvalidSmsRoleAccessPolicyException",
    "InvalidUserPoolConfigurationException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "SignatureDoesNotMatch",
    "UnexpectedLambdaException",
    "UnrecognizedClientException",
];

pub(super) fn refused(fault: Fault, during: During) -> Problem {
    let operation = fault.operation;
    if fault.is_unknown_operation() {
        let cause = format!("{operation} is not an operation of the server");
        return Problem::unsupported(&format!("do this: it has no {operation}")).because(cause);
    }
    match fault.reason {
        Reason::Unreached(OutboundError::Timeout) => {
            Problem::new(Code::ProviderTimeout).because(format!("{operation}: {}", OutboundError::Timeout))
        }
        Reason::Unreached(error) => Problem::new(Code::ProviderFailed).because(format!("{operation}: {error}")),
        Reason::Nonsense(status, what) => {
            Problem::new(Code::ProviderFailed).because(format!("{operation}: {what}, with status {status}"))
        }
        // The sentence may name somebody, so the log has the error's name alone.
        Reason::Refused(refused) => {
            let cause = format!("{operation}: {}", refused.kind);
            of_error(refused, during).because(cause)
        }
    }
}

fn of_error(refused: Refused, during: During) -> Problem {
    let Refused { kind, sentence, status, retry_after } = refused;
    let limited = |wait: Duration| Problem::new(Code::RateLimited).after(retry_after.unwrap_or(wait));
    let says = |part: &str| sentence.to_ascii_lowercase().contains(part);
    match kind.as_str() {
        "TooManyRequestsException" | "ThrottlingException" | "Throttling" => limited(A_MOMENT),
        "LimitExceededException" | "TooManyFailedAttemptsException" => limited(SOME_TIME),
        "NotAuthorizedException" if says("attempts exceeded") => limited(SOME_TIME),
        "NotAuthorizedException" if says("secret hash") || says("secret_hash") => Problem::new(Code::ProviderFailed),
        kind if OURS.contains(&kind) => Problem::new(Code::ProviderFailed),
        "CodeDeliveryFailureException" => {
            Problem::new(Code::ProviderFailed).saying("The message could not be delivered. Try again later.")
        }
        _ if status >= 500 => Problem::new(Code::ProviderFailed),
        "UserNotConfirmedException" if during != During::Code => Problem::new(Code::ConfirmationRequired),
        "PasswordResetRequiredException" => Problem::new(Code::PasswordResetRequired),
        "InvalidPasswordException" | "PasswordHistoryPolicyViolationException" if during != During::SignIn => {
            Problem::new(Code::PasswordRejected).saying(sentence)
        }
        "ExpiredCodeException" if during == During::Challenge => Problem::new(Code::ChallengeExpired),
        "NotAuthorizedException" if during == During::Challenge && says("expired") => {
            Problem::new(Code::ChallengeExpired)
        }
        "NotAuthorizedException" if during == During::SignUp => Problem::new(Code::SignUpClosed),
        "NotAuthorizedException" if during == During::Password && says("token") => Problem::new(Code::Unauthenticated),
        "UserLambdaValidationException" => Problem::new(Code::Forbidden).saying(sentence),
        "UsernameExistsException" | "UnsupportedUserStateException" | "AliasExistsException"
            if during == During::Administration =>
        {
            Problem::new(Code::Conflict).saying(sentence)
        }
        "InvalidParameterException"
            if matches!(during, During::SignUp | During::Administration | During::Challenge) =>
        {
            Problem::new(Code::ValidationFailed).saying(sentence)
        }
        // Of a client or a pool that is not there; some servers mean a person or a session.
        "ResourceNotFoundException" if !matches!(during, During::Challenge | During::Code | During::Administration) => {
            Problem::new(Code::ProviderFailed)
        }
        _ => Problem::new(otherwise(during)),
    }
}

/// `NotAuthorizedException`, `UserNotFoundException`, `CodeMismatchException` and what else may come: the same, so that nobody learns
/// which.
const fn otherwise(during: During) -> Code {
    match during {
        During::SignIn => Code::InvalidCredentials,
        During::Challenge => Code::ChallengeFailed,
        During::Refresh => Code::RefreshRejected,
        During::SignUp => Code::ValidationFailed,
        During::Code => Code::CodeRejected,
        During::Bearer => Code::Unauthenticated,
        During::Password => Code::Forbidden,
        During::Administration => Code::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(kind: &str, sentence: &str, during: During) -> Code {
        let refused_by =
            Refused { kind: kind.to_owned(), sentence: sentence.to_owned(), status: 400, retry_after: None };
        refused(Fault { operation: "InitiateAuth", reason: Reason::Refused(refused_by) }, during).code
    }

    #[test]
    fn nobody_and_a_wrong_password_are_the_same() {
        for kind in ["NotAuthorizedException", "UserNotFoundException", "InvalidPasswordException"] {
            assert_eq!(code(kind, "", During::SignIn), Code::InvalidCredentials, "{kind}");
        }
        for kind in ["CodeMismatchException", "ExpiredCodeException", "UserNotFoundException", "AliasExistsException"] {
            assert_eq!(code(kind, "", During::Code), Code::CodeRejected, "{kind}");
        }
    }

    #[test]
    fn what_the_operator_has_to_mend_is_no_fault_of_who_calls() {
        for kind in OURS {
            assert_eq!(code(kind, "", During::Administration), Code::ProviderFailed, "{kind}");
        }
        let secret = "Unable to verify secret hash for client 4a6c2fc92c6044e1";
        assert_eq!(code("NotAuthorizedException", secret, During::SignIn), Code::ProviderFailed);
        assert_eq!(code("ResourceNotFoundException", "", During::SignIn), Code::ProviderFailed);
    }

    #[test]
    fn throttling_says_when_to_come_again() {
        let refused_by = |kind: &str, retry_after| {
            let refused_by = Refused { kind: kind.to_owned(), sentence: String::new(), status: 400, retry_after };
            refused(Fault { operation: "SignUp", reason: Reason::Refused(refused_by) }, During::SignUp)
        };
        let told = refused_by("TooManyRequestsException", Some(Duration::from_secs(7)));
        assert_eq!((told.code, told.retry_after), (Code::RateLimited, Some(Duration::from_secs(7))));
        assert_eq!(refused_by("LimitExceededException", None).retry_after, Some(SOME_TIME));
        assert_eq!(code("NotAuthorizedException", "Password attempts exceeded", During::SignIn), Code::RateLimited);
    }
}
