//! `/admin` on the UI host: people, credentials, apps, tokens and everything that `/_local` steers, by
//! plain forms. Nobody signs in to it: it can do nothing that `/_local` and the printed passwords
//! can't, and it is needed most when nobody can sign in. `steering::guard` keeps it to this machine
//! and to its own forms.

mod answers;
mod apps;
mod faults;
mod parts;
mod people;
mod section;
mod sign_in;
mod time;
mod tokens;

use crate::api::no_such_path;
use crate::state::Shared;
use crate::steering::commands::CommandError;
use crate::ui::pages::page;
use crate::ui::{Broken, Form, see};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use section::Section;

/// Where the page is.
pub(crate) const PATH: &str = "/admin";

/// What came of a form.
enum Outcome {
    /// It is done; the next page says so.
    Done,
    /// It is done, and this can be shown only now.
    Once(Markup),
}

/// What the top of a page says about what was done.
enum Notice<'a> {
    None,
    Done(&'a Markup),
    Refused(&'a str),
}

/// The page's sections.
pub(crate) fn router() -> Router<Shared> {
    Router::new().route(PATH, get(first)).route("/admin/{section}", get(show).post(act))
}

async fn first() -> Response {
    see(StatusCode::SEE_OTHER, &Section::ALL[0].path())
}

async fn show(State(looker): State<Shared>, Path(name): Path<String>, uri: Uri) -> Result<Response, Broken> {
    let Some(section) = Section::named(&name) else { return Ok(no_such_path().await) };
    let query = Form::read(uri.query().unwrap_or_default().as_bytes());
    let said = section.done(query.get("done")).map(|sentence| html! { p { (sentence) } });
    let notice = said.as_ref().map_or(Notice::None, Notice::Done);
    render(&looker, section, StatusCode::OK, &Form::default(), notice)
}

async fn act(State(looker): State<Shared>, Path(name): Path<String>, body: Bytes) -> Result<Response, Broken> {
    let Some(section) = Section::named(&name) else { return Ok(no_such_path().await) };
    let form = Form::read(&body);
    match section.act(&looker, &form).await {
        // So that a reload does nothing again.
        Ok(Outcome::Done) => Ok(see(StatusCode::SEE_OTHER, &format!("{}?done={}", section.path(), form.get("do")))),
        Ok(Outcome::Once(said)) => render(&looker, section, StatusCode::OK, &Form::default(), Notice::Done(&said)),
        Err(CommandError::Nonsense(why)) => {
            render(&looker, section, StatusCode::UNPROCESSABLE_ENTITY, &form, Notice::Refused(&why))
        }
        Err(CommandError::Store(error)) => Err(error.into()),
    }
}

/// A section as it is now. `typed` is what is put back into its forms.
fn render(
    looker: &Shared,
    section: Section,
    status: StatusCode,
    typed: &Form,
    notice: Notice<'_>,
) -> Result<Response, Broken> {
    let content = html! {
        nav aria-label="Sections of the admin page" {
            ul {
                @for other in Section::ALL {
                    li { a href=(other.path()) aria-current=[(other == section).then_some("page")] { (other.title()) } }
                }
            }
        }
        main.wide {
            h1 { (section.title()) }
            @match notice {
                Notice::None => {},
                // A page that was loaded is not announced; what has the focus is.
                Notice::Done(said) => div.notice id="notice" role="status" tabindex="-1" autofocus { (said) },
                Notice::Refused(why) => div.notice.refused id="notice" role="alert" tabindex="-1" autofocus {
                    p { strong { "Nothing was changed." } }
                    p { (why) }
                },
            }
            (section.view(looker, typed)?)
        }
    };
    Ok(page(status, &format!("{}, admin page", section.title()), &content, None, None))
}
