//! One login: its token, and its end.

use std::{cell::Cell, future::Future, pin::pin, time::Duration};

use looker::{
    Answer,
    api::{ApiError, Call, logout, refused_fields, user},
    oauth::AccessToken,
};
use tokio::time::timeout;

use crate::{
    carrier::{Carrier, NoToken},
    interruption::Interruption,
    settings::Credentials,
    transport_error::TransportError,
    trouble::Trouble,
};

/// How long a login that is under way at an interruption may take: nobody could log its token out otherwise.
const GRACE: Duration = Duration::from_secs(5);
/// How long a logout may take.
const FAREWELL: Duration = Duration::from_secs(5);

/// A login that lasts. It holds the token, so it has no `Debug`.
pub struct Session<'a> {
    carrier: &'a Carrier,
    token: AccessToken,
    changing: Cell<bool>,
}

/// What came of a session.
#[derive(Debug)]
pub struct Ended<T> {
    /// What was done in it, or why not.
    pub result: Result<T, Trouble>,
    /// Why its token may live on, where it may.
    pub token_may_live: Option<String>,
}

impl<T> Ended<T> {
    /// What somebody should know of the token.
    pub fn note(&self) -> Option<String> {
        let why = self.token_may_live.as_ref()?;
        Some(format!("The token may not be logged out ({why}). It ends by itself within the hour."))
    }
}

