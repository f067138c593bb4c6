//! A slow phone: network and processor as Lighthouse's mobile profile has them when the browser itself
//! slows down (`mobileSlow4G` in its `core/config/constants.js`).

use journeys::browser::Browser;
use serde_json::json;

/// Of the network, there and back, in milliseconds.
const ROUND_TRIP: f64 = 150.0;
/// Kilobits in a second, down and up.
const THROUGHPUT: [f64; 2] = [1.6 * 1024.0, 750.0];
/// What the browser does is done to each request, not to each packet; by these factors Lighthouse makes
/// up for the round trips and the slow start that it leaves out.
const ROUND_TRIP_FACTOR: f64 = 3.75;
const THROUGHPUT_FACTOR: f64 = 0.9;
/// How many times slower than this machine the processor is.
const PROCESSOR: u32 = 4;

/// From now on pages come to a slow phone.
pub async fn slow_down(browser: &Browser) {
    // In bytes.
    let [down, up] = THROUGHPUT.map(|kilobits| (kilobits * THROUGHPUT_FACTOR * 1024.0 / 8.0).floor());
    let network = json!({
        "offline": false,
        "latency": ROUND_TRIP * ROUND_TRIP_FACTOR,
        "downloadThroughput": down,
        "uploadThroughput": up,
    });
    browser.must_devtools("Network.enable", &json!({})).await;
    browser.must_devtools("Network.emulateNetworkConditions", &network).await;
    browser.must_devtools("Emulation.setCPUThrottlingRate", &json!({ "rate": PROCESSOR })).await;
}

/// From now on everything is as fast as this machine.
pub async fn hurry_up(browser: &Browser) {
    let network = json!({ "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.must_devtools("Network.emulateNetworkConditions", &network).await;
    browser.must_devtools("Emulation.setCPUThrottlingRate", &json!({ "rate": 1 })).await;
}
