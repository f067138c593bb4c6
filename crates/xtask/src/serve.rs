//! The app and a local Looker, running side by side until Ctrl-C.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::process::{self, Group, Run};
use crate::setup::{self, Need, Tools};
use crate::trouble::Trouble;
use crate::{build, http, place, ports, say};

/// Where Looker's pages are; `config.json` names it.
pub const LOOKER_PORT: u16 = 9999;
/// Where its API is; `config.json` names it.
pub const API_PORT: u16 = 19999;

/// Starts both, waits until both answer, and stops both at the end, whatever the end is.
pub fn serve(port: u16) -> Result<(), Trouble> {
    require_ports(port)?;
    let tools = setup::set_up(&Need::SERVE)?;
    say::line("Building the local Looker, takes a minute or two the first time");
    build_local_looker(&tools)?;
    say::line("Building the app, takes a few minutes the first time");
    build::compile(&tools, build::Profile::Debug)?;
    // Compiling took its time; somebody may have come.
    require_ports(port)?;

    say::line("Starting the local Looker");
    let mut looker =
        Server { name: "The local Looker", group: Group::start(local_looker(port), &place::log("serve-looker")?)? };
    looker.wait_for(LOOKER_PORT, "/", Duration::from_secs(30))?;
    looker.wait_for(API_PORT, "/alive", Duration::from_secs(30))?;

    say::line("Starting the app's server");
    let mut app = Server {
        name: "The app's server (trunk)",
        group: Group::start(trunk_serve(&tools, port)?, &place::log("serve-app")?)?,
    };
    let status = app.wait_for(port, "/", Duration::from_secs(25 * 60))?;
    if status != 200 {
        // Trunk listens once its first build is over, also when that went wrong; the page is then missing.
        return Err(Trouble::Failed {
            doing: "Building the app".into(),
            how: format!("its page answers with status {status}"),
            said: build::errors_alone(&app.group.output().end(100)),
            log: Some(place::log("serve-app")?),
            remedy: String::new(),
        });
    }

    say::line("");
    say::headline(&format!("Open http://localhost:{port}"));
    say::line(
        "Sign in as ada@example.com (an admin) or grace@example.com; the password is `looker`.\n\
         The local Looker's admin page, where tokens are revoked and faults are made: http://localhost:9999/admin\n\
         The app is built again when its source changes. Ctrl-C stops it and the local Looker.\n",
    );
    looker.group.output().show("looker | ");
    app.group.output().show("app    | ");
    loop {
        looker.must_live()?;
        app.must_live()?;
        match process::breathe() {
            Ok(()) => {}
            Err(Trouble::Interrupted) => {
                say::line("\nStopping the app and the local Looker.");
                return Ok(());
            }
            Err(trouble) => return Err(trouble),
        }
    }
}

fn require_ports(port: u16) -> Result<(), Trouble> {
    let other = if port == 8080 { 8081 } else { 8080 };
    ports::require_free(
        port,
        "the app",
        format!("Stop what listens there ({}), or choose another: cargo xtask serve --port {other}", who_listens(port)),
    )?;
    for looker in [LOOKER_PORT, API_PORT] {
        ports::require_free(
            looker,
            "the local Looker",
            format!(
                "Stop what listens there ({}), perhaps another `cargo xtask serve`; config.json names this port.",
                who_listens(looker)
            ),
        )?;
    }
    Ok(())
}

fn who_listens(port: u16) -> String {
    if cfg!(target_os = "linux") {
        format!("`ss -ltnp 'sport = :{port}'` shows it")
    } else {
        format!("`lsof -iTCP:{port} -sTCP:LISTEN` shows it")
    }
}

/// Compiles the local Looker.
pub fn build_local_looker(tools: &Tools) -> Result<(), Trouble> {
    let mut cargo = tools.cargo();
    cargo.args(["build", "-p", "local-looker"]);
    Run {
        doing: "Building the local Looker",
        log: place::log("build-local-looker")?,
        lines: 60,
        remedy: String::new(),
        limit_minutes: 25,
    }
    .run(cargo)
}

/// Where cargo puts the local Looker.
pub fn local_looker_program() -> PathBuf {
    place::target().join("debug").join("local-looker")
}

/// Where cargo puts `looker-admin`.
pub fn looker_admin_program() -> PathBuf {
    place::target().join("debug").join("looker-admin")
}

fn local_looker(app_port: u16) -> Command {
    let mut looker = place::command(local_looker_program());
    looker
        .args(["--looker", &format!("127.0.0.1:{LOOKER_PORT}")])
        .args(["--api", &format!("127.0.0.1:{API_PORT}")])
        .args(["--app", &format!("http://localhost:{app_port}")]);
    looker
}

fn trunk_serve(tools: &Tools, port: u16) -> Result<Command, Trouble> {
    // Not dist/, which has the release build; and empty, so that a failed build is not hidden by an old one.
    let dist = place::target().join("serve");
    if dist.exists() {
        fs::remove_dir_all(&dist).map_err(Trouble::file(&dist))?;
    }
    fs::create_dir_all(&dist).map_err(Trouble::file(&dist))?;
    let mut trunk = build::trunk(tools, "serve");
    trunk.args(["--port", &port.to_string()]).arg("--dist").arg(dist);
    Ok(trunk)
}

struct Server {
    name: &'static str,
    group: Group,
}

impl Server {
    /// The status of its first answer.
    fn wait_for(&mut self, port: u16, path: &str, patience: Duration) -> Result<u16, Trouble> {
        if say::is_verbose() {
            self.group.output().show("      ");
        }
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let deadline = Instant::now() + patience;
        let mut progress = say::Progress::begin();
        loop {
            self.must_live()?;
            if let Some(status) = http::status(address, path, Duration::from_secs(2)) {
                return Ok(status);
            }
            if Instant::now() > deadline {
                return Err(Trouble::Silent {
                    name: self.name,
                    url: format!("http://{address}{path}"),
                    seconds: patience.as_secs(),
                    said: self.group.output().end(30),
                });
            }
            progress.tick(&self.group.output().last_line());
            process::breathe()?;
        }
    }

    fn must_live(&mut self) -> Result<(), Trouble> {
        match self.group.ended() {
            None => Ok(()),
            Some(status) => Err(Trouble::Died {
                name: self.name,
                how: process::how_it_ended(status),
                said: self.group.output().end(40),
            }),
        }
    }
}
