//! Whether everybody can use what a page shows: axe-core looks at the pages that journeys see, each as
//! it is in each of its states, and once more in the dark, for what only colours can make worse. It does so in
//! Chromium: what it looks at, elements and their styles, is all but the same in all engines, and takes a sixth of the time.

use std::{collections::HashSet, sync::Mutex};

use serde_json::Value;

use crate::{setting::Engine, stage::Stage};

/// What a page is made of, without its texts, and without how often a row of a list or a table comes again: two pages
/// that are the same in this are the same to axe, but for texts that are missing, and these count. Nothing for a tab
/// where no page is open.
const SHAPE: &str = "
    const shape = (element) => {
        const names = [...element.attributes]
            .filter(({ name }) => name !== 'id' && name !== 'href' && name !== 'src' && !name.startsWith('data-'))
            .map(({ name, value }) => /^(class|role|type|lang)$/.test(name) ? `${name}=${value}` : name + !value);
        const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        const children = [...element.children].map(shape).filter((child, i, all) => child !== all[i - 1]);
        return `${element.localName} ${names} ${hasText} (${children})`;
    };
    if (location.protocol === 'about:') return null;
    const prefers = (what) => matchMedia(`(${what})`).matches;
    const looks = ['prefers-color-scheme: dark', 'prefers-reduced-motion', 'forced-colors: active'].filter(prefers);
    return `${looks.join() || 'usual'} ${innerWidth} ${!document.title} ${shape(document.documentElement)}`";

/// How the shape of a page begins where nobody prefers anything about its looks.
const USUAL: &str = "usual";

/// axe needs timers where the page has to do without ([`clock`](crate::clock)).
const TIMERS: &str = "
    const still = { setTimeout, setInterval };
    Object.assign(globalThis, globalThis.firing);
    const done = (found) => {
        Object.assign(globalThis, still);
        arguments[0](found);
    };";

/// What axe finds: the rule, what it is about, and where. Without what it would preload: imported style
/// sheets, which it puts into the page and the policy refuses.
const LOOK: &str = "
    // What is on its way from one colour to another is at neither.
    const moves = document.getAnimations().filter((move) => move instanceof CSSTransition).map(({ finished }) => finished);
    Promise.allSettled(moves).then(() => axe.run(document, { resultTypes: ['violations'], preload: false, ...more })).then(
        ({ violations }) => done(violations.map(({ id, help, nodes }) =>
            `${id}: ${help}\\n${nodes.map(({ html, failureSummary }) => `${html}\\n${failureSummary}`).join('\\n')}`)),
        (error) => done([String(error)]),
    )";

/// By all of its rules.
const ALL: &str = "const more = {};";

/// By the one that colours alone can break, where axe is in the page already: a page that came in the place of the
/// one that was looked at is looked at when its journey sees it.
const ONLY_COLOURS: &str = "
    if (!globalThis.axe) return done([]);
    const more = { runOnly: ['color-contrast'] };";

/// Pages that nothing was found in, by their shape.
static KNOWN: Mutex<Option<HashSet<String>>> = Mutex::new(None);

impl Stage {
    /// Makes sure that nobody is kept from using the page that is open, as it is now.
    pub(crate) async fn is_for_everybody(&self) {
        if !self.browser.runs_scripts || self.browser.engine != Engine::Chromium {
            return;
        }
        // A page on its way out can't be asked; the one that comes is, when its journey sees it.
        let Ok(Value::String(shape)) = self.browser.client.execute(SHAPE, vec![]).await else { return };
        if KNOWN.lock().unwrap().get_or_insert_default().contains(&shape) {
            return;
        }
        let mut found = self.what_keeps_people_out().await;
        if found.is_empty() && shape.starts_with(USUAL) {
            self.browser.prefers("prefers-color-scheme", "dark").await;
            found = self.look([TIMERS, ONLY_COLOURS, LOOK]).await;
            self.browser.prefers("prefers-color-scheme", "").await;
        }
        if !found.is_empty() {
            self.fail(&format!("not everybody can use the page:\n{}", found.join("\n\n"))).await;
        }
        KNOWN.lock().unwrap().get_or_insert_default().insert(shape);
    }

    /// What axe finds in the page that is open, as it is now.
    pub async fn what_keeps_people_out(&self) -> Vec<String> {
        // As the script that WebDriver runs, since the policy lets no page run a text.
        let axe = std::fs::read_to_string(&self.setting.axe).expect("SIGHTLINE_AXE can be read");
        self.look([TIMERS, &axe, ALL, LOOK]).await
    }

    async fn look<const N: usize>(&self, parts: [&str; N]) -> Vec<String> {
        let found = self.evaluate_async(&parts.concat()).await;
        serde_json::from_value(found).expect("texts are found, or none")
    }
}
