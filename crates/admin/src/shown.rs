//! Texts of strangers on a terminal.

use serde_json::Value;

/// Whether a character would move the cursor, change colours, end the line, or turn the direction of writing.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `text` without characters that act on a terminal.
pub fn shown(text: &str) -> String {
    text.chars().map(|c| if acts(c) { '\u{fffd}' } else { c }).collect()
}

/// The same for a text of several lines.
pub fn shown_lines(text: &str) -> String {
    text.split('\n').map(shown).collect::<Vec<_>>().join("\n")
}

/// JSON in one line, with every such character escaped: the data stays as it is.
pub fn json_line(json: &Value) -> String {
    let mut line = String::new();
    for c in json.to_string().chars() {
        // Such a character can only stand inside a string here, and all of them are below U+FFFF.
        if acts(c) { line.push_str(&format!("\\u{:04x}", u32::from(c))) } else { line.push(c) }
    }
    line.push('\n');
    line
}

/// Two texts one below the other, with a mark below the first character that differs.
pub fn difference(from: (&str, &str), to: (&str, &str)) -> String {
    let width = from.0.chars().count().max(to.0.chars().count());
    let same = from.1.chars().zip(to.1.chars()).take_while(|(a, b)| a == b).count();
    let line = |(label, text): (&str, &str)| format!("    {label:width$}  {}\n", shown(text));
    format!("{}{}{}^", line(from), line(to), " ".repeat(6 + width + same))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_of_a_strangers_text_acts_on_the_terminal() {
        assert_eq!(shown("a\u{1b}[31m\u{9b}2J\r\n\u{202e}é"), "a\u{fffd}[31m\u{fffd}2J\u{fffd}\u{fffd}\u{fffd}é");
        assert_eq!(shown("a\u{61c}b\u{2028}c\u{2029}d\u{2066}"), "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}");
        assert_eq!(shown_lines("a\u{7}\nb\u{202e}"), "a\u{fffd}\nb\u{fffd}");
        let line = json_line(&json!({ "a": "\u{1b}\u{9b}\u{7f}\né\u{202e}\u{2069}" }));
        assert_eq!(line, "{\"a\":\"\\u001b\\u009b\\u007f\\né\\u202e\\u2069\"}\n");
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["a"], "\u{1b}\u{9b}\u{7f}\né\u{202e}\u{2069}");
    }

    #[test]
    fn the_first_difference_is_marked() {
        for (from, to, column) in [
            ("https://a/b", "https://a/b/", 11),
            ("https://a/b", "http://a/b", 4),
            ("", "x", 0),
            ("é\u{7}a", "é\u{7}b", 2),
        ] {
            let marked = difference(("has", from), ("wanted", to));
            let lines: Vec<_> = marked.lines().collect();
            assert!(lines[0].starts_with("    has     "), "{marked}");
            assert!(lines[1].starts_with("    wanted  "), "{marked}");
            assert_eq!(lines[2], format!("{}^", " ".repeat(12 + column)), "{marked}");
        }
    }
}
