//! The release build, in `dist/`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::process::Run;
use crate::setup::Tools;
use crate::trouble::Trouble;
use crate::{place, say};

/// Makes it anew.
pub fn build(tools: &Tools, public_url: Option<&str>) -> Result<(), Trouble> {
    let mut trunk = trunk(tools, "build");
    trunk.arg("--release").arg("--dist").arg(place::dist());
    if let Some(url) = public_url {
        trunk.args(["--public-url", url]);
    }
    say::line("Building the app for release, takes a few minutes the first time");
    Run { doing: "Building the app", log: place::log("build")?, lines: 60, remedy: String::new(), limit_minutes: 25 }
        .run(trunk)
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
