//! Debian's packages, where there are any and we may install them.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::place;
use crate::process::{self, Run};
use crate::trouble::Trouble;

static LISTS_ARE_FRESH: AtomicBool = AtomicBool::new(false);

/// Who we are to apt-get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rights {
    /// root.
    Root,
    /// sudo works, and asks nothing.
    Sudo,
    /// There is apt-get, and not for us.
    No,
    /// There is no apt-get here.
    NoApt,
}

fn rights() -> Rights {
    if place::on_path("apt-get").is_none() {
        return Rights::NoApt;
    }
    if nix::unistd::Uid::effective().is_root() {
        return Rights::Root;
    }
    let mut sudo = place::command("sudo");
    sudo.args(["-n", "true"]);
    if process::ask(sudo).is_some() { Rights::Sudo } else { Rights::No }
}

/// A command as root, if we can be that without being asked anything.
pub fn as_root(program: &str) -> Option<Command> {
    match rights() {
        Rights::Root => Some(place::command(program)),
        Rights::Sudo => {
            let mut sudo = place::command("sudo");
            sudo.args(["-n", "--", program]);
            Some(sudo)
        }
        Rights::No | Rights::NoApt => None,
    }
}

/// Whether apt knows a package.
pub fn knows(package: &str) -> bool {
    let mut policy = place::command("apt-cache");
    policy.args(["show", "--no-all-versions", package]);
    process::ask(policy).is_some_and(|said| said.contains("Package:"))
}

/// Brings the package lists up to date, once in a run.
pub fn update() -> Result<(), Trouble> {
    let Some(mut apt) = as_root("apt-get") else {
        return Ok(());
    };
    if LISTS_ARE_FRESH.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    apt.args(["update", "-q"]);
    Run {
        doing: "Reading Debian's package lists",
        log: place::log("apt-update")?,
        lines: 15,
        remedy: "See that the package servers in /etc/apt can be reached.".into(),
        limit_minutes: 20,
    }
    .run(apt)
}

/// Installs packages; on a machine where that is not for us, says what to do by hand.
pub fn install(what: &str, packages: &[&str], by_hand: &str) -> Result<(), Trouble> {
    let list = packages.join(" ");
    let Some(mut apt) = as_root("apt-get") else {
        return Err(match rights() {
            Rights::NoApt => Trouble::CannotInstall {
                what: what.to_owned(),
                why: "This machine has no apt-get.".into(),
                remedy: by_hand.to_owned(),
            },
            _ => Trouble::CannotInstall {
                what: what.to_owned(),
                why: "Installing packages needs root here, and sudo would ask for a password.".into(),
                remedy: format!("Run: sudo apt-get install --no-install-recommends {list}"),
            },
        });
    };
    update()?;
    // Never at the price of something that is installed: rustc-web would take the place of rustc.
    apt.args(["install", "-q", "-y", "--no-install-recommends", "--no-remove", "-o", "DPkg::Lock::Timeout=120"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive");
    Run {
        doing: &format!("Installing {what} ({list})"),
        log: place::log(&format!("install-{}", packages.first().unwrap_or(&"apt")))?,
        lines: 20,
        remedy: by_hand.to_owned(),
        limit_minutes: 20,
    }
    .run(apt)
}

/// Whether this looks like Debian or one of its children.
pub fn is_debian() -> bool {
    place::on_path("apt-get").is_some() && fs::exists("/etc/debian_version").unwrap_or(false)
}
