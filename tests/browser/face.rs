//! The door's one view.

use std::{cell::Cell, rc::Rc};

use sightline::{
    door::{Attempt, Choice, Face, Next, Panel},
    explain::Explanation,
    session::ReturnTo,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::{client_id, instance};

/// A panel, in an element of its own.
struct Mounted {
    place: HtmlElement,
    panel: Panel,
    acted: Rc<Cell<u32>>,
}

impl Mounted {
    fn new(face: Face) -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let place: HtmlElement = document.create_element("section").unwrap().unchecked_into();
        document.body().unwrap().append_child(&place).unwrap();
        let acted = Rc::new(Cell::new(0));
        let count = acted.clone();
        let panel = Panel::new(&place, face, move |_, _| count.set(count.get() + 1));
        Self { place, panel, acted }
    }

    fn find(&self, selector: &str) -> HtmlElement {
        self.place.query_selector(selector).unwrap().expect(selector).unchecked_into()
    }

    fn text(&self, selector: &str) -> String {
        self.find(selector).text_content().unwrap_or_default()
    }
}

fn offer() -> Face {
    let attempt = Attempt { instance: instance(), client_id: client_id(), return_to: ReturnTo::parse("/") };
    Face {
        choices: vec![Choice { label: "Sign in to My Looker".into(), next: Next::SignIn(attempt) }],
        ..Face::calm("Our Looker", "Sign in.")
    }
}

#[wasm_bindgen_test]
fn a_calm_face_shows_what_it_is_and_what_can_be_done() {
    let door = Mounted::new(offer());
    assert_eq!(door.text("h1"), "Our Looker");
    assert_eq!(door.text("button"), "Sign in to My Looker");
    assert!(door.find(".notice").hidden() && door.find("details").hidden());
    assert_eq!(door.find("div").get_attribute("role"), None);
}

#[wasm_bindgen_test]
fn a_pressed_button_says_so_and_acts_once() {
    let door = Mounted::new(offer());
    let button = door.find("button");
    button.click();
    button.click();
    assert_eq!(door.acted.get(), 1);
    assert_eq!(door.text("button"), "Going to My Looker…");
    assert_eq!(door.find("button").get_attribute("aria-disabled").as_deref(), Some("true"));
    door.panel.release();
    assert_eq!(door.text("button"), "Sign in to My Looker");
    assert_eq!(door.find("button").get_attribute("aria-disabled"), None);
}

#[wasm_bindgen_test]
fn trouble_takes_the_place_of_what_was_shown_and_is_announced() {
    let door = Mounted::new(offer());
    let explanation = Explanation::new("It broke", "This means that.").seen(&"<b>status 500</b>");
    door.panel.show(Face::trouble(explanation, vec![Next::Reload]));
    assert_eq!((door.text("h1"), door.text("button")), ("It broke".into(), "Try again".into()));
    assert_eq!(door.find("div").get_attribute("role").as_deref(), Some("alert"));
    // A stranger's words are text, whatever they look like.
    assert_eq!(door.text("pre"), "<b>status 500</b>");
    assert!(!door.find("details").hidden());
}

#[wasm_bindgen_test]
fn what_goes_on_by_itself_is_a_status() {
    let door = Mounted::new(Face::busy("Signing in", "Finishing…"));
    assert_eq!(door.find("div").get_attribute("role").as_deref(), Some("status"));
    assert!(door.place.query_selector("button").unwrap().is_none());
}
