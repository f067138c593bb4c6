//! `GET /user`: who is signed in; and `/users`, of which only admins take somebody away.

use super::{Call, call::done, path::push_segment};
use crate::{
    Answer, Method,
    json::{Json, ObjectWriter},
};

/// The person whose token it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Looker's number for the person, as text.
    pub id: String,
    /// The full name as Looker shows it; the e-mail address or the number where there is none.
    pub display_name: String,
    /// The e-mail address.
    pub email: Option<String>,
}

/// Who is signed in.
pub fn user() -> Call<User> {
    Call::new(Method::Get, "/user", |answer: &Answer| Ok(User::from_json(answer.object()?)?))
}

/// Removes the user whom Looker has by this number, and with them all that signs in or logs in as them.
pub fn remove_user(user_id: &str) -> Call<()> {
    Call::new(Method::Delete, &user_path(user_id, ""), done)
}

/// Where a user is, and what `rest` names of them; behind `/api/4.0`.
pub(super) fn user_path(user_id: &str, rest: &str) -> String {
    let mut path = String::from("/users/");
    push_segment(&mut path, user_id);
    path.push_str(rest);
    path
}

impl User {
    /// Reads Looker's `User`.
    pub fn from_json(json: &Json) -> Result<Self, crate::json::FieldError> {
        let id = json.text("id")?;
        let named =
            |name| -> Result<Option<&str>, _> { Ok(json.optional_text(name)?.filter(|text| !text.trim().is_empty())) };
        let email = named("email")?;
        let display_name = named("display_name")?.or(email).unwrap_or(id);
        Ok(Self { id: id.into(), display_name: display_name.into(), email: email.map(Into::into) })
    }

    /// As JSON that [`from_json`](Self::from_json) reads.
    pub fn to_json(&self) -> String {
        let json = ObjectWriter::new().text("id", &self.id).text("display_name", &self.display_name);
        match &self.email {
            Some(email) => json.text("email", email),
            None => json,
        }
        .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ApiError;
    use crate::{
        AnswerError, BaseUrl, MediaType,
        answer::tests::{json_answer, other_answer},
        json::tests::parse,
        oauth::AccessToken,
    };

    #[test]
    fn the_call_goes_to_the_api_host_with_the_token_in_its_header() {
        let base_url = BaseUrl::parse("https://my.looker.com:19999").unwrap();
        let request = user().request(&base_url, &AccessToken::new("t".into()));
        assert_eq!(request.url(), "https://my.looker.com:19999/api/4.0/user");
        assert_eq!(request.authorization().as_deref(), Some("Bearer t"));
        assert!(request.body().is_none());
        let request = remove_user("7").request(&base_url, &AccessToken::new("t".into()));
        assert_eq!((request.method(), request.url()), (Method::Delete, "https://my.looker.com:19999/api/4.0/users/7"));
    }

    #[test]
    fn a_person_has_a_name_whatever_looker_knows() {
        for (body, name) in [
            (r#"{"id":"1","display_name":"Ada Lovelace","email":"ada@example.com"}"#, "Ada Lovelace"),
            (r#"{"id":"1","display_name":" ","email":"ada@example.com"}"#, "ada@example.com"),
            (r#"{"id":"1","display_name":null,"email":null}"#, "1"),
        ] {
            let person = user().read(&json_answer(200, body)).unwrap();
            assert_eq!(person.display_name, name, "{body}");
            assert_eq!(User::from_json(&parse(&person.to_json())), Ok(person));
        }
    }

    #[test]
    fn every_failure_has_its_own_error() {
        for (answer, error) in [
            (json_answer(401, r#"{"message":"Requires authentication."}"#), ApiError::Unauthenticated),
            (
                json_answer(404, r#"{"message":"Not found"}"#),
                ApiError::NotFoundOrForbidden { status: 404, message: Some("Not found".into()) },
            ),
            (other_answer(403, MediaType::Other), ApiError::NotFoundOrForbidden { status: 403, message: None }),
            (other_answer(404, MediaType::Html), AnswerError::Page { status: 404 }.into()),
            (other_answer(200, MediaType::Html), AnswerError::Page { status: 200 }.into()),
            (json_answer(200, "[]"), AnswerError::NotJson { status: 200 }.into()),
            (other_answer(503, MediaType::Html), AnswerError::Server { status: 503, retry_after: None }.into()),
            (json_answer(429, "{}"), AnswerError::TooManyRequests { retry_after: None }.into()),
            (json_answer(418, "{}"), AnswerError::Status { status: 418, message: None }.into()),
        ] {
            assert_eq!(user().read(&answer).err(), Some(error));
        }
        assert!(matches!(
            user().read(&json_answer(200, r#"{"id":7}"#)),
            Err(ApiError::Answer(AnswerError::Field(error))) if error.name == "id"
        ));
    }
}
