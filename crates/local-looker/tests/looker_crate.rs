//! Looking after apps and the allowlist, as the client's protocol crate asks for it.

#![allow(clippy::unwrap_used, reason = "clippy sees no test in a helper of tests")]

mod support;

use looker::api::{
    ApiError, AppChanges, allowlist, app, apps, invalidate_tokens, register_app, remove_app, set_allowlist, update_app,
};
use looker::{ClientId, RedirectUri};
use support::carrier::{call, log_in, of_ada};
use support::local;

#[tokio::test]
async fn an_admin_manages_apps_and_the_allowlist() {
    let local = local().await;
    let ada = log_in(&local, &of_ada()).await.unwrap();
    let id = ClientId::parse("mine").unwrap();
    let wanted = AppChanges {
        redirect_uri: RedirectUri::parse("https://mine.example/authenticated").ok(),
        display_name: Some("Mine".into()),
        description: Some("Mine alone".into()),
        ..AppChanges::default()
    };
    let registered = call(&local, &ada, &register_app(&id, &wanted)).await.unwrap();
    assert!(registered.enabled && wanted.against(&registered).is_empty());
    assert!(matches!(call(&local, &ada, &register_app(&id, &wanted)).await, Err(ApiError::Answer(_))));
    let off = AppChanges { enabled: Some(false), ..AppChanges::default() };
    assert!(!call(&local, &ada, &update_app(&id, &off)).await.unwrap().enabled);
    assert_eq!(call(&local, &ada, &apps()).await.unwrap().len(), 2);
    call(&local, &ada, &invalidate_tokens(&id)).await.unwrap();
    call(&local, &ada, &remove_app(&id)).await.unwrap();
    assert!(matches!(call(&local, &ada, &app(&id)).await, Err(ApiError::NotFoundOrForbidden { status: 404, .. })));
    let origins = ["https://mine.example".to_owned()];
    assert_eq!(call(&local, &ada, &set_allowlist(&origins)).await.unwrap(), origins);
    assert_eq!(call(&local, &ada, &allowlist()).await.unwrap(), origins);
}
