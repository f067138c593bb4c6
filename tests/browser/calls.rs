//! Calls at the moment when the access token ends, against a Looker that is a function of this page.

use futures_util::future::{join, join_all, ready, select};
use looker::{
    api::{self, User},
    oauth::{AuthorizationRequest, Redirect},
};
use sightline::session::{
    CallError, Ending, Farewell, Hindrance, Message, Phase, RedeemError, RenewError, Session, Storage, StorageError,
    Stored,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    client_id, instance, redirect_uri,
    session::{ACCESS_INFO, INSTANCE, store},
};

#[wasm_bindgen(inline_js = "
    // Answers token requests and calls as Looker does, each in a task of its own, and counts them.
    const fetched = globalThis.fetch;
    export function put_looker_in_place_of_fetch(rotates, refusal) {
        const counts = { token: 0, refused: 0, answered: 0, aborted: 0 };
        let access = 'new', refresh = 'rt', generation = 0;
        const json = (status, body) => new Response(JSON.stringify(body), {
            status, headers: { 'Content-Type': 'application/json' },
        });
        globalThis.looker_counts = counts;
        globalThis.fetch = async (input, init) => {
            const request = input instanceof Request ? input : new Request(input, init);
            let isOpen = true;
            request.signal.addEventListener('abort', () => { counts.aborted += isOpen; });
            try { return await answer(request); } finally { isOpen = false; }
        };
        const answer = async (request) => {
            await new Promise((resolve) => setTimeout(resolve));
            if (request.url.endsWith('/api/token')) {
                counts.token += 1;
                const { grant_type, refresh_token } = await request.json();
                if (refusal) return json(400, { error: refusal });
                if (grant_type === 'refresh_token' && refresh_token !== refresh) return json(400, { error: 'invalid_grant' });
                generation += 1;
                access = `at-${generation}`;
                const body = { access_token: access, token_type: 'Bearer', expires_in: 3600 };
                if (rotates) body.refresh_token = refresh = `rt-${generation}`;
                return json(200, body);
            }
            if (request.method === 'GET') await globalThis.looker_holds?.(access);
            const rejects = globalThis.looker_rejects && request.method === 'GET';
            if (rejects || request.headers.get('Authorization') !== `Bearer ${access}`) {
                counts.refused += 1;
                return json(401, { message: 'Requires authentication.' });
            }
            counts.answered += 1;
            globalThis.looker_has_answered?.();
            if (request.method === 'DELETE') return new Response(null, { status: 204 });
            return json(200, { id: '1', display_name: 'Ada', email: null });
        };
    }
    // As a copy of this tab that renews and never comes to an end; whoever waits for it is impatient.
    export async function hold_the_lock_of_whoever_renews(name) {
        let release;
        await new Promise((held) => navigator.locks.request(name, () => {
            held();
            return new Promise((done) => { release = done; });
        }));
        const timeout = AbortSignal.timeout;
        AbortSignal.timeout = () => timeout.call(AbortSignal, 50);
        return () => { AbortSignal.timeout = timeout; release(); };
    }
    // Gives tokens, and takes them for nothing but a sign-out, which this waits for.
    export function reject_calls() {
        globalThis.looker_rejects = true;
        return new Promise((answered) => { globalThis.looker_has_answered = answered; });
    }
    // Keeps the first call that comes with new tokens until it is let go; what this returns is done when it came.
    let release;
    export function hold_a_call() {
        return new Promise((came) => {
            globalThis.looker_holds = (access) => {
                if (access === 'new') return;
                globalThis.looker_holds = undefined;
                came();
                return new Promise((done) => { release = done; });
            };
        });
    }
    export function let_the_call_go() { release(); }
    export function put_fetch_back() {
        globalThis.fetch = fetched;
        globalThis.looker_rejects = false;
        globalThis.looker_has_answered = undefined;
    }
    // Fills the tab's storage, to the last character; and takes it away again.
    export function fill_storage() {
        let number = 0;
        for (let text = 'x'.repeat(1 << 20); text; ) {
            try { sessionStorage.setItem(`filler-${number++}`, text); }
            catch { text = text.slice(0, text.length / 2); }
        }
    }
    export function free_storage() {
        Object.keys(sessionStorage).filter((key) => key.startsWith('filler-')).forEach((key) => sessionStorage.removeItem(key));
    }
    // As a copy of this tab; done when all pages have heard it.
    export async function say(name, message) {
        const copy = new BroadcastChannel(name), last = new BroadcastChannel(name);
        await new Promise((heard) => { last.onmessage = heard; copy.postMessage(message); });
        copy.close();
        last.close();
    }
    export function count(what) { return globalThis.looker_counts[what]; }
