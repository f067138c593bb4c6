//! esbuild: one file of several, without what is not used, written as short as can be.

use std::fs;
use std::path::Path;

use super::write;
use crate::place;
use crate::process::Run;
use crate::setup::Tools;
use crate::trouble::Trouble;

/// The folder for what goes into the bundler and comes out of it, in the folder of what is bundled.
pub const WORK: &str = ".slim";

/// What a script is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form<'a> {
    /// A module with its names as they were, to be read again.
    Legible,
    /// A module.
    Module,
    /// No module: it puts what it exports into a global variable of this name.
    Global(&'a str),
}

/// A script that starts the door, with the glue in it, not fetched by a request of its own. It finds other parts in
/// global variables of their names ([`Form::Global`]).
pub fn with_glue_inside(boot: &str, glue: &str) -> Option<String> {
    const IMPORTS: [(&str, &str); 2] = [
        ("await import(dataset.js)", "{ default: startTheDoor }"),
        ("await import(content.querySelector(\"script\").getAttribute(\"src\"))", "globalThis[name]"),
    ];
    let is_known = IMPORTS.iter().all(|(import, _)| boot.matches(import).count() == 1);
    is_known.then(|| {
        let boot = IMPORTS.iter().fold(boot.to_owned(), |boot, (import, found)| boot.replace(import, found));
        format!("import startTheDoor from \"../{glue}\";\n{boot}")
    })
}

/// A script that is a glue's wanted exports.
pub fn entry(glue: &str, exports: &[String]) -> String {
    format!("export {{ {} }} from \"../{glue}\";\n", exports.join(", "))
}

/// Bundles a script, whose imports are seen from [`WORK`] in `folder`.
pub fn script(tools: &Tools, folder: &Path, entry: &str, form: Form<'_>) -> Result<String, Trouble> {
    let (format, shorten) = match form {
        Form::Legible => (vec!["--format=esm".to_owned()], "--minify-syntax"),
        Form::Module => (vec!["--format=esm".to_owned()], "--minify"),
        Form::Global(name) => (vec!["--format=iife".to_owned(), format!("--global-name={name}")], "--minify"),
    };
    // Symbol.dispose: for classes that are not used, which would be kept for it.
    let mut options = vec!["--target=es2022", "--define:Symbol.dispose=undefined", shorten];
    options.extend(format.iter().map(String::as_str));
    esbuild(tools, folder, "js", entry, &options)
}

/// Puts style sheets together, in their order, and what they import.
pub fn styles(tools: &Tools, folder: &Path, files: &[String]) -> Result<String, Trouble> {
    let all: String = files.iter().map(|file| format!("@import \"../{file}\";\n")).collect();
    esbuild(tools, folder, "css", &all, &["--minify"])
}

fn esbuild(tools: &Tools, folder: &Path, kind: &str, text: &str, options: &[&str]) -> Result<String, Trouble> {
    let work = folder.join(WORK);
    let (from, to) = (work.join(format!("in.{kind}")), work.join(format!("out.{kind}")));
    write(&from, text.as_bytes())?;
    let mut esbuild = tools.command("esbuild");
    // Named as seen from its folder, so that no path of this machine gets into what it writes.
    esbuild
        .current_dir(&work)
        .arg(format!("in.{kind}"))
        .args(options)
        .args(["--bundle", "--charset=utf8", "--log-level=warning", "--color=false"])
        .arg(format!("--outfile=out.{kind}"));
    Run {
        doing: "Making scripts and styles smaller",
        log: place::log("slim-esbuild")?,
        lines: 40,
        remedy: String::new(),
        limit_minutes: 5,
    }
    .run(esbuild)?;
    fs::read_to_string(&to).map_err(Trouble::file(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_has_the_glue_inside_where_it_would_fetch_it() {
        let boot = include_str!("../../../../src/boot.js");
        let inside = with_glue_inside(boot, "app-1.js").unwrap();
        for expected in [
            "import startTheDoor from \"../app-1.js\";\n",
            "const door = { default: startTheDoor };\n",
            "const part = globalThis[name];\n",
        ] {
            assert!(inside.contains(expected), "{expected}: {inside}");
        }
        assert!(!inside.contains("import("), "{inside}");
        for other in ["", "await import(dataset.js)", &format!("{boot}{boot}")] {
            assert_eq!(with_glue_inside(other, "app-1.js"), None, "{other}");
        }
    }

    #[test]
    fn an_entry_is_what_is_wanted() {
        let exports = ["default", "enter"].map(String::from);
        assert_eq!(entry("app.js", &exports), "export { default, enter } from \"../app.js\";\n");
    }
}
