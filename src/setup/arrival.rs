//! How somebody came to the set-up page: by themselves, or from a sign-in that failed.

use looker::Instance;

/// A sign-in that failed, as the door's link tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival<'a> {
    /// The instance.
    pub instance: &'a Instance,
    /// Whether Looker refused the app, which a check before the next sign-in can't find out.
    pub was_refused: bool,
}

impl<'a> Arrival<'a> {
    /// Reads the fragment of the address, [`crate::door::Trouble::setup`] having written it. Anybody can
    /// make a link, so an address is only looked for among `instances`: nobody else's host is asked.
    pub fn parse(hash: &str, instances: &'a [Instance]) -> Option<Self> {
        let (how, looker_url) = hash.strip_prefix('#')?.split_once('=')?;
        let was_refused = match how {
            "check" => false,
            "refused" => true,
            _ => return None,
        };
        let instance = instances.iter().find(|instance| instance.looker_url.as_str() == looker_url)?;
        Some(Self { instance, was_refused })
    }
}

#[cfg(test)]
mod tests {
    use looker::{BaseUrl, LookerUrl};

    use super::*;

    #[test]
    fn a_link_leads_to_an_instance_that_is_known_and_to_no_other() {
        let instance = |url: &str| Instance {
            name: "L".into(),
            looker_url: LookerUrl::parse(url).unwrap(),
            base_url: BaseUrl::parse(url).unwrap(),
        };
        let instances = [instance("https://a.example"), instance("https://b.example")];
        for (hash, arrival) in [
            ("#check=https://b.example", Some((1, false))),
            ("#refused=https://a.example", Some((0, true))),
            ("#check=https://c.example", None),
            ("#check=javascript:alert(1)", None),
            ("#https://a.example", None),
            ("#other=https://a.example", None),
            ("", None),
        ] {
            let arrival = arrival.map(|(index, was_refused)| Arrival { instance: &instances[index], was_refused });
            assert_eq!(Arrival::parse(hash, &instances), arrival, "{hash}");
        }
    }
}
