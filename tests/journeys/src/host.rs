//! Real hosts, with the build's files and the configuration that comes with them: nginx and Caddy, and of those
//! that nobody runs by themselves what is public of them.

use std::{
    fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    port::free_port,
    setting::{Setting, given},
    site::{REPORTS, for_base_path},
    stage::Stage,
};

/// A program that serves files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// `SIGHTLINE_NGINX`
    Nginx,
    /// `SIGHTLINE_CADDY`
    Caddy,
    /// Firebase's, which is public: `hosts/firebase.mjs`, by `SIGHTLINE_NODE`.
    Firebase,
    /// What is public of Netlify's: `hosts/netlify.mjs`.
    Netlify,
    /// One that sends no headers of one's own: the policy is in the page. Of Firebase's makers, too.
    Bare,
}

impl Server {
    const fn variable(self) -> &'static str {
        match self {
            Self::Nginx => "SIGHTLINE_NGINX",
            Self::Caddy => "SIGHTLINE_CADDY",
            Self::Firebase | Self::Netlify | Self::Bare => "SIGHTLINE_NODE",
        }
    }
}

/// A running one. Dropping it stops it, and removes its folder.
#[derive(Debug)]
pub struct Host {
    /// Where the app is: the origin, and the base path without the slash at its end.
    pub app: String,
    /// Its origin, `http://localhost:…`.
    pub origin: String,
    /// The build's files, as they are served.
    pub files: PathBuf,
    folder: PathBuf,
    process: Child,
}

impl Host {
    /// Serves the build below `base_path` with this `config.json`; pages report what the policy forbids to
    /// `reports`, an address.
    pub async fn start(server: Server, base_path: &'static str, config: &Value, reports: &str) -> Self {
        let port = free_port();
        let folder = std::env::temp_dir().join(format!("sightline-host-{}-{port}", std::process::id()));
        let files = folder.join("www").join(base_path.trim_matches('/'));
        copy(&Setting::read().dist, &files);
        fs::write(files.join("config.json"), config.to_string()).expect("config.json can be written");
        if base_path != "/" {
            let page = files.join("index.html");
            let html = fs::read_to_string(&page).expect("the build has a page");
            fs::write(&page, for_base_path(&html, base_path)).expect("the page can be written");
            for copy in ["index.html.br", "index.html.gz"] {
                fs::remove_file(files.join(copy)).expect("the page has compressed copies");
            }
        }
        configure(server, &files);
        let process = run(server, &folder, &files, port, reports);
        let origin = format!("http://localhost:{port}");
        let app = format!("{origin}{}", base_path.trim_end_matches('/'));
        let mut host = Self { app, origin, files, folder, process };
        host.waits_until_it_answers(port).await;
        host
    }

    /// Lets a stage's journey go on here, in the place of its own host.
    pub async fn takes_over(&self, stage: &mut Stage) {
        stage.looker.allow_origins(&[&self.origin]).await;
        let redirect_uri = format!("{}/authenticated", self.app);
        stage.looker.change_app(serde_json::json!({ "client_guid": "sightline", "redirect_uri": redirect_uri })).await;
        stage.site.app.clone_from(&self.app);
        stage.site.origin.clone_from(&self.origin);
    }

    async fn waits_until_it_answers(&mut self, port: u16) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
            let ended = self.process.try_wait().expect("a child can be asked");
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(ended.is_none(), "the host has ended: {}", log());
            assert!(Instant::now() < deadline, "the host does not listen: {}", log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the build can be read").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

/// Writes the configuration as an operator does who changed `config.json`.
fn configure(server: Server, files: &Path) {
    let done = Command::new(given("SIGHTLINE_XTASK"))
        .args(["host", "--dist"])
        .arg(files)
        .args((server == Server::Bare).then_some("--meta"))
        .output()
        .expect("xtask can be run");
    assert!(
        done.status.success(),
        "{}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
}

fn hosting_of(files: &Path) -> PathBuf {
    let mut name = files.file_name().expect("a folder has a name").to_owned();
    name.push("-hosting");
    files.with_file_name(name)
}

/// With another port and folder than the ones that the configuration names, and with reports.
fn run(server: Server, folder: &Path, files: &Path, port: u16, reports: &str) -> Child {
    let hosting = hosting_of(files);
    let www = folder.join("www");
    let changed = |file: &str, listens: Option<(&str, &str)>| {
        // What is published with the files lies among them, where the app is at the root.
        let written = [hosting.join(file), www.join(file)].into_iter().find_map(|path| fs::read_to_string(path).ok());
        let text = written.expect("the configuration is there");
        let places = [
            ("/var/www/sightline;", &*format!("{};", www.display())),
            ("root * /var/www/sightline\n", &format!("root * {}\n", www.display())),
            ("frame-ancestors 'none'", &format!("frame-ancestors 'none'; report-uri {reports}{REPORTS}")),
        ];
        listens.into_iter().chain(places).fold(text, |text, (from, to)| text.replace(from, to))
    };
    let configuration = folder.join("configuration");
    let node = |script: &str, command: &mut Command| {
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("hosts").join(script)).arg(&www).arg(port.to_string());
    };
    let log = fs::File::create(folder.join("log")).expect("a log can be written");
    let mut command = Command::new(given(server.variable()));
    let text = match server {
        Server::Nginx => {
            command.arg("-c").arg(&configuration).arg("-p").arg(folder).args(["-e", "stderr"]);
            // One process, which ends when it is killed, and writes nowhere else.
            let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
            let temporary: String = temporary.iter().map(|name| format!("{name}_temp_path temporary;\n")).collect();
            let server = changed("nginx.conf", Some(("listen 80;", &format!("listen 127.0.0.1:{port};"))));
            format!(
                "daemon off; master_process off; pid pid;\nevents {{ }}\n\
                 http {{\naccess_log off;\n{temporary}{server}}}\n"
            )
        }
        Server::Caddy => {
            command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&configuration);
            command.env("HOME", folder).env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
            format!("{{\n\tadmin off\n}}\n{}", changed("Caddyfile", Some((":80 {", &format!(":{port} {{")))))
        }
        Server::Firebase => {
            node("firebase.mjs", &mut command);
            command.arg(&configuration);
            changed("firebase.json", None)
        }
        Server::Netlify => {
            node("netlify.mjs", &mut command);
            for file in ["_headers", "_redirects"] {
                fs::write(www.join(file), changed(file, None)).expect("a file can be written");
            }
            if www != files {
                fs::copy(hosting.join("index.html"), www.join("index.html")).expect("the page is there for the root");
            }
            String::new()
        }
        Server::Bare => {
            node("firebase.mjs", &mut command);
            String::new()
        }
    };
    fs::write(&configuration, text).expect("the configuration can be written");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    command.spawn().unwrap_or_else(|error| panic!("{} can't be run: {error}", given(server.variable())))
}
