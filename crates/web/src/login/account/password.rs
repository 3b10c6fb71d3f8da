//! Another password for the one that was: proved, counted and limited as in the API. Whoever is signed in elsewhere
//! stays so.

use cognate_domain::Error;
use cognate_domain::error::ErrorKind;
use cognate_domain::oauth::Params;

use super::page::{self, Said, Shown};
use super::{Own, form, prove};
use crate::login::fields::Field;
use crate::login::stop::Answered;
use crate::login::visit::Visit;

/// What is wrong with each field.
#[derive(Clone, Copy, Default)]
struct Problems {
    current: Option<&'static str>,
    new: Option<&'static str>,
    repeated: Option<&'static str>,
}

pub(super) fn fields(visit: &Visit) -> Vec<Field> {
    fields_with(visit, Problems::default())
}

fn fields_with(visit: &Visit, problems: Problems) -> Vec<Field> {
    let new = |name: &str, id: &str, label: &str| Field::new_password(visit, label).called(name, id.to_owned());
    let fields = [
        (prove::current(visit, "account-current-password-label"), problems.current),
        (new("new_password", "new-password", "new-password-label"), problems.new),
        (new("password_repeat", "repeat-password", "repeat-password-label"), problems.repeated),
    ];
    let judged = |(field, problem): (Field, Option<&str>)| match problem {
        Some(key) => field.failed(visit, key),
        None => field,
    };
    fields.into_iter().map(judged).collect()
}

pub(super) async fn change(visit: &mut Visit, own: &Own, form: &Params) -> Answered {
    let [current, new, repeated] =
        ["current_password", "new_password", "password_repeat"].map(|name| form::value(form, name));
    let lacks = |text: &str| text.is_empty().then_some("problem-required");
    let differ = (new != repeated).then_some("problem-passwords-differ");
    let problems = Problems { current: lacks(current), new: lacks(new), repeated: lacks(repeated).or(differ) };
    if problems.current.or(problems.new).or(problems.repeated).is_some() {
        return again(visit, own, problems, None).await;
    }

    match visit.cx.replace_password(&visit.site.pool, own.user(), Some(current), new).await {
        Ok(()) => Ok(own.done(visit, "account-password-changed")),
        Err(error) => refused(visit, own, &error).await,
    }
}

async fn refused(visit: &Visit, own: &Own, error: &Error) -> Answered {
    let key = page::key_of(error);
    match error.kind {
        ErrorKind::InvalidPassword | ErrorKind::PasswordHistoryPolicyViolation => {
            again(visit, own, Problems { new: Some(key), ..Problems::default() }, None).await
        }
        _ if key == "problem-wrong-password" => {
            again(visit, own, Problems { current: Some(key), ..Problems::default() }, None).await
        }
        _ => again(visit, own, Problems::default(), Some(key)).await,
    }
}

async fn again(visit: &Visit, own: &Own, problems: Problems, key: Option<&str>) -> Answered {
    let said = key.map(|key| Said::problem(visit, "password", key));
    page::page(visit, own, Shown { password: Some(fields_with(visit, problems)), said, ..Shown::default() }).await
}
