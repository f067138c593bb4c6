//! `/oauth_client_apps`: which apps may sign people in. Looker shows each caller only those that they may
//! see, and lets admins change them.

use super::{ApiError, Call, call::done, path::push_segment};
use crate::{
    Answer, ClientId, Method, RedirectUri,
    answer::cut,
    json::{FieldError, Json, ObjectWriter},
};

/// An app as Looker has it registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// The `client_id`, by the name that Looker's API has for it.
    pub client_guid: String,
    /// Where Looker sends people back to. Text, because Looker may hold what this crate would refuse.
    pub redirect_uri: String,
    /// What people know the app by.
    pub display_name: String,
    /// What people read when they first use the app.
    pub description: String,
    /// Whether it may do anything at all.
    pub enabled: bool,
    /// The only group whose members may use it; everybody where there is none.
    pub group_id: Option<String>,
}

impl App {
    /// Reads Looker's `OauthClientApp`.
    pub fn from_json(json: &Json) -> Result<Self, FieldError> {
        let text = |name| -> Result<String, FieldError> { Ok(json.optional_text(name)?.unwrap_or_default().into()) };
        Ok(Self {
            client_guid: json.text("client_guid")?.into(),
            redirect_uri: text("redirect_uri")?,
            display_name: text("display_name")?,
            description: text("description")?,
            enabled: json.optional_flag("enabled")?.unwrap_or(false),
            group_id: json.optional_text("group_id")?.filter(|id| !id.is_empty()).map(Into::into),
        })
    }
}

/// What an app is to be. What is `None` stays as it is, or becomes Looker's default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppChanges {
    /// Where Looker sends people back to.
    pub redirect_uri: Option<RedirectUri>,
    /// What people know the app by.
    pub display_name: Option<String>,
    /// What people read when they first use the app.
    pub description: Option<String>,
    /// Whether it may do anything at all. Disabling ends all its tokens.
    pub enabled: Option<bool>,
    /// The only group whose members may use it; an empty text lifts the limit in the local Looker, what
    /// Looker itself makes of one is not documented.
    pub group_id: Option<String>,
}

/// One field that is to be different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppChange {
    /// Looker's name for the field.
    pub field: &'static str,
    /// What Looker has.
    pub from: String,
    /// What it is to be.
    pub to: String,
}

impl AppChanges {
    /// What would change in `app`: nothing where it is as wanted already.
    pub fn against(&self, app: &App) -> Vec<AppChange> {
        let flag = |flag: bool| if flag { "true" } else { "false" };
        [
            ("redirect_uri", app.redirect_uri.as_str(), self.redirect_uri.as_ref().map(RedirectUri::as_str)),
            ("display_name", &app.display_name, self.display_name.as_deref()),
            ("description", &app.description, self.description.as_deref()),
            ("enabled", flag(app.enabled), self.enabled.map(flag)),
            ("group_id", app.group_id.as_deref().unwrap_or_default(), self.group_id.as_deref()),
        ]
        .into_iter()
        .filter_map(|(field, from, to)| {
            let to = to.filter(|to| *to != from)?;
            Some(AppChange { field, from: from.into(), to: to.into() })
        })
        .collect()
    }

    /// The body that says so.
    pub(crate) fn to_object(&self) -> ObjectWriter {
        let texts = [
            ("redirect_uri", self.redirect_uri.as_ref().map(RedirectUri::as_str)),
            ("display_name", self.display_name.as_deref()),
            ("description", self.description.as_deref()),
            ("group_id", self.group_id.as_deref()),
        ];
        let mut json = ObjectWriter::new();
        for (name, text) in texts {
            if let Some(text) = text {
                json = json.text(name, text);
            }
        }
        match self.enabled {
            Some(enabled) => json.flag("enabled", enabled),
            None => json,
        }
    }
}

/// Every registered app that the caller may see, which may be none.
pub fn apps() -> Call<Vec<App>> {
    Call::new(Method::Get, "/oauth_client_apps", |answer: &Answer| match answer.value()? {
        Json::List(apps) => Ok(apps.iter().map(App::from_json).collect::<Result<_, _>>()?),
        _ => Err(answer.unreadable().into()),
    })
}

/// The app that is registered as `client_id`.
pub fn app(client_id: &ClientId) -> Call<App> {
    Call::new(Method::Get, &app_path(client_id, ""), read)
}

/// Registers an app. Looker wants `redirect_uri`, `display_name` and `description`; 409 says that there is one already.
pub fn register_app(client_id: &ClientId, app: &AppChanges) -> Call<App> {
    Call::with_body(Method::Post, &app_path(client_id, ""), app.to_object(), read)
}

/// Changes what `changes` names.
pub fn update_app(client_id: &ClientId, changes: &AppChanges) -> Call<App> {
    Call::with_body(Method::Patch, &app_path(client_id, ""), changes.to_object(), read)
}

/// Removes an app, and with it all its tokens.
pub fn remove_app(client_id: &ClientId) -> Call<()> {
    Call::new(Method::Delete, &app_path(client_id, ""), done)
}

/// Ends every code, session and token of an app, whoever has them.
pub fn invalidate_tokens(client_id: &ClientId) -> Call<()> {
    Call::new(Method::Delete, &app_path(client_id, "/tokens"), done)
}

/// What Looker found wrong with what was sent (422): each field, and Looker's words about it.
pub fn refused_fields(answer: &Answer) -> Vec<(String, String)> {
    let errors = answer.json.as_ref().and_then(|json| json.list("errors").ok()).unwrap_or_default();
    let text = |json: &Json, name| json.text(name).map(cut).unwrap_or_default();
    errors.iter().map(|error| (text(error, "field"), text(error, "message"))).collect()
}

