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
    /// Reads the fragment of the address, [`crate::page::checks_of`] having written it. Anybody can make a link, so an
    /// instance is only looked for among `instances`: nobody else's host is asked.
    pub fn parse(hash: &str, instances: &'a [Instance]) -> Option<Self> {
        let (trouble, hosts) = hash.strip_prefix('#')?.split_once('=')?;
        let was_refused = match trouble {
            "check" => false,
            "refused" => true,
            _ => return None,
        };
        let (looker_url, base_url) = hosts.split_once(',')?;
        let known = || instances.iter().filter(|instance| instance.looker_url.as_str() == looker_url);
        // Its other host may have been wrong, and be mended by now.
        let instance = known().find(|instance| instance.base_url.as_str() == base_url).or_else(|| known().next())?;
        Some(Self { instance, was_refused })
    }
}

#[cfg(test)]
mod tests {
    use looker::{BaseUrl, LookerUrl};

    use super::*;

    #[test]
    fn a_link_leads_to_an_instance_that_is_known_and_to_no_other() {
        let instance = |looker_url: &str, base_url: &str| Instance {
            name: "L".into(),
            looker_url: LookerUrl::parse(looker_url).unwrap(),
            base_url: BaseUrl::parse(base_url).unwrap(),
        };
        let [a, b, api] = ["https://a.example", "https://b.example", "https://a.example:19999"];
        let instances = [instance(a, a), instance(b, b), instance(a, api)];
        for (hash, arrival) in [
            ("#check=https://b.example,https://b.example", Some((1, false))),
            ("#refused=https://a.example,https://a.example", Some((0, true))),
            // Of two that people see at one place, the one that failed.
            ("#check=https://a.example,https://a.example:19999", Some((2, false))),
            ("#refused=https://a.example,https://a.example:19999", Some((2, true))),
            // It was mended meanwhile.
            ("#check=https://b.example,https://b.example:19999", Some((1, false))),
            ("#check=https://c.example,https://b.example", None),
            ("#check=https://a.example", None),
            ("#check=https://c.example,https://c.example", None),
            ("#check=javascript:alert(1),https://a.example", None),
            ("#https://a.example,https://a.example", None),
            ("#other=https://a.example,https://a.example", None),
            ("https://a.example,https://a.example", None),
            ("#", None),
            ("", None),
        ] {
            let arrival = arrival.map(|(index, was_refused)| Arrival { instance: &instances[index], was_refused });
            assert_eq!(Arrival::parse(hash, &instances), arrival, "{hash}");
        }
    }
}
