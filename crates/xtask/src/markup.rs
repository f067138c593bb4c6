//! Scripts of a build that make markup or code of strings. Trusted Types refuse that, and a view with a static subtree
//! is all it takes: Leptos makes those by `innerHTML`.

use std::fs;
use std::path::Path;

use crate::build;
use crate::trouble::Trouble;

/// What makes markup or code of a string. No bundler can call it otherwise: it is the browser's.
const SINKS: [&str; 9] = [
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "setHTMLUnsafe",
    "createContextualFragment",
    "parseFromString",
    "document.write",
    "srcdoc",
    "new Function(",
];

/// What scripts of a build do so, each with the first thing that it does it by.
pub fn scripts_with_sinks(build: &Path) -> Result<Vec<String>, Trouble> {
    let mut found = Vec::new();
    for (name, _) in build::files_in(build)? {
        if name.ends_with(".js") {
            let file = build.join(&name);
            let script = fs::read_to_string(&file).map_err(Trouble::file(&file))?;
            found.extend(first_sink(&script).map(|sink| format!("{name} ({sink})")));
        }
    }
    Ok(found)
}

fn first_sink(script: &str) -> Option<&'static str> {
    SINKS.into_iter().find(|sink| script.contains(sink))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_markup_of_a_string_is_found() {
        for (script, sink) in [
            ("x:(t,n)=>{t.innerHTML=s(n)}", Some("innerHTML")),
            ("y:n=>new Function(s(n))", Some("new Function(")),
            ("z:(t,n)=>{t.textContent=s(n)}", None),
            ("", None),
        ] {
            assert_eq!(first_sink(script), sink, "{script}");
        }
    }
}
