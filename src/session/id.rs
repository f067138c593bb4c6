//! The name of a session, which its copies in other tabs know it by.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = randomUUID)]
    fn random_uuid() -> Result<String, JsValue>;
}

/// The name of a session: random, and no secret. Copies of a tab share it, and nobody else does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionId(String);

impl SessionId {
    /// A fresh one. Empty where the browser makes none, and then the session is not shared.
    pub fn random() -> Self {
        Self(random_uuid().unwrap_or_default())
    }

    /// One that was stored; nothing where it can't be one.
    pub fn restore(stored: &str) -> Option<Self> {
        let is_one = stored.len() <= 36 && stored.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        is_one.then(|| Self(stored.into()))
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_an_id_is_taken_for_one() {
        for (stored, is_one) in [
            ("", true),
            ("01234567-89ab-cdef-0123-456789abcdef", true),
            ("01234567-89ab-cdef-0123-456789abcdef0", false),
            ("<script>", false),
            ("a b", false),
        ] {
            assert_eq!(SessionId::restore(stored).is_some(), is_one, "{stored}");
        }
    }
}
