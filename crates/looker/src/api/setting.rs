//! `/setting`: of all of it, the Embedded Domain Allowlist, which says whose pages may call the API.

use super::{ApiError, Call};
use crate::{
    Answer, AnswerError, Method,
    json::{FieldError, Json, ObjectWriter},
};

const PATH: &str = "/setting?fields=embed_config";

/// The origins that the Embedded Domain Allowlist names.
pub fn allowlist() -> Call<Vec<String>> {
    Call::new(Method::Get, PATH, read)
}

/// Replaces the Embedded Domain Allowlist, and answers with what it is then.
pub fn set_allowlist(origins: &[String]) -> Call<Vec<String>> {
    let config = ObjectWriter::new().texts("domain_allowlist", origins);
    Call::with_body(Method::Patch, PATH, ObjectWriter::new().object("embed_config", config), read)
}

fn read(answer: &Answer) -> Result<Vec<String>, ApiError> {
    // Null is a list that nobody has written to yet; no list at all is an edition that has none.
    let Json::Object(members) = answer.object()?.object("embed_config")? else { return Err(odd(true)) };
    match members.iter().rev().find(|(name, _)| name == "domain_allowlist") {
        Some((_, Json::Null)) => Ok(Vec::new()),
        Some((_, Json::List(entries))) => {
            let texts: Option<Vec<_>> = entries.iter().map(|entry| entry.as_text().map(Into::into)).collect();
            texts.ok_or_else(|| odd(false))
        }
        Some(_) => Err(odd(false)),
        None => Err(odd(true)),
    }
}

fn odd(missing: bool) -> ApiError {
    AnswerError::from(FieldError { name: "domain_allowlist", wanted: "a list of texts", missing }).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BaseUrl, answer::tests::json_answer, oauth::AccessToken};

    #[test]
    fn the_list_is_replaced_as_a_part_of_the_setting() {
        let base_url = BaseUrl::parse("https://my.looker.com").unwrap();
        let call = set_allowlist(&["https://a.example".into()]);
        let request = call.request(&base_url, &AccessToken::new("t".into()));
        assert_eq!(
            (request.method(), request.url(), request.body().map(|body| body.expose())),
            (
                Method::Patch,
                "https://my.looker.com/api/4.0/setting?fields=embed_config",
                Some(r#"{"embed_config":{"domain_allowlist":["https://a.example"]}}"#)
            )
        );
        assert!(allowlist().is_safe() && !call.is_safe());
    }

    #[test]
    fn the_list_is_read_and_what_is_none_is_not_taken_for_an_empty_one() {
        for (body, list) in [
            (
                r#"{"embed_config":{"domain_allowlist":["https://a","https://b"]}}"#,
                Some(vec!["https://a", "https://b"]),
            ),
            (r#"{"embed_config":{"domain_allowlist":[]}}"#, Some(vec![])),
            (r#"{"embed_config":{"domain_allowlist":null}}"#, Some(vec![])),
            (r#"{"embed_config":{}}"#, None),
            (r#"{"embed_config":{"domain_allowlist":[1]}}"#, None),
            (r#"{"embed_config":{"domain_allowlist":"https://a"}}"#, None),
            (r#"{"embed_config":null}"#, None),
            ("{}", None),
            ("[]", None),
        ] {
            let list = list.map(|list| list.into_iter().map(String::from).collect::<Vec<_>>());
            assert_eq!(allowlist().read(&json_answer(200, body)).ok(), list, "{body}");
        }
    }
}
