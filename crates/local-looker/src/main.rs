//! `local-looker`: runs a Looker on this machine until Ctrl-C.

use lexopt::prelude::*;
use local_looker::{API3_CLIENT_ID, API3_CLIENT_SECRET, EMAILS, LocalLooker, PASSWORD, Settings, client_id, start};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
A Looker on this machine, for trying and testing.

Usage: local-looker [options]

  --looker ADDR  where the UI host listens (127.0.0.1:9999; port 0: any free one)
  --api ADDR     where the API host listens (127.0.0.1:19999)
  --app URL      an app to register (http://localhost:8080; may be repeated)
  --data DIR     keep the database there (in memory otherwise)
  --tls FILE     serve https, and write the certificate to trust to FILE
  --json         print the two addresses as one line of JSON, and nothing else
  --help         print this
";

/// What the command line asks for.
struct Asked {
    settings: Settings,
    /// Where the authority's certificate goes.
    authority: Option<PathBuf>,
    json: bool,
    help: bool,
}

fn read_arguments() -> Result<Asked, lexopt::Error> {
    let mut asked = Asked { settings: Settings::default(), authority: None, json: false, help: false };
    let mut apps = Vec::new();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("looker") => asked.settings.looker = address(&mut arguments)?,
            Long("api") => asked.settings.api = address(&mut arguments)?,
            Long("app") => apps.push(arguments.value()?.string()?),
            Long("data") => asked.settings.data = Some(arguments.value()?.into()),
            Long("tls") => asked.authority = Some(arguments.value()?.into()),
            Long("json") => asked.json = true,
            Short('h') | Long("help") => asked.help = true,
            _ => return Err(argument.unexpected()),
        }
    }
    asked.settings.tls = asked.authority.is_some();
    if !apps.is_empty() {
        asked.settings.apps = apps;
    }
    Ok(asked)
}

fn address(arguments: &mut lexopt::Parser) -> Result<SocketAddr, lexopt::Error> {
    arguments.value()?.parse()
}

fn announce(looker: &LocalLooker, asked: &Asked) -> std::io::Result<()> {
    let settings = &asked.settings;
    let (looker_url, base_url) = (looker.looker_url(), looker.base_url());
    let mut out = std::io::stdout().lock();
    if asked.json {
        let line = serde_json::json!({ "looker_url": looker_url, "base_url": base_url });
        writeln!(out, "{line}")?;
    } else {
        writeln!(out, "Local Looker, for trying and testing")?;
        writeln!(out, "  UI host     {looker_url}")?;
        writeln!(out, "  API host    {base_url}")?;
        writeln!(out, "  Admin page  {looker_url}/admin")?;
        for (index, app) in settings.apps.iter().enumerate() {
            writeln!(out, "  App         {} at {app}", client_id(index))?;
        }
        writeln!(out, "  Sign in as  {} (password: {PASSWORD})", EMAILS.join(" or "))?;
        writeln!(out, "  API3        client_id {API3_CLIENT_ID}, secret {API3_CLIENT_SECRET}")?;
        match &settings.data {
            Some(directory) => writeln!(out, "  Data        {}", directory.display())?,
            None => writeln!(out, "  Data        in memory (--data DIR keeps it)")?,
        }
        if let Some(file) = &asked.authority {
            writeln!(out, "  Certificate {} (trust it, for example with curl --cacert)", file.display())?;
        }
        writeln!(out, "Ctrl-C ends it.")?;
    }
    out.flush()
}

/// Ctrl-C, or what a supervisor sends instead of it.
async fn asked_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

#[tokio::main]
async fn main() -> ExitCode {
    let asked = match read_arguments() {
        Ok(asked) => asked,
        Err(error) => {
            eprintln!("{error}. --help lists the options.");
            return ExitCode::from(2);
        }
    };
    if asked.help {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let looker = match start(asked.settings.clone()).await {
        Ok(looker) => looker,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    if let (Some(file), Some(authority)) = (&asked.authority, looker.authority())
        && let Err(error) = std::fs::write(file, authority)
    {
        eprintln!("The certificate cannot be written to {} ({error}). Choose another with --tls.", file.display());
        return ExitCode::FAILURE;
    }
    // Nobody may be reading; the server is useful all the same.
    let _ = announce(&looker, &asked);
    asked_to_end().await;
    looker.stop().await;
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::HELP;
    use std::collections::BTreeSet;

    #[test]
    fn the_readme_has_every_option_and_no_other() {
        let option = |line: &str, end: &str| Some(format!("--{}", line.split_once("--")?.1.split(end).next()?));
        let told: BTreeSet<String> = HELP.lines().filter_map(|line| option(line, "  ")).collect();
        let rows = include_str!("../README.md").lines().filter(|line| line.starts_with("| `--"));
        let mut written: BTreeSet<String> = rows.filter_map(|row| option(row, "`")).collect();
        written.insert("--help".into());
        assert_eq!(written, told.iter().map(|option| option.trim().to_owned()).collect());
    }
}