")]
extern "C" {
    fn put_looker_in_place_of_fetch(rotates: bool, refusal: Option<&str>);
    async fn hold_the_lock_of_whoever_renews(name: &str) -> JsValue;
    fn reject_calls() -> js_sys::Promise;
    fn hold_a_call() -> js_sys::Promise;
    fn let_the_call_go();
    fn put_fetch_back();
    fn fill_storage();
    fn free_storage();
    async fn say(name: &str, message: &str);
    fn count(what: &str) -> u32;
}

/// A session whose access token ends at this time, in milliseconds since 1970.
fn session(expires_at: u64) -> Session {
    let info = ACCESS_INFO.replace("1700003600000", &expires_at.to_string()).replace("1702592000000", "9000000000000");
    Session::resume(&store(&info, INSTANCE)).unwrap()
}

const FAR: u64 = 8_000_000_000_000;

async fn calls(session: &Session, number: usize) -> Vec<Result<User, CallError>> {
    join_all((0..number).map(|_| async { session.call(&api::user()).await })).await
}

#[wasm_bindgen_test]
async fn rule_12_a_thousand_calls_when_the_token_ends_cause_one_renewal_and_get_a_thousand_answers() {
    for rotates in [true, false] {
        // Over by the clock; and over only by Looker's word.
        for (expires_at, refused) in [(1, 0), (FAR, 1_000)] {
            put_looker_in_place_of_fetch(rotates, None);
            let session = session(expires_at);
            let answers = calls(&session, 1_000).await;
            assert!(answers.iter().all(Result::is_ok), "{:?}", answers.iter().find(|answer| answer.is_err()));
            assert_eq!((count("token"), count("refused"), count("answered")), (1, refused, 1_000));
            // And the next ones need none.
            calls(&session, 50).await;
            assert_eq!(count("token"), 1);
            put_fetch_back();
        }
    }
}

#[wasm_bindgen_test]
async fn calls_of_a_session_that_looker_ended_all_fail_after_one_request() {
    put_looker_in_place_of_fetch(true, Some("invalid_grant"));
    let session = session(FAR);
    let answers = calls(&session, 50).await;
    assert!(answers.iter().all(|answer| matches!(answer, Err(CallError::Renew(_)))), "{answers:?}");
    assert_eq!((count("token"), count("refused"), count("answered")), (1, 50, 0));
    assert_eq!(session.phase(), Phase::Over(Ending::Refused));
    // Nothing is sent any more on its behalf.
    assert!(matches!(session.renew_now().await, Err(RenewError::Over(Ending::Refused))));
    assert_eq!(count("token"), 1);
    put_fetch_back();
}

#[wasm_bindgen_test]
async fn whoever_asks_while_a_renewal_has_to_wait_is_told_at_once() {
    put_looker_in_place_of_fetch(true, Some("temporarily_unavailable"));
    let session = session(1);
    let answers = calls(&session, 50).await;
    assert!(answers.iter().all(|answer| matches!(answer, Err(CallError::Renew(_)))), "{answers:?}");
    assert_eq!(count("token"), 1);
    let again = calls(&session, 50).await;
    let is_told = |answer: &Result<_, _>| *answer == Err(CallError::Renew(RenewError::Waiting(Hindrance::Trouble)));
    assert!(again.iter().all(is_told), "{again:?}");
    assert_eq!((count("token"), count("refused")), (1, 0));
    // A person may hurry it.
    assert!(session.renew_now().await.is_err());
    assert_eq!(count("token"), 2);
    put_fetch_back();
}

#[wasm_bindgen_test]
async fn a_sign_out_while_a_renewal_is_under_way_waits_for_it_and_stores_nothing() {
    put_looker_in_place_of_fetch(true, None);
    let session = session(FAR);
    let (renewed, farewell) = join(session.renew_now(), session.clone().sign_out()).await;
    assert_eq!((renewed, farewell), (Ok(()), Farewell::SignedOut));
    assert_eq!(count("token"), 1);
    let storage = sightline::session::Storage::open().unwrap();
    assert_eq!(storage.keys(""), ["farewell"]);
    put_fetch_back();
}

