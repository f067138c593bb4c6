//! What the door shows, and the one view that shows it.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlButtonElement};

use super::Attempt;
use crate::{explain::Explanation, page, session::ReturnTo};

const FIND_OUT: &str = "Find out why";

/// How the door speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It waits for the person.
    Calm,
    /// It works; what it says changes by itself.
    Busy,
    /// Something went wrong.
    Trouble,
}

/// Everything that the door shows at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// How it is said.
    pub tone: Tone,
    /// What this is, or what happened.
    pub heading: String,
    /// What it means.
    pub text: String,
    /// News from the page before.
    pub notice: &'static str,
    /// What can be done, the most likely first.
    pub buttons: Vec<Button>,
    /// Which of the buttons was pressed; the browser is on its way then.
    pub pressed: Option<usize>,
    /// What the browser or Looker said, for whoever has to look deeper.
    pub evidence: Option<String>,
}

/// One thing that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What it does, in words.
    pub label: String,
    /// What it does.
    pub next: Next,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Begins this sign-in.
    SignIn(Attempt),
    /// Begins this sign-in again, after it failed.
    SignInAgain(Attempt),
    /// Goes to the sign-in page.
    Door,
    /// Goes to this place in a new tab.
    NewTab(ReturnTo),
    /// Loads this page again.
    Reload,
    /// Goes on with the session that there is.
    GoOn,
    /// Opens this page by https.
    Https,
    /// Goes to the set-up page by this path, seen from the base path.
    SetUp(String),
}

impl Face {
    /// Something that waits for the person.
    pub fn calm(heading: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Calm,
            heading: heading.into(),
            text: text.into(),
            notice: "",
            buttons: Vec::new(),
            pressed: None,
            evidence: None,
        }
    }

    /// Something that goes on by itself.
    pub fn busy(heading: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone: Tone::Busy, ..Self::calm(heading, text) }
    }

    /// Something that went wrong, what mends it, and what the set-up page is to find out.
    pub fn trouble(explanation: Explanation, next: Next, setup: Option<String>) -> Self {
        let label = match &next {
            Next::SignIn(attempt) | Next::SignInAgain(attempt) => format!("Sign in to {} again", attempt.instance.name),
            Next::Door => "Go to the sign-in page".into(),
            Next::NewTab(_) => "Open in a new tab".into(),
            Next::Reload => "Try again".into(),
            Next::GoOn => "Go on with your session".into(),
            Next::Https => "Open by https".into(),
            Next::SetUp(_) => FIND_OUT.into(),
        };
        let mut buttons = vec![Button { label, next }];
        if let Some(path) = setup {
            buttons.push(Button { label: FIND_OUT.into(), next: Next::SetUp(path) });
        }
        Self {
            tone: Tone::Trouble,
            buttons,
            evidence: explanation.evidence,
            ..Self::calm(explanation.headline, explanation.meaning)
        }
    }
}

/// The door's place in the page: shows a face, and then the next one in its place.
///
/// Nothing in it follows signals: a face is a value, and the view of the next one is laid over the view
/// of the one before. One listener hears all buttons. So the door has no need for the reactive half of
/// Leptos, and does not carry it.
#[derive(Clone)]
pub struct Panel(Rc<Shown>);

struct Shown {
    face: RefCell<Face>,
    lay_over: RefCell<Box<dyn FnMut(Face)>>,
}

impl Panel {
    /// Shows a face in `place`. `act` is given what a pressed button does.
    pub fn new(place: &Element, face: Face, act: impl Fn(&Self, Next) + 'static) -> Self {
        let mut shown = view(face.clone()).build();
        shown.mount(place, None);
        let lay_over = move |face| view(face).rebuild(&mut shown);
        let panel = Self(Rc::new(Shown { face: RefCell::new(face), lay_over: RefCell::new(Box::new(lay_over)) }));
        let pressed = panel.clone();
        page::listen(place, "click", move |event| {
            if let Some(next) = button_of(&event).and_then(|index| pressed.press(index)) {
                act(&pressed, next);
            }
        });
        panel
    }

    /// Shows another face.
    pub fn show(&self, face: Face) {
        self.0.face.replace(face.clone());
        (self.0.lay_over.borrow_mut())(face);
    }

    /// Lets buttons be pressed again.
    pub fn release(&self) {
        self.mark(None);
    }

    /// What the button with this index does, if none was pressed before.
    fn press(&self, index: usize) -> Option<Next> {
        let next = {
            let face = self.0.face.borrow();
            let is_free = face.pressed.is_none();
            face.buttons.get(index).filter(|_| is_free)?.next.clone()
        };
        self.mark(Some(index));
        Some(next)
    }

    fn mark(&self, pressed: Option<usize>) {
        let face = self.0.face.borrow().clone();
        self.show(Face { pressed, ..face });
    }
}

/// Which of the face's buttons was clicked.
fn button_of(click: &Event) -> Option<usize> {
    let button: HtmlButtonElement = click.target()?.dyn_into().ok()?;
    button.value().parse().ok()
}

fn view(face: Face) -> impl Render {
    let Face { tone, heading, text, notice, buttons, pressed, evidence } = face;
    let (class, role) = match tone {
        Tone::Calm => ("calm", None),
        Tone::Busy => ("calm", Some("status")),
        Tone::Trouble => ("trouble", Some("alert")),
    };
    let disabled = pressed.map(|_| "true");
    let no_evidence = evidence.is_none();
    let buttons: Vec<_> = buttons
        .into_iter()
        .enumerate()
        .map(|(index, Button { label, next })| {
            let label = match next {
                Next::SignIn(attempt) | Next::SignInAgain(attempt) if pressed == Some(index) => {
                    format!("Going to {}…", attempt.instance.name)
                }
                _ => label,
            };
            view! { <li><button value=index aria-disabled=disabled>{label}</button></li> }
        })
        .collect();
    view! {
        <div class=class role=role>
            <h1 id="heading" tabindex="-1">{heading}</h1>
            <p class="notice" role="status" hidden=notice.is_empty()>{notice}</p>
            <p>{text}</p>
            <ul>{buttons}</ul>
            <details hidden=no_evidence>
                <summary>{"Technical details"}</summary>
                <pre>{evidence}</pre>
            </details>
        </div>
    }
}
