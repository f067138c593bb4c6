//! The release build, in `dist/`.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::bench::{self, Sizes};
use crate::process::Run;
use crate::setup::Tools;
use crate::trouble::Trouble;
use crate::{place, remap, say, slim};

/// How long it takes, for whoever waits.
pub const TAKES: &str = "Building the app for release, takes a few minutes the first time";

/// How the app's programs are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Soon, for whoever works on them.
    Debug,
    /// Small, for whoever visits.
    Release,
}

/// What a build came to.
pub struct Built {
    before: Sizes,
    after: Sizes,
}

/// Makes it anew: Trunk builds it aside, it is made smaller, and then it is put in place all at once.
pub fn build(tools: &Tools, dist: &Path, public_url: Option<&str>) -> Result<Built, Trouble> {
    compile(tools, Profile::Release)?;
    let work = place::target().join("xtask");
    let (built, slimmed) = (work.join("built"), work.join("slimmed"));
    for folder in [&built, &slimmed] {
        empty(folder)?;
    }
    let mut trunk = trunk(tools, "build");
    trunk.arg("--release").arg("--dist").arg(&built);
    remap::shorten_paths(&mut trunk);
    if let Some(url) = public_url {
        trunk.args(["--public-url", url]);
    }
    let run = Run {
        doing: "Building the app",
        log: place::log("build")?,
        lines: 60,
        remedy: String::new(),
        limit_minutes: 25,
    };
    run.run(trunk).map_err(|trouble| trouble.said(errors_alone))?;
    let before = bench::measure(tools, &built)?;
    slim::slim(tools, &built, &slimmed)?;
    let after = bench::measure(tools, &slimmed)?;
    put_in_place(&slimmed, dist)?;
    for folder in [&built, &slimmed] {
        fs::remove_dir_all(folder).map_err(Trouble::file(folder))?;
    }
    Ok(Built { before, after })
}

fn empty(folder: &Path) -> Result<(), Trouble> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Trouble::file(folder))?;
    }
    fs::create_dir_all(folder).map_err(Trouble::file(folder))
}

/// Puts a folder's files in the place of another folder, which is never seen half written.
fn put_in_place(from: &Path, to: &Path) -> Result<(), Trouble> {
    // Beside it, because folders can only be renamed within one file system.
    let beside = |end: &str| {
        let mut name = OsString::from(".");
        name.push(to.file_name().unwrap_or_default());
        name.push(end);
        to.with_file_name(name)
    };
    let (new, old) = (beside("-new"), beside("-old"));
    for folder in [&new, &old] {
        empty(folder)?;
    }
    for (name, _) in files_in(from)? {
        let copy = new.join(&name);
        if let Some(folder) = copy.parent() {
            fs::create_dir_all(folder).map_err(Trouble::file(folder))?;
        }
        fs::copy(from.join(&name), &copy).map_err(Trouble::file(&copy))?;
    }
    if to.exists() {
        fs::rename(to, old.join("dist")).map_err(Trouble::file(to))?;
    }
    fs::rename(&new, to).map_err(Trouble::file(to))?;
    fs::remove_dir_all(&old).map_err(Trouble::file(&old))
}

/// Trunk's output without its news and without the way through its own code.
pub fn errors_alone(said: &str) -> String {
    let mut in_backtrace = false;
    let mut kept = Vec::new();
    for line in said.lines() {
        let begins = line.trim() == "Stack backtrace:";
        in_backtrace = begins || (in_backtrace && line.starts_with("  "));
        if !in_backtrace && !line.contains("Z  INFO ") {
            kept.push(line);
        }
    }
    kept.join("\n").trim().to_owned()
}

