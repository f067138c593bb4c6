//! nginx and Caddy, for tests of the build behind them: from Debian's packages, but not installed, which would
//! start them as services of this machine.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Found, Luxury, Tool, apt};
use crate::place;
use crate::process::Run;
use crate::trouble::Trouble;

/// A server that the built files are tested behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// nginx.
    Nginx,
    /// Caddy.
    Caddy,
}

impl Server {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Nginx, Self::Caddy];

    /// Its program and its package.
    pub const fn program(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
        }
    }

    /// The variable by which the tests learn where it is.
    pub const fn variable(self) -> &'static str {
        match self {
            Self::Nginx => "SIGHTLINE_NGINX",
            Self::Caddy => "SIGHTLINE_CADDY",
        }
    }
}

pub(super) fn tools() -> Vec<Box<dyn Tool>> {
    Server::ALL.into_iter().map(|server| Box::new(Package(server)) as Box<dyn Tool>).collect()
}

struct Package(Server);

impl Package {
    fn unpacked(&self) -> Result<PathBuf, Trouble> {
        Ok(place::tools()?.join(format!("debian-{}", self.0.program())))
    }
}

impl Tool for Package {
    fn name(&self) -> String {
        self.0.program().into()
    }

    fn takes(&self) -> &'static str {
        "a few seconds"
    }

    fn only_for(&self) -> Option<Luxury> {
        Some(Luxury::Servers)
    }

    fn look(&self) -> Option<Found> {
        let program = self.0.program();
        if place::on_path(program).is_some() {
            return Some(Found::default());
        }
        let unpacked = self.unpacked().ok()?;
        // Not everybody has the first of them on PATH.
        let folders = [PathBuf::from("/usr/sbin"), unpacked.join("usr/sbin"), unpacked.join("usr/bin")];
        let bin = folders.into_iter().find(|folder| place::is_program(&folder.join(program)))?;
        Some(Found { bin: Some(bin), toolchain: None })
    }

    fn install(&self) -> Result<(), Trouble> {
        let program = self.0.program();
        let by_hand = format!("Install {program}, and put it on PATH.");
        if !apt::is_debian() {
            return Err(Trouble::CannotInstall {
                what: program.into(),
                why: "This machine has no packages of Debian's.".into(),
                remedy: by_hand,
            });
        }
        apt::update()?;
        let unpacked = self.unpacked()?;
        let aside = unpacked.with_extension("new");
        if aside.exists() {
            fs::remove_dir_all(&aside).map_err(Trouble::file(&aside))?;
        }
        let packages = aside.join("packages");
        fs::create_dir_all(&packages).map_err(Trouble::file(&packages))?;
        let mut download = place::command("apt-get");
        // As whoever runs this: apt's own user can't write into the folder, and apt would warn of that.
        download.current_dir(&packages).args(["download", "-q", "-o", "APT::Sandbox::User=root", program]);
        run(&format!("Getting {program}"), &by_hand, download)?;
        let package = only_file(&packages)?;
        let mut unpack = place::command("dpkg-deb");
        unpack.arg("-x").arg(&package).arg(&aside);
        run(&format!("Unpacking {program}"), &by_hand, unpack)?;
        fs::remove_dir_all(&packages).map_err(Trouble::file(&packages))?;
        if unpacked.exists() {
            fs::remove_dir_all(&unpacked).map_err(Trouble::file(&unpacked))?;
        }
        fs::rename(&aside, &unpacked).map_err(Trouble::file(&unpacked))
    }
}

fn run(doing: &str, by_hand: &str, command: std::process::Command) -> Result<(), Trouble> {
    Run { doing, log: place::log("install-servers")?, lines: 20, remedy: by_hand.to_owned(), limit_minutes: 10 }
        .run(command)
}

fn only_file(folder: &Path) -> Result<PathBuf, Trouble> {
    let mut entries = fs::read_dir(folder).map_err(Trouble::file(folder))?.flatten().map(|entry| entry.path());
    entries.next().ok_or_else(|| Trouble::Unreadable {
        what: folder.display().to_string(),
        why: "apt-get put no package there".into(),
        remedy: String::new(),
    })
}
