//! Makes smaller what Trunk built, without a change to what it does.
//!
//! Libraries bring JavaScript classes along that nobody here uses, and wasm-bindgen exports what those need, so
//! that neither compiler nor wasm-opt can leave it out. From the other end it can be seen: what the bundler keeps
//! of the glue uses some exports only; without the rest much of the module is dead, and with it some imports;
//! without these more of the glue goes. What is left over on both sides gets short names.
//!
//! ```text
//! glue     the JavaScript beside a module, as text
//! wasm     a module's imports and exports
//! names    short names
//! program  the two made smaller, hand in hand
//! page     index.html with other files
//! bundle   esbuild, which also makes one script of two, and one style sheet of several
//! kept     what took long, from one build to the next
//! digest   hashes, for names and for browsers
//! ```

mod bundle;
mod digest;
mod glue;
mod kept;
mod names;
mod page;
mod program;
mod wasm;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::build;
use crate::setup::Tools;
use crate::trouble::Trouble;
use program::Program;

/// Reads what Trunk wrote into one folder, and writes it into an empty one, smaller. Both are used for work files.
pub fn slim(tools: &Tools, built: &Path, slimmed: &Path) -> Result<(), Trouble> {
    let html = page::without_nonces(&read(&built.join("index.html"))?);
    let loads = page::loads(&html).ok_or_else(|| {
        strange(
            "index.html",
            "no script with data-wasm starts the app in it",
            "Trunk.toml has the line that puts it there.",
        )
    })?;
    let mut replaced = vec!["index.html".to_owned(), loads.boot.clone()];
    replaced.extend(loads.styles.clone());

    // The door: its starter and its glue in one script.
    let door = Program { folder: built, glue: loads.glue.clone(), wasm: loads.wasm.clone() };
    let door_wasm = door.slim(tools)?;
    let boot = read(&built.join(&loads.boot))?;
    let boot = bundle::with_glue_inside(&boot, &loads.glue).ok_or_else(|| {
        strange(
            &loads.boot,
            "it does not import the door and the other parts as it used to",
            "Import them by the words in crates/xtask/src/slim/bundle.rs, or mend that.",
        )
    })?;
    let script = bundle::script(tools, built, &boot, bundle::Form::Module)?;
    let style = bundle::styles(tools, built, &loads.styles)?;
    let name = stem(&loads.glue);
    let files =
        [(name, ".js", script.into_bytes()), (name, "_bg.wasm", door_wasm), ("door", ".css", style.into_bytes())];
    let [script, wasm, style] = digest::write_named(tools, slimmed, files)?;
    replaced.extend([door.glue, door.wasm]);

    let mut others = BTreeMap::new();
    if let Some(icon) = &loads.icon {
        let bytes = fs::read(built.join(icon)).map_err(Trouble::file(built.join(icon)))?;
        let (name, end) = icon.rsplit_once('.').unwrap_or((icon, ""));
        let [file] = digest::write_named(tools, slimmed, [(stem(name), &format!(".{end}"), bytes)])?;
        others.insert(icon.clone(), file);
    }
    for part in &loads.parts {
        let program = Program { folder: built, glue: part.glue.clone(), wasm: part.wasm.clone() };
        let slim = program.slim(tools)?;
        let entry = bundle::entry(&part.glue, &glue::wanted_exports(&read(&built.join(&part.glue))?));
        let script = bundle::script(tools, built, &entry, bundle::Form::Global(&part.name))?;
        let style = bundle::styles(tools, built, std::slice::from_ref(&part.style))?;
        let name = part.name.as_str();
        let files = [(name, ".js", script.into_bytes()), (name, "_bg.wasm", slim), (name, ".css", style.into_bytes())];
        let files = digest::write_named(tools, slimmed, files)?;
        others.extend([&part.glue, &part.wasm, &part.style].map(String::clone).into_iter().zip(files));
    }
    replaced.extend(others.keys().cloned());
    let instead = page::Instead { style: (!loads.styles.is_empty()).then_some(style), script, wasm, others };
    write(&slimmed.join("index.html"), page::rewritten(&html, &loads, &instead).as_bytes())?;

    for (file, _) in build::files_in(built)? {
        if replaced.contains(&file) || file.starts_with("snippets/") || file.starts_with(bundle::WORK) {
            continue;
        }
        let bytes = fs::read(built.join(&file)).map_err(Trouble::file(built.join(&file)))?;
        write(&slimmed.join(&file), &bytes)?;
    }
    Ok(())
}

/// `sightline` of `sightline-1a2b.js`.
fn stem(name: &str) -> &str {
    let name = name.strip_suffix(".js").unwrap_or(name);
    name.rsplit_once('-').map_or(name, |(stem, _)| stem)
}

fn read(path: &Path) -> Result<String, Trouble> {
    fs::read_to_string(path).map_err(Trouble::file(path))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Trouble::file(folder))?;
    }
    fs::write(path, bytes).map_err(Trouble::file(path))
}

fn strange(file: &str, why: &str, remedy: &str) -> Trouble {
    Trouble::Unreadable { what: format!("{file}, as it was built,"), why: why.to_owned(), remedy: remedy.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_without_their_hash() {
        for (name, expected) in [("sightline-1a2b.js", "sightline"), ("a-b-1a2b.js", "a-b"), ("boot.js", "boot")] {
            assert_eq!(stem(name), expected);
        }
    }
}
