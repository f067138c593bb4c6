//! The door as it stands in the page, and how the workbench takes its place.

use std::{any::Any, cell::RefCell, rc::Rc};

use leptos::{ev, mount::mount_to, prelude::*, task::spawn_local};
use looker::api::User;
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;

use super::{Attempt, Case, Face, Next, Trouble, redirected, show, sign_in};
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
    face: ArcRwSignal<Face>,
    /// Takes the door from the page when it is dropped.
    mounted: Rc<RefCell<Option<Box<dyn Any>>>>,
}

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
    let face = ArcRwSignal::new(match case {
        Case::Redirected => Face::busy("Signing in", "Finishing the sign-in…"),
        Case::Resumed => Face::busy("Sightline", "Opening your workbench…"),
        Case::SignIn => Face::busy("Sightline", "Sign in to Looker. Reading the settings…"),
    });
    let doorway = Doorway { face: face.clone(), mounted: Rc::default() };
    let act = {
        let doorway = SendWrapper::new(doorway.clone());
        move |next| doorway.act(next)
    };
    let shown = face.clone();
    let mounted = mount_to(place, move || show(shown, act));
    doorway.mounted.replace(Some(Box::new(mounted)));
    // Back from Looker may show this very page again, as it was left.
    leptos::prelude::window_event_listener(ev::pageshow, move |_| {
        let signed_in = Storage::open().is_ok_and(|storage| Session::is_stored(&storage));
        if case == Case::SignIn && signed_in { page::reload() } else { face.update(|face| face.pressed = None) }
    });
    spawn_local(async move {
        let done = match case {
            Case::Redirected => redirected::finish(&doorway).await,
            Case::Resumed => doorway.hand_over(None).await,
            Case::SignIn => sign_in::offer(&doorway).await,
        };
        if let Err(trouble) = done {
            doorway.tell(&trouble).await;
        }
    });
}

impl Doorway {
    /// Shows something else.
    pub fn show(&self, face: Face) {
        self.face.set(face);
    }

    /// Says what went wrong, and puts the focus there.
    pub async fn tell(&self, trouble: &Trouble) {
        self.face.set(Face::trouble(trouble.explain(&page::origin()), trouble.next(), trouble.setup()));
        leptos::task::tick().await;
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
        self.mounted.take();
        page::remove_door();
        Ok(())
    }

    fn begin(&self, attempt: Attempt) {
        if let Err(trouble) = attempt.begin() {
            let doorway = self.clone();
            spawn_local(async move { doorway.tell(&trouble).await });
        }
    }

    /// Does what a button is for.
    fn act(&self, next: Next) {
        let face = self.face.clone();
        set_timeout(move || face.update(|face| face.pressed = None), page::LONGEST_WAY);
        match next {
            Next::SignIn(attempt) => self.begin(attempt),
            Next::SignInAgain(attempt) => {
                let doorway = self.clone();
                spawn_local(async move { doorway.begin(attempt.anew().await) });
            }
            Next::NewTab(place) => {
                page::go_in_a_new_tab(place.as_str());
                // This page stays, and another try does no harm.
                self.face.update(|face| face.pressed = None);
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
