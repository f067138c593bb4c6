//! `DELETE /logout`: ends the access token and its refresh token.

use super::{Call, call::done};
use crate::Method;

/// Ends this session at Looker. The unversioned `/api/logout` can't be called from a browser.
pub fn logout() -> Call<()> {
    Call::new(Method::Delete, "/logout", done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AnswerError, BaseUrl, MediaType,
        answer::tests::{json_answer, other_answer},
        oauth::AccessToken,
    };

    #[test]
    fn signing_out_uses_the_versioned_path_and_needs_no_body_in_its_answer() {
        let base_url = BaseUrl::parse("https://my.looker.com").unwrap();
        let request = logout().request(&base_url, &AccessToken::new("t".into()));
        assert_eq!((request.method(), request.url()), (Method::Delete, "https://my.looker.com/api/4.0/logout"));
        assert_eq!(logout().read(&other_answer(204, MediaType::Other)), Ok(()));
    }

    #[test]
    fn a_page_does_not_sign_anybody_out() {
        for (answer, read) in [
            (json_answer(200, "{}"), Ok(())),
            (other_answer(200, MediaType::Html), Err(AnswerError::Page { status: 200 }.into())),
            (other_answer(204, MediaType::Html), Err(AnswerError::Page { status: 204 }.into())),
        ] {
            assert_eq!(logout().read(&answer), read);
        }
    }
}
