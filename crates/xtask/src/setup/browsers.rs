//! The three engines, each with the driver that WebDriver clients talk to.

use std::path::{Path, PathBuf};

use super::{Found, Luxury, Tool, Tools, apt, cargo_tool};
use crate::place;
use crate::trouble::Trouble;

/// Debian's name for Chromium without windows; most journeys take it where it is, for it is the faster one.
pub const CHROMIUM_SHELL: &str = "chromium-headless-shell";

/// A browser engine that the app is tested in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Browser {
    /// Chromium with ChromeDriver.
    Chromium,
    /// Firefox with geckodriver.
    Firefox,
    /// WebKitGTK with WebKitWebDriver; it needs a display.
    WebKit,
}

impl Browser {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// As on the command line, and in SIGHTLINE_BROWSER.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|browser| browser.name() == name)
    }

    /// The variable by which wasm-bindgen's test runner learns where the driver is.
    pub const fn driver_variable(self) -> &'static str {
        match self {
            Self::Chromium => "CHROMEDRIVER",
            Self::Firefox => "GECKODRIVER",
            Self::WebKit => "SAFARIDRIVER",
        }
    }

    const fn driver_program(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
            Self::WebKit => "WebKitWebDriver",
        }
    }

    /// The driver's path.
    pub fn driver(self, tools: &Tools) -> Option<PathBuf> {
        tools.find(self.driver_program())
    }
}

/// What a browser needs.
pub(super) fn tools_for(browser: Browser) -> Vec<Box<dyn Tool>> {
    match browser {
        Browser::Chromium => {
            let mut tools: Vec<Box<dyn Tool>> = vec![Box::new(AptTool {
                name: "Chromium and its driver",
                takes: "about 30 seconds",
                needed: &[&["chromium", "chromium-browser", "google-chrome", "chrome"], &["chromedriver"]],
                packages: &["chromium", "chromium-driver"],
                by_hand: "Install Chromium or Chrome, and ChromeDriver of the same version, on PATH.",
                only_for: Some(Luxury::Browser(browser)),
            })];
            // Elsewhere it comes in no package, and the journeys take longer.
            if apt::is_debian() {
                tools.push(Box::new(AptTool {
                    name: "Chromium without windows",
                    takes: "about 20 seconds",
                    needed: &[&[CHROMIUM_SHELL]],
                    packages: &[CHROMIUM_SHELL],
                    by_hand: "It can be done without: journeys in Chromium take longer then.",
                    only_for: Some(Luxury::ChromiumShell),
                }));
            }
            tools
        }
        Browser::Firefox => vec![
            Box::new(AptTool {
                name: "Firefox",
                takes: "about 20 seconds",
                needed: &[&["firefox", "firefox-esr"]],
                packages: &["firefox-esr"],
                by_hand: "Install Firefox and put `firefox` on PATH.",
                only_for: Some(Luxury::Browser(browser)),
            }),
            Box::new(cargo_tool::geckodriver()),
        ],
        Browser::WebKit => vec![Box::new(AptTool {
            name: "WebKit and its driver",
            takes: "about 30 seconds",
            needed: &[&["WebKitWebDriver"]],
            packages: &["webkit2gtk-driver"],
            by_hand: "Install WebKitGTK's WebKitWebDriver (Linux only).",
            only_for: Some(Luxury::Browser(browser)),
        })],
    }
}

/// A display without a screen.
pub(super) fn xvfb() -> impl Tool {
    AptTool {
        name: "Xvfb",
        takes: "about 10 seconds",
        needed: &[&["Xvfb"]],
        packages: &["xvfb"],
        by_hand: "Install Xvfb (Linux only).",
        only_for: Some(Luxury::Browser(Browser::WebKit)),
    }
}

/// Programs of the system's.
struct AptTool {
    name: &'static str,
    takes: &'static str,
    /// One program of each list.
    needed: &'static [&'static [&'static str]],
    packages: &'static [&'static str],
    by_hand: &'static str,
    only_for: Option<Luxury>,
}

impl Tool for AptTool {
    fn name(&self) -> String {
        self.name.into()
    }

    fn takes(&self) -> &'static str {
        self.takes
    }

    fn only_for(&self) -> Option<Luxury> {
        self.only_for
    }

    fn look(&self) -> Option<Found> {
        all_there(self.needed, |program| place::on_path(program).is_some() || is_mac_app(program)).then(Found::default)
    }

    fn install(&self) -> Result<(), Trouble> {
        apt::install(self.name, self.packages, self.by_hand)
    }
}

fn all_there(needed: &[&[&str]], is_there: impl Fn(&str) -> bool) -> bool {
    needed.iter().all(|any| any.iter().any(|p| is_there(p)))
}

/// On a Mac the drivers find the browsers where these are always installed.
fn is_mac_app(program: &str) -> bool {
    let app = match program {
        "google-chrome" => "/Applications/Google Chrome.app",
        "firefox" => "/Applications/Firefox.app",
        _ => return false,
    };
    Path::new(app).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_there_when_one_program_of_each_kind_is() {
        let needed: &[&[&str]] = &[&["chromium", "google-chrome"], &["chromedriver"]];
        for (there, expected) in [
            (vec!["chromium", "chromedriver"], true),
            (vec!["google-chrome", "chromedriver"], true),
            (vec!["chromium"], false),
            (vec!["chromedriver"], false),
            (vec![], false),
        ] {
            let found = all_there(needed, |program| there.contains(&program));
            assert_eq!(found, expected, "{there:?}");
        }
    }

    #[test]
    fn browsers_go_by_their_names() {
        for browser in Browser::ALL {
            assert_eq!(Browser::named(browser.name()), Some(browser));
        }
        assert_eq!(Browser::named("lynx"), None);
    }
}
