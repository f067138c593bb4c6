//! The instances that a person added in this browser. They are no secret, so they stand in
//! `localStorage`, for every tab.

use looker::Instance;

use crate::{net::json, page};

const KEY: &str = "sightline.instances";

/// What was added; nothing where storage is blocked.
pub fn read() -> Vec<Instance> {
    let stored = page::window().local_storage().ok().flatten().and_then(|storage| storage.get_item(KEY).ok().flatten());
    stored.and_then(|text| json::parse(&text).ok()).map(|json| Instance::saved(&json)).unwrap_or_default()
}

/// Keeps these in place of what was added before.
pub fn write(instances: &[Instance]) -> Result<(), NotKept> {
    let storage = page::window().local_storage().ok().flatten().ok_or(NotKept)?;
    storage.set_item(KEY, &Instance::save(instances)).map_err(|_| NotKept)
}

/// The browser does not let this page store anything, or there is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotKept;
