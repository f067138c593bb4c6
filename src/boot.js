// Takes what Looker sent out of the address, starts the door, and loads the workbench when the door
// asks for it. On the set-up page it starts that in the door's place.

const { dataset } = document.querySelector("script[data-base]");
const basePath = dataset.base;
const isRedirect = location.pathname === `${basePath}authenticated`;
const openedAt = Date.now();

// Does something with sessionStorage, which may be blocked or full, or hold nonsense.
function stored(use) {
  try {
    return use(sessionStorage);
  } catch {}
}

const take = (key) =>
  stored((storage) => {
    const kept = storage.getItem(key);
    storage.removeItem(key);
    return kept;
  });

// What Looker sent, until the door takes it. If the door has not come when the page goes, it waits
// here for the page that is loaded in its place, and no longer.
const REDIRECT = "sightline.redirect";
const kept = take(REDIRECT);
let query = location.search || (isRedirect && kept) || "";
addEventListener("pagehide", () => {
  if (isRedirect && query) stored((storage) => storage.setItem(REDIRECT, query));
});

// Before anything is waited for: a code must not stay in the address, whatever fails to load.
if (isRedirect) history.replaceState(null, "", location.pathname);

// What the deployment calls the app, as a page before this one has read it, and how the person likes to see it.
stored(() => {
  document.title = localStorage["sightline.app_name"] || document.title;
});
const dress = () => stored(() => (document.documentElement.dataset.theme = localStorage["sightline.theme"] ?? ""));
dress();
// Chosen in another tab, or while this page was put aside.
addEventListener("storage", dress);
addEventListener("pageshow", ({ persisted }) => persisted && dress());

// Browsers of before 2022 have none, and nothing is sent without a time limit.
AbortSignal.timeout ??= (milliseconds) => {
  const limit = new AbortController();
  setTimeout(() => limit.abort(), milliseconds);
  return limit.signal;
};

// Copies of a tab have the same sign-ins under way, and Looker ends what it gave for a code that it sees
// twice (RFC 6749, section 4.1.2). So those that have one redirect take it in turn, where there are Web
// Locks, and the first leaves word of it: a number, too short to find the code by. The latest ten are kept.
const mark = [...query].reduce((sum, letter) => (sum * 31 + letter.charCodeAt()) | 0, 0);
const TAKEN = "sightline.taken";
// Keys of sign-ins under way begin so and end with their state (src/session/pending.rs).
const PENDING = "sightline.pending.";
let pass;
const turn = new Promise((comes, fails) => {
  const hold = () => {
    comes();
    return new Promise((done) => (pass = done));
  };
  if (isRedirect && query) {
    // As long as anything here waits for.
    navigator.locks.request(`sightline.${mark}`, { signal: AbortSignal.timeout(30_000) }, hold).catch(fails);
  } else comes();
}).catch(() => {});

// The settings are on their way while the door is compiled, where it is going to read them.
if (!isRedirect && !stored((storage) => storage.getItem("sightline.access_info"))) {
  const settings = document.createElement("link");
  Object.assign(settings, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: `${basePath}config.json` });
  document.head.append(settings);
}

// A release build says by what the browser is to check it.
const module = ({ wasm, integrity }) => fetch(wasm, { integrity });

// What a part of the app is made of stands in the page, in a template of its name: Trusted Types let no
// script be loaded by an address that another script gives it.
async function load(name) {
  const { content, dataset } = document.getElementById(name);
  const binary = module(dataset);
  // Whatever else fails first is what is told; this must not count as unhandled then.
  binary.catch(() => {});
  const files = content.cloneNode(true);
  const arrivals = [...files.children].map(
    (file) =>
      new Promise((resolve, reject) => {
        file.onload = resolve;
        file.onerror = () => reject(new Error(`${file.src ?? file.href} could not be loaded`));
      }),
  );
  document.head.append(files);
  await Promise.all(arrivals);
  const part = await import(content.querySelector("script").getAttribute("src"));
  await part.default({ module_or_path: binary });
  return part;
}

// What comes too late is as good as what does not come.
function soon(promise) {
  const late = (_, reject) => setTimeout(reject, 30_000, new Error("it did not arrive within 30 seconds"));
  return Promise.race([promise, new Promise(late)]);
}

// What this tab asked of Looker, the latest last (src/net/log.rs). A page has it in memory; it waits
// in sessionStorage only from one page of the tab to the next.
const LOG = "sightline.exchanges";
let exchanges;
// Whose it is, or was until the latest sign-in; nobody's before anybody was signed in.
let owner;
// Whether that is who is signed in now.
let isOwned = false;
let keepsLog = true;

function takeLog() {
  const log = stored(() => JSON.parse(take(LOG)));
  exchanges = [].concat(log?.exchanges ?? []);
  owner = log?.owner;
}

function keepLog() {
  if (keepsLog && exchanges.length) {
    stored((storage) => storage.setItem(LOG, JSON.stringify({ owner, exchanges })));
  }
}

// Not by findLastIndex, nor below by at: browsers of 2021 have neither.
const sinceSignIn = () =>
  exchanges.slice(Math.max(0, exchanges.map((exchange) => exchange?.method).lastIndexOf("navigate")));

takeLog();
// What has no answer yet, as arguments of the log.
let open = [];
// Where the next page is another process's, Firefox may open it before this one has gone; and not
// every browser tells beforehand.
addEventListener("beforeunload", keepLog);
addEventListener("pagehide", (event) => {
  // Of a page that may come back, what is under way may still be answered.
  if (!event.persisted) open.forEach((exchange) => sightline.log(...exchange));
  keepLog();
});
// Back to a page that is as it was left, while the log went on, or was forgotten.
addEventListener("pageshow", (event) => event.persisted && takeLog());

