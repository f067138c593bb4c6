//! Whose code is in the build: the licences, for whoever uses the app, and a bill of materials, for programs.
//!
//! ```text
//! packages  the crates that the app's programs are made of
//! licences  licences.txt
//! bill      sbom.cdx.json
//! terms     which licences they may have
//! ```

mod bill;
mod licences;
mod packages;
mod terms;

use std::fs;
use std::path::Path;

use crate::place;
use crate::setup::Tools;
use crate::trouble::Trouble;

/// The file that the app links to.
const LICENCES: &str = "licences.txt";
/// CycloneDX's name for such files.
const BILL: &str = "sbom.cdx.json";

/// Writes both into a build.
pub fn write(tools: &Tools, build: &Path) -> Result<(), Trouble> {
    let packages = packages::of_the_app(tools)?;
    for (name, text) in [(LICENCES, licences::page(&packages)), (BILL, bill::of_materials(&packages))] {
        let path = build.join(name);
        fs::write(&path, text).map_err(Trouble::file(&path))?;
    }
    Ok(())
}

/// The crates in the build whose terms `deny.toml` does not allow.
pub fn with_other_terms(tools: &Tools) -> Result<Vec<String>, Trouble> {
    let path = place::root().join("deny.toml");
    let allowed = terms::allowed(&fs::read_to_string(&path).map_err(Trouble::file(path))?);
    Ok(terms::not_allowed(&packages::of_the_app(tools)?, &allowed))
}
