//! Hashes of files, by which they are named and browsers check them. Node.js computes them: a build needs it anyway,
//! and xtask stays quick to compile.

use std::fs;
use std::path::Path;

use super::page::File;
use super::write;
use crate::process;
use crate::setup::Tools;
use crate::trouble::Trouble;

const SCRIPT: &str = "
const { readFileSync } = require('fs'), { createHash } = require('crypto');
for (const path of process.argv.slice(1)) {
  const hash = 'sha256-' + createHash('sha256').update(readFileSync(path)).digest('base64');
  console.log(hash.slice(0, 19).replaceAll('+', '-').replaceAll('/', '_'), hash);
}";

/// Writes files into a folder, each by a name with its hash in it: the beginning of what browsers check it by, which
/// is where the name is too, and so costs next to nothing there.
pub fn write_named<const N: usize>(
    tools: &Tools,
    folder: &Path,
    files: [(&str, &str, Vec<u8>); N],
) -> Result<[File; N], Trouble> {
    let plain = |(stem, end, _): &(&str, &str, Vec<u8>)| format!("{stem}{end}");
    for file in &files {
        write(&folder.join(plain(file)), &file.2)?;
    }
    let mut node = tools.command("node");
    node.current_dir(folder).args(["-e", SCRIPT, "--"]).args(files.iter().map(plain));
    let said = process::ask(node).unwrap_or_default();
    let mut lines = said.lines().map(read);
    let mut named = Vec::new();
    for file in &files {
        let (hash, integrity) = lines.next().flatten().ok_or_else(|| Trouble::Unreadable {
            what: "The hashes of the built files".into(),
            why: "Node.js did not compute them".into(),
            remedy: "See that `node --version` says 18 or later.".into(),
        })?;
        let name = format!("{}-{hash}{}", file.0, file.1);
        let old = folder.join(plain(file));
        fs::rename(&old, folder.join(&name)).map_err(Trouble::file(old))?;
        named.push(File { name, integrity });
    }
    // Never: there are as many as before.
    named.try_into().map_err(|_| Trouble::Interrupted)
}

fn read(line: &str) -> Option<(String, String)> {
    let (hash, integrity) = line.split_once(' ')?;
    Some((hash.to_owned(), integrity.to_owned()))
}
