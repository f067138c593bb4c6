//! The start state: two people, one pair of API3 credentials, the apps named by `--app`.

use super::apps::App;
use super::people::NewPerson;
use super::{Store, Stored};
use crate::app_url::AppUrl;
use crate::clock::Seconds;
use crate::secret::Secret;

/// The password of everybody here who has one.
pub(crate) const PASSWORD: &str = "looker";
/// The `client_id` of Ada's API3 credentials.
pub(crate) const API3_CLIENT_ID: &str = "local-client-id";
/// The `client_secret` that goes with it.
pub(crate) const API3_CLIENT_SECRET: &str = "local-client-secret";

/// What a fresh database is filled with.
#[derive(Clone, Debug)]
pub(crate) struct Seed {
    /// In the order of `--app`.
    pub(crate) apps: Vec<AppUrl>,
}

/// The `client_id` of the app named by the `--app` of this index: `sightline`, then `sightline-2`,
/// `sightline-3`, …, since an app has one redirect_uri.
pub fn client_id(index: usize) -> String {
    match index {
        0 => "sightline".to_owned(),
        _ => format!("sightline-{}", index + 1),
    }
}

impl Store {
    /// Makes sure that what the command line names is there.
    ///
    /// A database that exists keeps what was changed in it; only an app that is missing, or was
    /// at another address before, is put right, with its origin.
    pub(crate) fn plant(&self, seed: &Seed, now: Seconds) -> Stored<()> {
        if self.people(0, 1)?.is_empty() {
            self.plant_people(now)?;
        }
        let mut allowlist = self.allowlist()?;
        for (index, url) in seed.apps.iter().enumerate() {
            let client_guid = client_id(index);
            let app = match self.app(&client_guid)? {
                Some(app) if app.redirect_uri == url.redirect_uri => continue,
                Some(app) => App { redirect_uri: url.redirect_uri.clone(), ..app },
                None => App {
                    redirect_uri: url.redirect_uri.clone(),
                    display_name: "Sightline".to_owned(),
                    description: format!(
                        "Sightline runs in your browser at {} and works with your Looker data \
                         as you: it can see and do what you can.",
                        url.origin
                    ),
                    ..App::named(client_guid)
                },
            };
            self.put_app(app, now)?;
            if !allowlist.contains(&url.origin) {
                allowlist.push(url.origin.clone());
            }
        }
        self.set_allowlist(&allowlist)
    }

    fn plant_people(&self, now: Seconds) -> Stored<()> {
        for (first_name, last_name, email, is_admin, groups) in [
            ("Ada", "Lovelace", "ada@example.com", true, ["1", "2"].as_slice()),
            ("Grace", "Hopper", "grace@example.com", false, ["1"].as_slice()),
        ] {
            let id = self.add_person(&NewPerson {
                first_name: Some(first_name.to_owned()),
                last_name: Some(last_name.to_owned()),
                is_admin,
                ..NewPerson::default()
            })?;
            self.set_email(id, email, PASSWORD, now)?;
            self.set_groups(id, groups)?;
            if is_admin {
                self.put_api3(id, API3_CLIENT_ID, &Secret::given(API3_CLIENT_SECRET), None, now)?;
            }
        }
        Ok(())
    }
}
