//! The release build, in `dist/`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::process::Run;
use crate::setup::Tools;
use crate::trouble::Trouble;
use crate::{place, say};

/// How long it takes, for whoever waits.
pub const TAKES: &str = "Building the app for release, takes a few minutes the first time";

/// Makes it anew.
pub fn build(tools: &Tools, public_url: Option<&str>) -> Result<(), Trouble> {
    compile(tools, &["--release"])?;
    let mut trunk = trunk(tools, "build");
    trunk.arg("--release").arg("--dist").arg(place::dist());
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
    run.run(trunk).map_err(|trouble| trouble.said(errors_alone))
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
pub fn compile(tools: &Tools, options: &[&str]) -> Result<(), Trouble> {
    let mut fetch = tools.cargo();
    fetch.arg("fetch");
    Run {
        doing: "Fetching the crates that the app is made of",
        log: place::log("fetch")?,
        lines: 20,
        remedy: "crates.io must be reachable the first time.".into(),
        limit_minutes: 20,
    }
    .run(fetch)?;
    // Without `-p`, as Trunk does it: which features the shared crates get depends on what is selected.
    let mut cargo = tools.cargo();
    cargo
        .args(["build", "--bin", "sightline", "--bin", "workbench", "--target", "wasm32-unknown-unknown"])
        .args(options);
    Run { doing: "Compiling the app", log: place::log("compile")?, lines: 60, remedy: String::new(), limit_minutes: 25 }
        .run(cargo)
}

/// Says what was written.
pub fn tell() -> Result<(), Trouble> {
    let dist = place::dist();
    let files = files_in(&dist)?;
    let bytes: u64 = files.iter().map(|(_, bytes)| bytes).sum();
    say::line(&format!(
        "dist/ has the app: {} files, {} bytes. Serve them as they are; docs/ says with which headers.",
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
