//! What the person has to know of the session, above whatever page they are on.

use leptos::{prelude::*, task::spawn_local};

use super::{
    clock::{duration, exact, ticking},
    find_out::find_out,
    person::Person,
    standing::{Standing, Why},
};
use crate::{
    components::{Explained, SignInAgain},
    explain,
    session::{Draft, Session},
};

/// What this part of the page is called, to readers who go from part to part.
const SUBJECT: &str = "Your session";

/// Says what hinders the session, or that it is over, and leads on. The page below stays as it is.
#[component]
pub fn Notice(
    /// The session that all pages share.
    session: Session,
    /// Who is signed in.
    person: Person,
    /// How the session is.
    standing: Memo<Standing>,
) -> impl IntoView {
    let kept_by = session.clone();
    let keep_draft = move |()| kept_by.keep_draft(person.owner().filter(|_| person.is_named()).as_deref());
    let again = SignInAgain::of(session.clone(), Callback::new(keep_draft));
    // Only what it is about, so that a countdown does not draw all of it anew.
    let kind = Memo::new(move |_| std::mem::discriminant(&standing.get()));
    // What failed was about how the session was.
    Effect::new(move |_| {
        kind.track();
        again.forget_failure();
    });
    move || {
        // A memo that nobody reads is not computed.
        let _ = kind.get();
        if let Some(explanation) = again.failed() {
            return view! { <section class="news" aria-label=SUBJECT><Explained explanation>{again.button("primary")}</Explained></section> }.into_any();
        }
        match standing.get_untracked() {
            Standing::Good | Standing::Renewing | Standing::Expired => ().into_any(),
            Standing::EndsSoon(end) => view! {
                <section class="news" aria-label=SUBJECT>
                    <p>{format!("You will have to sign in again by {}. Sign in now, and you have another month.", exact(end))}</p>
                    <p class="actions">{again.button("primary")}</p>
                </section>
            }
            .into_any(),
            Standing::Waiting { .. } => {
                view! { <Waiting session=session.clone() standing>{again.button("")}</Waiting> }.into_any()
            }
            Standing::Over(ending) => view! {
                <section class="news" aria-label=SUBJECT>
                    <Explained explanation=explain::ended(ending, kept(person)) takes_focus=false>{again.button("primary")}</Explained>
                </section>
            }
            .into_any(),
        }
    }
}

/// What becomes of what was typed, as the end of a sentence.
fn kept(person: Person) -> &'static str {
    match (person.is_named(), Draft::has_fields()) {
        (true, _) => " with what you typed",
        (false, true) => ". What you typed is not kept",
        (false, false) => "",
    }
}

/// Says what is waited for, how long, and lets the person hurry it. The children are the way to a new session, for
/// where Looker may refuse this one unreadably.
#[component]
fn Waiting(session: Session, standing: Memo<Standing>, children: ChildrenFn) -> impl IntoView {
    let now = ticking();
    let name = session.instance().name.clone();
    let told = Memo::new(move |_| match standing.get() {
        Standing::Waiting { why, .. } => tell(why, &name),
        // This goes with the state, a moment later.
        _ => String::new(),
    });
    let next = move || match standing.get() {
        Standing::Waiting { until: Some(until), .. } => match until.after(now.get()) {
            Some(left) => format!("Next try in {}.", duration(left)),
            None => "Trying…".to_owned(),
        },
        _ => "Trying…".to_owned(),
    };
    let may_hurry = move || matches!(standing.get(), Standing::Waiting { may_hurry: true, .. });
    // What the checks can tell more of.
    let is_odd =
        Memo::new(move |_| matches!(standing.get(), Standing::Waiting { why: Why::NoAnswer | Why::Trouble, .. }));
    let is_silent = Memo::new(move |_| matches!(standing.get(), Standing::Waiting { why: Why::NoAnswer, .. }));
    let asked = session.clone();
    let hurry = {
        let session = session.clone();
        move |_| {
            let session = session.clone();
            // What came of it stands in the session.
            spawn_local(async move { drop(session.renew_now().await) });
        }
    };
    view! {
        <section class="news" aria-label=SUBJECT>
            <p role="status">{told}</p>
            <p class="actions">
                <span class="next" role="timer">{next}</span>
                // What Looker asks for is not hurried.
                <button hidden=move || !may_hurry() on:click=hurry>{"Try now"}</button>
                {move || is_odd.get().then(|| find_out(asked.instance()))}
                {move || is_silent.get().then(|| children())}
            </p>
        </section>
    }
}

fn tell(why: Why, name: &str) -> String {
    match why {
        Why::Offline => {
            "This device is offline. Nothing is lost: your session goes on when the connection is back.".to_owned()
        }
        Why::NoAnswer => {
            format!(
                "{name} does not answer. Nothing is lost: your session goes on as soon as it does. If it stays so, Looker \
                 may refuse this session in words that no page can read: sign in again then."
            )
        }
        Why::Pause => format!("{name} asks for a pause. Nothing is lost: your session goes on after it."),
        Why::Trouble => {
            format!("{name} has trouble of its own. Nothing is lost: your session goes on as soon as it can.")
        }
        Why::Crowded => {
            "Another tab of this session is renewing it and does not come to an end. Nothing is lost; if it stays so, close that tab."
                .to_owned()
        }
    }
}
