//! Who calls, and about whom.

use super::errors::ApiError;
use super::input;
use crate::secret::Secret;
use crate::state::{Looker, Shared};
use crate::store::people::Person;
use crate::store::tokens::{Holder, Kind};
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

/// The person behind the token of a call.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) person: Person,
    pub(super) holder: Holder,
}

/// A caller who is an admin.
#[derive(Debug)]
pub(super) struct Admin(pub(super) Caller);

/// The token of `Authorization: Bearer T` or `token T`.
fn token(header: &str) -> Option<Secret> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token");
    let token = token.trim();
    (known && !token.is_empty()).then(|| Secret::given(token))
}

fn find(looker: &Looker, parts: &Parts) -> Result<Caller, ApiError> {
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(token).ok_or(ApiError::Unauthenticated)?;
    let bearer = looker.store().bearer(Kind::Access, &token, looker.now())?;
    let bearer = bearer.ok_or(ApiError::Unauthenticated)?;
    Ok(Caller { person: bearer.person, holder: bearer.holder })
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, looker: &Shared) -> Result<Self, ApiError> {
        find(looker, parts)
    }
}

impl FromRequestParts<Shared> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, looker: &Shared) -> Result<Self, ApiError> {
        let caller = find(looker, parts)?;
        if caller.person.is_admin { Ok(Self(caller)) } else { Err(looker.forbidden()) }
    }
}

/// The person of the path's `user_id`, whom the caller may see as a whole: themselves, or anybody
/// for an admin.
#[derive(Debug)]
pub(super) struct Visible(pub(super) Person);

impl FromRequestParts<Shared> for Visible {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, looker: &Shared) -> Result<Self, ApiError> {
        let caller = find(looker, parts)?;
        let id = input::id(&input::in_path(parts, "user_id").await?)?;
        if !caller.sees(id) {
            return Err(looker.forbidden());
        }
        looker.store().person(id)?.map(Self).ok_or(ApiError::NotFound)
    }
}

impl Caller {
    /// Whether they may see all of this person.
    pub(super) fn sees(&self, id: i64) -> bool {
        self.person.id == id || self.person.is_admin
    }
}

impl Looker {
    /// "You may not", as it is presently said.
    pub(super) fn forbidden(&self) -> ApiError {
        ApiError::Forbidden(self.answers().forbidden_as)
    }
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn the_token_follows_bearer_or_token() {
        for (header, expected) in [
            ("Bearer abc", Some("abc")),
            ("token abc", Some("abc")),
            ("BEARER abc", Some("abc")),
            ("Basic abc", None),
            ("abc", None),
            ("Bearer ", None),
            ("", None),
        ] {
            let found = token(header).map(|secret| secret.reveal().to_owned());
            assert_eq!(found.as_deref(), expected, "{header}");
        }
    }
}
