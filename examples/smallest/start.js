// Starts the app.
const { js, wasm } = document.querySelector("script[data-js]").dataset;
const app = await import(js);
await app.default({ module_or_path: wasm });
