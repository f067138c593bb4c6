// Signs in to Looker and says who is signed in, by React and Looker's own SDK. Of the SDK it has what it
// needs, the runtime and the types; the class of all calls, which most apps have, weighs 9 kB more.
import "../page.css";

import type { IError, IUser } from "@looker/sdk";
import { ApiSettings, BrowserSession, functionalSdk } from "@looker/sdk-rtl";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

interface Instance {
  name: string;
  looker_url: string;
  base_url: string;
}

interface Config {
  app_name: string;
  client_id: string;
  instances: Instance[];
}

/** What the sign-in under way is for; the SDK itself keeps the `code_verifier`. */
interface Pending {
  client_id: string;
  instance: Instance;
  state: string;
}

type Seen =
  | { kind: "loading" }
  | { kind: "offer"; config: Config }
  | { kind: "user"; name: string }
  | { kind: "trouble"; message: string };

const PENDING = "pending";

class Settings extends ApiSettings {
  constructor(private config: Record<string, string>) {
    super({ base_url: config.base_url });
  }

  readConfig() {
    return this.config;
  }
}

function sessionFor({ client_id, instance: { base_url, looker_url } }: Omit<Pending, "state">) {
  const redirect_uri = new URL("/authenticated", location.href).href;
  return new BrowserSession(new Settings({ base_url, looker_url, client_id, redirect_uri }));
}

async function offer(): Promise<Seen> {
  const answer = await fetch("/config.json");
  if (!answer.ok) throw new Error(`/config.json answered with status ${answer.status}.`);
  return { kind: "offer", config: await answer.json() };
}

async function signIn(client_id: string, instance: Instance) {
  const state = crypto.randomUUID();
  const url = await sessionFor({ client_id, instance }).createAuthCodeRequestUrl("cors_api", state);
  sessionStorage.setItem(PENDING, JSON.stringify({ client_id, instance, state }));
  location.assign(url);
}

async function finish(): Promise<Seen> {
  const query = new URLSearchParams(location.search);
  history.replaceState(null, "", location.pathname);
  const pending: Pending | null = JSON.parse(sessionStorage.getItem(PENDING) ?? "null");
  sessionStorage.removeItem(PENDING);
  if (!pending || query.get("state") !== pending.state) throw new Error("No sign-in was begun here.");
  const code = query.get("code");
  if (!code) throw new Error(query.get("error_description") ?? "Looker sent no code.");
  const session = sessionFor(pending);
  await session.redeemAuthCode(code);
  const sdk = functionalSdk(session, "4.0", "26.12");
  const user = await sdk.ok(sdk.get<IUser, IError>("/user"));
  return { kind: "user", name: user.display_name ?? "" };
}

// Not first when there is something to see: the answer would be later by that.
const begun = location.pathname === "/authenticated" ? finish() : offer();

function App() {
  const [seen, setSeen] = useState<Seen>({ kind: "loading" });
  const tell = (error: Error) => setSeen({ kind: "trouble", message: error.message });
  useEffect(() => {
    begun.then(setSeen, tell);
  }, []);
  switch (seen.kind) {
    case "loading":
      return (
        <main>
          <h1>React</h1>
          <p>Loading…</p>
        </main>
      );
    case "offer": {
      const { app_name, client_id, instances } = seen.config;
      return (
        <main>
          <h1>{app_name}</h1>
          {instances.map((instance) => (
            <button key={instance.looker_url} onClick={() => signIn(client_id, instance).catch(tell)}>
              Sign in to {instance.name}
            </button>
          ))}
        </main>
      );
    }
    case "user":
      return (
        <main>
          <h1>Hello {seen.name}</h1>
        </main>
      );
    case "trouble":
      return (
        <main>
          <h1>That did not work</h1>
          <p>{seen.message}</p>
        </main>
      );
  }
}

createRoot(document.getElementById("root")!).render(<App />);
