//! What an address asks beside its path: each parameter once, none that is not known, and pages.

use std::collections::BTreeMap;

use http::Uri;
use serde::Serialize;
use url::form_urlencoded;
use utoipa::ToSchema;

use crate::problem::Problem;

const LONGEST_QUERY: usize = 8 * 1024;
/// Of a parameter's value, in characters.
const LONGEST_VALUE: usize = 512;
const MOST_ITEMS: i64 = 100;
const ITEMS: i64 = 50;

pub(crate) struct Parameters(BTreeMap<String, String>);

/// A page that is asked for.
pub(crate) struct Page {
    /// 1 to 100.
    pub(crate) limit: i64,
    /// The `next` of the page before; as it came, so what is not there begins nowhere else than behind itself.
    pub(crate) after: Option<String>,
}

impl Parameters {
    pub(crate) fn of(uri: &Uri) -> Result<Self, Problem> {
        let query = uri.query().unwrap_or_default();
        if query.len() > LONGEST_QUERY {
            return Err(Problem::field("", "The address is too long."));
        }
        let mut known = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let name: String = name.chars().take(40).collect();
            if value.chars().nth(LONGEST_VALUE).is_some() {
                return Err(Problem::field(name, format!("This is longer than {LONGEST_VALUE} characters.")));
            }
            if value.chars().any(char::is_control) {
                return Err(Problem::field(name, "This holds a control character."));
            }
            if known.insert(name.clone(), value.into_owned()).is_some() {
                return Err(Problem::field(name, "This comes twice."));
            }
        }
        Ok(Self(known))
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// `limit` and `next`.
    pub(crate) fn page(&mut self) -> Result<Page, Problem> {
        let limit = match self.take("limit") {
            None => ITEMS,
            Some(text) => {
                let limit = text.parse().ok().filter(|limit| (1..=MOST_ITEMS).contains(limit));
                limit.ok_or_else(|| Problem::field("limit", "This is a number from 1 to 100."))?
            }
        };
        Ok(Page { limit, after: self.take("next") })
    }

    /// To be called once all that is known was taken.
    pub(crate) fn done(self) -> Result<(), Problem> {
        match self.0.into_keys().next() {
            None => Ok(()),
            Some(name) => Err(Problem::field(name, "This parameter is not known here.")),
        }
    }
}

impl Page {
    /// One more than is shown: so it is known whether another page follows.
    pub(crate) const fn to_read(&self) -> i64 {
        self.limit + 1
    }

    /// The page of what was read, each item shown, and where the next one begins.
    pub(crate) fn shown<T, S>(&self, read: Vec<T>, key: impl Fn(&T) -> String, show: impl Fn(T) -> S) -> List<S> {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        let more = read.len() > limit;
        let next = more.then(|| read.get(limit.saturating_sub(1)).map(key)).flatten();
        List { items: read.into_iter().take(limit).map(show).collect(), next }
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    pub(crate) items: Vec<T>,
    /// What the next page is asked for with; left out on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> Result<Parameters, Problem> {
        Parameters::of(&format!("/v1/things?{query}").parse().unwrap())
    }

    #[test]
    fn a_parameter_comes_once_and_is_known() {
        let mut parameters = of("email=ann%40example.com&limit=7&next=x").unwrap();
        assert_eq!(parameters.take("email").unwrap(), "ann@example.com");
        let page = parameters.page().unwrap();
        assert_eq!((page.limit, page.after.as_deref()), (7, Some("x")));
        parameters.done().unwrap();

        for (query, field) in [("a=1&a=2", "a"), ("a=%00", "a"), (&format!("a={}", "é".repeat(513)), "a")] {
            assert_eq!(of(query).err().unwrap().errors.first().unwrap().field, field);
        }
        for limit in ["0", "101", "-1", "x", ""] {
            of(&format!("limit={limit}")).unwrap().page().err().unwrap();
        }
        of("unknown=1").unwrap().done().unwrap_err();
    }

    #[test]
    fn a_page_names_the_next_one_only_if_something_follows() {
        let page = Page { limit: 2, after: None };
        let shown = |read: &[u8]| page.shown(read.to_vec(), u8::to_string, |item| item);
        assert_eq!((shown(&[1, 2, 3]).items, shown(&[1, 2, 3]).next), (vec![1, 2], Some("2".to_owned())));
        assert_eq!((shown(&[1, 2]).items, shown(&[1, 2]).next), (vec![1, 2], None));
        assert_eq!(shown(&[]).next, None);
    }
}
