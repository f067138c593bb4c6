//! The JavaScript that wasm-bindgen writes beside a module: what it uses of the module, and what it holds ready
//! for it. All of it is text here; nothing is understood of it but the few forms that wasm-bindgen always writes.

use std::collections::{BTreeMap, BTreeSet};

/// The names that it exports and that somebody may import: its start, and the program's own functions. Not the
/// classes: those belong to libraries, and nothing here makes use of them.
pub fn wanted_exports(text: &str) -> Vec<String> {
    let functions = text.lines().filter_map(|line| {
        let rest = line.strip_prefix("export function ").or_else(|| line.strip_prefix("export async function "))?;
        Some(rest.split(|c| !part_of_a_name(c)).next()?.to_owned())
    });
    std::iter::once("default".to_owned()).chain(functions).collect()
}

/// The same with words to the bundler about what may go, as long as it is started by `src/boot.js`.
pub fn with_hints(text: &str) -> String {
    const HINTS: [(&str, &str); 14] = [
        // What is not used has no effect.
        (": new FinalizationRegistry(", ": /* @__PURE__ */ new FinalizationRegistry("),
        // Warnings to whoever wrote the page, or configured its host.
        ("console.warn(\"`WebAssembly", "/* @__PURE__ */ console.warn(\"`WebAssembly"),
        ("console.warn('using deprecated", "/* @__PURE__ */ console.warn('using deprecated"),
        // How values are told in a panic's message: in the browser's words. Nobody uses what follows.
        (
            "function debugString(val) {\n",
            "function debugString(val) {\n    return String(val);\n}\nfunction unused(val) {\n",
        ),
        // Every browser that runs the script which starts the page has these.
        ("(typeof FinalizationRegistry === 'undefined')", "false"),
        ("if (!('encodeInto' in cachedTextEncoder)) {", "if (false) {"),
        ("(typeof WebAssembly.instantiateStreaming === 'function')", "(true)"),
        // src/boot.js starts it, once, with an answer that is on its way.
        (
            "async function __wbg_init(module_or_path) {\n",
            "async function __wbg_init(module_or_path) {\n    return __wbg_init_once(module_or_path);\n}\n\
             async function unusedInit(module_or_path) {\n",
        ),
        ("if (module_or_path !== undefined) {", "if (true) {"),
        ("if (Object.getPrototypeOf(module_or_path) === Object.prototype) {", "if (true) {"),
        (
            "`failed to fetch Wasm: ${module.status} ${module.statusText} fetching '${module.url}'`",
            "`${module.url} answered ${module.status}`",
        ),
        ("if (typeof Response === 'function' && module instanceof Response) {", "if (true) {"),
        ("if (module_or_path === undefined) {", "if (false) {"),
        (
            "if (typeof module_or_path === 'string' || (typeof Request === 'function' && module_or_path instanceof \
             Request) || (typeof URL === 'function' && module_or_path instanceof URL)) {",
            "if (false) {",
        ),
    ];
    HINTS.iter().fold(text.to_owned(), |text, (written, hinted)| text.replace(written, hinted))
}

/// What it uses of the module: every `wasm.NAME`.
pub fn uses(text: &str) -> BTreeSet<String> {
    let mut uses = BTreeSet::new();
    each_use(text, |name| {
        uses.insert(name.to_owned());
        None
    });
    uses
}

/// The same with other names for what it uses of the module.
pub fn with_uses_renamed(text: &str, names: &BTreeMap<String, String>) -> String {
    each_use(text, |name| names.get(name).cloned())
}