/// Logs in, does `work`, and logs out: after an error, too, and when `interrupted` comes first.
pub async fn with_session<T>(
    carrier: &Carrier,
    credentials: &Credentials,
    interrupted: impl Future<Output = Interruption>,
    work: impl AsyncFnOnce(&Session<'_>) -> Result<T, Trouble>,
) -> Ended<T> {
    let mut interrupted = pin!(interrupted);
    let mut login = pin!(carrier.log_in(&credentials.api));
    let refused = |error| match error {
        NoToken::Transport(error) => {
            Trouble::Transport { base_url: carrier.base_url().clone(), doing: "log in", error, changing: false }
        }
        NoToken::Login(error) => {
            Trouble::Login { base_url: carrier.base_url().clone(), place: credentials.place.clone(), error }
        }
    };
    // Whoever has logged in logs out, so a login is not left alone.
    let (token, by) = tokio::select! {
        token = login.as_mut() => (Some(token), None),
        by = interrupted.as_mut() => (timeout(GRACE, login).await.ok(), Some(by)),
    };
    let (token, by) = match (token, by) {
        (Some(Ok(token)), by) => (token, by),
        (Some(Err(error)), by) => {
            let may_live = matches!(&error, NoToken::Transport(error) if error.maybe_sent);
            return Ended {
                result: Err(by.map_or_else(|| refused(error), |by| interruption(by, false))),
                token_may_live: may_live.then(|| "the login was sent, and its answer got lost".into()),
            };
        }
        (None, by) => {
            let by = by.unwrap_or(Interruption::CtrlC);
            let why = "the login that was under way was not answered".into();
            return Ended { result: Err(interruption(by, false)), token_may_live: Some(why) };
        }
    };
    let session = Session { carrier, token, changing: Cell::new(false) };
    let result = match by {
        Some(by) => Err(interruption(by, false)),
        None => tokio::select! {
            result = work(&session) => result,
            by = interrupted.as_mut() => Err(interruption(by, session.changing.get())),
        },
    };
    Ended { result, token_may_live: session.log_out().await.err() }
}

const fn interruption(by: Interruption, changing: bool) -> Trouble {
    Trouble::Interrupted { by, changing }
}

impl Session<'_> {
    /// The host, for messages.
    pub fn host(&self) -> &str {
        self.carrier.base_url().as_str()
    }

    /// Makes a call. `doing` says what for, as in "list the apps".
    pub async fn call<T>(&self, doing: &'static str, call: &Call<T>) -> Result<T, Trouble> {
        self.changing.set(!call.is_safe());
        let answer = self.answer(call).await;
        self.changing.set(false);
        let answer = answer.map_err(|error| Trouble::Transport {
            base_url: self.carrier.base_url().clone(),
            doing,
            error,
            changing: !call.is_safe(),
        })?;
        match call.read(&answer) {
            Ok(value) => Ok(value),
            Err(ApiError::NotFoundOrForbidden { status, .. }) => {
                Err(Trouble::NotPermitted { doing, status, who: self.who().await })
            }
            Err(error) => {
                let fields = if answer.status == 422 { refused_fields(&answer) } else { Vec::new() };
                Err(Trouble::Call { doing, error, fields })
            }
        }
    }

    async fn answer<T>(&self, call: &Call<T>) -> Result<Answer, TransportError> {
        self.carrier.send(&call.request(self.carrier.base_url(), &self.token)).await
    }

    /// Whose credentials they are, where Looker says so.
    pub async fn who(&self) -> Option<String> {
        let call = user();
        let user = call.read(&self.answer(&call).await.ok()?).ok()?;
        Some(match user.email.filter(|email| *email != user.display_name) {
            Some(email) => format!("{} ({email})", user.display_name),
            None => user.display_name,
        })
    }

    /// Ends the token, or says why it may live on.
    async fn log_out(&self) -> Result<(), String> {
        let call = logout();
        let answer = timeout(FAREWELL, self.answer(&call)).await.map_err(|_| "the logout was not answered")?;
        match call.read(&answer.map_err(|error| error.to_string())?) {
            // It was dead already.
            Ok(()) | Err(ApiError::Unauthenticated) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use local_looker::{API3_CLIENT_ID, API3_CLIENT_SECRET, LocalLooker, Settings, start};
    use looker::{
        BaseUrl,
        api::{ApiCredentials, apps},
    };

    use super::*;
    use crate::carrier::Terms;

    async fn local() -> (LocalLooker, Carrier) {
        let any = "127.0.0.1:0".parse().unwrap();
        let looker = start(Settings { looker: any, api: any, ..Settings::default() }).await.unwrap();
        let base_url = BaseUrl::parse(&looker.base_url()).unwrap();
        let terms = Terms { verify_ssl: true, authorities: Vec::new(), timeout: Duration::from_secs(30) };
        (looker, Carrier::new(base_url, terms).unwrap())
    }

    fn ada() -> Credentials {
        let api = ApiCredentials::new(API3_CLIENT_ID.into(), API3_CLIENT_SECRET.into());
        Credentials { api, place: "a test".into() }
    }

    /// Whether Looker takes this token.
    async fn lives(carrier: &Carrier, token: AccessToken) -> bool {
        Session { carrier, token, changing: Cell::new(false) }.who().await.is_some()
    }

    #[tokio::test]
    async fn a_token_is_dead_at_looker_after_success_after_an_error_and_after_an_interruption() {
        let (_looker, carrier) = local().await;
        for ending in ["success", "error", "interruption"] {
            let held = Cell::new(None);
            let (interrupt, interrupted) = tokio::sync::oneshot::channel::<()>();
            let interrupt = Cell::new(Some(interrupt));
            let interrupted = async {
                match interrupted.await {
                    Ok(()) => Interruption::CtrlC,
                    Err(_) => pending().await,
                }
            };
            let ended = with_session(&carrier, &ada(), interrupted, async |session| {
                session.call("list the apps", &apps()).await?;
                assert!(lives(&carrier, session.token.clone()).await, "{ending}");
                held.set(Some(session.token.clone()));
                match ending {
                    "success" => Ok(()),
                    "error" => Err(Trouble::NotConfirmed),
                    _ => {
                        let _ = interrupt.take().unwrap().send(());
                        pending().await
                    }
                }
            })
            .await;
            assert!(ended.token_may_live.is_none(), "{ending}: {ended:?}");
            let as_expected = matches!(
                (ending, &ended.result),
                ("success", Ok(()))
                    | ("error", Err(Trouble::NotConfirmed))
                    | ("interruption", Err(Trouble::Interrupted { by: Interruption::CtrlC, changing: false }))
            );
            assert!(as_expected, "{ending}: {ended:?}");
            assert!(!lives(&carrier, held.take().unwrap()).await, "{ending}");
        }
    }

    #[tokio::test]
    async fn an_interruption_before_the_answer_to_a_login_does_no_work_and_logs_out() {
        let (looker, carrier) = local().await;
        let ended = with_session(&carrier, &ada(), ready(Interruption::Terminate), async |_| -> Result<(), _> {
            panic!("work after an interruption")
        })
        .await;
        assert!(matches!(ended.result, Err(Trouble::Interrupted { by: Interruption::Terminate, .. })), "{ended:?}");
        // Whichever came first, a login that was sent was answered.
        assert!(ended.token_may_live.is_none(), "{ended:?}");
        looker.stop().await;
    }
}
