//! What `localStorage` has of instances, for every tab: those that a person added in this browser, and the one
//! that they signed in to last. Neither is a secret.

use looker::{
    Config, Instance, LookerUrl,
    json::{Json, ObjectWriter},
};

use crate::{
    net::json,
    session::{Storage, StorageError, read_instance},
};

const ADDED: &str = "instances";
const LAST: &str = "last_instance";

fn get(key: &str) -> Option<String> {
    Storage::lasting().ok()?.get(key)
}

/// What was added; nothing where storage is blocked.
pub fn read() -> Vec<Instance> {
    let mut instances = Vec::new();
    add_kept(&mut instances);
    instances
}

fn add_kept(instances: &mut Vec<Instance>) {
    if let Some(kept) = get(ADDED)
        && let Ok(json) = json::parse(&kept)
    {
        add(&json, instances);
    }
}

/// A change of what was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Adds this one, in place of what was added of the same Looker.
    Add(Instance),
    /// Takes this one away.
    Remove(Instance),
}

impl Change {
    /// Makes the change in what is kept at this moment, by whichever tab, and gives what is kept then.
    pub fn keep(self) -> Result<Vec<Instance>, StorageError> {
        let mut instances = read();
        self.make(&mut instances);
        Storage::lasting()?.set(ADDED, &to_json(&instances))?;
        Ok(instances)
    }

    fn make(self, instances: &mut Vec<Instance>) {
        match self {
            Self::Add(instance) => {
                instances.retain(|other| other.looker_url != instance.looker_url);
                instances.push(instance);
            }
            Self::Remove(instance) => instances.retain(|other| *other != instance),
        }
    }
}

/// Remembers where somebody is signed in.
pub fn remember(looker_url: &LookerUrl) {
    // Where it can't be kept, the sign-in page has its usual order.
    let _ = Storage::lasting().and_then(|storage| storage.set(LAST, looker_url.as_str()));
}

/// Adds what the person added, where the deployment lets them, and puts first where they signed in last.
pub fn offer(config: &mut Config) {
    let instances = &mut config.instances;
    if config.allow_other_instances {
        add_kept(instances);
    }
    let last = get(LAST).unwrap_or_default();
    for index in 1..instances.len() {
        if instances.get(index).is_some_and(|instance| instance.looker_url.as_str() == last) {
            instances.swap(0, index);
        }
    }
}

/// Adds what was kept. What makes no sense is left out, since anybody may have edited it.
fn add(json: &Json, instances: &mut Vec<Instance>) {
    if let Json::List(list) = json {
        for item in list {
            if let Some(instance) = read_instance(item) {
                instances.push(instance);
            }
        }
    }
}

fn to_json(instances: &[Instance]) -> String {
    let object = |instance: &Instance| {
        ObjectWriter::new()
            .text("name", &instance.name)
            .text("looker_url", instance.looker_url.as_str())
            .text("base_url", instance.base_url.as_str())
            .finish()
    };
    ["[", &instances.iter().map(object).collect::<Vec<_>>().join(","), "]"].concat()
}

#[cfg(test)]
mod tests {
    use looker::BaseUrl;

    use super::*;

    fn stored(looker_url: &str, base_url: &str) -> Json {
        let text = |name: &str, value: &str| (name.to_owned(), Json::Text(value.into()));
        Json::Object(vec![text("name", "a"), text("looker_url", looker_url), text("base_url", base_url)])
    }

    #[test]
    fn what_was_edited_into_nonsense_is_left_out() {
        let (url, api) = ("https://a.example", "https://a.example:19999");
        for (name, json, kept) in [
            ("all well", Json::List(vec![stored(url, api), stored(url, api)]), 2),
            ("one no address", Json::List(vec![stored("javascript:alert(1)", api), stored(url, api)]), 1),
            ("insecure", Json::List(vec![stored(url, "http://a.example")]), 0),
            ("no instances", Json::List(vec![Json::Null, Json::Object(Vec::new())]), 0),
            ("no list", stored(url, api), 0),
            ("nothing", Json::Null, 0),
        ] {
            let mut instances = Vec::new();
            add(&json, &mut instances);
            assert_eq!(instances.len(), kept, "{name}");
        }
    }

    #[test]
    fn a_change_is_made_in_one_instance_and_leaves_the_others() {
        let instance = |name: &str, base_url: &str| Instance {
            name: name.into(),
            looker_url: LookerUrl::parse(&format!("https://{name}.example")).unwrap(),
            base_url: BaseUrl::parse(base_url).unwrap(),
        };
        let (a, b) = (instance("a", "https://a.example"), instance("b", "https://b.example"));
        let moved = instance("a", "https://a.example:19999");
        for (change, kept, keeps) in [
            (Change::Add(a.clone()), vec![], vec![&a]),
            (Change::Add(a.clone()), vec![&b], vec![&b, &a]),
            (Change::Add(moved.clone()), vec![&a, &b], vec![&b, &moved]),
            (Change::Remove(a.clone()), vec![&a, &b], vec![&b]),
            // Another tab was first.
            (Change::Remove(a.clone()), vec![&b], vec![&b]),
            (Change::Remove(a.clone()), vec![&moved, &b], vec![&moved, &b]),
        ] {
            let mut instances: Vec<_> = kept.into_iter().cloned().collect();
            change.clone().make(&mut instances);
            assert_eq!(instances.iter().collect::<Vec<_>>(), keeps, "{change:?}");
        }
    }

    #[test]
    fn instances_are_kept_as_config_json_names_them() {
        let instance = Instance {
            name: "My \"Looker\"".into(),
            looker_url: LookerUrl::parse("https://a.example").unwrap(),
            base_url: BaseUrl::parse("https://a.example:19999").unwrap(),
        };
        let one = r#"{"name":"My \"Looker\"","looker_url":"https://a.example","base_url":"https://a.example:19999"}"#;
        assert_eq!(to_json(&[]), "[]");
        assert_eq!(to_json(&[instance.clone(), instance]), format!("[{one},{one}]"));
    }
}
