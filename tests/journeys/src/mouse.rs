//! What a person does who has a mouse.

use std::collections::BTreeMap;

use fantoccini::{
    actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction},
    elements::Element,
};
use serde_json::{Value, json};

use crate::{page::Seen, setting::Engine, stage::Stage};

/// The first of the elements at a selector or a path that is shown, scrolled into view; nothing while something else
/// covers it where it is clicked. A driver asks a page a dozen times for as much. Only with what browsers have had for
/// long: pages of journeys may lack the rest.
const SHOWN: &str = "
    const [selector, path] = arguments;
    const along = (path) => {
        const found = document.evaluate(path, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE);
        return Array.from({ length: found.snapshotLength }, (_, i) => found.snapshotItem(i));
    };
    const all = selector ? [...document.querySelectorAll(selector)] : along(path);
    const isFolded = (element) => element.closest('details:not([open]) > :not(summary)');
    const isShown = (element) => element.getClientRects().length
        && getComputedStyle(element).visibility === 'visible' && !isFolded(element);
    const element = all.find(isShown);
    if (!element) return null;
    const middle = () => {
        const { left, top, width, height } = element.getClientRects()[0];
        return [left + width / 2, top + height / 2];
    };
    const [x, y] = middle();
    const isInView = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
    if (!isInView) element.scrollIntoView({ block: 'center', behavior: 'instant' });
    return element.contains(document.elementFromPoint(...middle())) ? element : null";

/// How an element is found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum At<'a> {
    /// By a CSS selector.
    Selector(&'a str),
    /// By an XPath.
    Path(&'a str),
}

impl Stage {
    /// Presses the button, or follows the link, with this text. Nothing waits for the page that this leads to:
    /// what is looked for next must be missing before.
    pub async fn press(&self, label: &str) {
        let path = format!("(//button | //a)[normalize-space() = '{label}']");
        self.click(At::Path(&path), &format!("the button “{label}”")).await;
    }

    /// Presses the button with this text, and waits until the page is left and another one is there, which may look
    /// alike.
    pub async fn leaves_by(&self, label: &str) {
        self.evaluate("document.documentElement.dataset.isLeft = ''; return null").await;
        self.press(label).await;
        let is_another = "return document.readyState === 'complete' && !('isLeft' in document.documentElement.dataset)";
        self.sees_that("another page", is_another).await;
    }

    /// Presses the button with this text, if it is there at the moment.
    pub async fn press_if_there(&self, label: &str) {
        let path = format!("//button[normalize-space() = '{label}']");
        if let Ok(Some(button)) = self.shown(At::Path(&path)).await {
            // It may be gone by now, for the same good reason as if it had not been there.
            self.acts(format!("presses “{label}”, which is there"));
            let _ = self.clicks(button).await;
        }
    }

    /// Presses the line that opens and closes what is under it.
    pub async fn press_summary(&self, label: &str) {
        let path = format!("//summary[normalize-space() = '{label}']");
        self.click(At::Path(&path), &format!("a line “{label}”")).await;
    }

    /// Clicks on the first element there that is shown, when there is one.
    pub(crate) async fn click(&self, at: At<'_>, what: &str) {
        self.acts(format!("presses {what}"));
        self.wait_for(what, || async {
            let Some(element) = self.shown(at).await? else { return Ok(None) };
            // Between the look and the click the page may have replaced it.
            Ok(self.clicks(element).await.ok())
        })
        .await;
    }

    /// Clicks on the middle of an element.
    async fn clicks(&self, element: Element) -> Seen<()> {
        // By itself Chromium's driver asks the page a dozen times. The others' own click takes little, and WebKit's driver
        // never answers to this one where another tab is in front.
        if self.browser.engine != Engine::Chromium {
            return element.click().await;
        }
        let click = MouseActions::new("mouse".into())
            .then(PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.browser.client.perform_actions(click).await
    }

    /// The first element there that is shown, if there is one.
    pub(crate) async fn shown(&self, at: At<'_>) -> Seen<Option<Element>> {
        let at = match at {
            At::Selector(selector) => vec![json!(selector), Value::Null],
            At::Path(path) => vec![Value::Null, json!(path)],
        };
        let shown: Option<BTreeMap<String, String>> =
            serde_json::from_value(self.browser.client.execute(SHOWN, at).await?)?;
        // A reference has one key, the same for all.
        let reference = shown.and_then(|shown| shown.into_values().next());
        Ok(reference.map(|reference| Element::from_element_id(self.browser.client.clone(), reference.into())))
    }
}
