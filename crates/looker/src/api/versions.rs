//! `GET /versions`: which Looker this is.

use super::Call;
use crate::{Answer, Method};

/// What an instance says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    /// The release: `26.12.5`.
    pub looker_release_version: String,
}

/// Which Looker this is.
pub fn versions() -> Call<Versions> {
    Call::new(Method::Get, "/versions", |answer: &Answer| {
        let version = answer.object()?.text("looker_release_version")?;
        Ok(Versions { looker_release_version: version.into() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::json_answer;

    #[test]
    fn the_release_is_read() {
        let answer = json_answer(200, r#"{"looker_release_version":"26.12.5","supported_versions":[]}"#);
        assert_eq!(versions().read(&answer).map(|v| v.looker_release_version), Ok("26.12.5".into()));
        assert!(versions().read(&json_answer(200, "{}")).is_err());
    }
}
