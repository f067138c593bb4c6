//! A keyboard alone is enough: each step of a person's way is reached by Tab and done by Enter, one sees where
//! the focus is at each stop, and after a change of page it is at the heading of the new one.

use fantoccini::key::Key;
use journeys::{
    Plan, Stage,
    keyboard::Way::{Back, On},
    page::{SIGN_IN, SIGN_IN_AGAIN},
};

async fn open() -> Stage {
    Stage::planned(Plan { is_alone: true, ..Plan::default() }).await
}

#[tokio::test]
async fn a_keyboard_is_enough_from_a_sign_in_that_is_declined_to_the_sign_out() {
    let stage = open().await;
    stage.open_page("/").await;
    stage.sees_door().await;
    stage.presses_by_keyboard(On, SIGN_IN).await;
    stage.log_in_at_looker().await;
    stage.deny().await;
    stage.sees_trouble("The sign-in was declined").await;
    stage.presses_by_keyboard(On, SIGN_IN_AGAIN).await;
    stage.allow().await;
    stage.comes_to_heading("Account").await;
    stage.presses_by_keyboard(On, "Renew now").await;
    stage.sees("Renewed.").await;
    stage.presses_by_keyboard(Back, "Activity").await;
    stage.comes_to_heading("Activity").await;
    stage.tabs_to(On, "Filter").await;
    stage.types_by_keyboard("user").await;
    stage.sees(" of ").await;
    stage.presses_by_keyboard(On, "GET /api/4.0/user").await;
    stage.comes_to_heading("GET /api/4.0/user").await;
    stage.presses_by_keyboard(On, "All activity").await;
    stage.comes_to_heading("Activity").await;
    stage.presses_by_keyboard(Back, "Account").await;
    stage.comes_to_heading("Account").await;
    stage.presses_by_keyboard(On, "Sign out").await;
    stage.sees_door().await;
    stage.end().await;
}

#[tokio::test]
async fn a_keyboard_is_enough_on_the_set_up_page() {
    let stage = open().await;
    stage.signs_in().await;
    stage.presses_by_keyboard(Back, "Set-up").await;
    stage.comes_to_heading("Set-up").await;
    stage.sees("At Local Looker").await;
    stage.presses_by_keyboard(On, "Run the checks").await;
    stage.sees("Checked:").await;
    stage.presses_by_keyboard(On, "Disable sightline").await;
    stage.sees("Disable sightline?").await;
    stage.presses_key(Key::Escape).await;
    stage.no_longer_sees("Disable sightline?").await;
    let is_back = "return document.activeElement.innerText === 'Disable sightline'";
    stage.sees_that("the focus where it was before", is_back).await;
    stage.presses_by_keyboard(On, "Copy origin").await;
    let told = "return [...document.querySelectorAll('.paste [role=status]')].some((told) => told.innerText)";
    stage.sees_that("that it was copied, or how to", told).await;
    stage.presses_by_keyboard(Back, "Your workbench").await;
    stage.comes_to_heading("Account").await;
    stage.end().await;
}
