//! Any call that only reads.

use super::Call;
use crate::{Answer, Method, json::Json};

/// Reads what is at `path`, which begins behind `/api/4.0` and may have a query: `/user`,
/// `/lookml_models?fields=name`.
pub fn get(path: &str) -> Call<Json> {
    Call::new(Method::Get, path, |answer: &Answer| Ok(answer.value()?.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        BaseUrl, MediaType,
        answer::tests::{json_answer, other_answer},
        api::ApiError,
        oauth::AccessToken,
    };

    #[test]
    fn whatever_json_comes_is_the_answer() {
        let call = get("/lookml_models?fields=name");
        let base_url = BaseUrl::parse("https://my.looker.com").unwrap();
        let request = call.request(&base_url, &AccessToken::new("t".into()));
        assert_eq!(
            (request.method(), request.url()),
            (Method::Get, "https://my.looker.com/api/4.0/lookml_models?fields=name")
        );
        let models = call.read(&json_answer(200, r#"[{"name":"thelook"}]"#));
        assert!(models.is_ok_and(|json| matches!(json, Json::List(models) if models[0].text("name") == Ok("thelook"))));
        assert!(matches!(call.read(&other_answer(200, MediaType::Html)), Err(ApiError::Answer(_))));
        assert!(matches!(call.read(&json_answer(401, "{}")), Err(ApiError::Unauthenticated)));
    }
}
