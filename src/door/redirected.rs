//! The page that Looker sends people back to.

use leptos::{prelude::*, task::spawn_local};
use looker::{
    api::{self, User},
    oauth::{Redirect, RedirectError},
};

use super::{Attempt, Trouble, Troubled, Workbench};
use crate::{
    components::Mark,
    net::{TransportError, diagnosis},
    page,
    session::{CallError, Pending, RedeemError, Session, Storage},
};

/// How far the sign-in is.
#[derive(Debug, Clone, PartialEq)]
enum Stage {
    /// The code is being redeemed.
    Redeeming,
    /// The session is there and makes its first call.
    Asking,
    /// Looker said who it is; the workbench is still on its way.
    Welcome(User),
    /// It failed.
    Failed(Trouble),
}

/// Takes the redirect, redeems the code, proves the session by its first call, greets, and opens
/// the workbench, which loads meanwhile.
#[component]
pub fn Redirected(workbench: Workbench) -> impl IntoView {
    let stage = RwSignal::new(Stage::Redeeming);
    // Before anything is waited for: what the address says must not stay in it.
    let query = page::query();
    page::replace_address(&[&*page::base_path(), page::REDIRECT_PATH].concat());
    spawn_local({
        let workbench = workbench.clone();
        async move {
            if let Err(trouble) = finish(&query, stage, &workbench).await {
                stage.set(Stage::Failed(trouble));
            }
        }
    });
    let workbench = StoredValue::new_local(workbench);
    move || match stage.get() {
        Stage::Failed(trouble) => view! { <Troubled trouble workbench=workbench.get_value() /> }.into_any(),
        Stage::Welcome(user) => view! {
            <Mark />
            <h1>"Hello " {user.display_name}</h1>
            <p role="status">"Opening your workbench…"</p>
        }
        .into_any(),
        Stage::Redeeming => waiting("Finishing the sign-in…").into_any(),
        Stage::Asking => waiting("Signed in. Asking Looker who you are…").into_any(),
    }
}

fn waiting(status: &'static str) -> impl IntoView {
    view! {
        <Mark />
        <h1>"Signing in"</h1>
        <p role="status">{status}</p>
    }
}

async fn finish(query: &str, stage: RwSignal<Stage>, workbench: &Workbench) -> Result<(), Trouble> {
    let storage = Storage::open().map_err(Trouble::Storage)?;
    let (pending, redirect) = match take_pending(query, &storage) {
        Ok(taken) => taken,
        // Reloaded after the sign-in was done: nothing is wrong.
        Err(Trouble::Redirect { error: RedirectError::Empty, signed_in: true, .. }) => {
            page::replace_address(&page::base_path());
            return workbench.open(None).await.map_err(Trouble::Workbench);
        }
        Err(trouble) => return Err(trouble),
    };
    let attempt = Attempt {
        instance: pending.request.instance.clone(),
        client_id: pending.request.client_id.clone(),
        return_to: pending.return_to,
    };
    let grant = redirect.accept(pending.request).map_err(|error| Trouble::Redirect {
        error,
        attempt: Some(attempt.clone()),
        signed_in: Session::is_stored(&storage),
    })?;

    // The token request leaves first; the workbench loads while Looker thinks.
    let redeeming = Session::redeem(&storage, grant);
    workbench.preload();
    let session = match redeeming.await {
        Ok(session) => session,
        Err(error) => {
            let reach = match &error {
                RedeemError::Transport(TransportError::NoAnswer { .. }) => {
                    Some(diagnosis::reach(&attempt.instance.base_url).await)
                }
                _ => None,
            };
            return Err(Trouble::Redeem { error, attempt, reach });
        }
    };
    page::replace_address(attempt.return_to.as_str());
    stage.set(Stage::Asking);

    let user = match session.call(&api::user()).await {
        Ok(user) => user,
        Err(error) => {
            let reach = match &error {
                CallError::Transport(TransportError::NoAnswer { .. }) => {
                    Some(diagnosis::reach(&attempt.instance.base_url).await)
                }
                _ => None,
            };
            return Err(Trouble::FirstCall { error, attempt, reach });
        }
    };
    stage.set(Stage::Welcome(user.clone()));
    workbench.open(Some(&user)).await.map_err(Trouble::Workbench)
}

/// The redirect, and the pending sign-in of this tab that it answers; taken out, so that the same
/// redirect finds nothing again.
fn take_pending(query: &str, storage: &Storage) -> Result<(Pending, Redirect), Trouble> {
    let signed_in = Session::is_stored(storage);
    let redirect = Redirect::parse(query).map_err(|error| Trouble::Redirect { error, attempt: None, signed_in })?;
    let pending =
        Pending::take(storage, &redirect, page::now()).map_err(|error| Trouble::Pending { error, signed_in })?;
    Ok((pending, redirect))
}
