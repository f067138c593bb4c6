//! What `cargo xtask test` sets in the environment.

use std::{env, path::PathBuf};

/// A browser engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, by chromedriver.
    Chromium,
    /// Firefox, by geckodriver.
    Firefox,
    /// WebKit's MiniBrowser, by WebKitWebDriver; needs a display.
    WebKit,
}

/// What the journeys run with.
#[derive(Debug, Clone)]
pub struct Setting {
    /// `SIGHTLINE_BROWSER`
    pub engine: Engine,
    /// `SIGHTLINE_DRIVER`: the driver's program.
    pub driver: PathBuf,
    /// `SIGHTLINE_CHROMIUM_SHELL`: Chromium without windows, where there is one.
    pub chromium_shell: Option<PathBuf>,
    /// `SIGHTLINE_DIST`: the release build.
    pub dist: PathBuf,
    /// `SIGHTLINE_PAGES`: the folder of the pages beside the app, each in a folder of its name.
    pub pages: PathBuf,
    /// `SIGHTLINE_SCREENSHOTS`: where pictures go.
    pub screenshots: PathBuf,
    /// `SIGHTLINE_AXE`: axe-core's file.
    pub axe: PathBuf,
}

impl Setting {
    /// Reads the environment.
    ///
    /// # Panics
    /// Where something is missing, with a sentence on how the journeys are run.
    pub fn read() -> Self {
        let engine = match &*given("SIGHTLINE_BROWSER") {
            "chromium" => Engine::Chromium,
            "firefox" => Engine::Firefox,
            "webkit" => Engine::WebKit,
            other => panic!("SIGHTLINE_BROWSER is “{other}”; it can be chromium, firefox or webkit."),
        };
        let dist = PathBuf::from(given("SIGHTLINE_DIST"));
        let index = dist.join("index.html");
        assert!(index.is_file(), "There is no {}. Build the app by `cargo xtask build`.", index.display());
        let driver = PathBuf::from(given("SIGHTLINE_DRIVER"));
        assert!(
            driver.is_file(),
            "There is no {}, which SIGHTLINE_DRIVER names. `cargo xtask setup --tests` installs drivers.",
            driver.display()
        );
        let chromium_shell = env::var_os("SIGHTLINE_CHROMIUM_SHELL").map(PathBuf::from);
        let pages = PathBuf::from(given("SIGHTLINE_PAGES"));
        let screenshots = PathBuf::from(given("SIGHTLINE_SCREENSHOTS"));
        std::fs::create_dir_all(&screenshots).expect("SIGHTLINE_SCREENSHOTS can be made");
        let axe = PathBuf::from(given("SIGHTLINE_AXE"));
        Self { engine, driver, chromium_shell, dist, pages, screenshots, axe }
    }
}

/// `LOOKER_ADMIN`: the program.
///
/// # Panics
/// Where it is not set, with a sentence on how the journeys are run.
pub fn looker_admin() -> PathBuf {
    given("LOOKER_ADMIN").into()
}

/// A variable that has to be set.
pub(crate) fn given(name: &str) -> String {
    let value = env::var(name).unwrap_or_default();
    assert!(
        !value.is_empty(),
        "The journeys need a browser, and {name} is not set. \
         Run them by `cargo xtask test --only journeys hosts`, which sets up everything."
    );
    value
}