#[wasm_bindgen_test]
async fn a_sign_out_is_confirmed_only_where_no_tokens_can_be_left() {
    // In doubt, an answer to the page before got lost, and good tokens with it, whether or not the old access
    // token is still good.
    let good = ACCESS_INFO.replace("\"at\"", "\"new\"");
    for (access_info, is_in_doubt, farewell, is_over) in [
        (ACCESS_INFO, false, Farewell::SignedOut, Some(Ending::Refused)),
        (ACCESS_INFO, true, Farewell::SignedOutHereOnly, Some(Ending::Lost)),
        (&*good, false, Farewell::SignedOut, None),
        (&*good, true, Farewell::SignedOutHereOnly, Some(Ending::Lost)),
    ] {
        put_looker_in_place_of_fetch(true, Some("invalid_grant"));
        let storage = store(access_info, INSTANCE);
        if is_in_doubt {
            storage.set("renewing", "01234567-89ab-cdef-0123-456789abcdef").unwrap();
        }
        let session = Session::resume(&storage).unwrap();
        assert_eq!(session.clone().sign_out().await, farewell);
        let ending = match session.phase() {
            Phase::Over(ending) => Some(ending),
            _ => None,
        };
        assert_eq!(ending, is_over);
        assert_eq!(Farewell::take(&storage), Some(farewell));
        // Nor when it was over before.
        assert_eq!(session.sign_out().await, farewell);
        put_fetch_back();
    }
}

#[wasm_bindgen_test]
async fn nothing_is_renewed_for_a_page_that_is_being_signed_out() {
    put_looker_in_place_of_fetch(true, None);
    let session = session(1);
    session.renew_now().await.unwrap();
    let (farewell, renewed) = join(session.clone().sign_out(), session.renew()).await;
    assert_eq!((farewell, renewed), (Farewell::SignedOut, Err(RenewError::SignedOut)));
    assert_eq!(count("token"), 1);
    put_fetch_back();
}

#[wasm_bindgen_test]
async fn a_sign_out_that_is_confirmed_late_leaves_a_session_that_was_begun_meanwhile() {
    put_looker_in_place_of_fetch(true, None);
    let session = session(1);
    session.renew_now().await.unwrap();
    let begin_another = async { store(ACCESS_INFO, &INSTANCE.replace("0123-", "9876-")) };
    let (farewell, storage) = join(session.sign_out(), begin_another).await;
    assert_eq!(farewell, Farewell::SignedOut);
    assert!(Session::resume(&storage).is_some());
    put_fetch_back();
}

#[wasm_bindgen_test]
async fn a_looker_that_refuses_its_new_tokens_ends_the_session_and_is_told_to_forget_them() {
    put_looker_in_place_of_fetch(true, None);
    let told = reject_calls();
    let session = session(FAR);
    let over = Err(CallError::Renew(RenewError::Over(Ending::Rejected)));
    let answers = calls(&session, 50).await;
    assert!(answers.iter().all(|answer| *answer == over), "{answers:?}");
    assert_eq!(session.phase(), Phase::Over(Ending::Rejected));
    wasm_bindgen_futures::JsFuture::from(told).await.unwrap();
    assert_eq!((count("token"), count("refused"), count("answered")), (1, 100, 1));
    // It is known then that they are gone.
    put_looker_in_place_of_fetch(true, None);
    assert_eq!(session.sign_out().await, Farewell::SignedOut);
    put_fetch_back();
}

#[wasm_bindgen_test]
async fn a_call_whose_new_token_was_replaced_meanwhile_is_made_with_the_newer_one() {
    put_looker_in_place_of_fetch(true, None);
    let held = hold_a_call();
    let session = session(FAR);
    let renews_meanwhile = async {
        wasm_bindgen_futures::JsFuture::from(held).await.unwrap();
        session.renew_now().await.unwrap();
        let_the_call_go();
    };
    let (answer, ()) = join(session.call(&api::user()), renews_meanwhile).await;
    assert!(answer.is_ok(), "{answer:?}");
    assert_eq!((count("token"), count("refused"), count("answered")), (2, 2, 1));
    put_fetch_back();
}

