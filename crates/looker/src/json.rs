//! JSON as a tree, read field by field.
//!
//! The text itself is parsed by whoever carries it: a browser has a parser already, and a second
//! one would be a fifth of the page's bytes. What arrives here may come from anywhere, so every
//! field is read with its type checked, and what is wrong is named.

use std::fmt;

/// One JSON value. It may hold tokens, so it has no `Debug`.
#[derive(Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Flag(bool),
    /// Any number, as JavaScript holds it.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, its members in the order they came in.
    Object(Vec<(String, Json)>),
}

/// A field is not there, or is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name.
    pub name: &'static str,
    /// What it should have been, in words: `"a text"`.
    pub wanted: &'static str,
    /// Whether there was none at all.
    pub missing: bool,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("“")?;
        f.write_str(self.name)?;
        f.write_str(if self.missing { "” is missing; it should be " } else { "” is not " })?;
        f.write_str(self.wanted)
    }
}

impl std::error::Error for FieldError {}

#[cfg(any(test, feature = "serde_json"))]
impl From<serde_json::Value> for Json {
    /// The same tree; a number that JavaScript has no value for becomes one that is none.
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Flag(flag),
            Value::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Value::String(text) => Self::Text(text),
            Value::Array(values) => Self::List(values.into_iter().map(Self::from).collect()),
            Value::Object(members) => {
                Self::Object(members.into_iter().map(|(name, value)| (name, value.into())).collect())
            }
        }
    }
}

/// The largest whole number that JavaScript tells apart from its neighbours.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_991.0;

impl Json {
    /// Whether this is an object.
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// The member called `name`; of several the last, as JavaScript has it. `null` counts as none.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let Self::Object(members) = self else { return None };
        let (_, value) = members.iter().rev().find(|(key, _)| key == name)?;
        (!matches!(value, Self::Null)).then_some(value)
    }

    /// The text called `name`.
    pub fn text(&self, name: &'static str) -> Result<&str, FieldError> {
        self.read(name, "a text", Self::as_text)
    }

    /// The text called `name`, where it is not an error that there is none.
    pub fn optional_text(&self, name: &'static str) -> Result<Option<&str>, FieldError> {
        absent_is_none(self.text(name))
    }

    /// The whole, non-negative number called `name`.
    pub fn whole_number(&self, name: &'static str) -> Result<u64, FieldError> {
        self.read(name, "a whole number", |value| match value {
            // Exact in this range, so the cast loses nothing.
            Self::Number(n) if (0.0..=LARGEST_WHOLE).contains(n) && n.trunc() == *n => Some(*n as u64),
            _ => None,
        })
    }

    /// The whole, non-negative number called `name`, where it is not an error that there is none.
    pub fn optional_whole_number(&self, name: &'static str) -> Result<Option<u64>, FieldError> {
        absent_is_none(self.whole_number(name))
    }

    /// The flag called `name`, where it is not an error that there is none.
    pub fn optional_flag(&self, name: &'static str) -> Result<Option<bool>, FieldError> {
        absent_is_none(self.read(name, "true or false", |value| match value {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }))
    }

    /// The list called `name`.
    pub fn list(&self, name: &'static str) -> Result<&[Json], FieldError> {
        self.read(name, "a list", |value| match value {
            Self::List(values) => Some(values.as_slice()),
            _ => None,
        })
    }

    /// The object called `name`.
    pub fn object(&self, name: &'static str) -> Result<&Json, FieldError> {
        self.read(name, "an object", |value| value.is_object().then_some(value))
    }

    /// The text that this is, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn read<'a, T>(
        &'a self,
        name: &'static str,
        wanted: &'static str,
        as_wanted: impl FnOnce(&'a Json) -> Option<T>,
    ) -> Result<T, FieldError> {
        let value = self.get(name);
        let missing = value.is_none();
        value.and_then(as_wanted).ok_or(FieldError { name, wanted, missing })
    }
}

