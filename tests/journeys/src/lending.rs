//! Browsers that go from one journey to the next, as new for each.
//!
//! To start a browser costs as much as most journeys, so a journey that ends as it has to gives its browser
//! back, and the next one borrows it. Nobody shares one: it is with one journey, or idle.
//!
//! New for each journey are
//! - the tab, the only one: with it history, `sessionStorage`, `window.name`, what a page holds in
//!   memory or in the cache for Back, and what was emulated (size, colours);
//! - the window's size, the driver's timeouts, and the console;
//! - cookies, permissions, the HTTP cache, and what any origin stores (`localStorage`, IndexedDB, caches,
//!   service workers), cleared as a person can in the browser's settings.
//!
//! Not new are the process, with what it keeps in memory to be fast, and the browser's own databases
//! that no page can read.
//!
//! One with [`Habits`] goes to a journey that wants the same ones; to lose its connection, which it has back by
//! then, every browser is able.
//!
//! Never lent are the browser of a journey that did not end as it had to, one with a port of its journey's own among its
//! habits, and WebKit's: it has no command for all this, and starts fast. A journey of its own (`lent`)
//! leaves traces of every kind and looks for them.

use std::sync::Mutex;

use fantoccini::error::CmdError;
use serde_json::json;

use crate::{
    browser::{Browser, Habits, Running},
    setting::{Engine, Setting},
};

/// Browsers that nobody has at the moment. They end with the test program, as all that a driver
/// started does.
static IDLE: Mutex<Vec<(Habits, Running)>> = Mutex::new(Vec::new());

/// What Firefox's own windows run: the answer is which kinds of data could not be cleared, as flags.
const CLEAR_ALL: &str = "Services.clearData.deleteData(Ci.nsIClearDataService.CLEAR_ALL, arguments[0])";

/// What a browser is started with.
fn of_a_start(habits: Habits) -> Habits {
    Habits { loses_connection: false, ..habits }
}

fn is_lent(engine: Engine, habits: Habits) -> bool {
    engine != Engine::WebKit && habits.public_port.is_none()
}

/// A browser that is idle, if one fits.
pub(crate) fn borrow(engine: Engine, habits: Habits) -> Option<Running> {
    if !is_lent(engine, habits) {
        return None;
    }
    let mut idle = IDLE.lock().unwrap();
    let fitting = idle.iter().position(|(other, _)| *other == of_a_start(habits))?;
    Some(idle.swap_remove(fitting).1)
}

impl Browser {
    /// Leaves the browser to other journeys, or closes it.
    pub(crate) async fn give_back(self) {
        if is_lent(self.engine, self.habits) {
            self.become_new().await;
            IDLE.lock().unwrap().push((of_a_start(self.habits), self.running));
        }
    }

    /// The browser as another journey has it after this one.
    pub(crate) async fn hand_on(self, setting: &Setting) -> Self {
        let (engine, habits) = (self.engine, self.habits);
        if is_lent(engine, habits) {
            self.become_new().await;
            Self::driving(self.running, engine, habits).await
        } else {
            drop(self);
            Self::open(setting, habits).await
        }
    }

    async fn become_new(&self) {
        if self.habits.loses_connection {
            self.go_offline(false).await;
        }
        // First the pages that could store something after all.
        self.replace_tabs().await.expect("the browser closes its tabs");
        match self.engine {
            Engine::Chromium => {
                let all = json!({ "origin": "*", "storageTypes": "all" });
                self.must_devtools("Storage.clearDataForOrigin", &all).await;
                for command in ["Network.clearBrowserCookies", "Network.clearBrowserCache", "Browser.resetPermissions"]
                {
                    self.must_devtools(command, &json!({})).await;
                }
            }
            Engine::Firefox => {
                let left = self.in_its_own_windows("async", CLEAR_ALL).await;
                assert_eq!(left, 0, "Firefox could not clear everything");
            }
            Engine::WebKit => {}
        }
        // What pages said until they were closed is nothing of the next journey's.
        self.console().await;
    }

    /// Closes all tabs, for a new one.
    async fn replace_tabs(&self) -> Result<(), CmdError> {
        let old = self.client.windows().await?;
        let new = self.client.new_window(true).await?.handle;
        for tab in old {
            self.client.switch_to_window(tab).await?;
            self.client.close_window().await?;
        }
        self.client.switch_to_window(new).await
    }
}
