//! The app below a path of its host, beside whatever else is there.

use journeys::{
    Plan, Stage,
    page::{SESSION, SIGN_IN, SIGN_IN_AGAIN},
};

async fn below_a_path() -> Stage {
    Stage::planned(Plan { base_path: "/looker/", ..Plan::default() }).await
}

async fn is_below_the_path(stage: &Stage) {
    let address = stage.address().await;
    assert!(address.starts_with(&format!("{}/looker/", stage.site.origin)), "{address}");
}

/// Ends the journey: nothing may have been looked for elsewhere.
async fn is_all_below_the_path(stage: Stage) {
    assert_eq!(stage.site.strays(), [""; 0]);
    stage.end().await;
}

#[tokio::test]
async fn a_session_below_a_path_is_begun_kept_and_ended_there() {
    let stage = below_a_path().await;
    stage.open_page("/").await;
    stage.sees_door().await;
    is_below_the_path(&stage).await;
    stage.passes_looker().await;
    stage.sees_account().await;
    stage.is_at("/account").await;
    is_below_the_path(&stage).await;
    assert!(stage.site.last_redirect().starts_with("/authenticated?code="));
    stage.screenshot("base-path-account").await;

    stage.reload().await;
    stage.sees_account().await;
    stage.is_at("/account").await;
    stage.has_stored(&SESSION).await;
    stage.has_sent_token_requests(1).await;

    stage.signs_out().await;
    stage.sees("You are signed out.").await;
    stage.is_at("/").await;
    is_below_the_path(&stage).await;
    stage.has_stored(&[]).await;
    is_all_below_the_path(stage).await;
}

#[tokio::test]
async fn the_set_up_page_below_a_path_hands_out_that_paths_address() {
    let stage = below_a_path().await;
    stage.open_page("/setup").await;
    stage.sees_heading("Set-up").await;
    stage.sees(&format!("\"redirect_uri\":\"{}/authenticated\"", stage.site.app)).await;
    stage.press("Sign in").await;
    stage.sees_door().await;
    stage.is_at("/").await;
    is_below_the_path(&stage).await;
    is_all_below_the_path(stage).await;
}

#[tokio::test]
async fn a_deep_link_below_a_path_is_where_one_is_after_the_sign_in() {
    let stage = below_a_path().await;
    stage.open_page("/account?x=1#y").await;
    stage.sees_door().await;
    stage.passes_looker().await;
    stage.sees_account().await;
    stage.is_at("/account?x=1#y").await;
    is_below_the_path(&stage).await;
    is_all_below_the_path(stage).await;
}

#[tokio::test]
async fn an_unknown_address_below_a_path_says_so_and_leads_to_the_account_there() {
    let stage = below_a_path().await;
    stage.open_page("/no/such/page?x=1#y").await;
    stage.passes_looker().await;
    stage.sees_heading("There is no such page").await;
    stage.is_at("/no/such/page?x=1#y").await;
    stage.press("Go to your account").await;
    stage.sees_account().await;
    stage.is_at("/account").await;
    is_below_the_path(&stage).await;
    // The link in the header leads there as well, and a reload finds it.
    stage.press("Account").await;
    stage.sees_account().await;
    stage.is_at("/account").await;
    stage.reload().await;
    stage.sees_account().await;
    is_all_below_the_path(stage).await;
}

#[tokio::test]
async fn troubles_below_a_path_keep_no_code_in_the_address_and_lead_on_there() {
    let stage = below_a_path().await;
    stage.open_page("/authenticated?code=abc&state=0123456789012345678901234567890123456789abc").await;
    stage.sees_trouble("This way back from Looker leads to no sign-in").await;
    stage.is_at("/authenticated").await;
    stage.press("Go to the sign-in page").await;
    stage.sees_door().await;
    stage.is_at("/").await;
    is_below_the_path(&stage).await;

    stage.press(SIGN_IN).await;
    stage.log_in_at_looker().await;
    stage.deny().await;
    stage.sees_trouble("The sign-in was declined").await;
    stage.is_at("/authenticated").await;
    stage.press(SIGN_IN_AGAIN).await;
    stage.allow().await;
    stage.sees_account().await;
    stage.is_at("/account").await;
    is_below_the_path(&stage).await;

    // A used redirect leads back to the session.
    stage.open_page(&stage.site.last_redirect()).await;
    stage.press("Go on with your session").await;
    stage.sees_account().await;
    stage.is_at("/account").await;
    is_below_the_path(&stage).await;
    is_all_below_the_path(stage).await;
}
