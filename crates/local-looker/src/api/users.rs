//! `/user` and `/users`. Everybody sees and changes themselves, admins everybody; of others, the rest
//! sees the name.

use super::caller::{Admin, Caller, Visible};
use super::credentials;
use super::email;
use super::errors::{ApiError, Problem};
use super::input::{self, Fields, Members};
use crate::state::{Looker, Shared};
use crate::store::people::{NewPerson, Person};
use crate::store::{Store, Stored};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{HeaderName, LINK};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::Response;
use serde_json::{Value, json};

/// The most users in one answer.
const MOST: i64 = 500;

/// A user as Looker's API shows one.
fn to_json(looker: &Looker, store: &Store, person: &Person) -> Stored<Value> {
    let id = person.id.to_string();
    let url = format!("{}/api/4.0/users/{id}", looker.base_url);
    let group_ids = store.groups(person.id)?;
    let api3: Vec<Value> =
        store.api3_of(person.id)?.iter().map(|api3| credentials::to_json(looker, person.id, api3)).collect();
    Ok(json!({
        "can": { "show": true, "update": true },
        "id": id,
        "display_name": person.display_name(),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "locale": person.locale,
        "is_disabled": person.is_disabled,
        "avatar_url": null,
        "avatar_url_without_sizing": null,
        "credentials_api3": api3,
        "credentials_email": email::to_json(looker, person),
        "group_ids": group_ids,
        "role_ids": [if person.is_admin { "2" } else { "1" }],
        "home_folder_id": "1",
        "personal_folder_id": (person.id + 10).to_string(),
        "looker_versions": ["26.12.0"],
        "models_dir_validated": null,
        "presumed_looker_employee": false,
        "verified_looker_employee": false,
        "roles_externally_managed": false,
        "allow_direct_roles": true,
        "allow_normal_group_membership": true,
        "allow_roles_from_normal_groups": true,
        "is_iam_admin": false,
        "can_manage_api3_creds": person.is_admin,
        "is_service_account": false,
        "service_account_name": null,
        "sessions": [],
        "ui_state": null,
        "url": url,
    }))
}

/// A user as Looker's API shows one to those who may not see all: the public variant.
pub(super) fn public_json(looker: &Looker, person: &Person) -> Value {
    json!({
        "can": {},
        "id": person.id.to_string(),
        "first_name": person.first_name.clone().unwrap_or_default(),
        "last_name": person.last_name.clone().unwrap_or_default(),
        "display_name": person.display_name(),
        "avatar_url": "",
        "url": format!("{}/api/4.0/users/{}", looker.base_url, person.id),
    })
}

/// `GET /user`
pub(super) async fn me(State(looker): State<Shared>, caller: Caller, fields: Fields) -> Result<Response, ApiError> {
    Ok(fields.of(to_json(&looker, &looker.store(), &caller.person)?))
}

/// `GET /users`, with `limit` and `offset`. Who is no admin sees themselves.
pub(super) async fn all(
    State(looker): State<Shared>,
    caller: Caller,
    uri: Uri,
    fields: Fields,
) -> Result<Response, ApiError> {
    let number = |name| match input::query(&uri, name).map(|text| text.parse::<u32>()) {
        None => Ok(None),
        Some(Ok(number)) => Ok(Some(i64::from(number))),
        Some(Err(_)) => Err(ApiError::BadRequest(format!("{name} must be a number"))),
    };
    let limit = number("limit")?.unwrap_or(MOST).min(MOST);
    let offset = number("offset")?.unwrap_or(0);
    let store = looker.store();
    let (people, total) = if caller.person.is_admin {
        (store.people(offset, limit)?, store.count_people()?)
    } else if offset == 0 && limit > 0 {
        (vec![caller.person], 1)
    } else {
        (Vec::new(), 1)
    };
    let users = people.iter().map(|person| to_json(&looker, &store, person)).collect::<Stored<Vec<_>>>()?;
    let mut response = fields.of(Value::Array(users));
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("x-total-count"), HeaderValue::from(total));
    if offset + limit < total && limit > 0 {
        let next = format!("<{}/api/4.0/users?limit={limit}&offset={}>; rel=\"next\"", looker.base_url, offset + limit);
        headers.extend(HeaderValue::try_from(next).ok().map(|next| (LINK, next)));
    }
    Ok(response)
}

/// What a body says about somebody, over what they were before.
fn read(body: &[u8], before: Option<&Person>) -> Result<NewPerson, ApiError> {
    let members = Members::read(body)?;
    let mut problems = Vec::new();
    let first_name = members.text("first_name", &mut problems);
    let last_name = members.text("last_name", &mut problems);
    let locale = members.text("locale", &mut problems);
    let is_disabled = members.flag("is_disabled", &mut problems);
    input::valid(problems)?;
    let before = before.map(Person::unchanged).unwrap_or_default();
    Ok(NewPerson {
        first_name: first_name.or(before.first_name),
        last_name: last_name.or(before.last_name),
        locale: locale.or(before.locale),
        is_admin: before.is_admin,
        is_disabled: is_disabled.unwrap_or(before.is_disabled),
    })
}

/// `POST /users`
pub(super) async fn create(
    State(looker): State<Shared>,
    Admin(_): Admin,
    fields: Fields,
    body: Bytes,
) -> Result<Response, ApiError> {
    let new = read(&body, None)?;
    let id = looker.store().add_person(&new)?;
    as_stored(&looker, id, &fields)
}

/// `GET /users/{user_id}`
pub(super) async fn one(
    State(looker): State<Shared>,
    caller: Caller,
    Path(user_id): Path<String>,
    fields: Fields,
) -> Result<Response, ApiError> {
    let id = input::id(&user_id)?;
    if caller.sees(id) {
        return as_stored(&looker, id, &fields);
    }
    let person = looker.store().person(id)?.ok_or(ApiError::NotFound)?;
    Ok(fields.of(public_json(&looker, &person)))
}

/// `PATCH /users/{user_id}`
pub(super) async fn change(
    State(looker): State<Shared>,
    caller: Caller,
    Visible(person): Visible,
    fields: Fields,
    body: Bytes,
) -> Result<Response, ApiError> {
    let to = read(&body, Some(&person))?;
    if to.is_disabled != person.is_disabled && !caller.person.is_admin {
        return Err(looker.forbidden());
    }
    looker.store().change_person(person.id, &to)?;
    as_stored(&looker, person.id, &fields)
}

fn as_stored(looker: &Looker, id: i64, fields: &Fields) -> Result<Response, ApiError> {
    let store = looker.store();
    let person = store.person(id)?.ok_or(ApiError::NotFound)?;
    Ok(fields.of(to_json(looker, &store, &person)?))
}

/// `DELETE /users/{user_id}`
pub(super) async fn remove(
    State(looker): State<Shared>,
    Admin(caller): Admin,
    Visible(person): Visible,
) -> Result<StatusCode, ApiError> {
    if person.id == caller.person.id {
        let why = "You cannot delete yourself.";
        return Err(ApiError::Invalid(vec![Problem::invalid("id", why)]));
    }
    looker.store().delete_person(person.id)?;
    Ok(StatusCode::NO_CONTENT)
}
