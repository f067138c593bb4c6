//! Pages beside the app, for the journeys: the smallest app on its crate, and one that makes many calls at once.

use std::path::PathBuf;

use crate::build::{errors_alone, trunk};
use crate::place;
use crate::process::Run;
use crate::setup::Tools;
use crate::trouble::Trouble;

/// The name of each, and its folder.
const PAGES: [(&str, &str); 2] = [("smallest", "examples/smallest"), ("calls", "tests/calls")];

/// Where they are built, each in a folder of its name.
pub fn folder() -> PathBuf {
    place::target().join("pages")
}

/// Builds them as `trunk serve` does, which is soon done.
pub fn build(tools: &Tools) -> Result<(), Trouble> {
    for (name, source) in PAGES {
        let mut trunk = trunk(tools, "build");
        trunk.current_dir(place::root().join(source)).arg("--dist").arg(folder().join(name));
        let run = Run {
            doing: &format!("Building {source}"),
            log: place::log(&format!("page-{name}"))?,
            lines: 60,
            remedy: String::new(),
            limit_minutes: 15,
        };
        run.run(trunk).map_err(|trouble| trouble.said(errors_alone))?;
    }
    Ok(())
}
