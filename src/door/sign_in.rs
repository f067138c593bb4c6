//! The sign-in page.

use looker::{Config, Instance};

use super::{Attempt, Choice, Doorway, Face, Next, Tone, Trouble};
use crate::{
    config, instances, page,
    session::{Farewell, Pending, ReturnTo, Storage},
    title,
};

/// Offers the instances, and loads the workbench when there is nothing better to do.
pub async fn offer(doorway: &Doorway) -> Result<(), Box<Trouble>> {
    let storage = Storage::open().map_err(Trouble::Storage)?;
    let mut config = config::load().await.map_err(Trouble::Config)?;
    instances::offer(&mut config);
    page::set_title(&config.app_name);
    title::remember(&config.app_name);
    let face = face(config, Farewell::take(&storage), &page::here());
    doorway.show(match Pending::sweep(&storage, page::now()) {
        // How a session ended goes first.
        Some(unanswered) if face.notice.is_empty() => ask_why(face, &unanswered),
        _ => face,
    });
    Doorway::preload();
    Ok(())
}

fn face(config: Config, farewell: Option<Farewell>, here: &ReturnTo) -> Face {
    let Config { app_name, client_id, instances, .. } = config;
    let text = if instances.is_empty() {
        "No Looker is set up here yet. Add yours on the set-up page."
    } else {
        "Sign in with your Looker account. Your password stays with Looker."
    };
    let sign_in = |instance: Instance| Choice {
        label: format!("Sign in to {}", instance.name),
        next: Next::SignIn(Attempt { instance, client_id: client_id.clone(), return_to: here.clone() }),
    };
    let mut choices: Vec<_> = instances.into_iter().map(sign_in).collect();
    choices.push(Choice { label: "Open the set-up page".into(), next: Next::SetUp(page::SETUP_PATH.into()) });
    Face { notice: farewell.map_or("", news), choices, ..Face::calm(app_name, text) }
}

/// What a person sees who went to Looker and came back by themselves, as from an error page: Looker tells no page of
/// those. Whoever only changed their mind is in nobody's way.
pub fn ask_why(mut face: Face, unanswered: &Pending) -> Face {
    if face.tone == Tone::Calm
        && let Some(set_up) = face.choices.last_mut()
    {
        face.notice = "You came back without an answer of Looker's. If you saw an error page there, find out why.";
        let next = Next::SetUp(page::checks_of("check", &unanswered.request.instance));
        *set_up = Choice { label: "Find out why".into(), next };
    }
    face
}

const fn news(farewell: Farewell) -> &'static str {
    match farewell {
        Farewell::SignedOut => "You are signed out.",
        Farewell::SignedOutHereOnly => {
            "You are signed out on this page. Looker did not confirm it, so its tokens may live on, at most for a month; a Looker admin can end them at once."
        }
        Farewell::SignedOutElsewhere => "You signed out in another tab.",
        Farewell::Ended => "Your session has ended. Sign in again to go on where you were.",
        Farewell::NotShared => {
            "Your session is in another tab, and this browser can't share it. Sign in here for one of this tab's own."
        }
    }
}

#[cfg(test)]
mod tests {
    use looker::{BaseUrl, ClientId, LookerUrl, RedirectUri, Timestamp, oauth::AuthorizationRequest};

    use super::*;

    fn config(names: &[&str]) -> Config {
        let instance = |name: &&str| Instance {
            name: (*name).into(),
            looker_url: LookerUrl::parse("https://my.looker.com").unwrap(),
            base_url: BaseUrl::parse("https://my.looker.com").unwrap(),
        };
        Config {
            app_name: "Our Looker".into(),
            client_id: ClientId::parse("sightline").unwrap(),
            instances: names.iter().map(instance).collect(),
            allow_other_instances: true,
        }
    }

    #[test]
    fn every_instance_has_its_button_and_leads_back_here() {
        let here = ReturnTo::parse("/account?tab=1#x");
        let face = face(config(&["East", "West"]), None, &here);
        let labels: Vec<_> = face.choices.iter().map(|choice| choice.label.as_str()).collect();
        assert_eq!((face.heading.as_str(), face.notice), ("Our Looker", ""));
        assert_eq!(labels, ["Sign in to East", "Sign in to West", "Open the set-up page"]);
        let leads_here = |choice: &Choice| matches!(&choice.next, Next::SignIn(attempt) if attempt.return_to == here);
        assert!(face.choices[..2].iter().all(leads_here));
    }

    #[test]
    fn how_the_last_session_ended_is_said() {
        let farewells = [
            Farewell::SignedOut,
            Farewell::SignedOutHereOnly,
            Farewell::SignedOutElsewhere,
            Farewell::Ended,
            Farewell::NotShared,
        ];
        let notices: std::collections::HashSet<_> =
            farewells.map(|farewell| face(config(&["East"]), Some(farewell), &ReturnTo::parse("/")).notice).into();
        assert_eq!(notices.len(), farewells.len());
        assert!(!notices.contains(""));
    }

    #[test]
    fn who_comes_back_without_an_answer_can_find_out_why_of_the_last_instance() {
        let redirect_uri = RedirectUri::parse("https://app.example/authenticated").unwrap();
        let unanswered = |host: &str| {
            let instance = Instance {
                name: host.into(),
                looker_url: LookerUrl::parse(&format!("https://{host}")).unwrap(),
                base_url: BaseUrl::parse(&format!("https://{host}")).unwrap(),
            };
            let client_id = ClientId::parse("sightline").unwrap();
            let request = AuthorizationRequest::new(instance, client_id, redirect_uri.clone()).unwrap();
            Pending { request, return_to: ReturnTo::parse("/"), started_at: Timestamp::from_millis(0) }
        };
        let mut face = face(config(&["East"]), Some(Farewell::SignedOut), &ReturnTo::parse("/"));
        for host in ["east.example", "west.example"] {
            face = ask_why(face, &unanswered(host));
            assert!(face.notice.contains("error page"));
            let labels: Vec<_> = face.choices.iter().map(|choice| choice.label.as_str()).collect();
            assert_eq!(labels, ["Sign in to East", "Find out why"]);
            let check = format!("setup#check=https://{host},https://{host}");
            assert_eq!(face.choices.last().map(|choice| &choice.next), Some(&Next::SetUp(check)));
        }
        let busy = Face::busy("Sightline", "Reading the settings…");
        assert_eq!(ask_why(busy.clone(), &unanswered("east.example")), busy);
    }

    #[test]
    fn where_no_instance_is_set_up_one_is_added_on_the_set_up_page() {
        let face = face(config(&[]), None, &ReturnTo::parse("/"));
        let nexts: Vec<_> = face.choices.into_iter().map(|choice| choice.next).collect();
        assert_eq!(nexts, [Next::SetUp(page::SETUP_PATH.into())]);
        assert!(face.text.contains("set-up page"));
    }
}