fn read(answer: &Answer) -> Result<App, ApiError> {
    Ok(App::from_json(answer.object()?)?)
}

/// Where an app is, and what `rest` names of it; behind `/api/4.0`.
pub(crate) fn app_path(client_id: &ClientId, rest: &str) -> String {
    let mut path = String::from("/oauth_client_apps/");
    push_segment(&mut path, client_id.as_str());
    path.push_str(rest);
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AnswerError, BaseUrl, MediaType,
        answer::tests::{json_answer, other_answer},
        oauth::AccessToken,
    };

    const APP: &str = r#"{"client_guid":"sightline","redirect_uri":"https://a.example/authenticated",
        "display_name":"Sightline","description":"Signs in","enabled":true,"group_id":null}"#;

    fn sent<T>(call: &Call<T>) -> (Method, String, Option<String>) {
        let base_url = BaseUrl::parse("https://my.looker.com").unwrap();
        let request = call.request(&base_url, &AccessToken::new("t".into()));
        let path = request.url().trim_start_matches("https://my.looker.com/api/4.0/oauth_client_apps").to_owned();
        (request.method(), path, request.body().map(|body| body.expose().to_owned()))
    }

    fn id(text: &str) -> ClientId {
        ClientId::parse(text).unwrap()
    }

    #[test]
    fn every_call_goes_where_looker_documents_it() {
        let all = AppChanges {
            redirect_uri: RedirectUri::parse("https://a.example/authenticated").ok(),
            display_name: Some("Sightline".into()),
            description: Some("Signs \"in\"".into()),
            enabled: Some(true),
            group_id: Some("7".into()),
        };
        let off = AppChanges { enabled: Some(false), ..AppChanges::default() };
        let body = r#"{"redirect_uri":"https://a.example/authenticated","display_name":"Sightline","description":"Signs \"in\"","group_id":"7","enabled":true}"#;
        let id = id("a/b ?c");
        let at = "/a%2Fb%20%3Fc";
        assert_eq!(sent(&apps()), (Method::Get, String::new(), None));
        assert_eq!(sent(&app(&id)), (Method::Get, at.into(), None));
        assert_eq!(sent(&register_app(&id, &all)), (Method::Post, at.into(), Some(body.into())));
        assert_eq!(sent(&update_app(&id, &off)), (Method::Patch, at.into(), Some(r#"{"enabled":false}"#.into())));
        assert_eq!(sent(&remove_app(&id)), (Method::Delete, at.into(), None));
        assert_eq!(sent(&invalidate_tokens(&id)), (Method::Delete, format!("{at}/tokens"), None));
    }

    #[test]
    fn apps_are_read_and_every_failure_has_its_own_error() {
        let read = apps().read(&json_answer(200, &format!("[{APP}]"))).unwrap();
        assert_eq!(read, [app(&id("sightline")).read(&json_answer(200, APP)).unwrap()]);
        assert_eq!((read[0].enabled, read[0].group_id.as_deref()), (true, None));
        for (answer, error) in [
            (json_answer(401, "{}"), ApiError::Unauthenticated),
            (json_answer(403, "{}"), ApiError::NotFoundOrForbidden { status: 403, message: None }),
            (json_answer(200, "{}"), AnswerError::NotJson { status: 200 }.into()),
            (other_answer(404, MediaType::Html), AnswerError::Page { status: 404 }.into()),
            (
                json_answer(409, r#"{"message":"exists"}"#),
                AnswerError::Status { status: 409, message: Some("exists".into()) }.into(),
            ),
        ] {
            assert_eq!(apps().read(&answer).err(), Some(error));
        }
        assert!(matches!(
            apps().read(&json_answer(200, r#"[{"client_guid":1}]"#)),
            Err(ApiError::Answer(AnswerError::Field(_)))
        ));
        for call in [remove_app(&id("a")), invalidate_tokens(&id("a"))] {
            assert_eq!(call.read(&other_answer(204, MediaType::Other)), Ok(()));
            let page = AnswerError::Page { status: 200 };
            assert_eq!(call.read(&other_answer(200, MediaType::Html)), Err(page.into()));
        }
    }

    #[test]
    fn only_what_is_named_and_different_changes() {
        let app = App::from_json(&crate::json::tests::parse(APP)).unwrap();
        let same = AppChanges {
            redirect_uri: RedirectUri::parse("https://a.example/authenticated").ok(),
            display_name: Some("Sightline".into()),
            enabled: Some(true),
            group_id: Some(String::new()),
            ..AppChanges::default()
        };
        assert_eq!(same.against(&app), []);
        let slash =
            AppChanges { redirect_uri: RedirectUri::parse("https://a.example/authenticated/").ok(), ..same.clone() };
        assert_eq!(
            slash.against(&app),
            [AppChange {
                field: "redirect_uri",
                from: "https://a.example/authenticated".into(),
                to: "https://a.example/authenticated/".into()
            }]
        );
        let off = AppChanges { enabled: Some(false), group_id: Some("3".into()), ..same };
        assert_eq!(off.against(&app).iter().map(|change| change.field).collect::<Vec<_>>(), ["enabled", "group_id"]);
    }

    #[test]
    fn what_looker_refuses_is_told_by_field() {
        let answer = json_answer(422, r#"{"message":"m","errors":[{"field":"a","message":"b\n"},{}]}"#);
        assert_eq!(refused_fields(&answer), [("a".into(), "b ".into()), (String::new(), String::new())]);
        assert!(refused_fields(&other_answer(422, MediaType::Html)).is_empty());
    }
}
