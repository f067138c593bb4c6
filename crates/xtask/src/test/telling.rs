//! Journeys and hosts that tell engines apart.
//!
//! All of them go through Chromium. What most of them are about is decided by Looker's answers, a host's or the app's
//! own code, and looks the same to every engine; for Firefox and WebKit these here are chosen, by what engines do each
//! in their own way, and by what must hold whatever they do. `cargo xtask test --whole` chooses all.

/// What engines decide, and the journeys that would see it: each by its path, several by a part that their paths share.
pub const JOURNEYS: &[&str] = &[
    // The rules of docs/security.md, which hold everywhere.
    "::rule_",
    // What everybody does.
    "sign_in::from_the_button_over_login_and_disclosure_to_the_name",
    "sign_in::a_second_sign_in_shows_no_page_of_looker",
    "sign_in::a_deep_link_is_where_one_is_after_the_sign_in",
    "session::a_reload_keeps_the_session_without_a_token_request",
    "session::a_second_tab_has_a_session_of_its_own",
    "session::signing_out_ends_the_session_here_and_at_looker",
    "smallest::the_smallest_app_signs_in_makes_a_call_and_signs_out",
    // Each way in which a sign-in fails.
    "redirects::a_sign_in_that_is_denied_can_be_begun_again",
    "redirects::a_redirect_with_a_foreign_state_sends_no_token_request",
    "redirects::a_redirect_page_opened_by_itself_leads_to_the_door",
    "redirects::a_used_redirect_opened_again_sends_nothing_and_leads_back_to_the_session",
    "answers::a_host_that_does_not_answer_is_told_from_one_that_does_not_let_in",
    "answers::every_first_call_that_fails_has_its_own_message_and_a_way_on",
    "deployment::every_trouble_with_the_settings_has_its_own_message_and_can_be_mended",
    // Where Back leads, and pages that are left or put aside.
    "put_aside::",
    "sign_in::back_from_the_login_page_the_button_can_be_used_again",
    "sign_in::going_back_after_a_sign_in_brings_no_code_back",
    "offline::a_looker_that_is_cut_off_at_the_button_leaves_a_door_to_come_back_to",
    "interrupted::a_page_left_in_the_middle_of_a_renewal_tells_when_one_comes_back",
    "interrupted::a_page_on_its_way_out_begins_no_renewal",
    // What tabs have of each other.
    "tabs::both_copies_notice_each_other",
    "tabs::copies_that_renew_at_the_same_moment_send_one_request_and_both_go_on",
    "tabs::signing_out_in_one_tab_signs_out_its_copies",
    "tabs::a_page_that_gives_its_session_up_by_either_event_leaves_it_to_the_next_one",
    "under_way::copies_of_a_tab_that_open_a_redirect_at_the_same_moment_send_its_code_once",
    // How much a tab may store.
    "no_room::tokens_that_there_is_no_room_for_lead_to_a_tab_that_has_room",
    // How scripts and modules are loaded, checked and run, and how they end.
    "first_paint::a_browser_without_javascript_is_told_so",
    "first_paint::a_browser_without_webassembly_is_told_so_and_keeps_no_code_in_the_address",
    "integrity::a_script_that_the_page_has_no_hash_of_does_not_start_the_page",
    "integrity::a_door_that_is_not_what_was_built_does_not_open",
    "integrity::each_script_and_module_is_sent_once_however_often_the_app_is_opened",
    "traps::a_module_that_traps_at_its_start_is_no_trouble_of_the_connection",
    "traps::a_page_that_has_stopped_can_be_looked_at_and_is_told_to_have_stopped_all_the_while",
    // How a request comes to nothing.
    "answers::a_host_that_never_answers_is_given_up",
    "deployment::settings_are_asked_for_only_where_they_are_read",
    "calls::a_token_that_ends_while_fifty_calls_are_in_flight_is_renewed_once_and_all_are_answered",
    "offline::a_session_that_is_offline_when_its_token_ends_waits_and_goes_on_when_the_connection_is_back",
    "session::a_reload_while_a_call_is_in_flight_renews_nothing",
    "setup::a_host_that_the_pages_own_policy_does_not_name_is_found_and_its_repair_seen",
    "setup::a_host_that_sends_the_page_on_to_where_its_policy_ends_is_told_from_one_that_the_policy_does_not_name",
    "setup::certificates::a_certificate_that_the_browser_does_not_trust_is_found_and_one_that_it_trusts_is_good",
    "setup::certificates::a_page_by_https_that_asks_this_machine_by_http_is_told_whether_the_browser_lets_it",
    // When timers fire.
    "renewal::a_token_is_renewed_before_it_ends_without_anybody_asking",
    // Where the focus goes, and what keys do.
    "keyboard::",
    // What reaches the clipboard.
    "setup::paste::each_copy_button_copies_what_is_shown_above_it",
    // How pages are laid out.
    "pictures::",
    // Whether a journey hears what goes wrong in its browser, and leaves nothing there.
    "loops::an_app_that_says_a_secret_in_the_console_fails_its_journey",
    "loops::an_app_with_a_secret_in_an_error_that_nobody_catches_fails_its_journey",
    "loops::an_app_that_traps_fails_its_journey",
    "lent::",
];

/// A host below a path, one at the root, and one without headers.
pub const HOSTS: &[&str] = &[
    "a_session_lives_behind_nginx_below_a_path",
    "a_session_lives_behind_caddy",
    "a_session_lives_behind_a_host_that_sends_no_headers",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place;
    use std::{collections::HashSet, fs, path::Path};

    /// The names of the tests in a file that run.
    fn tests(path: &Path) -> Vec<String> {
        let code = fs::read_to_string(path).unwrap();
        let tests = code.split("#[tokio::test").skip(1).filter_map(|rest| rest.split_once("async fn "));
        let run = tests.filter(|(attributes, _)| !attributes.contains("#[ignore"));
        run.map(|(_, rest)| rest.split('(').next().unwrap().to_owned()).collect()
    }

    /// The paths of all journeys below a folder, as the test program has them.
    fn journeys(folder: &Path, module: &str, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
            if path.is_dir() {
                journeys(&path, &format!("{module}{name}::"), found);
            } else if let Some(file) = name.strip_suffix(".rs") {
                found.extend(tests(&path).into_iter().map(|test| format!("{module}{file}::{test}")));
            }
        }
    }

    #[test]
    fn every_choice_of_a_host_is_one_of_its_tests() {
        let all = tests(&place::root().join("tests/journeys/tests/hosts/main.rs"));
        for host in HOSTS {
            assert_eq!(all.iter().filter(|test| test.contains(host)).count(), 1, "{host}");
        }
    }

    #[test]
    fn every_choice_has_its_journeys_and_every_rule_is_chosen() {
        let mut all = Vec::new();
        journeys(&place::root().join("tests/journeys/tests/journeys"), "", &mut all);
        let mut chosen = HashSet::new();
        for part in JOURNEYS {
            let its: Vec<_> = all.iter().filter(|path| path.contains(part)).collect();
            assert!(!its.is_empty(), "no journey has {part} in its path");
            for path in its {
                assert!(chosen.insert(path), "{path} is chosen twice");
            }
        }
        let rules: Vec<_> = all.iter().filter(|path| path.contains("::rule_")).collect();
        assert!(rules.len() > 10, "{rules:?}");
        assert!(rules.iter().all(|rule| chosen.contains(rule)), "{rules:?}");
    }
}
