//! The pages. They look like another site than the app on purpose: plain grey, a serif heading,
//! and a banner. Markup is made by `maud`, which escapes whatever is no markup.

use crate::steering::sign_in::SignIn;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

const STYLE: &str = include_str!("style.css");

/// A page under a policy that lets it load nothing and send forms only here, or onward to the
/// app: browsers hold a form's redirects to `form-action` as well.
pub(crate) fn page(
    status: StatusCode,
    title: &str,
    content: &Markup,
    onward: Option<&str>,
    cookie: Option<HeaderValue>,
) -> Response {
    let html = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                title { (title) " · Local Looker" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                header role="banner" { "Local Looker, for trying and testing" }
                (content)
            }
        }
    };
    let mut response = (status, Html(html.into_string())).into_response();
    let headers = response.headers_mut();
    // A policy that cannot be written must not mean no policy.
    let policy = HeaderValue::try_from(policy(onward)).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    // Not `no-referrer`: forms would then be sent without their origin, which the admin page looks at.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

fn policy(onward: Option<&str>) -> String {
    use base64::Engine as _;
    let style = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE));
    let onward = onward.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; img-src data:; \
         form-action 'self'{onward}; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// A page that says why something ends here.
pub(crate) fn error(status: StatusCode, headline: &str, sentence: &str) -> Response {
    let content = html! {
        main {
            h1 id="error" { (headline) }
            p { (sentence) }
        }
    };
    page(status, headline, &content, None, None)
}

/// The login form.
#[derive(Debug, Default)]
pub(super) struct Login<'a> {
    pub(super) csrf: &'a str,
    /// The query of `/auth` to go on with; empty for the home page.
    pub(super) continue_with: &'a str,
    /// What was typed before.
    pub(super) email: &'a str,
    /// The app that wants to know who is there.
    pub(super) app: Option<&'a str>,
    pub(super) wrong: bool,
    /// What is asked for.
    pub(super) settings: SignIn,
}

impl Login<'_> {
    /// The inside of the page.
    pub(super) fn html(&self) -> Markup {
        let invalid = self.wrong.then_some("true");
        let why = self.wrong.then_some("wrong");
        let SignIn { two_factor, directory } = self.settings;
        html! {
            main {
                h1 { "Sign in to Looker" }
                @if let Some(app) = self.app {
                    p { "to continue to " (app) }
                }
                form method="post" action="/login" {
                    (hidden(self.csrf, self.continue_with))
                    label for="email" { "Email" }
                    input id="email" name="email" type="email" autocomplete="username" required value=(self.email)
                        autofocus[!self.wrong];
                    label for="password" { @if directory { "Password of your directory (LDAP)" } @else { "Password" } }
                    input id="password" name="password" type="password" autocomplete="current-password" required
                        aria-invalid=[invalid] aria-describedby=[why] autofocus[self.wrong];
                    @if two_factor {
                        label for="code" { "Code of your authenticator app" }
                        input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required;
                    }
                    @if self.wrong {
                        p.wrong id="wrong" role="alert" {
                            @if two_factor { "This email, password and code do not go together." }
                            @else { "This email and password do not go together." }
                        }
                    }
                    button.primary id="sign-in" type="submit" { "Sign in" }
                }
            }
        }
    }
}

/// The disclosure form: what the app is, and whether to let it.
#[derive(Debug)]
pub(super) struct Disclosure<'a> {
    pub(super) csrf: &'a str,
    pub(super) continue_with: &'a str,
    pub(super) app: &'a str,
    pub(super) description: &'a str,
    pub(super) person: &'a str,
}

impl Disclosure<'_> {
    /// The inside of the page.
    pub(super) fn html(&self) -> Markup {
        html! {
            main {
                h1 { "Allow " (self.app) " to use your Looker account?" }
                p id="description" { (self.description) }
                p.quiet { "You are signed in as " (self.person) ". You are asked this once." }
                form method="post" action="/disclosure" {
                    (hidden(self.csrf, self.continue_with))
                    button.primary id="allow" name="answer" value="allow" type="submit" { "Allow" }
                    button id="deny" name="answer" value="deny" type="submit" { "Deny" }
                }
            }
        }
    }
}

fn hidden(csrf: &str, continue_with: &str) -> Markup {
    html! {
        input type="hidden" name="csrf" value=(csrf);
        input type="hidden" name="continue" value=(continue_with);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_never_becomes_markup() {
        let evil = "\"><script>alert('x')</script>&";
        let login = Login { csrf: evil, continue_with: evil, email: evil, app: Some(evil), ..Login::default() };
        let disclosure = Disclosure { csrf: evil, continue_with: evil, app: evil, description: evil, person: evil };
        for html in [login.html(), disclosure.html()] {
            let html = html.into_string();
            assert!(!html.contains("<script"), "{html}");
            assert!(!html.contains("value=\"\">"), "{html}");
        }
    }
}
