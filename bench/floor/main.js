// Signs in to Looker and says who is signed in, written by hand: what any page that does this has to
// do at least.
import "../page.css";

const PENDING = "pending";
const redirect_uri = new URL("/authenticated", location).href;

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function show(heading, ...rest) {
  document.querySelector("main").replaceChildren(element("h1", heading), ...rest);
}

function tell(error) {
  show("That did not work", element("p", error.message));
}

async function ask(url, options) {
  const answer = await fetch(url, options);
  if (!answer.ok) throw new Error(`${url} answered with status ${answer.status}.`);
  return answer.json();
}

async function offer() {
  const { app_name, client_id, instances } = await ask("/config.json");
  const buttons = instances.map((instance) => {
    const button = element("button", `Sign in to ${instance.name}`);
    button.onclick = () => signIn(client_id, instance).catch(tell);
    return button;
  });
  show(app_name, ...buttons);
}

async function signIn(client_id, { looker_url, base_url }) {
  const [state, code_verifier] = [random(), random()];
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code_verifier));
  sessionStorage.setItem(PENDING, JSON.stringify({ client_id, base_url, state, code_verifier }));
  const query = new URLSearchParams({
    response_type: "code",
    client_id,
    redirect_uri,
    scope: "cors_api",
    state,
    code_challenge_method: "S256",
    code_challenge: base64url(hash),
  });
  location.assign(`${looker_url}/auth?${query}`);
}

async function finish() {
  const query = new URLSearchParams(location.search);
  history.replaceState(null, "", location.pathname);
  const pending = JSON.parse(sessionStorage.getItem(PENDING));
  sessionStorage.removeItem(PENDING);
  if (!pending || query.get("state") !== pending.state) throw new Error("No sign-in was begun here.");
  if (!query.has("code")) throw new Error(query.get("error_description") ?? "Looker sent no code.");
  const { client_id, base_url, code_verifier } = pending;
  const grant = {
    grant_type: "authorization_code",
    client_id,
    redirect_uri,
    code: query.get("code"),
    code_verifier,
  };
  const { access_token } = await ask(`${base_url}/api/token`, {
    method: "POST",
    headers: { "Content-Type": "application/json;charset=UTF-8" },
    body: JSON.stringify(grant),
  });
  const user = await ask(`${base_url}/api/4.0/user`, {
    headers: { Authorization: `Bearer ${access_token}` },
  });
  show(`Hello ${user.display_name}`);
}

(location.pathname === "/authenticated" ? finish() : offer()).catch(tell);
