//! A local Looker, and the program run beside it as an admin runs it.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

use std::{
    path::PathBuf,
    process::{Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use local_looker::{API3_CLIENT_ID, API3_CLIENT_SECRET, LocalLooker, Settings, start};
use reqwest::{Certificate, Client, Method};
use serde_json::{Value, json};
use tokio::process::Command;

const CONFIG: &str = include_str!("../../../../config.json");

/// A local Looker, and a folder to run the program in, with the app's `config.json`.
pub struct Bench {
    pub looker: LocalLooker,
    pub folder: PathBuf,
    client: Client,
}

/// What a run came to.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The line of JSON that `--json` prints.
    pub fn json(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "{}", self.out);
        serde_json::from_str(&self.out).unwrap()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// On free ports, by http.
pub async fn bench() -> Bench {
    bench_with(false).await
}

/// By https, if `tls` says so.
pub async fn bench_with(tls: bool) -> Bench {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let any = "127.0.0.1:0".parse().unwrap();
    let looker = start(Settings { looker: any, api: any, tls, ..Settings::default() }).await.unwrap();
    let name = format!("looker-admin-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let mut client = Client::builder();
    if let Some(authority) = looker.authority() {
        client = client.add_root_certificate(Certificate::from_pem(authority.as_bytes()).unwrap());
        std::fs::write(folder.join("authority.pem"), authority).unwrap();
    }
    let bench = Bench { looker, folder, client: client.build().unwrap() };
    bench.write("config.json", CONFIG);
    bench
}

impl Bench {
    /// Puts a file into the folder.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }

    /// The program with Ada's credentials, in the folder, ready to be run.
    pub fn program(&self, line: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_looker-admin"));
        program
            .args(line)
            .current_dir(&self.folder)
            .env_clear()
            .env("LOOKERSDK_BASE_URL", self.looker.base_url())
            .env("LOOKERSDK_CLIENT_ID", API3_CLIENT_ID)
            .env("LOOKERSDK_CLIENT_SECRET", API3_CLIENT_SECRET)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        program
    }

    /// Runs it with Ada's credentials.
    pub async fn run(&self, line: &[&str]) -> Ran {
        self.run_with(&[], line).await
    }

    /// Runs it with other variables; an empty one counts as none. However it ends, nothing of a secret is printed,
    /// and every token is logged out.
    pub async fn run_with(&self, variables: &[(&str, &str)], line: &[&str]) -> Ran {
        let mut program = self.program(line);
        program.envs(variables.iter().copied());
        self.ended(program.spawn().unwrap().wait_with_output().await.unwrap().into(), variables).await
    }

    /// Checks what holds however a run ends.
    pub async fn ended(&self, ran: Ran, variables: &[(&str, &str)]) -> Ran {
        let given = variables.iter().filter(|(name, value)| name.ends_with("SECRET") && !value.is_empty());
        for secret in given.map(|(_, secret)| *secret).chain([API3_CLIENT_SECRET]) {
            assert!(!ran.out.contains(secret) && !ran.err.contains(secret), "{}{}", ran.out, ran.err);
        }
        let requests = self.requests().await;
        let count = |line: &str| requests.iter().filter(|request| *request == line).count();
        let (logins, logouts) = (count("POST /api/4.0/login 200"), count("DELETE /api/4.0/logout 204"));
        assert_eq!(logins, logouts, "{requests:?}\n{}{}", ran.out, ran.err);
        ran
    }

    /// What the API host was asked: `GET /api/4.0/user 200`; `-` where there is no answer yet, or was none.
    pub async fn requests(&self) -> Vec<String> {
        let url = format!("{}/_local/requests", self.looker.looker_url());
        let body = self.client.get(url).send().await.unwrap().bytes().await.unwrap();
        let list: Vec<Value> = serde_json::from_slice(&body).unwrap();
        let text = |request: &Value, name: &str| request[name].as_str().unwrap().to_owned();
        list.iter()
            .filter(|request| request["host"] == "api")
            .map(|request| {
                let status = request["status"].as_u64().map_or("-".into(), |status| status.to_string());
                format!("{} {} {status}", text(request, "method"), text(request, "path"))
            })
            .collect()
    }

    /// The requests that change something: none but logins and logouts is what a dry run sends.
    pub async fn changes(&self) -> Vec<String> {
        let requests = self.requests().await;
        let quiet = |request: &String| {
            request.starts_with("GET ")
                || request.starts_with("POST /api/4.0/login ")
                || request.starts_with("DELETE /api/4.0/logout ")
        };
        requests.into_iter().filter(|request| !quiet(request)).collect()
    }

    /// Waits until the API host has this in its list.
    pub async fn until_requested(&self, request: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !self.requests().await.iter().any(|line| line == request) {
            assert!(Instant::now() < deadline, "{request} never came: {:?}", self.requests().await);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// `POST /_local/…`
    pub async fn steer(&self, path: &str, body: Value) {
        let url = format!("{}/_local/{path}", self.looker.looker_url());
        let response =
            self.client.post(url).header("content-type", "application/json").body(body.to_string()).send().await;
        assert_eq!(response.unwrap().status(), 204, "{path} {body}");
    }

    /// One fault.
    pub async fn fault(&self, method: &str, path: &str, then: Value) {
        self.steer("faults", json!({ "host": "api", "method": method, "path": path, "then": then })).await;
    }

    /// API3 credentials of Grace, who is no admin, as variables.
    pub async fn grace(&self) -> [(&'static str, String); 2] {
        let api = |path: &str| format!("{}/api/4.0{path}", self.looker.base_url());
        let form = format!("client_id={API3_CLIENT_ID}&client_secret={API3_CLIENT_SECRET}");
        let login = self.client.post(api("/login")).header("content-type", "application/x-www-form-urlencoded");
        let login = json_of(login.body(form).send().await.unwrap()).await;
        let token = format!("token {}", login["access_token"].as_str().unwrap());
        let send = async |method: Method, path: &str| {
            self.client.request(method, api(path)).header("authorization", &token).send().await.unwrap()
        };
        let pair = json_of(send(Method::POST, "/users/2/credentials_api3").await).await;
        assert_eq!(send(Method::DELETE, "/logout").await.status(), 204);
        let text = |name: &str| pair[name].as_str().unwrap().to_owned();
        [("LOOKERSDK_CLIENT_ID", text("client_id")), ("LOOKERSDK_CLIENT_SECRET", text("client_secret"))]
    }
}

/// Sends a signal to a program that runs.
#[cfg(unix)]
pub fn send(child: &tokio::process::Child, signal: nix::sys::signal::Signal) {
    let process = nix::unistd::Pid::from_raw(child.id().unwrap().try_into().unwrap());
    nix::sys::signal::kill(process, signal).unwrap();
}

async fn json_of(response: reqwest::Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}
