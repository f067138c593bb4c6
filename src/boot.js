// Takes what Looker sent out of the address, starts the door, and imports the workbench when the
// door asks for it.

const { base, js, wasm } = document.querySelector("script[data-base]").dataset;

const basePath = new URL(base, location).pathname;
let query = location.search;

// Before anything is waited for: a code must not stay in the address, whatever fails to load.
if (location.pathname === `${basePath}authenticated`) history.replaceState(null, "", location.pathname);

const at = (file) => new URL(file, import.meta.url).href;

// The settings are on their way while the door is compiled.
const settings = document.createElement("link");
Object.assign(settings, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: at("config.json") });
document.head.append(settings);

function stylesheet(href) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = resolve;
    link.onerror = () => reject(new Error(`${href} could not be loaded`));
    document.head.append(link);
  });
}

async function load() {
  const binary = fetch(at("workbench_bg.wasm"));
  // Whatever else fails first is what is told; this must not count as unhandled then.
  binary.catch(() => {});
  const [module] = await Promise.all([import(at("workbench.js")), stylesheet(at("workbench.css"))]);
  await module.default({ module_or_path: binary });
  return module;
}

let workbench;

globalThis.sightline = {
  // The path that the app is served below, with a slash at both ends.
  basePath: () => basePath,

  // The query that the page was opened with; once, so that nothing keeps it.
  takeQuery() {
    const taken = query;
    query = "";
    return taken;
  },

  // The workbench's module, loaded once; after a failure the next call tries again.
  workbench() {
    workbench ??= load().catch((error) => {
      workbench = undefined;
      throw error;
    });
    return workbench;
  },
};

function tell(id) {
  document.getElementById("loading")?.remove();
  document.getElementById("slow")?.remove();
  document.getElementById(id)?.removeAttribute("hidden");
}

if (typeof WebAssembly !== "object") {
  tell("no-wasm");
} else {
  try {
    const door = await import(js);
    await door.default({ module_or_path: wasm });
  } catch (error) {
    console.error(error);
    tell(error instanceof WebAssembly.CompileError ? "no-wasm" : "not-loaded");
  }
}