fn each_use(text: &str, mut rename: impl FnMut(&str) -> Option<String>) -> String {
    const OBJECT: &str = "wasm.";
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(OBJECT) {
        let (before, found) = rest.split_at(at);
        let after = found.get(OBJECT.len()..).unwrap_or_default();
        let end = after.find(|c| !part_of_a_name(c)).unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        let is_whole = !before.ends_with(|c| part_of_a_name(c) || c == '.');
        out.push_str(before);
        out.push_str(OBJECT);
        out.push_str(&Some(name).filter(|_| is_whole).and_then(&mut rename).unwrap_or_else(|| name.to_owned()));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn part_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// What it holds ready for the module, one function for each import, with the text around.
#[derive(Debug, PartialEq, Eq)]
pub struct Imports {
    before: String,
    functions: Vec<(String, String)>,
    after: String,
}

impl Imports {
    /// Finds them: `const import0 = {`, in which each function begins in the ninth column.
    pub fn of(text: &str) -> Option<Self> {
        let mut found = Self { before: String::new(), functions: Vec::new(), after: String::new() };
        let mut lines = text.split_inclusive('\n');
        for line in lines.by_ref() {
            found.before.push_str(line);
            if line.trim_end() == "    const import0 = {" {
                break;
            }
        }
        for line in lines.by_ref() {
            if line.trim_end() == "    };" {
                found.after.push_str(line);
                break;
            }
            match begins(line) {
                Some("__proto__") if found.functions.is_empty() => found.before.push_str(line),
                Some(name) => found.functions.push((name.to_owned(), line.to_owned())),
                None => found.functions.last_mut()?.1.push_str(line),
            }
        }
        found.after.extend(lines);
        (!found.functions.is_empty() && !found.after.is_empty()).then_some(found)
    }

    /// Whether there is one of this name.
    pub fn has(&self, name: &str) -> bool {
        self.functions.iter().any(|(function, _)| function == name)
    }

    /// Holds nothing ready any more but this; says whether that was less than before.
    pub fn keep_only(&mut self, wanted: &BTreeSet<String>) -> bool {
        let before = self.functions.len();
        self.functions.retain(|(name, _)| wanted.contains(name));
        self.functions.len() < before
    }

    /// Calls them otherwise.
    pub fn rename(&mut self, names: &BTreeMap<String, String>) {
        for (name, text) in &mut self.functions {
            if let Some(new) = names.get(name) {
                *text = text.replacen(name.as_str(), new, 1);
                name.clone_from(new);
            }
        }
    }

    /// All of it again.
    pub fn text(&self) -> String {
        let functions: String = self.functions.iter().map(|(_, text)| text.as_str()).collect();
        [&self.before, functions.as_str(), &self.after].concat()
    }
}

fn begins(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix("        ")?.split_once(": ")?;
    (!name.is_empty() && name.chars().all(part_of_a_name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "\
export class Sink {
    free() { wasm.__wbg_sink_free(this.__wbg_ptr, 0); }
}
export function enter(first) {
    wasm.enter(first);
}
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_append_1a: function(arg0) {
            const ret = { a: arg0 };
            return ret;
        },
        __wbg_now_2b: function() { return handleError(function () {
            wasm.__wbg_append_1a;
        }, arguments); },
        __wbg_top_3c: typeof top === 'undefined' ? null : top,
    };
    return { \"./app_bg.js\": import0 };
}
const Registry = (typeof FinalizationRegistry === 'undefined')
    ? {}
    : new FinalizationRegistry(ptr => wasm.__wbg_sink_free(ptr, 1));
function debugString(val) {
    switch (typeof val) {}
}
if (!('encodeInto' in cachedTextEncoder)) {
    console.warn('using deprecated parameters for `initSync()`; pass a single object instead')
    console.warn(\"`WebAssembly.instantiateStreaming` failed\", e);
    console.warn(arg0);
}
export { initSync, __wbg_init as default };
";

    fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
        names.map(String::from).into()
    }

    #[test]
    fn its_start_and_the_programs_functions_are_wanted() {
        assert_eq!(wanted_exports(GLUE), ["default", "enter"]);
        assert_eq!(wanted_exports(""), ["default"]);
        assert_eq!(wanted_exports("export async function go() {"), ["default", "go"]);
    }

    #[test]
    fn what_is_not_used_may_go() {
        let hinted = with_hints(GLUE);
        for expected in [
            "const Registry = false\n    ? {}\n    : /* @__PURE__ */ new FinalizationRegistry(ptr",
            "{\n    return String(val);\n}\nfunction unused(val) {\n    switch (typeof val) {}\n}\nif (false) {\n",
            "    /* @__PURE__ */ console.warn('using deprecated parameters",
            "    /* @__PURE__ */ console.warn(\"`WebAssembly.instantiateStreaming",
            "    console.warn(arg0);\n",
        ] {
            assert!(hinted.contains(expected), "{expected}: {hinted}");
        }
    }

    #[test]
    fn every_use_of_the_module_is_found_and_can_be_renamed() {
        for (text, expected, renamed) in [
            ("wasm.free(1)", vec!["free"], "wasm.a(1)"),
            ("(wasm.free,wasm.free_more)", vec!["free", "free_more"], "(wasm.a,wasm.free_more)"),
            ("x.wasm.free; my_wasm.free; wasm = free", vec![], "x.wasm.free; my_wasm.free; wasm = free"),
            ("return wasm.$b", vec!["$b"], "return wasm.$b"),
            ("", vec![], ""),
        ] {
            let names = BTreeMap::from([("free".to_owned(), "a".to_owned())]);
            assert_eq!(uses(text).into_iter().collect::<Vec<_>>(), expected, "{text}");
            assert_eq!(with_uses_renamed(text, &names), renamed, "{text}");
        }
        assert_eq!(uses(GLUE), set(["__wbg_append_1a", "__wbg_sink_free", "enter"]));
    }

    #[test]
    fn imports_are_found_left_out_and_renamed() {
        let mut imports = Imports::of(GLUE).unwrap();
        assert_eq!(imports.text(), GLUE);
        assert!(imports.has("__wbg_top_3c"));
        assert!(!imports.has("__proto__"));
        assert!(!imports.has("ret"));
        assert!(!imports.keep_only(&set(["__wbg_append_1a", "__wbg_now_2b", "__wbg_top_3c", "other"])));
        assert!(imports.keep_only(&set(["__wbg_now_2b", "__wbg_top_3c"])));
        imports.rename(&BTreeMap::from([("__wbg_now_2b".to_owned(), "a".to_owned())]));
        let expected = "\
    const import0 = {
        __proto__: null,
        a: function() { return handleError(function () {
            wasm.__wbg_append_1a;
        }, arguments); },
        __wbg_top_3c: typeof top === 'undefined' ? null : top,
    };
";
        assert!(imports.text().contains(expected), "{}", imports.text());
    }

    #[test]
    fn text_of_another_form_is_not_taken_for_glue() {
        for text in
            ["", "const import0 = {};", "    const import0 = {\n    };\n", "    const import0 = {\n        a: 1,\n"]
        {
            assert_eq!(Imports::of(text), None, "{text}");
        }
    }
}
