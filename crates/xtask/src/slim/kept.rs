//! What took long to make, with what it was made of: whoever begins with the same bytes need not make it again.

use std::fs;
use std::path::{Path, PathBuf};

use crate::place;
use crate::trouble::Trouble;

/// A file in the target folder, for one thing that is made: the length of what it was made of, that, and the thing.
#[derive(Debug)]
pub struct Kept {
    path: PathBuf,
}

impl Kept {
    /// What is kept by this name.
    pub fn named(name: &str) -> Self {
        Self { path: place::target().join("xtask").join("kept").join(name) }
    }

    /// The thing, if it was made of these bytes.
    pub fn made_of(&self, of: &[u8]) -> Option<Vec<u8>> {
        let file = fs::read(&self.path).ok()?;
        let (length, rest) = file.split_first_chunk()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let (made_of, made) = rest.split_at_checked(length)?;
        (made_of == of).then(|| made.to_owned())
    }

    /// Keeps it, in the place of the one before.
    pub fn keep(&self, of: &[u8], made: &[u8]) -> Result<(), Trouble> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        fs::create_dir_all(folder).map_err(Trouble::file(folder))?;
        let file = [&(of.len() as u64).to_le_bytes(), of, made].concat();
        // All at once: half of it would be taken for the whole.
        let aside = self.path.with_extension("new");
        fs::write(&aside, file).map_err(Trouble::file(&aside))?;
        fs::rename(&aside, &self.path).map_err(Trouble::file(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_given_for_the_very_same_bytes() {
        let folder = std::env::temp_dir().join(format!("xtask-test-{}-kept", std::process::id()));
        let kept = Kept { path: folder.join("module") };
        assert_eq!(kept.made_of(b"of"), None);
        for (of, made) in [(&b"of"[..], &b"made"[..]), (b"", b"made of nothing"), (b"of", b"")] {
            kept.keep(of, made).unwrap();
            assert_eq!(kept.made_of(of).as_deref(), Some(made));
            for other in [&b"o"[..], b"off", b"ofm", b"fo"] {
                assert_eq!(kept.made_of(other), None);
            }
        }
        for broken in [&b""[..], &[9, 0, 0], &u64::MAX.to_le_bytes(), &[2, 0, 0, 0, 0, 0, 0, 0, b'o']] {
            fs::write(&kept.path, broken).unwrap();
            assert_eq!(kept.made_of(b"of"), None);
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
