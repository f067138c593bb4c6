//! What the door shows, and the one view that shows it.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlAnchorElement, HtmlButtonElement};

use super::Attempt;
use crate::{explain::Explanation, page, session::ReturnTo};

/// What is said while the workbench is on its way.
pub const OPENING: &str = "Opening your workbench…";

const STOP: &str = "Stop";

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
    pub choices: Vec<Choice>,
    /// Which of them was pressed; the browser is on its way then.
    pub pressed: Option<usize>,
    /// What the browser or Looker said, for whoever has to look deeper.
    pub evidence: Option<String>,
}

/// One thing that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What it does, in words.
    pub label: String,
    /// What it does.
    pub next: Next,
}

/// What a choice does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Begins this sign-in.
    SignIn(Attempt),
    /// Begins this sign-in again, after it failed.
    SignInAgain(Attempt),
    /// Stops what is waited for.
    Stop,
    /// Loads this page again.
    Reload,
    /// Leads to the sign-in page.
    Door,
    /// Leads on with the session that there is, at this place where one is known.
    GoOn(Option<ReturnTo>),
    /// Leads to this place in a new tab.
    NewTab(ReturnTo),
    /// Leads to this page by https.
    Https,
    /// Leads to the set-up page by this path, seen from the base path.
    SetUp(String),
}

impl Next {
    /// Where it leads, if that is all that it does. Then it is shown as a link.
    fn place(&self) -> Option<String> {
        match self {
            Self::SignIn(_) | Self::SignInAgain(_) | Self::Stop | Self::Reload => None,
            Self::Door | Self::GoOn(None) => Some(page::base_path()),
            // Without an opener a new tab begins with an empty storage.
            Self::GoOn(Some(place)) | Self::NewTab(place) => Some(place.as_str().into()),
            Self::Https => Some(page::by_https()),
            Self::SetUp(path) => Some(page::address(path)),
        }
    }
}

impl Face {
    /// Something that waits for the person.
    pub fn calm(heading: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Calm,
            heading: heading.into(),
            text: text.into(),
            notice: "",
            choices: Vec::new(),
            pressed: None,
            evidence: None,
        }
    }

    /// Something that goes on by itself.
    pub fn busy(heading: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone: Tone::Busy, ..Self::calm(heading, text) }
    }

    /// What goes on by itself while a person comes back from Looker; they can stop it.
    pub fn waiting(text: &str) -> Self {
        let choices = vec![Choice { label: STOP.into(), next: Next::Stop }];
        Self { choices, ..Self::busy("Signing in", text) }
    }

    /// Something that went wrong, and what can be done about it.
    pub fn trouble(explanation: Explanation, ways: Vec<Next>) -> Self {
        let mut choices = Vec::new();
        for next in ways {
            let label = match &next {
                Next::SignIn(attempt) | Next::SignInAgain(attempt) => {
                    format!("Sign in to {} again", attempt.instance.name)
                }
                Next::Stop => STOP.into(),
                Next::Reload => "Try again".into(),
                Next::Door => "Go to the sign-in page".into(),
                Next::GoOn(_) => "Go on with your session".into(),
                Next::NewTab(_) => "Open in a new tab".into(),
                Next::Https => "Open by https".into(),
                Next::SetUp(_) => "Find out why".into(),
            };
            choices.push(Choice { label, next });
        }
        Self {
            tone: Tone::Trouble,
            choices,
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
    /// Shows a face in `place`. `act` is given what a pressed button does; links go by themselves.
    pub fn new(place: &Element, face: Face, act: impl Fn(&Self, Next) + 'static) -> Self {
        let mut shown = view(face.clone()).build();
        shown.mount(place, None);
        let lay_over = move |face| view(face).rebuild(&mut shown);
        let panel = Self(Rc::new(Shown { face: RefCell::new(face), lay_over: RefCell::new(Box::new(lay_over)) }));
        let pressed = panel.clone();
        page::listen(place, "click", move |click| match Clicked::of(&click) {
            Some(Clicked::Button(index)) => {
                if let Some(next) = pressed.press(index) {
                    act(&pressed, next);
                }
            }
            // A link to where one is leaves nothing behind that Back could lead to.
            Some(Clicked::LinkToTheDoor) => page::replace_address(&page::base_path()),
            None => {}
        });
        panel
    }

    /// Shows another face.
    pub fn show(&self, face: Face) {
        self.0.face.replace(face.clone());
        (self.0.lay_over.borrow_mut())(face);
    }

    /// What it shows.
    pub fn face(&self) -> Face {
        self.0.face.borrow().clone()
    }

    /// Lets buttons be pressed again.
    pub fn release(&self) {
        self.mark(None);
    }

    /// What the choice with this index does, if none was pressed before.
    fn press(&self, index: usize) -> Option<Next> {
        let next = {
            let face = self.0.face.borrow();
            let is_free = face.pressed.is_none();
            face.choices.get(index).filter(|_| is_free)?.next.clone()
        };
        self.mark(Some(index));
        Some(next)
    }

    fn mark(&self, pressed: Option<usize>) {
        self.show(Face { pressed, ..self.face() });
    }
}

/// What was clicked in the panel.
enum Clicked {
    /// The button of the choice with this index.
    Button(usize),
    /// A link that leads away from here for good.
    LinkToTheDoor,
}

impl Clicked {
    fn of(click: &Event) -> Option<Self> {
        let target = click.target()?;
        if let Some(button) = target.dyn_ref::<HtmlButtonElement>() {
            return button.value().parse().ok().map(Self::Button);
        }
        let link: &HtmlAnchorElement = target.dyn_ref()?;
        // As it is written: one with a query or a fragment leads to another address.
        (link.get_attribute("href")? == page::base_path()).then_some(Self::LinkToTheDoor)
    }
}

fn view(face: Face) -> impl Render {
    let Face { tone, heading, text, notice, choices, pressed, evidence } = face;
    let (class, role) = match tone {
        Tone::Calm => ("calm", None),
        Tone::Busy => ("calm", Some("status")),
        Tone::Trouble => ("trouble", Some("alert")),
    };
    let disabled = pressed.map(|_| "true");
    let no_evidence = evidence.is_none();
    let (mut buttons, mut links) = (Vec::new(), Vec::new());
    for (index, Choice { label, next }) in choices.into_iter().enumerate() {
        if let Some(place) = next.place() {
            let target = matches!(next, Next::NewTab(_)).then_some("_blank");
            links.push(view! { <li><a class="button" href=place target=target rel="noopener">{label}</a></li> });
            continue;
        }
        let label = match next {
            Next::SignIn(attempt) | Next::SignInAgain(attempt) if pressed == Some(index) => {
                format!("Going to {}…", attempt.instance.name)
            }
            _ => label,
        };
        buttons.push(view! { <li><button value=index aria-disabled=disabled>{label}</button></li> });
    }
    view! {
        <div class=class role=role>
            <h1 id="heading" tabindex="-1">{heading}</h1>
            <p class="notice" role="status" hidden=notice.is_empty()>{notice}</p>
            <p>{text}</p>
            <ul>{buttons}{links}</ul>
            <details hidden=no_evidence>
                <summary>{"Technical details"}</summary>
                <pre>{evidence}</pre>
            </details>
        </div>
    }
}
