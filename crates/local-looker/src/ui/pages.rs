//! The pages. They look like another site than the app on purpose: plain grey, a serif heading,
//! and a banner.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

const STYLE: &str = "\
body{margin:0;background:#e4e4e4;color:#1a1a1a;font:16px/1.5 system-ui,sans-serif}\
header{background:#4a4a4a;color:#fff;padding:.5rem 1rem;text-align:center}\
main{max-width:26rem;margin:2rem auto;padding:1.5rem;background:#f6f6f6;border:1px solid #9a9a9a}\
h1{font:600 1.6rem/1.2 Georgia,'Times New Roman',serif;margin:0 0 1rem}\
label{display:block;margin:1rem 0 .25rem}\
input{box-sizing:border-box;width:100%;font:inherit;padding:.55rem;border:1px solid #6a6a6a}\
button{font:inherit;min-height:44px;padding:.5rem 1.25rem;margin:1.25rem .5rem 0 0;\
border:1px solid #4a4a4a;background:#fff;color:#1a1a1a;cursor:pointer}\
button.primary{background:#4a4a4a;color:#fff}\
:focus-visible{outline:3px solid #0b57d0;outline-offset:2px}\
.wrong{color:#a40000;margin:.25rem 0 0}.quiet{color:#4f4f4f}p{overflow-wrap:anywhere}\
a{color:#0b4fae}";

/// A page under a policy that lets it load nothing and send forms only here, or onward to the
/// app: browsers hold a form's redirects to `form-action` as well.
pub(super) fn page(
    status: StatusCode,
    title: &str,
    main: &str,
    onward: Option<&str>,
    cookie: Option<HeaderValue>,
) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <title>{title} · Local Looker</title>\n<link rel=\"icon\" href=\"data:,\">\n\
         <style>{STYLE}</style>\n</head>\n<body>\n\
         <header role=\"banner\">Local Looker, for trying and testing</header>\n\
         <main>\n{main}</main>\n</body>\n</html>\n",
        title = escape(title),
    );
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    // A policy that cannot be written must not mean no policy.
    let policy = HeaderValue::try_from(policy(onward)).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
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
pub(super) fn error(status: StatusCode, headline: &str, sentence: &str) -> Response {
    let main = format!("<h1 id=\"error\">{}</h1>\n<p>{}</p>\n", escape(headline), escape(sentence));
    page(status, headline, &main, None, None)
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
}

impl Login<'_> {
    /// The inside of the page.
    pub(super) fn html(&self) -> String {
        let mut html = String::from("<h1>Sign in to Looker</h1>\n");
        if let Some(app) = self.app {
            let _ = writeln!(html, "<p>to continue to {}</p>", escape(app));
        }
        let _ = writeln!(
            html,
            "<form method=\"post\" action=\"/login\">\n{hidden}\
             <label for=\"email\">Email</label>\n\
             <input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" \
             required value=\"{email}\"{focus_email}>\n\
             <label for=\"password\">Password</label>\n\
             <input id=\"password\" name=\"password\" type=\"password\" \
             autocomplete=\"current-password\" required{describes}{focus_password}>",
            hidden = hidden(self.csrf, self.continue_with),
            email = escape(self.email),
            focus_email = if self.wrong { "" } else { " autofocus" },
            describes = if self.wrong { " aria-invalid=\"true\" aria-describedby=\"wrong\"" } else { "" },
            focus_password = if self.wrong { " autofocus" } else { "" },
        );
        if self.wrong {
            html.push_str(
                "<p class=\"wrong\" id=\"wrong\" role=\"alert\">\
                 This email and password do not go together.</p>\n",
            );
        }
        html.push_str("<button class=\"primary\" id=\"sign-in\" type=\"submit\">Sign in</button>\n</form>\n");
        html
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
    pub(super) fn html(&self) -> String {
        format!(
            "<h1>Allow {app} to use your Looker account?</h1>\n<p id=\"description\">{about}</p>\n\
             <p class=\"quiet\">You are signed in as {person}. You are asked this once.</p>\n\
             <form method=\"post\" action=\"/disclosure\">\n{hidden}\
             <button class=\"primary\" id=\"allow\" name=\"answer\" value=\"allow\" \
             type=\"submit\">Allow</button>\n\
             <button id=\"deny\" name=\"answer\" value=\"deny\" type=\"submit\">Deny</button>\n\
             </form>\n",
            app = escape(self.app),
            about = escape(self.description),
            person = escape(self.person),
            hidden = hidden(self.csrf, self.continue_with),
        )
    }
}

fn hidden(csrf: &str, continue_with: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"csrf\" value=\"{}\">\n\
         <input type=\"hidden\" name=\"continue\" value=\"{}\">\n",
        escape(csrf),
        escape(continue_with)
    )
}

/// Text as HTML, in an element or in a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_never_becomes_markup() {
        let evil = "\"><script>alert('x')</script>&";
        let login = Login { csrf: evil, continue_with: evil, email: evil, app: Some(evil), wrong: false };
        let disclosure = Disclosure { csrf: evil, continue_with: evil, app: evil, description: evil, person: evil };
        for html in [login.html(), disclosure.html()] {
            assert!(!html.contains("<script"), "{html}");
            assert!(!html.contains("value=\"\">"), "{html}");
        }
    }
}
