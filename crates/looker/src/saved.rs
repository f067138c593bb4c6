//! Instances that a person added, as a browser keeps them.

use crate::{
    Instance,
    config::read_instance,
    json::{Json, ObjectWriter},
};

impl Instance {
    /// The most instances that are kept.
    pub const MOST_SAVED: usize = 20;

    /// The longest name that is kept, in characters.
    pub const LONGEST_NAME: usize = 80;

    /// Reads what was kept; what makes no sense is left out, since anybody may have edited it.
    pub fn saved(json: &Json) -> Vec<Self> {
        let Json::List(list) = json else { return Vec::new() };
        let instances = list.iter().enumerate().filter_map(|(index, json)| read_instance(index, json).ok());
        let has_a_name = |instance: &Self| {
            (1..=Self::LONGEST_NAME).contains(&instance.name.chars().count())
                && !instance.name.contains(char::is_control)
        };
        instances.filter(has_a_name).take(Self::MOST_SAVED).collect()
    }

    /// Instances as JSON, for [`saved`](Self::saved).
    pub fn save(instances: &[Self]) -> String {
        let objects = instances.iter().map(|instance| {
            ObjectWriter::new()
                .text("name", &instance.name)
                .text("looker_url", instance.looker_url.as_str())
                .text("base_url", instance.base_url.as_str())
                .finish()
        });
        ["[", &objects.collect::<Vec<_>>().join(","), "]"].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tests::parse;

    #[test]
    fn what_is_saved_is_read_back() {
        let text = r#"[{"name":"Mine \"1\"","looker_url":"https://a.example","base_url":"https://a.example:19999"},{"name":"b","looker_url":"http://localhost:9999","base_url":"http://localhost:19999"}]"#;
        let read = Instance::saved(&parse(text));
        assert_eq!(read.len(), 2);
        assert_eq!(Instance::save(&read), text);
        assert_eq!(Instance::save(&[]), "[]");
    }

    #[test]
    fn what_was_edited_into_nonsense_is_left_out() {
        for text in [
            "null",
            "{}",
            r#"["https://a.example"]"#,
            r#"[{"name":"a","looker_url":"javascript:alert(1)"}]"#,
            r#"[{"name":"a","looker_url":"https://a.example","base_url":"http://a.example"}]"#,
            r#"[{"name":"","looker_url":"https://a.example"}]"#,
            r#"[{"name":"a\nb","looker_url":"https://a.example"}]"#,
            &format!(r#"[{{"name":"{}","looker_url":"https://a.example"}}]"#, "a".repeat(81)),
        ] {
            assert_eq!(Instance::saved(&parse(text)), [], "{text}");
        }
        let many = vec![r#"{"name":"a","looker_url":"https://a.example"}"#; 30].join(",");
        assert_eq!(Instance::saved(&parse(&format!("[{many}]"))).len(), Instance::MOST_SAVED);
    }
}