#[wasm_bindgen_test]
async fn a_call_that_nobody_waits_for_any_longer_is_cancelled() {
    put_looker_in_place_of_fetch(true, None);
    let session = session(FAR);
    let call = Box::pin(async { session.get("/user").await.is_ok() });
    // Begun, and dropped before its answer.
    drop(select(call, ready(())).await);
    assert_eq!(count("aborted"), 1);
    assert!(session.get("/user").await.is_ok());
    assert_eq!(count("aborted"), 1);
    put_fetch_back();
}

#[wasm_bindgen_test]
async fn a_session_whose_copy_renews_without_end_waits_for_it_and_goes_on() {
    put_looker_in_place_of_fetch(true, None);
    let session = session(FAR);
    assert!(session.share());
    let release = hold_the_lock_of_whoever_renews("sightline.01234567-89ab-cdef-0123-456789abcdef").await;
    assert_eq!(session.renew().await, Err(RenewError::Crowded));
    assert!(matches!(session.phase(), Phase::Waiting { by: Hindrance::Crowded, asked: None, .. }));
    assert_eq!(count("token"), 0);
    release.unchecked_into::<js_sys::Function>().call0(&JsValue::NULL).unwrap();
    assert_eq!(session.renew_now().await, Ok(()));
    assert_eq!(count("token"), 1);
    put_fetch_back();
}

#[wasm_bindgen_test]
async fn new_tokens_that_found_no_room_are_stored_when_there_is_some() {
    put_looker_in_place_of_fetch(true, None);
    let session = session(FAR);
    let storage = Storage::open().unwrap();
    fill_storage();
    session.renew_now().await.unwrap();
    // Not the old ones either, which are dead.
    assert!(storage.keys("").is_empty(), "{:?}", storage.keys(""));
    // It goes on all the same, as long as the page does.
    assert!(session.call(&api::user()).await.is_ok());
    free_storage();
    session.renew_now().await.unwrap();
    assert!(Session::is_stored(&storage));
    assert!(Session::resume(&storage).unwrap().call(&api::user()).await.is_ok());
    assert_eq!((count("token"), count("refused")), (2, 0));
    put_fetch_back();
}

#[wasm_bindgen_test]
async fn new_tokens_that_found_no_room_are_not_stored_beside_another_session() {
    put_looker_in_place_of_fetch(true, None);
    let session = session(FAR);
    fill_storage();
    session.renew_now().await.unwrap();
    free_storage();
    let storage = store(ACCESS_INFO, &INSTANCE.replace("0123-", "9876-"));
    session.renew_now().await.unwrap();
    assert_eq!(storage.get("access_info").as_deref(), Some(ACCESS_INFO));
    put_fetch_back();
}

#[wasm_bindgen_test]
async fn tokens_whose_instance_finds_no_room_leave_the_session_that_was_there() {
    put_looker_in_place_of_fetch(true, None);
    let request = AuthorizationRequest::new(instance(), client_id(), redirect_uri()).unwrap();
    let redirect = Redirect::parse(&format!("?code=c&state={}", request.state.expose())).unwrap();
    let grant = redirect.accept(request).unwrap();
    // As long as the new ones, and of an instance with a shorter name.
    let before = ACCESS_INFO.replace("\"at\"", "\"at-0\"").replace("\"rt\"", "\"rt-0\"");
    let of = INSTANCE.replace("My Looker", "L");
    let storage = store(&before, &of);
    fill_storage();
    let redeemed = Stored::redeem(&storage, grant).await;
    assert_eq!(redeemed.err(), Some(RedeemError::Storage(StorageError::Full)));
    assert_eq!((storage.get("access_info"), storage.get("instance")), (Some(before), Some(of)));
    // And they were given back.
    assert_eq!((count("token"), count("answered")), (1, 1));
    put_fetch_back();
}

#[wasm_bindgen_test]
async fn a_copy_that_signs_out_ends_nothing_of_a_session_that_was_begun_here_meanwhile() {
    let (old, new) = (INSTANCE.replace("0123-", "1111-"), INSTANCE.replace("0123-", "2222-"));
    let session = Session::resume(&store(ACCESS_INFO, &old)).unwrap();
    assert!(session.share());
    let of_another = ACCESS_INFO.replace("\"at\"", "\"another\"");
    let storage = store(&of_another, &new);
    say("sightline.01234567-89ab-cdef-1111-456789abcdef", &Message::SignedOut.to_json()).await;
    assert!(session.is_signed_out());
    assert_eq!((storage.get("access_info"), storage.get("instance")), (Some(of_another), Some(new)));
    assert_eq!(Farewell::take(&storage), None);
}
