//! The release build, in `dist/`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bench::{self, Sizes};
use crate::hosting::{self, BasePath, Settings, policy};
use crate::process::Run;
use crate::setup::Tools;
use crate::trouble::Trouble;
use crate::{compress, parts, place, remap, say, slim};

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

/// What a build is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Where it goes.
    pub dist: PathBuf,
    /// The path that it will be served below.
    pub base: BasePath,
    /// The settings that it comes with; the checkout's `config.json` by default.
    pub settings: Settings,
    /// Whether the policy stands in the page, for hosts that send no headers of one's own.
    pub policy_in_page: bool,
}

impl Plan {
    /// For the root of a site, with the checkout's settings.
    pub fn usual() -> Result<Self, Trouble> {
        let settings = Settings::read(&place::root().join("config.json"))?;
        Ok(Self { dist: place::dist(), base: BasePath::root(), settings, policy_in_page: false })
    }
}

/// What a build came to.
pub struct Built {
    before: Sizes,
    after: Sizes,
    hosting: PathBuf,
}

/// What every build has, and a folder that is no build hardly both.
const MARKS: [&str; 2] = ["index.html", "sbom.cdx.json"];

/// Whether a folder with these files may take the place of what is there: nothing, an empty folder, or an earlier
/// one with all of them.
pub fn may_replace(folder: &Path, marks: &[&str]) -> Result<(), Trouble> {
    let is_earlier = marks.iter().all(|name| folder.join(name).is_file()) && !folder.join(".git").exists();
    let is_free = !folder.exists() || fs::read_dir(folder).is_ok_and(|mut found| found.next().is_none());
    if folder.file_name().is_some() && (is_free || is_earlier) {
        return Ok(());
    }
    Err(Trouble::InTheWay {
        folder: folder.to_path_buf(),
        remedy: "Name another folder by --dist, or empty this one yourself.".into(),
    })
}

/// Makes it anew: Trunk builds it aside, it is made smaller, and then it is put in place all at once.
pub fn build(tools: &Tools, plan: &Plan) -> Result<Built, Trouble> {
    // The usual one is nobody else's: there Trunk alone leaves builds, too.
    if plan.dist != place::dist() {
        may_replace(&plan.dist, &MARKS)?;
    }
    hosting::may_write(&plan.dist)?;
    compile(tools, Profile::Release)?;
    let work = place::target().join("xtask");
    let (built, slimmed) = (work.join("built"), work.join("slimmed"));
    for folder in [&built, &slimmed] {
        empty(folder)?;
    }
    let mut trunk = trunk(tools, "build");
    trunk.arg("--release").arg("--dist").arg(&built);
    remap::shorten_paths(&mut trunk);
    trunk.args(["--public-url", plan.base.as_str()]);
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
    let config = slimmed.join("config.json");
    fs::write(&config, &plan.settings.text).map_err(Trouble::file(config))?;
    let after = bench::measure(tools, &slimmed)?;
    parts::write(tools, &slimmed)?;
    if plan.policy_in_page {
        hosting::page::write_policy(&slimmed, &plan.settings)?;
    }
    compress::compress(tools, &slimmed)?;
    put_in_place(&slimmed, &plan.dist)?;
    let hosting = hosting::write(&plan.dist, &plan.base, &plan.settings)?;
    for folder in [&built, &slimmed] {
        fs::remove_dir_all(folder).map_err(Trouble::file(folder))?;
    }
    Ok(Built { before, after, hosting })
}

/// Makes a folder that has nothing in it.
pub fn empty(folder: &Path) -> Result<(), Trouble> {
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

/// Fetches the crates, which Trunk does not do with `--offline`.
pub fn fetch(tools: &Tools) -> Result<(), Trouble> {
    let mut fetch = tools.cargo();
    fetch.arg("fetch");
    Run {
        doing: "Fetching the crates that the app is made of",
        log: place::log("fetch")?,
        lines: 20,
        remedy: "Cargo's registry must be reachable the first time.".into(),
        limit_minutes: 20,
    }
    .run(fetch)
}

/// Compiles the app's programs as Trunk is going to, which then finds it done: so what cargo says about broken
/// code is shown alone.
pub fn compile(tools: &Tools, profile: Profile) -> Result<(), Trouble> {
    fetch(tools)?;
    // Without `-p`, as Trunk does it: which features the shared crates get depends on what is selected.
    let mut cargo = tools.cargo();
    cargo.arg("build");
    for program in ["sightline", "workbench", "setup"] {
        cargo.args(["--bin", program]);
    }
    cargo.args(["--target", "wasm32-unknown-unknown"]);
    // Both may be under way at the same time.
    let log = place::log(if profile == Profile::Release { "compile-release" } else { "compile" })?;
    if profile == Profile::Release {
        cargo.arg("--release");
        remap::shorten_paths(&mut cargo);
    }
    Run { doing: "Compiling the app", log, lines: 60, remedy: String::new(), limit_minutes: 25 }.run(cargo)
}

/// Says what was written.
pub fn tell(built: &Built, plan: &Plan) -> Result<(), Trouble> {
    let files = files_in(&plan.dist)?;
    let bytes: u64 = files.iter().map(|(_, bytes)| bytes).sum();
    say::line(&built.after.table());
    say::line("");
    for line in built.after.compared_with(&built.before) {
        say::line(&line);
    }
    say::line(&format!(
        "{} has the app: {} files, {} bytes, {} of them compressed copies.",
        shown(&plan.dist),
        files.len(),
        say::thousands(bytes),
        files.iter().filter(|(name, _)| compress::is_copy(name)).count()
    ));
    tell_hosting(&built.hosting, &plan.settings);
    Ok(())
}

/// Says where the hosts' files are, and what the settings cost.
pub fn tell_hosting(folder: &Path, settings: &Settings) {
    say::line(&format!("{} has what to tell nginx, Caddy and Firebase; docs/deployment.md says how.", shown(folder)));
    if policy::is_wide(settings) {
        say::line(
            "config.json has allow_other_instances, so the policy lets pages connect to any https host. Without it, \
             they reach the named instances alone.",
        );
    }
}

fn shown(path: &Path) -> std::path::Display<'_> {
    path.strip_prefix(place::root()).unwrap_or(path).display()
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
    fn only_an_earlier_build_is_replaced() {
        let work = std::env::temp_dir().join(format!("xtask-test-{}-replace", std::process::id()));
        let put = |names: &[&str]| {
            let dist = work.join(names.join("-"));
            fs::create_dir_all(&dist).unwrap();
            names.iter().for_each(|name| fs::write(dist.join(name), "").unwrap());
            may_replace(&dist, &MARKS).is_ok()
        };
        for (names, expected) in [
            (&[][..], true),
            (&["index.html", "sbom.cdx.json"], true),
            (&["index.html", "CNAME"], false),
            (&["notes.md"], false),
            (&["index.html", "sbom.cdx.json", ".git"], false),
        ] {
            assert_eq!(put(names), expected, "{names:?}");
        }
        assert!(may_replace(&work.join("none"), &MARKS).is_ok());
        assert!(may_replace(Path::new("/"), &[]).is_err());
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