fn absent_is_none<T>(field: Result<T, FieldError>) -> Result<Option<T>, FieldError> {
    match field {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.missing => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes JSON objects of texts, lists of texts, whole numbers, flags and such objects, which is all
/// that this crate ever sends or keeps.
#[derive(Default)]
pub struct ObjectWriter(String);

impl ObjectWriter {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an object.
    #[must_use]
    pub fn object(mut self, name: &str, value: Self) -> Self {
        self.name(name);
        self.0.push_str(&value.finish());
        self
    }

    /// Adds a text.
    #[must_use]
    pub fn text(mut self, name: &str, value: &str) -> Self {
        self.name(name);
        self.quoted(value);
        self
    }

    /// Adds a whole number.
    #[must_use]
    pub fn number(mut self, name: &str, value: u64) -> Self {
        self.name(name);
        self.0.push_str(&value.to_string());
        self
    }

    /// Adds `true` or `false`.
    #[must_use]
    pub fn flag(mut self, name: &str, value: bool) -> Self {
        self.name(name);
        self.0.push_str(if value { "true" } else { "false" });
        self
    }

    /// Adds a list of texts.
    #[must_use]
    pub fn texts(mut self, name: &str, values: &[String]) -> Self {
        self.name(name);
        self.0.push('[');
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            self.quoted(value);
        }
        self.0.push(']');
        self
    }

    /// The object as JSON text.
    pub fn finish(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }

    fn name(&mut self, name: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.quoted(name);
        self.0.push(':');
    }

    /// A string as RFC 8259, section 7 wants it.
    fn quoted(&mut self, text: &str) {
        const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        self.0.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.0.extend(['\\', c]),
                '\0'..='\x1f' => {
                    let code = c as usize;
                    self.0.extend(['\\', 'u', '0', '0', HEX[code >> 4], HEX[code & 15]]);
                }
                _ => self.0.push(c),
            }
        }
        self.0.push('"');
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Parses text that a test wrote.
    pub(crate) fn parse(text: &str) -> Json {
        serde_json::from_str::<serde_json::Value>(text).expect(text).into()
    }

    #[test]
    fn fields_are_read_with_their_type_checked() {
        let json = parse(r#"{"a":"x","n":3600,"t":true,"l":[1],"o":{"b":1},"z":null}"#);
        assert_eq!(json.text("a"), Ok("x"));
        assert_eq!(json.whole_number("n"), Ok(3600));
        assert_eq!(json.optional_flag("t"), Ok(Some(true)));
        assert_eq!(json.list("l").map(<[_]>::len), Ok(1));
        assert_eq!(json.object("o").ok().and_then(|o| o.whole_number("b").ok()), Some(1));
        assert_eq!(json.optional_text("z"), Ok(None));
        assert_eq!(json.optional_text("none"), Ok(None));
    }

    #[test]
    fn what_is_wrong_with_a_field_is_named() {
        let json = parse(r#"{"a":1,"z":null}"#);
        let error = |error: Option<FieldError>| error.map(|e| e.to_string()).unwrap_or_default();
        assert_eq!(error(json.text("a").err()), "“a” is not a text");
        assert_eq!(error(json.optional_text("a").err()), "“a” is not a text");
        assert_eq!(error(json.text("z").err()), "“z” is missing; it should be a text");
        assert_eq!(error(Json::Null.text("z").err()), "“z” is missing; it should be a text");
    }

    #[test]
    fn only_whole_numbers_that_javascript_can_hold_count() {
        for (text, number) in [
            ("0", Some(0)),
            ("3600.0", Some(3600)),
            ("9007199254740991", Some(9_007_199_254_740_991)),
            ("9007199254740993", None),
            ("1e300", None),
            ("-1", None),
            ("0.5", None),
            ("\"3600\"", None),
            ("true", None),
        ] {
            let json = parse(&format!("{{\"n\":{text}}}"));
            assert_eq!(json.whole_number("n").ok(), number, "{text}");
        }
    }

    #[test]
    fn an_object_without_members_is_still_an_object() {
        assert_eq!(ObjectWriter::new().finish(), "{}");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_by_another_parser(name in ".*", value in ".*", number in 0u64..1 << 53) {
            let text = ObjectWriter::new().text("k", &value).number("n", number).text(&name, "v").finish();
            let json = parse(&text);
            prop_assert_eq!(json.get(&name).and_then(Json::as_text), Some("v"));
            if name != "k" { prop_assert_eq!(json.text("k"), Ok(value.as_str())); }
            if name != "n" { prop_assert_eq!(json.whole_number("n"), Ok(number)); }
        }
    }

    #[test]
    fn an_object_may_hold_another() {
        let inner = ObjectWriter::new().text("b\"", "c");
        let text = ObjectWriter::new().number("n", 1).object("a", inner).object("e", ObjectWriter::new()).finish();
        assert_eq!(text, r#"{"n":1,"a":{"b\"":"c"},"e":{}}"#);
    }

    #[test]
    fn flags_and_lists_of_texts_are_written_as_json_has_them() {
        let two = ["a\"".to_owned(), "b".to_owned()];
        let text = ObjectWriter::new().flag("t", true).flag("f", false).texts("l", &two).texts("e", &[]).finish();
        assert_eq!(text, r#"{"t":true,"f":false,"l":["a\"","b"],"e":[]}"#);
    }
}
