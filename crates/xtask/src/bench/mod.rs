//! What visits cost: the bytes of the door, of the workbench after it, and of the set-up page; and how long they
//! take, beside the pages of `bench/`.

mod reference;
mod report;
mod times;
mod visit;
mod weigh;

use std::path::Path;
use std::{fmt, fs};

use crate::setup::{self, Need, Tools, browsers::Browser};
use crate::trouble::Trouble;
use crate::{build, compress, place, say};
use visit::{File, Parts};
use weigh::Weight;

/// Brotli bytes.
struct Budget {
    /// More than this is worth a word.
    wanted: u64,
    /// More than this is a failure.
    most: u64,
}

const DOOR: Budget = Budget { wanted: 51_500, most: 66_590 };
const WORKBENCH: Budget = Budget { wanted: 169_000, most: 169_000 };
const SETUP: Budget = Budget { wanted: 155_000, most: 155_000 };

/// Builds, and prints the sizes. With runs, measures that many visits, too, and writes all of it down.
pub fn bench(runs: u16) -> Result<(), Trouble> {
    let mut needs = Need::BUILD.to_vec();
    if runs > 0 {
        needs.push(Need::Browser(Browser::Chromium));
    }
    let tools = setup::set_up(&needs)?;
    say::line(build::TAKES);
    build::build(&tools, &build::Plan::usual()?)?;
    let sizes = measure(&tools, &place::dist())?;
    say::line("");
    say::line(&sizes.table());
    for verdict in sizes.verdicts() {
        say::line(&verdict.to_string());
    }
    if runs > 0 {
        let [floor, react] = reference::PAGES;
        let (floor, react) = (floor.build(&tools)?, react.build(&tools)?);
        let times = times::measure(&tools, runs)?;
        let [door, workbench, setup] =
            [&sizes.door, &sizes.workbench, &sizes.setup].map(|part| Weight::sum(part).brotli);
        let bytes = report::Bytes { first_visit: [door, floor.brotli, react.brotli], workbench, setup };
        say::line("");
        say::line(&report::write(&tools, &bytes, &times)?);
        say::line("Written to docs/benchmarks.md and docs/benchmarks.json.");
    }
    Ok(())
}

/// The sizes of what is in a build's folder.
pub fn measure(tools: &Tools, dist: &Path) -> Result<Sizes, Trouble> {
    let mut files = Vec::new();
    for (name, _) in build::files_in(dist)? {
        if compress::is_copy(&name) {
            continue;
        }
        let path = dist.join(&name);
        let bytes = fs::read(&path).map_err(Trouble::file(&path))?;
        files.push(File::new(name, &bytes));
    }
    let Parts { door, workbench, setup } = visit::parts(&files);
    if door.is_empty() || workbench.is_empty() || setup.is_empty() {
        return Err(Trouble::Unreadable {
            what: format!("{}/", dist.display()),
            why: "it has no index.html, no workbench or no set-up page".into(),
            remedy: "Run `cargo xtask build`.".into(),
        });
    }
    let weigh = |names: &[String]| weigh::all(tools, dist, names);
    Ok(Sizes { door: weigh(&door)?, workbench: weigh(&workbench)?, setup: weigh(&setup)? })
}

/// The files of each part.
pub struct Sizes {
    door: Vec<Weight>,
    workbench: Vec<Weight>,
    setup: Vec<Weight>,
}

/// How one part's brotli bytes compare with its budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Within what is wanted.
    Good,
    /// Above what is wanted, below what is allowed.
    Near,
    /// Above what is allowed.
    Over,
}

/// One part's size, judged.
#[derive(Debug)]
pub struct Verdict {
    part: &'static str,
    brotli: u64,
    most: u64,
    wanted: u64,
    /// The judgement.
    pub standing: Standing,
}

impl Verdict {
    fn of(part: &'static str, files: &[Weight], budget: &Budget) -> Self {
        let brotli = files.iter().map(|file| file.brotli).sum();
        let standing = if brotli > budget.most {
            Standing::Over
        } else if brotli > budget.wanted {
            Standing::Near
        } else {
            Standing::Good
        };
        Self { part, brotli, most: budget.most, wanted: budget.wanted, standing }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (size, wanted) = (say::thousands(self.brotli), say::thousands(self.wanted));
        let most = say::thousands(self.most);
        match self.standing {
            Standing::Good => write!(f, "{} {size}, within {wanted}", self.part),
            Standing::Near => write!(f, "{} {size}, over the {wanted} wanted (limit {most})", self.part),
            Standing::Over => write!(f, "{} {size}, over its limit of {most}", self.part),
        }
    }
}

