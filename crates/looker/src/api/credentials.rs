//! `/users/{user_id}/credentials_api3`: API3 credentials, which an admin makes for a user and which then
//! act as that user.

use super::{ApiCredentials, ApiError, Call, call::done, path::push_segment, user::user_path};
use crate::{Answer, Method};

/// API3 credentials as Looker shows them when they are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCredentials {
    /// Looker's number for them, as text.
    pub id: String,
    /// What to log in with. Looker never shows the secret again.
    pub credentials: ApiCredentials,
}

/// Makes API3 credentials for the user whom Looker has by this number.
pub fn create_credentials(user_id: &str) -> Call<NewCredentials> {
    Call::new(Method::Post, &user_path(user_id, "/credentials_api3"), read)
}

/// Removes a user's API3 credentials, of which `id` is Looker's number, and with them all their tokens.
pub fn remove_credentials(user_id: &str, id: &str) -> Call<()> {
    let mut path = user_path(user_id, "/credentials_api3/");
    push_segment(&mut path, id);
    Call::new(Method::Delete, &path, done)
}

fn read(answer: &Answer) -> Result<NewCredentials, ApiError> {
    let json = answer.object()?;
    Ok(NewCredentials {
        id: json.text("id")?.into(),
        credentials: ApiCredentials::new(json.text("client_id")?.into(), json.text("client_secret")?.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BaseUrl, answer::tests::json_answer, oauth::AccessToken};

    #[test]
    fn every_call_goes_where_looker_documents_it() {
        let base_url = BaseUrl::parse("https://my.looker.com").unwrap();
        let token = AccessToken::new("t".into());
        let create = create_credentials("7").request(&base_url, &token);
        let remove = remove_credentials("7/?", "1 2").request(&base_url, &token);
        for (request, method, path) in [
            (create, Method::Post, "/users/7/credentials_api3"),
            (remove, Method::Delete, "/users/7%2F%3F/credentials_api3/1%202"),
        ] {
            assert_eq!(request.method(), method);
            assert_eq!(request.url(), ["https://my.looker.com/api/4.0", path].concat());
            assert!(request.body().is_none());
        }
    }

    #[test]
    fn the_secret_is_read_and_shows_nowhere() {
        let body = r#"{"id":"3","client_id":"abc","client_secret":"s3cr3t","purpose":null}"#;
        let made = create_credentials("7").read(&json_answer(200, body)).unwrap();
        assert_eq!(made.id, "3");
        assert_eq!(made.credentials, ApiCredentials::new("abc".into(), "s3cr3t".into()));
        assert!(!format!("{made:?}").contains("s3cr3t"));
        for odd in ["[]", r#"{"id":"3","client_id":"abc"}"#, r#"{"id":3,"client_id":"a","client_secret":"b"}"#] {
            assert!(create_credentials("7").read(&json_answer(200, odd)).is_err(), "{odd}");
        }
    }
}
