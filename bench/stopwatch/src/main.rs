//! How long visits take, in Chromium on a slow phone: to the app, and to the pages that it is measured
//! against. `cargo xtask bench` runs it, with the environment of the journeys, as
//! `stopwatch RUNS FILE`: in each run every page is visited as by somebody new, one after the other, and
//! the times go to the file as JSON.
//!
//! - [`slow`]: network and processor of that phone
//! - [`watch`]: when a page shows what is waited for
//! - [`visits`]: what is measured

mod slow;
mod visits;
mod watch;

use std::{collections::BTreeMap, env, error::Error, fs};

use journeys::App;
use serde::Serialize;
use visits::Times;

const PAGES: [(&str, App); 3] =
    [("sightline", App::Sightline), ("floor", App::Page("floor")), ("react", App::Page("react"))];

/// What is written.
#[derive(Debug, Serialize)]
struct Measured {
    /// The browser and its version.
    browser: String,
    /// By page.
    pages: BTreeMap<&'static str, Times>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [runs, file] = arguments.as_slice() else { return Err("usage: stopwatch RUNS FILE".into()) };
    let runs: usize = runs.parse()?;
    let mut measured = Measured { browser: String::new(), pages: BTreeMap::new() };
    for run in 0..runs {
        for (name, app) in in_turn(run) {
            let visit = visits::visit(app).await;
            println!("run {} of {runs}, {name}: {visit}", run + 1);
            measured.browser = visit.browser.clone();
            measured.pages.entry(name).or_default().add(&visit);
        }
    }
    Ok(fs::write(file, serde_json::to_string_pretty(&measured)?)?)
}

/// The pages, another one first in each run: what comes first may find the machine in another state.
fn in_turn(run: usize) -> impl Iterator<Item = (&'static str, App)> {
    (0..PAGES.len()).filter_map(move |n| PAGES.get((run + n) % PAGES.len()).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_first_in_one_run_of_three_and_in_each_run_once() {
        let orders: Vec<Vec<&str>> = (0..4).map(|run| in_turn(run).map(|(name, _)| name).collect()).collect();
        assert_eq!(orders[0], ["sightline", "floor", "react"]);
        assert_eq!(orders[1], ["floor", "react", "sightline"]);
        assert_eq!(orders[2], ["react", "sightline", "floor"]);
        assert_eq!(orders[3], orders[0]);
    }
}
