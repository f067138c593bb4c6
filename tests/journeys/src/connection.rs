//! The connection of the computer, which can be lost.

use serde_json::json;

use crate::{setting::Engine, stage::Stage};

impl Stage {
    /// The computer loses its connection: the browser says so, and neither this page's host nor Looker can be
    /// reached. What is under way ends.
    pub async fn loses_its_connection(&self) {
        self.acts("lost the connection");
        self.says_that_it_is_online(false).await;
        self.site.become_unreachable(true);
        // This ends what hangs; what the page asks after that is dropped already.
        self.looker.replace_faults(json!([{ "path": "/", "method": "*", "then": "drop_before" }])).await;
    }

    /// The connection is back.
    pub async fn has_its_connection_back(&self) {
        self.acts("had the connection back");
        self.site.become_unreachable(false);
        self.looker.clear_faults().await;
        self.says_that_it_is_online(true).await;
    }

    async fn says_that_it_is_online(&self, online: bool) {
        self.browser.go_offline(!online).await;
        if self.browser.engine == Engine::WebKit {
            let tell = format!("dispatchEvent(new CustomEvent('connection', {{ detail: {online} }})); return null");
            self.evaluate(&tell).await;
        }
        self.sees_that("what the browser says of it", &format!("return navigator.onLine === {online}")).await;
    }
}
