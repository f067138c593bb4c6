//! The terms of all that is in the build, as a text to read: each licence once, below those that it is for.

use super::packages::Package;

/// `licences.txt`.
pub fn page(packages: &[Package]) -> String {
    let mut out = String::from(
        "Sightline is made of the crates below, each under its own terms. Every text stands here once, below the \
         crates that come with it.\n\n",
    );
    for package in packages {
        out += &format!("{} {}: {}\n", package.name, package.version, terms(package));
        for line in [package.authors.join(", "), package.repository.clone()] {
            if !line.is_empty() {
                out += &format!("    {line}\n");
            }
        }
    }
    let mut texts: Vec<(&str, Vec<String>)> = Vec::new();
    for package in packages {
        for text in &package.texts {
            let name = format!("{} {}", package.name, package.version);
            match texts.iter_mut().find(|(known, _)| known == text) {
                Some((_, names)) if names.contains(&name) => {}
                Some((_, names)) => names.push(name),
                None => texts.push((text, vec![name])),
            }
        }
    }
    for (text, names) in texts {
        out += &format!("\n{}\n{}\n\n{text}\n", "-".repeat(72), names.join(", "));
    }
    out
}

fn terms(package: &Package) -> &str {
    match (package.license.as_str(), package.texts.is_empty()) {
        ("", true) => "no terms given",
        ("", false) => "terms below",
        (license, _) => license,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, license: &str, texts: &[&str]) -> Package {
        Package {
            name: name.into(),
            version: "1.0.0".into(),
            license: license.into(),
            authors: vec![],
            repository: String::new(),
            checksum: None,
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    #[test]
    fn each_text_stands_once_below_those_it_is_for() {
        let page = page(&[package("a", "MIT", &["mit"]), package("b", "MIT OR Apache-2.0", &["mit", "apache"])]);
        assert!(page.contains("a 1.0.0: MIT\nb 1.0.0: MIT OR Apache-2.0\n"), "{page}");
        assert!(page.contains("a 1.0.0, b 1.0.0\n\nmit\n"), "{page}");
        assert!(page.contains("\nb 1.0.0\n\napache\n"), "{page}");
    }
}
