//! Tabs: another one, a copy of one, and which is in front.

use fantoccini::wd::WindowHandle;

use crate::{mouse::At, stage::Stage};

impl Stage {
    /// Opens another tab, and turns to it.
    pub async fn turns_to_a_new_tab(&self) {
        self.trail.note("opened another tab");
        let opened = self.browser.client.new_window(true).await;
        let opened = self.must(opened, "the browser opens a tab").await;
        self.turns_to(opened.handle).await;
    }

    /// All tabs.
    pub async fn tabs(&self) -> Vec<WindowHandle> {
        let tabs = self.browser.client.windows().await;
        self.must(tabs, "there are tabs").await
    }

    /// Waits until there is another tab than this.
    pub async fn waits_for_another_tab(&self, than: &WindowHandle) -> WindowHandle {
        self.wait_for("another tab", || async {
            Ok(self.browser.client.windows().await?.into_iter().find(|tab| tab != than))
        })
        .await
    }

    /// Duplicates the tab, as the browser's menu does: the new one begins with a copy of its storage.
    /// Returns both, the new one last.
    pub async fn duplicates_the_tab(&self) -> (WindowHandle, WindowHandle) {
        self.trail.note("duplicated the tab");
        let first = self.tab().await;
        // What a link opens for its opener has a copy, too; and no browser takes it for a pop-up.
        let link = "const link = document.createElement('a');
            Object.assign(link, { id: 'duplicate', href: location.href, target: '_blank', rel: 'opener' });
            link.textContent = 'Duplicate';
            document.body.prepend(link);
            return null";
        self.evaluate(link).await;
        self.click(At::Selector("#duplicate"), "the link to a copy").await;
        self.evaluate("document.getElementById('duplicate').remove(); return null").await;
        let second = self.waits_for_another_tab(&first).await;
        (first, second)
    }

    /// Closes the tab in front.
    pub async fn close_tab(&self) {
        self.trail.note("closed the tab");
        let closed = self.browser.client.close_window().await;
        self.must(closed, "the tab closes").await;
    }

    /// The tab in front.
    pub async fn tab(&self) -> WindowHandle {
        let tab = self.browser.client.window().await;
        self.must(tab, "there is a tab").await
    }

    /// Turns to another tab.
    pub async fn turns_to(&self, tab: WindowHandle) {
        let turned = self.browser.client.switch_to_window(tab).await;
        self.must(turned, "the browser turns to the tab").await;
    }
}