/// Compiles the app's programs as Trunk is going to, which then finds it done: so what cargo says about broken
/// code is shown alone, and the crates are fetched, which Trunk does not do with `--offline`.
pub fn compile(tools: &Tools, profile: Profile) -> Result<(), Trouble> {
    let mut fetch = tools.cargo();
    fetch.arg("fetch");
    Run {
        doing: "Fetching the crates that the app is made of",
        log: place::log("fetch")?,
        lines: 20,
        remedy: "Cargo's registry must be reachable the first time.".into(),
        limit_minutes: 20,
    }
    .run(fetch)?;
    // Without `-p`, as Trunk does it: which features the shared crates get depends on what is selected.
    let mut cargo = tools.cargo();
    cargo.args(["build", "--bin", "sightline", "--bin", "workbench", "--target", "wasm32-unknown-unknown"]);
    if profile == Profile::Release {
        cargo.arg("--release");
        remap::shorten_paths(&mut cargo);
    }
    Run { doing: "Compiling the app", log: place::log("compile")?, lines: 60, remedy: String::new(), limit_minutes: 25 }
        .run(cargo)
}

/// Says what was written.
pub fn tell(built: &Built, dist: &Path) -> Result<(), Trouble> {
    let files = files_in(dist)?;
    let bytes: u64 = files.iter().map(|(_, bytes)| bytes).sum();
    say::line(&built.after.table());
    say::line("");
    for line in built.after.compared_with(&built.before) {
        say::line(&line);
    }
    say::line(&format!(
        "{} has the app: {} files, {} bytes.",
        dist.strip_prefix(place::root()).unwrap_or(dist).display(),
        files.len(),
        say::thousands(bytes)
    ));
    Ok(())
}

/// Every file below a folder, by its path from there with `/`, with its length; sorted.
pub fn files_in(folder: &Path) -> Result<Vec<(String, u64)>, Trouble> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(dir) = folders.pop() {
        for entry in fs::read_dir(&dir).map_err(Trouble::file(&dir))? {
            let path = entry.map_err(Trouble::file(&dir))?.path();
            let meta = fs::metadata(&path).map_err(Trouble::file(&path))?;
            if meta.is_dir() {
                folders.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                files.push((name.to_string_lossy().into_owned(), meta.len()));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Trunk with all its tools at hand: it fetches nothing.
pub fn trunk(tools: &Tools, command: &str) -> Command {
    let mut trunk = tools.command("trunk");
    // Of NO_COLOR's values Trunk understands only `true` and `false`; its output is no terminal here anyway.
    trunk.args([command, "--offline", "--color", "never"]).env_remove("NO_COLOR");
    trunk
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_takes_the_place_of_the_one_before_and_leaves_nothing_beside_it() {
        let work = std::env::temp_dir().join(format!("xtask-test-{}-place", std::process::id()));
        let (from, to) = (work.join("from"), work.join("dist"));
        for (file, text) in [("from/index.html", "new"), ("from/a/b.js", "b"), ("dist/gone.js", "")] {
            let file = work.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        for _ in 0..2 {
            put_in_place(&from, &to).unwrap();
            let all: Vec<String> = files_in(&work).unwrap().into_iter().map(|(name, _)| name).collect();
            assert_eq!(all, ["dist/a/b.js", "dist/index.html", "from/a/b.js", "from/index.html"]);
            assert_eq!(fs::read_to_string(to.join("index.html")).unwrap(), "new");
        }
        assert_eq!(fs::read_dir(&work).unwrap().count(), 2);
        fs::remove_dir_all(work).unwrap();
    }

    #[test]
    fn trunks_errors_are_shown_alone() {
        let said = "2026-11-21T20:55:29.286248Z  INFO 🚀 Starting trunk 0.21.14\n\
                    2026-11-21T20:55:29.617163Z ERROR ❌ error\n\
                    error from build pipeline\n\nCaused by:\n    0: no such file\n\n\
                    Stack backtrace:\n   0: trunk::main\n             at ./main.c:1\n\
                    2026-11-21T20:55:29.695471Z  INFO 📡 serving static assets at -> /\n";
        let expected = "2026-11-21T20:55:29.617163Z ERROR ❌ error\n\
                        error from build pipeline\n\nCaused by:\n    0: no such file";
        assert_eq!(errors_alone(said), expected);
        assert_eq!(errors_alone(""), "");
    }
}
