//! Which files of a build a first visit loads.
//!
//! The door is index.html, config.json (which the program asks for), and every file that one of the door's
//! pages, scripts or style sheets names. The workbench and the set-up page are the files called after them, and
//! what these name beyond the door's.

/// A file of the build, with its text when it is one that can name others.
#[derive(Debug)]
pub struct File {
    name: String,
    text: String,
}

impl File {
    /// From its path below the build's folder, and its content.
    pub fn new(name: String, bytes: &[u8]) -> Self {
        let text = if [".html", ".js", ".css"].iter().any(|end| name.ends_with(end)) {
            String::from_utf8_lossy(bytes).into_owned()
        } else {
            String::new()
        };
        Self { name, text }
    }

    fn base_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// Whether it is called after a part that is loaded by name.
    fn is_of(&self, part: &str) -> bool {
        self.base_name().starts_with(part)
    }
}

/// The names of the files of each part.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts {
    /// What is loaded before anybody has signed in.
    pub door: Vec<String>,
    /// What is loaded on top of it afterwards.
    pub workbench: Vec<String>,
    /// What is loaded for the set-up page, in place of the door's program.
    pub setup: Vec<String>,
}

/// Finds the parts among the files of a build.
pub fn parts(files: &[File]) -> Parts {
    let [workbench, setup] = ["workbench", "setup"];
    let outside: Vec<&File> = files.iter().filter(|file| !file.is_of(workbench) && !file.is_of(setup)).collect();
    let starts = |file: &File| file.name == "index.html";
    let mut door = with_all_they_name(&outside, starts);
    if !door.is_empty() {
        door.extend(outside.iter().filter(|file| file.name == "config.json"));
    }
    let rest: Vec<&File> = files.iter().filter(|file| !door.iter().any(|taken| taken.name == file.name)).collect();
    let part = |name: &str| with_all_they_name(&rest, |file| file.is_of(name));
    let names = |files: Vec<&File>| {
        let mut names: Vec<String> = files.into_iter().map(|file| file.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    };
    Parts { workbench: names(part(workbench)), setup: names(part(setup)), door: names(door) }
}

fn with_all_they_name<'a>(among: &[&'a File], starts: impl Fn(&File) -> bool) -> Vec<&'a File> {
    let mut taken: Vec<&File> = among.iter().copied().filter(|file| starts(file)).collect();
    let mut next = 0;
    while let Some(file) = taken.get(next).copied() {
        next += 1;
        for other in among {
            let known = taken.iter().any(|file| file.name == other.name);
            if !known && names(&file.text, other.base_name()) {
                taken.push(other);
            }
        }
    }
    taken
}

/// Whether a text has a file's name in it, and not as a part of a longer one.
fn names(text: &str, base_name: &str) -> bool {
    let part_of_a_name = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    text.match_indices(base_name).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        !before.is_some_and(part_of_a_name) && !after.is_some_and(|c| c.is_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> File {
        File::new(name.into(), text.as_bytes())
    }

    #[test]
    fn the_door_is_what_its_page_names_and_the_other_parts_what_is_called_so() {
        let files = [
            file("404.html", "<script src=/nothing.js>"),
            file("boot.js", "import(path + 'sightline-1a2b.js'); 'sightline-1a2b_bg.wasm'"),
            file("config.json", "{}"),
            file(
                "index.html",
                "<link rel=stylesheet href=/x/door-9f.css><script type=module src='/x/boot.js?v=2'></script>\
                 <link rel=icon href=mark.svg>",
            ),
            file("door-9f.css", "@font-face { src: url(../fonts/plain.woff2) }"),
            file("fonts/plain.woff2", ""),
            file("mark.svg", ""),
            file("nothing.js", ""),
            file("sightline-1a2b.js", "import './snippets/a/inline0.js'; import('./workbench.js')"),
            file("sightline-1a2b_bg.wasm", ""),
            file("setup.css", "@import \"workbench.css\";"),
            file("setup.js", "'setup_bg.wasm'"),
            file("setup_bg.wasm", ""),
            file("snippets/a/inline0.js", ""),
            file("snippets/b/chart.js", ""),
            file("workbench.css", ""),
            file("workbench.js", "import '/snippets/b/chart.js'; import '/snippets/a/inline0.js'; 'workbench_bg.wasm'"),
            file("workbench_bg.wasm", ""),
        ];
        let expected = Parts {
            door: [
                "boot.js",
                "config.json",
                "door-9f.css",
                "fonts/plain.woff2",
                "index.html",
                "mark.svg",
                "sightline-1a2b.js",
                "sightline-1a2b_bg.wasm",
                "snippets/a/inline0.js",
            ]
            .map(String::from)
            .to_vec(),
            workbench: ["snippets/b/chart.js", "workbench.css", "workbench.js", "workbench_bg.wasm"]
                .map(String::from)
                .to_vec(),
            setup: ["setup.css", "setup.js", "setup_bg.wasm", "workbench.css"].map(String::from).to_vec(),
        };
        assert_eq!(parts(&files), expected);
    }

    #[test]
    fn without_a_page_there_is_no_door() {
        let files = [file("config.json", "{}"), file("workbench.js", "")];
        assert!(parts(&files).door.is_empty());
    }

    #[test]
    fn a_name_counts_only_whole() {
        for (text, expected) in [
            ("src=\"/boot.js\"", true),
            ("src=boot.js?v=1", true),
            ("'./boot.js'", true),
            ("reboot.js", false),
            ("re-boot.js", false),
            ("boot.json", false),
            ("boot.js.", true),
            ("", false),
        ] {
            assert_eq!(names(text, "boot.js"), expected, "{text:?}");
        }
    }
}
