//! How many bytes a file is, as it is and compressed as a good server does.
//!
//! Node.js compresses: a build needs it anyway, its brotli is Google's own, and xtask stays quick to compile.

use std::path::Path;
use std::time::Duration;

use crate::process;
use crate::setup::Tools;
use crate::trouble::Trouble;

/// One file, or several together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Weight {
    /// The file's path below the build's folder.
    pub name: String,
    /// As it is.
    pub raw: u64,
    /// gzip -9.
    pub gzip: u64,
    /// brotli -11, window 22.
    pub brotli: u64,
}

impl Weight {
    /// All together.
    pub fn sum(files: &[Self]) -> Self {
        files.iter().fold(Self::default(), |sum, file| Self {
            name: String::new(),
            raw: sum.raw + file.raw,
            gzip: sum.gzip + file.gzip,
            brotli: sum.brotli + file.brotli,
        })
    }
}

const SCRIPT: &str = "
const { readFileSync } = require('fs'), zlib = require('zlib'), c = zlib.constants;
for (const path of process.argv.slice(1)) {
  const bytes = readFileSync(path);
  const params = { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_LGWIN]: 22, [c.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  console.log(bytes.length, zlib.gzipSync(bytes, { level: 9 }).length, zlib.brotliCompressSync(bytes, { params }).length);
}";

/// Weighs files below a folder.
pub fn all(tools: &Tools, folder: &Path, names: &[String]) -> Result<Vec<Weight>, Trouble> {
    let mut node = tools.command("node");
    node.current_dir(folder).args(["-e", SCRIPT, "--"]).args(names);
    process::ask_within(Duration::from_secs(120), node).and_then(|said| read(names, &said)).ok_or_else(|| {
        Trouble::Unreadable {
            what: "The sizes of the files in dist/".into(),
            why: "Node.js did not compress them".into(),
            remedy: "See that `node --version` says 18 or later.".into(),
        }
    })
}

fn read(names: &[String], said: &str) -> Option<Vec<Weight>> {
    let lines: Vec<&str> = said.lines().collect();
    if lines.len() != names.len() {
        return None;
    }
    let weigh = |(name, line): (&String, &str)| {
        let mut numbers = line.split(' ').map(str::parse);
        Some(Weight {
            name: name.clone(),
            raw: numbers.next()?.ok()?,
            gzip: numbers.next()?.ok()?,
            brotli: numbers.next()?.ok()?,
        })
    };
    names.iter().zip(lines).map(weigh).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_file() {
        let names = ["a.js".to_owned(), "b.wasm".to_owned()];
        let weights = read(&names, "10 8 7\n1000 500 400\n").unwrap();
        assert_eq!(weights[1].name, "b.wasm");
        assert_eq!(Weight::sum(&weights).brotli, 407);
        for wrong in ["", "10 8 7\n", "10 8 7\n1000 500\n", "10 8 7\na b c\n"] {
            assert_eq!(read(&names, wrong), None, "{wrong:?}");
        }
    }
}
