//! What somebody typed, kept while they sign in again.

use looker::json::{Json, ObjectWriter};
use wasm_bindgen::prelude::*;

use super::{Storage, StorageError};
use crate::{net::json, page};

const KEY: &str = "draft";

/// Fields that hold something typed. Passwords are nobody's to keep, and what has no name is no part of a draft.
const FIELDS: &str = "main :is(input:not([type=password], [type=file], [type=hidden]), textarea, select)[name]";

#[wasm_bindgen]
extern "C" {
    /// A form's field.
    type Field;

    #[wasm_bindgen(method, getter)]
    fn name(this: &Field) -> String;

    #[wasm_bindgen(method, getter)]
    fn value(this: &Field) -> String;

    #[wasm_bindgen(method, setter)]
    fn set_value(this: &Field, value: &str);

    /// Nothing but with check boxes and radio buttons.
    #[wasm_bindgen(method, getter)]
    fn checked(this: &Field) -> Option<bool>;

    #[wasm_bindgen(method, setter)]
    fn set_checked(this: &Field, checked: bool);

    #[wasm_bindgen(method, js_name = dispatchEvent)]
    fn dispatch_event(this: &Field, event: &web_sys::Event);
}

/// What stands in the fields of a page.
pub struct Draft;

impl Draft {
    /// Whether this page has fields to type into.
    pub fn has_fields() -> bool {
        !fields_by_key().is_empty()
    }

    /// Keeps what stands in the fields of this page, for this person: by any name that is always the
    /// same for the same one. Fails where there is no room for it.
    pub fn keep(storage: &Storage, owner: &str) -> Result<(), StorageError> {
        let mut fields = ObjectWriter::new();
        let mut is_empty = true;
        for (key, field) in fields_by_key() {
            let value = match field.checked() {
                Some(checked) if is_checkable(&field) => if checked { "on" } else { "" }.to_owned(),
                _ => field.value(),
            };
            is_empty &= value.is_empty();
            fields = fields.text(&key, &value);
        }
        if is_empty {
            return Ok(());
        }
        let draft = ObjectWriter::new().text("owner", owner).text("page", page::here().as_str());
        storage.set(KEY, &draft.object("fields", fields).finish())
    }

    /// Puts what was kept back into the fields, if it is this page's and this person's; once, as soon as there are
    /// such fields. Where somebody is typing already, that stays. What is another person's is forgotten.
    pub fn restore(storage: &Storage, owner: &str) {
        let Some(draft) = storage.get(KEY).and_then(|stored| json::parse(&stored).ok()) else { return };
        let is_whose = draft.text("owner") == Ok(owner);
        let is_here = draft.text("page") == Ok(page::here().as_str());
        if !is_whose {
            storage.remove(KEY);
        }
        let Ok(values) = draft.object("fields") else { return };
        if !is_here || !is_whose {
            return;
        }
        for (key, field) in fields_by_key() {
            let Some(Json::Text(value)) = values.get(&key) else { continue };
            storage.remove(KEY);
            if has_focus(&field) {
                continue;
            }
            if is_checkable(&field) {
                field.set_checked(!value.is_empty());
            } else {
                field.set_value(value);
            }
            for event in ["input", "change"] {
                if let Ok(event) = web_sys::Event::new(event) {
                    field.dispatch_event(&event);
                }
            }
        }
    }

    /// Forgets it.
    pub fn forget(storage: &Storage) {
        storage.remove(KEY);
    }
}

fn has_focus(field: &Field) -> bool {
    let field: &JsValue = field.as_ref();
    page::document().active_element().is_some_and(|element| JsValue::from(element) == *field)
}

fn is_checkable(field: &Field) -> bool {
    let element: &web_sys::Element = field.unchecked_ref::<JsValue>().unchecked_ref();
    matches!(element.get_attribute("type").as_deref(), Some("checkbox" | "radio"))
}

/// The page's fields; of those with one name the second is `name 2`.
fn fields_by_key() -> Vec<(String, Field)> {
    let Ok(found) = page::document().query_selector_all(FIELDS) else { return Vec::new() };
    let mut fields: Vec<(String, Field)> = Vec::new();
    for index in 0..found.length() {
        let Some(field) = found.get(index) else { continue };
        let field: Field = JsValue::from(field).unchecked_into();
        let name = field.name();
        let same = fields.iter().filter(|(_, other)| other.name() == name).count();
        let key = if same == 0 { name } else { format!("{name} {}", same + 1) };
        fields.push((key, field));
    }
    fields
}
