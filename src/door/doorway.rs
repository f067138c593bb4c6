//! The door as it stands in the page, and how the workbench takes its place.

use leptos::prelude::set_timeout;
use looker::api::User;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Attempt, Case, Face, Next, Panel, Trouble, redirected, sign_in};
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
pub struct Doorway(Panel);

/// Opens the door in the page.
pub fn open() {
    let Some(place) = page::door() else { return };
    let storage = Storage::open();
    let has_session = storage.as_ref().is_ok_and(Session::is_stored);
    let case = Case::decide(page::is_redirect(), has_session);
    if let Ok(storage) = storage
        && case != Case::Redirected
    {
        // Not on the way back from Looker: what is over there is told from what never was.
        Pending::sweep(&storage, page::now());
    }
    page::remove_shell();
    let face = match case {
        Case::Redirected => Face::busy("Signing in", "Finishing the sign-in…"),
        Case::Resumed => Face::busy("Sightline", "Opening your workbench…"),
        Case::SignIn => Face::busy("Sightline", "Sign in to Looker. Reading the settings…"),
    };
    let doorway = Doorway(Panel::new(&place, face, |panel, next| Doorway(panel.clone()).act(next)));
    // Back from Looker may show this very page again, as it was left.
    page::listen(&page::window(), "pageshow", {
        let doorway = doorway.clone();
        move |_| {
            let signed_in = Storage::open().is_ok_and(|storage| Session::is_stored(&storage));
            if case == Case::SignIn && signed_in { page::reload() } else { doorway.0.release() }
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

impl Doorway {
    /// Shows something else.
    pub fn show(&self, face: Face) {
        self.0.show(face);
    }

    /// Says what went wrong, and puts the focus there.
    pub fn tell(&self, trouble: &Trouble) {
        self.show(Face::trouble(trouble.explain(&page::origin()), trouble.next(), trouble.setup()));
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

    /// Does what a button is for.
    fn act(self, next: Next) {
        let panel = self.0.clone();
        set_timeout(move || panel.release(), page::LONGEST_WAY);
        match next {
            Next::SignIn(attempt) => self.begin(attempt),
            Next::SignInAgain(attempt) => spawn_local(async move { self.begin(attempt.anew().await) }),
            Next::NewTab(place) => {
                page::go_in_a_new_tab(place.as_str());
                // This page stays, and another try does no harm.
                self.0.release();
            }
            Next::Door => page::go_instead(&page::base_path()),
            Next::Reload => page::reload(),
            Next::Https => page::go_by_https(),
            // An address of this page's own is always one.
            Next::SetUp(path) => drop(page::go(&page::address(&path))),
            Next::GoOn => {
                page::replace_address(&page::base_path());
                page::reload();
            }
        }
    }
}
