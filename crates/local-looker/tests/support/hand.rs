//! Somebody at the admin page: reads its forms as a browser does, and presses their buttons.

use super::Local;
use reqwest::Response;
use reqwest::header::{LOCATION, ORIGIN};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// A form, with what its fields hold.
#[derive(Debug)]
struct PageForm {
    action: String,
    /// Boxes that are not ticked have none.
    fields: BTreeMap<String, Option<String>>,
    boxes: BTreeSet<String>,
    /// What its button is called.
    button: String,
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = &tag[from..from + tag[from..].find('"')?];
    Some(unescape(value))
}

fn unescape(html: &str) -> String {
    html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn forms(html: &str) -> Vec<PageForm> {
    html.split("<form ").skip(1).map(|rest| read(&rest[..rest.find("</form>").unwrap()])).collect()
}

fn read(form: &str) -> PageForm {
    let action = attribute(&format!(" {form}"), "action").unwrap();
    let (mut fields, mut boxes) = (BTreeMap::new(), BTreeSet::new());
    let (mut button, mut select) = (String::new(), String::new());
    for part in form.split('<').skip(1) {
        let (tag, after) = part.split_once('>').unwrap();
        let name = attribute(tag, "name").unwrap_or_default();
        match tag.split(' ').next().unwrap() {
            "input" => {
                let is_box = attribute(tag, "type").as_deref() == Some("checkbox");
                boxes.extend(is_box.then(|| name.clone()));
                fields.insert(name, attribute(tag, "value").filter(|_| !is_box || tag.contains(" checked")));
            }
            "textarea" => {
                fields.insert(name, Some(unescape(after.strip_prefix('\n').unwrap_or(after))));
            }
            "select" => select = name,
            "option" => {
                let value = attribute(tag, "value");
                if tag.contains(" selected") || !fields.contains_key(&select) {
                    fields.insert(select.clone(), value);
                }
            }
            "button" => button = attribute(tag, "aria-label").unwrap_or_else(|| unescape(after)),
            _ => {}
        }
    }
    PageForm { action, fields, boxes, button }
}

/// Somebody at one section of the page.
pub struct Hand<'a> {
    local: &'a Local,
    section: &'static str,
    seen: RefCell<BTreeSet<String>>,
    pressed: RefCell<BTreeSet<String>>,
}

impl<'a> Hand<'a> {
    pub fn at(local: &'a Local, section: &'static str) -> Self {
        Self { local, section, seen: RefCell::default(), pressed: RefCell::default() }
    }

    /// The section as it is now.
    pub async fn page(&self) -> String {
        let response = self.local.get(&format!("/admin/{}", self.section)).await;
        assert_eq!(response.status(), 200);
        self.look(response).await
    }

    async fn look(&self, response: Response) -> String {
        let html = response.text().await.unwrap();
        let buttons = forms(&html).into_iter().filter_map(|mut form| form.fields.remove("do").flatten());
        self.seen.borrow_mut().extend(buttons);
        html
    }

    /// Presses the button that is called so, with what was typed into the fields beside it; an empty
    /// text takes the tick out of a box. Returns the page that follows.
    pub async fn press(&self, button: &str, typed: &[(&str, &str)]) -> String {
        let (status, html) = self.tries(button, typed).await;
        assert_eq!(status, 200, "{button}: {html}");
        assert!(html.contains("role=\"status\""), "{button}: {html}");
        html
    }

    /// The same for what may be refused.
    pub async fn tries(&self, button: &str, typed: &[(&str, &str)]) -> (u16, String) {
        let found: Vec<_> = forms(&self.page().await).into_iter().filter(|form| form.button == button).collect();
        let [form] = found.as_slice() else { panic!("not one button {button}: {found:#?}") };
        let mut fields = form.fields.clone();
        for (name, value) in typed {
            let field = fields.get_mut(*name).unwrap_or_else(|| panic!("{button} has no field {name}"));
            *field = Some((*value).to_owned()).filter(|value| !(value.is_empty() && form.boxes.contains(*name)));
        }
        let what = fields["do"].clone().unwrap();
        let sent: Vec<_> = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let local = self.local;
        let request = local.client.post(local.ui(&form.action)).form(&sent);
        let origin = local.looker.looker_url();
        let response = request.header(ORIGIN, origin).header("sec-fetch-site", "same-origin").send().await.unwrap();
        if response.status().is_client_error() {
            return (response.status().as_u16(), self.look(response).await);
        }
        self.pressed.borrow_mut().insert(what);
        match response.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned()) {
            Some(to) => {
                assert_eq!(response.status(), 303);
                let next = local.get(&to).await;
                (next.status().as_u16(), self.look(next).await)
            }
            None => (response.status().as_u16(), self.look(response).await),
        }
    }

    /// What the fields beside a button of this page hold.
    pub fn kept(&self, button: &str, html: &str) -> BTreeMap<String, Option<String>> {
        forms(html).into_iter().find(|form| form.button == button).unwrap().fields
    }

    /// Makes sure that every button that was to be seen here was pressed.
    pub fn has_pressed_all(&self) {
        assert_eq!(*self.seen.borrow(), *self.pressed.borrow(), "{}", self.section);
    }
}

/// The text of the element with this id.
pub fn element(html: &str, id: &str) -> String {
    let from = html.find(&format!("id=\"{id}\">")).unwrap_or_else(|| panic!("no {id} in {html}")) + id.len() + 6;
    unescape(&html[from..from + html[from..].find('<').unwrap()])
}