let workbench;

// The workbench's module, loaded once; after a failure the next call tries again.
function loadWorkbench() {
  workbench ??= soon(load("workbench")).catch((error) => {
    workbench = undefined;
    throw error;
  });
  return workbench;
}

globalThis.sightline = {
  // The path that the app is served below, with a slash at both ends.
  basePath: () => basePath,

  // The query that the page was opened with; once, so that nothing keeps it.
  takeQuery() {
    let taken = query;
    // What no sign-in of this tab waits for is another tab's to take. (Nothing else of it is believed by that:
    // the door compares the state, in constant time.)
    const isAwaited = stored((storage) =>
      Object.keys(storage).some((key) => key.startsWith(PENDING) && taken.includes(key.slice(PENDING.length))),
    );
    if (taken && isAwaited) {
      stored(() => {
        const marks = localStorage[TAKEN]?.split(",") ?? [];
        // Of no sign-in, then.
        if (marks.includes(`${mark}`)) taken = "?state";
        else localStorage[TAKEN] = [mark, ...marks].slice(0, 10);
      });
    }
    query = "";
    pass?.();
    return taken;
  },

  begin(method, url, start, again) {
    open.push([method, url, 0, start, 0, again]);
  },

  log(method, url, status, start, bytes, again) {
    const first = open.find((exchange) => exchange[1] === url && exchange[3] === start);
    open = open.filter((exchange) => exchange !== first);
    const number = (exchanges.slice(-1)[0]?.number | 0) + 1;
    // A way to Looker and back ended when this page was opened, and the clock may be set back.
    const duration = Math.max(0, (method === "navigate" ? openedAt : Date.now()) - start);
    exchanges = exchanges.slice(-199).concat({ number, method, url, status, start, duration, bytes, again });
    dispatchEvent(new Event("sightline:log"));
  },

  // Another person's is not shown while it is not known who is signed in.
  readLog: () => JSON.stringify(owner && !isOwned ? sinceSignIn() : exchanges),

  // Says who is signed in. What another person left, whose session Looker ended, goes.
  ownLog(person) {
    if (owner && owner !== person) exchanges = sinceSignIn();
    owner = person;
    isOwned = true;
    dispatchEvent(new Event("sightline:log"));
  },

  forgetLog() {
    // Also what was kept by a page that was about to go, and did not.
    takeLog();
    exchanges = [];
    keepsLog = false;
  },

  // Loads it ahead, when the browser has nothing better to do. What fails now fails again when it is
  // needed, and is told then.
  preload() {
    (globalThis.requestIdleCallback ?? setTimeout)(() => loadWorkbench().catch(() => {}));
  },

  // The same when it is wanted now.
  async workbench() {
    const fails = (error) => {
      tellTrap(error);
      throw error;
    };
    const module = await loadWorkbench().catch(fails);
    // It takes its time to open, and the door's greeting is to be seen meanwhile. Nothing is painted where
    // nobody looks.
    if (isRedirect) {
      await new Promise((done) => {
        requestAnimationFrame(() => requestAnimationFrame(done));
        setTimeout(done, 100);
      });
    }
    return {
      enter(...given) {
        try {
          module.enter(...given);
        } catch (error) {
          fails(error);
        }
      },
    };
  },
};

// Nothing is loading any more.
function ends() {
  document.getElementById("loading")?.remove();
  document.getElementById("slow")?.remove();
}

function tell(id) {
  // No link: one to this very address would only go to its fragment.
  document.getElementById("again").onclick = () => location.reload();
  ends();
  document.getElementById(id)?.removeAttribute("hidden");
}

// Where a module trapped, nothing that it shows answers any more; it would look as if it were waiting. Says whether
// that is told.
function tellTrap(error) {
  const dialog = document.getElementById("stopped");
  // An app that is built on this crate may have none.
  if (!dialog || !(error instanceof WebAssembly.RuntimeError)) return false;
  if (!dialog.hidden) return true;
  ends();
  dialog.hidden = false;
  dialog.querySelector("pre").textContent = `${error}\n${error.stack}`;
  const [again, look] = dialog.querySelectorAll("button");
  again.onclick = () => location.reload();
  look.onclick = () => dialog.close();
  // Not a button, which whoever is typing may press.
  const heading = dialog.querySelector("h2");
  // From then on it takes no place but its own. Another dialog would keep it from being reached.
  dialog.onclose = () => {
    document.querySelectorAll("dialog[open]").forEach((other) => other.close());
    look.remove();
    dialog.show();
    heading.focus();
  };
  // Browsers of 2021 may know no dialogs.
  if (dialog.showModal) dialog.showModal();
  else {
    dialog.setAttribute("open", "");
    look.remove();
  }
  heading.focus();
  return true;
}

if (typeof WebAssembly !== "object") {
  tell("no-wasm");
} else {
  addEventListener("error", ({ error }) => tellTrap(error));
  addEventListener("unhandledrejection", ({ reason }) => tellTrap(reason));
  try {
    if (location.pathname === `${basePath}setup`) {
      await soon(load("setup"));
    } else {
      const door = await import(dataset.js);
      await turn;
      await door.default({ module_or_path: module(dataset) });
    }
  } catch (error) {
    console.error(error);
    pass?.();
    if (!tellTrap(error)) tell(error instanceof WebAssembly.CompileError ? "no-wasm" : "not-loaded");
  }
}
