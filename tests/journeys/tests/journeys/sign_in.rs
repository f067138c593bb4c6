//! From the sign-in button to the workbench.

use journeys::Stage;

#[tokio::test]
async fn from_the_button_over_login_and_disclosure_to_the_name() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    stage.end().await;
}
