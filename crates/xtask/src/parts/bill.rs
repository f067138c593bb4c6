//! A bill of materials after [CycloneDX 1.5](https://cyclonedx.org/docs/1.5/json/), without a time and without a
//! serial number: the same build has the same bill.

use serde_json::{Value, json};

use super::packages::Package;

/// `sbom.cdx.json`.
pub fn of_materials(packages: &[Package]) -> String {
    let is_app = |package: &&Package| package.name == "sightline";
    let app = packages.iter().find(is_app).map(component);
    let others: Vec<Value> = packages.iter().filter(|package| !is_app(package)).map(component).collect();
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": app },
        "components": others
    });
    format!("{bill:#}\n")
}

fn component(package: &Package) -> Value {
    let (name, version) = (&package.name, &package.version);
    let purl = format!("pkg:cargo/{name}@{version}");
    let is_app = name == "sightline";
    let mut component = json!({
        "type": if is_app { "application" } else { "library" },
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl
    });
    if !package.license.is_empty() {
        // Cargo once took a slash for OR.
        component["licenses"] = json!([{ "expression": package.license.replace('/', " OR ") }]);
    }
    if let Some(sum) = &package.checksum {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_is_the_subject_and_its_crates_are_the_parts() {
        let package = |name: &str, license: &str, checksum: Option<&str>| Package {
            name: name.into(),
            version: "1.0.0".into(),
            license: license.into(),
            authors: vec![],
            repository: String::new(),
            checksum: checksum.map(String::from),
            texts: vec![],
        };
        let bill = of_materials(&[package("a", "MIT/Apache-2.0", Some("ab")), package("sightline", "MIT", None)]);
        let bill: Value = serde_json::from_str(&bill).unwrap();
        assert_eq!(bill["metadata"]["component"]["name"], "sightline");
        assert_eq!(
            bill["components"],
            json!([{ "type": "library", "bom-ref": "pkg:cargo/a@1.0.0", "name": "a", "version": "1.0.0",
                     "purl": "pkg:cargo/a@1.0.0", "licenses": [{ "expression": "MIT OR Apache-2.0" }],
                     "hashes": [{ "alg": "SHA-256", "content": "ab" }] }])
        );
    }
}
