//! esbuild: one file of several, without what is not used, written as short as can be.

use std::fs;
use std::path::Path;

use super::{read, write};
use crate::place;
use crate::process::Run;
use crate::setup::Tools;
use crate::trouble::Trouble;

/// The folder for what goes into the bundler and comes out of it, in the folder of what is bundled.
pub const WORK: &str = ".slim";

/// How the bundler calls things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// As they were, to be read again.
    Kept,
    /// As short as can be.
    Short,
}

/// A script that starts the door, with the glue in it, not fetched by a request of its own.
pub fn with_glue_inside(boot: &str, glue: &str) -> Option<String> {
    const FETCHED: &str = "await import(js)";
    (boot.matches(FETCHED).count() == 1).then(|| {
        let boot = boot.replace(FETCHED, "{ default: startTheDoor }");
        format!("import startTheDoor from \"../{glue}\";\n{boot}")
    })
}

/// A script that is a glue's wanted exports.
pub fn entry(glue: &str, exports: &[String]) -> String {
    format!("export {{ {} }} from \"../{glue}\";\n", exports.join(", "))
}

/// Bundles a script, whose imports are seen from [`WORK`] in `folder`.
pub fn script(tools: &Tools, folder: &Path, entry: &str, names: Names) -> Result<String, Trouble> {
    let shorten = match names {
        Names::Kept => "--minify-syntax",
        Names::Short => "--minify",
    };
    // Symbol.dispose: for classes that are not used, which would be kept for it.
    let options = ["--bundle", "--format=esm", "--target=es2022", "--define:Symbol.dispose=undefined", shorten];
    esbuild(tools, folder, "js", entry, &options)
}

/// Puts style sheets together, in their order.
pub fn styles(tools: &Tools, folder: &Path, files: &[String]) -> Result<String, Trouble> {
    let mut all = String::new();
    for file in files {
        all.push_str(&read(&folder.join(file))?);
        all.push('\n');
    }
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
        .args(["--charset=utf8", "--log-level=warning", "--color=false"])
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
        assert_eq!(
            with_glue_inside("const door = await import(js);\n", "app-1.js").as_deref(),
            Some("import startTheDoor from \"../app-1.js\";\nconst door = { default: startTheDoor };\n")
        );
        for other in ["", "import(js)", "await import(js); await import(js)"] {
            assert_eq!(with_glue_inside(other, "app-1.js"), None, "{other}");
        }
    }

    #[test]
    fn an_entry_is_what_is_wanted() {
        let exports = ["default", "enter"].map(String::from);
        assert_eq!(entry("app.js", &exports), "export { default, enter } from \"../app.js\";\n");
    }
}
