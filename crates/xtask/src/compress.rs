//! Compressed copies beside the files of a build, for hosts that serve what lies there.
//!
//! Node.js compresses: a build needs it anyway, and xtask stays quick to compile.

use std::path::Path;
use std::time::Duration;

use crate::build;
use crate::process;
use crate::setup::Tools;
use crate::trouble::Trouble;

const SCRIPT: &str = "
const { readFileSync, writeFileSync } = require('fs'), zlib = require('zlib'), c = zlib.constants;
for (const path of process.argv.slice(1)) {
  const bytes = readFileSync(path);
  const params = { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_LGWIN]: 22, [c.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const copies = { br: zlib.brotliCompressSync(bytes, { params }), gz: zlib.gzipSync(bytes, { level: 9 }) };
  for (const end in copies) if (copies[end].length < bytes.length) writeFileSync(path + '.' + end, copies[end]);
}
console.log('done');";

/// Writes `.br` and `.gz` beside each file that gets smaller by it.
pub fn compress(tools: &Tools, folder: &Path) -> Result<(), Trouble> {
    let files = build::files_in(folder)?;
    compress_some(tools, folder, files.iter().map(|(name, _)| name.as_str()).filter(|name| gains(name)))
}

/// The same for these files of the folder.
pub fn compress_some<'a>(
    tools: &Tools,
    folder: &Path,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<(), Trouble> {
    let mut node = tools.command("node");
    node.current_dir(folder).args(["-e", SCRIPT, "--"]).args(names);
    let said = process::ask_within(Duration::from_secs(120), node);
    said.filter(|said| said.trim() == "done").map(drop).ok_or_else(|| Trouble::Unreadable {
        what: "The files of the build".into(),
        why: "Node.js did not compress them".into(),
        remedy: "See that `node --version` says 18 or later.".into(),
    })
}

/// Whether a file is a compressed copy.
pub fn is_copy(name: &str) -> bool {
    [".br", ".gz"].iter().any(|end| name.ends_with(end))
}

/// `config.json` is edited after deployment: a copy would go on saying what it said before.
fn gains(name: &str) -> bool {
    let ends = [".html", ".js", ".css", ".wasm", ".svg", ".txt", ".json"];
    name != "config.json" && ends.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_edited_or_compressed_already_has_no_copy() {
        for (name, expected) in [
            ("index.html", true),
            ("a-1_bg.wasm", true),
            ("sbom.cdx.json", true),
            ("config.json", false),
            ("index.html.br", false),
            ("_headers", false),
        ] {
            assert_eq!(gains(name), expected, "{name}");
        }
        assert!(is_copy("a.js.br") && is_copy("a.js.gz") && !is_copy("a.js"));
    }
}