impl Sizes {
    fn parts(&self) -> [(&'static str, &[Weight], &Budget); 3] {
        [("door", &self.door, &DOOR), ("workbench", &self.workbench, &WORKBENCH), ("set-up page", &self.setup, &SETUP)]
    }

    /// Each part's size, judged.
    pub fn verdicts(&self) -> [Verdict; 3] {
        self.parts().map(|(part, files, budget)| Verdict::of(part, files, budget))
    }

    /// A line for each part, beginning with what it was before.
    pub fn compared_with(&self, before: &Self) -> Vec<String> {
        let line = |((part, after, _), (_, before, _)): ((&str, &[Weight], _), (_, &[Weight], _))| {
            let (before, after) = (Weight::sum(before), Weight::sum(after));
            let [raw_before, raw] = [before.raw, after.raw].map(say::thousands);
            let [brotli_before, brotli] = [before.brotli, after.brotli].map(say::thousands);
            format!("{part}: {raw_before} → {raw} bytes, {brotli_before} → {brotli} by brotli")
        };
        self.parts().into_iter().zip(before.parts()).map(line).collect()
    }

    /// By file, and in total.
    pub fn table(&self) -> String {
        let mut rows = vec![row("bytes", ["raw", "gzip -9", "brotli -11"].map(String::from))];
        for (part, files, _) in self.parts() {
            rows.push(String::new());
            rows.extend(files.iter().map(|file| weight_row(&file.name, file)));
            rows.push(weight_row(&format!("{part}, in all"), &Weight::sum(files)));
        }
        rows.join("\n")
    }
}

fn weight_row(name: &str, weight: &Weight) -> String {
    row(name, [weight.raw, weight.gzip, weight.brotli].map(say::thousands))
}

fn row(name: &str, [raw, gzip, brotli]: [String; 3]) -> String {
    format!("{name:<48}{raw:>12}{gzip:>12}{brotli:>12}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighing(brotli: u64) -> Vec<Weight> {
        vec![Weight { name: "app.wasm".into(), raw: brotli * 3, gzip: brotli + 10, brotli }]
    }

    #[test]
    fn budgets_are_kept_neared_or_broken() {
        for (budget, bytes, expected) in [
            (&DOOR, 51_500, Standing::Good),
            (&DOOR, 51_501, Standing::Near),
            (&DOOR, 66_590, Standing::Near),
            (&DOOR, 66_591, Standing::Over),
            (&WORKBENCH, 169_000, Standing::Good),
            (&WORKBENCH, 169_001, Standing::Over),
        ] {
            let standing = Verdict::of("door", &weighing(bytes), budget).standing;
            assert_eq!(standing, expected, "{bytes}");
        }
    }

    #[test]
    fn what_was_saved_is_said_by_part() {
        let before = Sizes { door: weighing(1_000), workbench: weighing(2_000), setup: weighing(3_000) };
        let after = Sizes { door: weighing(800), workbench: weighing(1_500), setup: weighing(3_000) };
        assert_eq!(
            after.compared_with(&before),
            [
                "door: 3,000 → 2,400 bytes, 1,000 → 800 by brotli",
                "workbench: 6,000 → 4,500 bytes, 2,000 → 1,500 by brotli",
                "set-up page: 9,000 → 9,000 bytes, 3,000 → 3,000 by brotli"
            ]
        );
    }

    #[test]
    fn the_table_ends_each_part_with_its_total() {
        let door = [weighing(1_000), weighing(500)].concat();
        let sizes = Sizes { door, workbench: weighing(2_000), setup: weighing(3_000) };
        let table = sizes.table();
        let totals: Vec<Vec<&str>> = table
            .lines()
            .filter(|line| line.contains("in all"))
            .map(|line| line.split_whitespace().rev().take(3).collect())
            .collect();
        assert_eq!(totals, [["1,500", "1,520", "4,500"], ["2,000", "2,010", "6,000"], ["3,000", "3,010", "9,000"]]);
    }
}
