//! The files that are read.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use looker::Config;
use reqwest::Certificate;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use crate::{
    ini::Ini,
    json,
    settings::{DEFAULT_INI, SettingsError},
    trouble::Trouble,
};

/// The app's configuration, where none is named.
pub const DEFAULT_CONFIG: &str = "config.json";

/// Reads `looker.ini`. It need not be there, unless it or one of its sections is named.
pub fn ini(named: Option<&Path>, section: Option<&str>) -> Result<Option<(PathBuf, Ini)>, SettingsError> {
    let file = named.unwrap_or(Path::new(DEFAULT_INI)).to_owned();
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() && section.is_none() => {
            return Ok(None);
        }
        Err(error) => return Err(SettingsError::File { file, reason: error.to_string() }),
    };
    match Ini::parse(&text) {
        Ok(ini) => Ok(Some((file, ini))),
        Err(error) => Err(SettingsError::Ini { file, error }),
    }
}

/// Reads the app's configuration.
pub fn config(named: Option<&Path>) -> Result<Config, Trouble> {
    let file = named.unwrap_or(Path::new(DEFAULT_CONFIG));
    let text = fs::read(file).map_err(|error| Trouble::file(file, error))?;
    let json = json::parse(&text).map_err(|error| Trouble::file(file, format!("it is no JSON: {error}")))?;
    Config::from_json(&json).map_err(|error| Trouble::file(file, error))
}

/// Reads the certificates of authorities.
pub fn authorities(named: Option<&Path>) -> Result<Vec<Certificate>, Trouble> {
    let Some(file) = named else { return Ok(Vec::new()) };
    let text = fs::read(file).map_err(|error| Trouble::file(file, error))?;
    let mut found = Vec::new();
    for der in CertificateDer::pem_slice_iter(&text) {
        let der = der.map_err(|error| Trouble::file(file, format!("it is no PEM: {error}")))?;
        let number = found.len() + 1;
        let refused = |why: String| Trouble::file(file, format!("certificate {number} in it is none ({why})"));
        // What is none would be noticed only with the first request, and nobody would say that it is of this file.
        RootCertStore::empty().add(der.clone()).map_err(|error| {
            refused(match error {
                rustls::Error::InvalidCertificate(what) => format!("{what:?}"),
                other => other.to_string(),
            })
        })?;
        found.push(Certificate::from_der(&der).map_err(|error| refused(error.to_string()))?);
    }
    if found.is_empty() {
        return Err(Trouble::file(file, "it has no certificate in PEM (-----BEGIN CERTIFICATE-----)"));
    }
    Ok(found)
}
