//! What the person has to know of the session, above whatever page they are on.

use leptos::{ev, prelude::*, task::spawn_local};

use super::{
    clock::{duration, exact, ticking},
    find_out::find_out,
    person::Person,
    standing::{Standing, Why},
};
use crate::{
    components::Explained,
    door::Attempt,
    explain::{self, Explanation},
    page,
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
    let failed = RwSignal::new(None::<Explanation>);
    let is_leaving = RwSignal::new(false);
    let knows_of_no_room = StoredValue::new(false);
    // A Back from Looker may bring this very page again.
    let shown_again = window_event_listener(ev::pageshow, move |_| is_leaving.set(false));
    on_cleanup(move || shown_again.remove());
    let keep_draft = {
        let session = session.clone();
        move || session.keep_draft(person.owner().filter(|_| person.is_named()).as_deref())
    };
    // What was typed stays, by whichever way the person leaves. The button's way keeps it at once: not
    // every browser lets a page finish before the next one begins.
    let keep_at_last = keep_draft.clone();
    let leaving = window_event_listener(ev::pagehide, move |_| {
        if matches!(standing.get_untracked(), Standing::Over(_)) && !is_leaving.get_untracked() {
            // Too late to say that there is no room.
            let _ = keep_at_last();
        }
    });
    on_cleanup(move || leaving.remove());
    let again = {
        let session = session.clone();
        Callback::new(move |()| {
            if is_leaving.get_untracked() {
                return;
            }
            if keep_draft().is_err() && !knows_of_no_room.get_value() {
                knows_of_no_room.set_value(true);
                failed.set(Some(explain::no_room_for_draft()));
                return;
            }
            is_leaving.set(true);
            failed.set(None);
            set_timeout(move || is_leaving.set(false), page::LONGEST_WAY);
            let session = session.clone();
            spawn_local(async move {
                if let Err(trouble) = Attempt::again(&session).await {
                    is_leaving.set(false);
                    knows_of_no_room.set_value(false);
                    failed.set(Some(trouble.explain(&page::origin())));
                }
            });
        })
    };
    let name = session.instance().name.clone();
    let sign_in = move |class: &'static str| {
        let name = name.clone();
        let busy = move || is_leaving.get().then_some("true");
        view! {
            <button class=class aria-disabled=busy on:click=move |_| again.run(())>
                {move || if is_leaving.get() { format!("Going to {name}…") } else { format!("Sign in to {name} again") }}
            </button>
        }
    };
    // Only what it is about, so that a countdown does not draw all of it anew.
    let kind = Memo::new(move |_| std::mem::discriminant(&standing.get()));
    // What failed was about how the session was.
    Effect::new(move |_| {
        kind.track();
        failed.set(None);
        knows_of_no_room.set_value(false);
    });
    move || {
        // A memo that nobody reads is not computed.
        let _ = kind.get();
        let sign_in = sign_in.clone();
        if let Some(explanation) = failed.get() {
            return view! { <section class="news" aria-label=SUBJECT><Explained explanation>{sign_in("primary")}</Explained></section> }.into_any();
        }
        match standing.get_untracked() {
            Standing::Good | Standing::Renewing | Standing::Expired => ().into_any(),
            Standing::EndsSoon(end) => view! {
                <section class="news" aria-label=SUBJECT>
                    <p>{format!("You will have to sign in again by {}. Sign in now, and you have another month.", exact(end))}</p>
                    <p class="actions">{sign_in("primary")}</p>
                </section>
            }
            .into_any(),
            Standing::Waiting { .. } => {
                view! { <Waiting session=session.clone() standing>{sign_in("")}</Waiting> }.into_any()
            }
            Standing::Over(ending) => view! {
                <section class="news" aria-label=SUBJECT>
                    <Explained explanation=explain::ended(ending, kept(person)) takes_focus=false>{sign_in("primary")}</Explained>
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
