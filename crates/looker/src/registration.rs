//! What a Looker admin pastes to let this app in.

use crate::{
    BaseUrl, ClientId, LookerUrl, RedirectUri,
    api::{AppChanges, app_path},
};

/// How the app wants to be known at an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Its name at Looker, `client_guid` there.
    pub client_id: ClientId,
    /// Where Looker sends people back to.
    pub redirect_uri: RedirectUri,
    /// What people see of it.
    pub display_name: String,
}

impl Registration {
    /// The app as it is to be at Looker.
    pub fn wanted(&self) -> AppChanges {
        let Self { redirect_uri, display_name, .. } = self;
        AppChanges {
            redirect_uri: Some(redirect_uri.clone()),
            display_name: Some(display_name.clone()),
            description: Some(format!("Signs you in to {display_name} with your Looker account.")),
            enabled: Some(true),
            group_id: None,
        }
    }

    /// The body of Looker's `register_oauth_client_app`.
    ///
    /// ```
    /// # use looker::{ClientId, RedirectUri, registration::Registration};
    /// let registration = Registration {
    ///     client_id: ClientId::parse("sightline")?,
    ///     redirect_uri: RedirectUri::parse("https://your.page/authenticated")?,
    ///     display_name: "Sightline".into(),
    /// };
    /// assert!(registration.json().contains(r#""redirect_uri":"https://your.page/authenticated""#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn json(&self) -> String {
        self.wanted().to_object().finish()
    }

    /// The same as commands for a shell: a login, the registration, a logout. They take an admin's API3 credentials
    /// from the environment, so that no secret stands in a history, or among the arguments of a program.
    pub fn curl(&self, base_url: &BaseUrl) -> String {
        let url = |path: &str| quoted(&[base_url.as_str(), "/api/4.0", path].concat());
        let [login, logout, app] = [url("/login"), url("/logout"), url(&app_path(&self.client_id, ""))];
        let json = quoted(&self.json());
        format!(
            r#"LOOKER_TOKEN=$(printf 'client_id=%s&client_secret=%s' "$LOOKERSDK_CLIENT_ID" "$LOOKERSDK_CLIENT_SECRET" \
  | curl -sS -f -d @- {login} \
  | sed -n 's/.*"access_token": *"\([^"]*\)".*/\1/p')
printf 'Authorization: token %s' "$LOOKER_TOKEN" \
  | curl -sS -X POST {app} \
  -H @- -H 'Content-Type: application/json' \
  -d {json}
printf 'Authorization: token %s' "$LOOKER_TOKEN" | curl -sS -X DELETE -H @- {logout}"#
        )
    }

    /// The same by `looker-admin`, then `origin` into the allowlist, and a look at what came of both.
    pub fn looker_admin(&self, base_url: &BaseUrl, origin: &str) -> String {
        let page = self.redirect_uri.as_str();
        let page = quoted(page.strip_suffix("authenticated").unwrap_or(page));
        let [base_url, client_id, name, origin] =
            [base_url.as_str(), self.client_id.as_str(), &self.display_name, origin].map(quoted);
        format!(
            "export LOOKERSDK_BASE_URL={base_url}\n\
             looker-admin register {client_id} --page {page} --display-name {name}\n\
             looker-admin allow-origin {origin}\n\
             looker-admin doctor {client_id} --page {page}"
        )
    }
}

/// The admin page with the allowlist of origins.
pub fn allowlist_page(looker_url: &LookerUrl) -> String {
    [looker_url.as_str(), "/admin/embed"].concat()
}

/// The page of the instance's own API Explorer that registers an app.
pub fn explorer_page(looker_url: &LookerUrl) -> String {
    [
        looker_url.as_str(),
        "/extensions/marketplace_extension_api_explorer::api-explorer/4.0/methods/Auth/register_oauth_client_app",
    ]
    .concat()
}

/// As one word of a POSIX shell.
fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    ["'", &text.replace('\'', r"'\''"), "'"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registration(client_id: &str, display_name: &str) -> Registration {
        Registration {
            client_id: ClientId::parse(client_id).unwrap(),
            redirect_uri: RedirectUri::parse("https://app.example/authenticated").unwrap(),
            display_name: display_name.into(),
        }
    }

    #[test]
    fn the_registration_is_what_looker_documents() {
        assert_eq!(
            registration("sightline", "Sightline").json(),
            r#"{"redirect_uri":"https://app.example/authenticated","display_name":"Sightline","description":"Signs you in to Sightline with your Looker account.","enabled":true}"#
        );
    }

    #[test]
    fn nothing_in_a_command_ends_its_word() {
        let base_url = BaseUrl::parse("https://my.looker.com:19999").unwrap();
        let command = registration("my app/'1'", "Ada's \"page\"").curl(&base_url);
        let app = "curl -sS -X POST 'https://my.looker.com:19999/api/4.0/oauth_client_apps/my%20app%2F%271%27' ";
        assert!(command.contains(app), "{command}");
        assert!(command.contains("curl -sS -f -d @- https://my.looker.com:19999/api/4.0/login"), "{command}");
        assert!(command.ends_with("https://my.looker.com:19999/api/4.0/logout"), "{command}");
        assert!(command.contains(r#""display_name":"Ada'\''s \"page\"""#), "{command}");
        assert_eq!(
            registration("a'b", "Ada's").looker_admin(&base_url, "https://app.example"),
            r"export LOOKERSDK_BASE_URL=https://my.looker.com:19999
looker-admin register 'a'\''b' --page https://app.example/ --display-name 'Ada'\''s'
looker-admin allow-origin https://app.example
looker-admin doctor 'a'\''b' --page https://app.example/"
        );
    }
}
