//! What a command does to somebody who is signed in to the app.

mod support;

#[path = "../../local-looker/tests/support/mod.rs"]
mod browser;

use browser::local;
use support::bench;

const ADA: &str = local_looker::EMAILS[0];

#[tokio::test]
async fn who_is_signed_in_is_signed_out_by_each_command_that_says_so_and_by_no_other() {
    let (bench, local) = (bench().await, local().await);
    let base_url = local.looker.base_url();
    for (line, ends) in [
        (&["list"][..], false),
        (&["register", "--page", "http://localhost:8080"], false),
        (&["revoke-tokens", "--yes", "--dry-run"], false),
        (&["revoke-tokens", "--yes"], true),
        (&["disable", "--yes", "--dry-run"], false),
        (&["disable", "--yes"], true),
        (&["enable"], false),
        (&["deny-origin", "http://localhost:8080", "--yes"], false),
        (&["remove", "--yes"], true),
    ] {
        // Nobody signs in to an app that is disabled.
        let signed_in = if line == ["enable"] { None } else { Some(local.tokens(ADA).await) };
        let ran = bench.run_with(&[("LOOKERSDK_BASE_URL", &base_url)], line).await;
        assert_eq!(ran.code, Some(0), "{line:?} {}", ran.err);
        if let Some((access, refresh)) = signed_in {
            let (alive, renewed) = (local.alive(&access).await, local.refresh(&refresh).await.0);
            assert_eq!((alive == 401, renewed == 400), (ends, ends), "{line:?}: {alive} {renewed}");
            assert_eq!((alive == 200, renewed == 200), (!ends, !ends), "{line:?}: {alive} {renewed}");
        }
    }
}
