//! `looker.ini`, as Looker's SDKs read it: `[section]`, `name=value` or `name: value`, comments on lines of their
//! own, quotes around values if one likes.

use std::fmt;

use crate::secret::Hidden;

/// The file's sections, in its order. It holds secrets, so it has no `Debug`.
pub struct Ini(Vec<Section>);

/// One section: usually one Looker.
pub struct Section {
    /// What stands between the brackets.
    pub name: String,
    values: Vec<(String, Hidden)>,
}

impl Ini {
    /// Reads the text of a file.
    pub fn parse(text: &str) -> Result<Self, IniError> {
        let mut sections: Vec<Section> = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.lines().enumerate() {
            let wrong = |what| IniError { line: index + 1, what };
            let line = line.trim();
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            if let Some(rest) = line.strip_prefix('[') {
                let name = rest.strip_suffix(']').map(str::trim).filter(|name| !name.is_empty());
                let name = name.ok_or_else(|| wrong(IniProblem::SectionName))?;
                if sections.iter().any(|section| section.name == name) {
                    return Err(wrong(IniProblem::Twice));
                }
                sections.push(Section { name: name.into(), values: Vec::new() });
                continue;
            }
            let at = line.find(['=', ':']).ok_or_else(|| wrong(IniProblem::NoSetting))?;
            let (name, value) = line.split_at(at);
            let name = name.trim().to_ascii_lowercase();
            let section = sections.last_mut().ok_or_else(|| wrong(IniProblem::NoSection))?;
            if section.values.iter().any(|(known, _)| *known == name) {
                return Err(wrong(IniProblem::Twice));
            }
            let value = unquoted(value.get(1..).unwrap_or_default().trim());
            section.values.push((name, Hidden::new(value.into())));
        }
        Ok(Self(sections))
    }

    /// The section called `name`; the first where none is named.
    pub fn section(&self, name: Option<&str>) -> Option<&Section> {
        match name {
            Some(name) => self.0.iter().find(|section| section.name == name),
            None => self.0.first(),
        }
    }

    /// What the sections are called.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(|section| section.name.clone()).collect()
    }
}

impl Section {
    /// The value of a setting. An empty one counts as none.
    pub fn get(&self, name: &str) -> Option<&Hidden> {
        let (_, value) = self.values.iter().find(|(known, _)| known == name)?;
        (!value.expose().is_empty()).then_some(value)
    }
}

/// The text between two equal quotes, or all of it.
pub fn unquoted(text: &str) -> &str {
    let between = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    between('"').or_else(|| between('\'')).unwrap_or(text)
}

/// What is wrong with the file. Never what stands there: that may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IniError {
    /// In which line, counted from 1.
    pub line: usize,
    /// What it is.
    pub what: IniProblem,
}

/// What can be wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IniProblem {
    /// A setting stands before the first section.
    NoSection,
    /// A section has no name, or its bracket is not closed.
    SectionName,
    /// It is neither a section nor `name=value` nor a comment.
    NoSetting,
    /// The section, or the setting in its section, was there before.
    Twice,
}

impl fmt::Display for IniError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            IniProblem::NoSection => "is a setting before the first [section]",
            IniProblem::SectionName => "begins a section without a name or without its ]",
            IniProblem::NoSetting => "is no [section], no name=value and no comment (#)",
            IniProblem::Twice => "says again what was said above",
        };
        write!(f, "line {} {what}", self.line)
    }
}

impl std::error::Error for IniError {}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\u{feff}# a comment\n; another\n\n[Looker]\r\nbase_url = https://my.looker.com:19999\n\
        Client_ID=abc\nclient_secret: \"s3=cr:et#1\"\nverify_ssl='no'\ntimeout=\n[ Other ]\nbase_url=\"https://o\n";

    fn text<'a>(ini: &'a Ini, section: Option<&str>, name: &str) -> Option<&'a str> {
        ini.section(section)?.get(name).map(Hidden::expose)
    }

    #[test]
    fn a_file_is_read_as_the_sdks_read_it() {
        let ini = Ini::parse(FILE).unwrap();
        for (section, name, value) in [
            (None, "base_url", Some("https://my.looker.com:19999")),
            (None, "client_id", Some("abc")),
            (None, "client_secret", Some("s3=cr:et#1")),
            (Some("Looker"), "verify_ssl", Some("no")),
            (None, "timeout", None),
            (None, "api_version", None),
            (Some("Other"), "base_url", Some("\"https://o")),
            (Some("Other"), "client_id", None),
            (Some("other"), "base_url", None),
        ] {
            assert_eq!(text(&ini, section, name), value, "{section:?} {name}");
        }
        assert_eq!(ini.names(), ["Looker", "Other"]);
        assert!(Ini::parse("").unwrap().section(None).is_none());
    }

    #[test]
    fn what_is_wrong_is_said_by_its_line_and_not_by_its_text() {
        for (text, line, what) in [
            ("client_secret=s3cr3t", 1, IniProblem::NoSection),
            ("[Looker\n", 1, IniProblem::SectionName),
            ("[ ]\n", 1, IniProblem::SectionName),
            ("[Looker]\n\ns3cr3t\n", 3, IniProblem::NoSetting),
            ("[Looker]\na=1\nA=s3cr3t", 3, IniProblem::Twice),
            ("[Looker]\n[Looker]", 2, IniProblem::Twice),
        ] {
            let error = Ini::parse(text).err().unwrap();
            assert_eq!(error, IniError { line, what }, "{text}");
            assert!(!format!("{error} {error:?}").contains("s3cr3t"));
        }
    }
}
