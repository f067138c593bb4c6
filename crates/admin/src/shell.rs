//! Commands that somebody pastes into a shell.

/// `text` as one word of a POSIX shell: as it is where that is safe, in quotes where it is not.
pub fn word(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:@%+,".contains(&b);
    if !text.is_empty() && text.bytes().all(plain) { text.into() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_quotes_gets_none() {
        for text in ["sightline", "https://your.page:8443/a_b/authenticated", "./looker.ini", "a-1@b%20"] {
            assert_eq!(word(text), text);
        }
        assert_eq!(word("my looker.ini"), "'my looker.ini'");
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_what_was_meant() {
        for text in ["", "a b", "it's", "''", "$(id) `id` $HOME", "a&b;c|d>e", "[a]*?", "~", "#x", "a=b", "\\", "é\n!"]
        {
            let line = format!("printf %s {}", word(text));
            let read = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
            assert_eq!(String::from_utf8(read.stdout).unwrap(), text, "{line}");
        }
    }
}
