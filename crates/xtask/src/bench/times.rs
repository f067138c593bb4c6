//! How long visits take: `bench/stopwatch` measures, and its times are read here.

use std::fs;

use serde_json::Value;

use super::reference;
use crate::process::Run;
use crate::setup::{Tools, browsers::Browser};
use crate::trouble::Trouble;
use crate::{place, say, serve};

/// What is measured, as the stopwatch calls it and as people do.
pub const KINDS: [(&str, &str); 3] = [
    ("first_visit", "first visit until the sign-in button can be used"),
    ("redirect_cold", "redirect until the first answer is on the page, nothing in the cache"),
    ("redirect_warm", "the same with the page in the cache"),
];

/// The pages, as the stopwatch calls them.
pub const PAGES: [&str; 3] = ["sightline", "floor", "react"];

/// Measures what is built, this often.
pub fn measure(tools: &Tools, runs: u16) -> Result<Value, Trouble> {
    serve::build_local_looker(tools)?;
    let driver = Browser::Chromium.driver(tools).ok_or_else(|| Trouble::NotFound {
        program: "chromedriver".into(),
        remedy: "Run `cargo xtask setup --tests`, or measure bytes alone: cargo xtask bench --runs 0".into(),
    })?;
    let answer = place::target().join("xtask").join("times.json");
    let mut cargo = tools.cargo();
    cargo
        .args(["run", "-p", "stopwatch", "--", &runs.to_string()])
        .arg(&answer)
        .env("SIGHTLINE_BROWSER", Browser::Chromium.name())
        .env("SIGHTLINE_DRIVER", driver)
        .env("SIGHTLINE_DIST", place::dist())
        .env("SIGHTLINE_PAGES", reference::folder())
        .env("SIGHTLINE_SCREENSHOTS", place::target().join("screenshots").join("bench"))
        // Pages are not looked at by it here.
        .env("SIGHTLINE_AXE", "none");
    say::line(&format!("Measuring {runs} visits to each page, one after the other, on a slowed-down Chromium"));
    Run {
        doing: "Measuring",
        log: place::log("bench-times")?,
        lines: 60,
        remedy: String::new(),
        limit_minutes: 15 + 2 * u64::from(runs),
    }
    .run(cargo)?;
    let text = fs::read_to_string(&answer).map_err(Trouble::file(&answer))?;
    serde_json::from_str(&text).map_err(|error| Trouble::Unreadable {
        what: format!("{}", answer.display()),
        why: error.to_string(),
        remedy: "Run `cargo xtask bench` again.".into(),
    })
}

/// The median of one kind of time on one page, in milliseconds.
pub fn median_of(times: &Value, page: &str, kind: &str) -> Option<f64> {
    let times = times["pages"][page][kind].as_array()?;
    median(times.iter().filter_map(Value::as_f64).collect())
}

fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let upper = *numbers.get(middle)?;
    if numbers.len().is_multiple_of(2) { Some(f64::midpoint(*numbers.get(middle - 1)?, upper)) } else { Some(upper) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_has_as_many_below_it_as_above() {
        for (numbers, expected) in
            [(vec![], None), (vec![3.0], Some(3.0)), (vec![9.0, 1.0, 2.0], Some(2.0)), (vec![4.0, 1.0], Some(2.5))]
        {
            assert_eq!(median(numbers.clone()), expected, "{numbers:?}");
        }
    }

    #[test]
    fn medians_are_found_by_page_and_kind() {
        let times = serde_json::json!({ "pages": { "floor": { "first_visit": [3, 1, 2.5] } } });
        assert_eq!(median_of(&times, "floor", "first_visit"), Some(2.5));
        assert_eq!(median_of(&times, "floor", "redirect_warm"), None);
        assert_eq!(median_of(&times, "react", "first_visit"), None);
    }
}
