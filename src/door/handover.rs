//! How the page passes from the door to the workbench.

use std::{any::Any, cell::RefCell, rc::Rc};

use leptos::tachys::view::Mountable;
use looker::api::User;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The workbench's module, as `boot.js` imports it.
    type Module;

    /// Imports the workbench, once however often it is called.
    #[wasm_bindgen(catch, js_namespace = sightline, js_name = workbench)]
    async fn import() -> Result<Module, JsValue>;

    /// [`sightline::workbench::enter`](crate::workbench::enter), in the other module.
    #[wasm_bindgen(method, catch)]
    fn enter(this: &Module, first_answer: Option<&str>) -> Result<(), JsValue>;
}

/// The workbench, to be opened in place of the door.
#[derive(Clone, Default)]
pub struct Workbench {
    /// Unmounts the door when it is dropped.
    door: Rc<RefCell<Option<Box<dyn Any>>>>,
}

impl Workbench {
    /// Begins to load the workbench, so that it is there when it is needed.
    pub fn preload(&self) {
        leptos::task::spawn_local(async {
            // What fails now fails again when it is opened, and is said there.
            let _ = import().await;
        });
    }

    /// Opens the workbench and takes the door from the page. Says why where it can't be loaded.
    pub async fn open(&self, first_answer: Option<&User>) -> Result<(), String> {
        let module = import().await.map_err(|error| crate::net::json::message_of(&error))?;
        let first_answer = first_answer.map(User::to_json);
        module.enter(first_answer.as_deref()).map_err(|error| crate::net::json::message_of(&error))?;
        self.door.take();
        Ok(())
    }

    /// Names the mounted view that the workbench takes the place of.
    pub(super) fn replaces<M: Mountable + 'static>(&self, door: leptos::mount::UnmountHandle<M>) {
        self.door.replace(Some(Box::new(door)));
    }
}
