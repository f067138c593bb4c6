//! The door as it stands in the page, and how the workbench takes its place.

use leptos::prelude::set_timeout;
use looker::api::User;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::PageTransitionEvent;

use super::{
    Attempt, Case, Face, Next, Panel, Trouble, Waiting,
    face::OPENING,
    redirected,
    sign_in::{self, ask_why},
};
use crate::{
    net::json::message_of,
    page,
    session::{Pending, Session, Storage},
};

#[wasm_bindgen]
extern "C" {
    /// The workbench's module.
    type Module;

    /// Imports the workbench, once however often it is called; `boot.js` has it.
    #[wasm_bindgen(catch, js_namespace = sightline, js_name = workbench)]
    async fn import() -> Result<Module, JsValue>;

    /// Begins to import it in idle time.
    #[wasm_bindgen(catch, js_namespace = sightline)]
    fn preload() -> Result<(), JsValue>;

    /// [`crate::workbench::enter`], in the other module.
    #[wasm_bindgen(method, catch)]
    fn enter(this: &Module, first_answer: Option<&str>) -> Result<(), JsValue>;
}

/// The door in the page.
#[derive(Clone)]
pub struct Doorway {
    panel: Panel,
    waiting: Waiting,
}

/// Opens the door in the page.
pub fn open() {
    let Some(place) = page::door() else { return };
    let storage = Storage::open();
    let has_session = storage.as_ref().is_ok_and(Session::is_stored);
    let case = Case::decide(page::is_redirect(), has_session);
    if let Ok(storage) = storage
        && case == Case::Resumed
    {
        // Of the others, one may be asked for, or told of.
        Pending::sweep(&storage, page::now());
    }
    page::remove_shell();
    let face = match case {
        Case::Redirected => Face::waiting("Finishing the sign-in…"),
        Case::Resumed => Face::busy("Sightline", OPENING),
        Case::SignIn => Face::busy("Sightline", "Sign in to Looker. Reading the settings…"),
    };
    let waiting = Waiting::default();
    let act = {
        let waiting = waiting.clone();
        move |panel: &Panel, next| Doorway { panel: panel.clone(), waiting: waiting.clone() }.act(next)
    };
    let doorway = Doorway { panel: Panel::new(&place, face, act), waiting };
    // Back from Looker may show this very page again, as it was left.
    page::listen(&page::window(), "pageshow", {
        let doorway = doorway.clone();
        move |event| {
            if case == Case::SignIn && is_signed_in() {
                return page::reload();
            }
            doorway.panel.release();
            if case == Case::SignIn
                && event.unchecked_ref::<PageTransitionEvent>().persisted()
                && let Ok(storage) = Storage::open()
                && let Some(unanswered) = Pending::sweep(&storage, page::now())
            {
                doorway.show(ask_why(doorway.panel.face(), &unanswered));
            }
        }
    });
    spawn_local(async move {
        let done = match case {
            Case::Redirected => redirected::finish(&doorway).await,
            Case::Resumed => doorway.hand_over(None).await,
            Case::SignIn => sign_in::offer(&doorway).await,
        };
        if let Err(trouble) = done {
            doorway.tell(&trouble);
        }
    });
}

/// Whether the tab has a session at the moment.
fn is_signed_in() -> bool {
    Storage::open().is_ok_and(|storage| Session::is_stored(&storage))
}

impl Doorway {
    /// Shows something else.
    pub fn show(&self, face: Face) {
        self.panel.show(face);
    }

    /// What the person can stop.
    pub fn waiting(&self) -> &Waiting {
        &self.waiting
    }

    /// Says what went wrong, and puts the focus there.
    pub fn tell(&self, trouble: &Trouble) {
        // That it trapped, where it did.
        if page::has_stopped() {
            return;
        }
        self.show(Face::trouble(trouble.explain(&page::origin()), trouble.ways(is_signed_in())));
        page::focus("heading");
    }

    /// Begins to load the workbench in idle time, so that it is there when it is needed.
    pub fn preload() {
        // Fails where there is no `boot.js`, and then nothing else opens it either.
        let _ = preload();
    }

    /// Opens the workbench in the door's place. `first_answer` is who is signed in, where that is
    /// known.
    pub async fn hand_over(&self, first_answer: Option<&User>) -> Result<(), Box<Trouble>> {
        let failed = |error: JsValue| Box::new(Trouble::Workbench(message_of(&error)));
        let module = import().await.map_err(failed)?;
        let first_answer = first_answer.map(User::to_json);
        module.enter(first_answer.as_deref()).map_err(failed)?;
        page::remove_door();
        Ok(())
    }

    fn begin(&self, attempt: Attempt) {
        if let Err(trouble) = attempt.begin() {
            self.tell(&trouble);
        }
    }

    /// Does what a button is for. What leads elsewhere is no button, but a link.
    fn act(self, next: Next) {
        let panel = self.panel.clone();
        set_timeout(move || panel.release(), page::LONGEST_WAY);
        match next {
            Next::SignIn(attempt) => self.begin(attempt),
            Next::SignInAgain(attempt) => spawn_local(async move { self.begin(attempt.anew().await) }),
            Next::Stop => self.waiting.stop(),
            Next::Reload => page::reload(),
            Next::Door | Next::GoOn(_) | Next::NewTab(_) | Next::Https | Next::SetUp(_) => {}
        }
    }
}
