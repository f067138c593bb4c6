//! Requests to what runs on this machine: drivers, and the local Looker.

use std::sync::LazyLock;

use reqwest::Client;

/// The client for all of them: to make one may take longer than what it is made for, since it may read all
/// certificates of the system.
pub(crate) fn client() -> &'static Client {
    // Each journey has a runtime of its own, and a connection ends with the one that it was opened in.
    static CLIENT: LazyLock<Client> =
        LazyLock::new(|| Client::builder().no_proxy().pool_max_idle_per_host(0).build().expect("nothing is asked for"));
    &CLIENT
}
