//! A display without a screen, for the browsers that cannot do without one.

use std::time::{Duration, Instant};

use crate::place;
use crate::process::{self, Group};
use crate::setup::Tools;
use crate::trouble::Trouble;

/// Xvfb on a display that was free; it ends when this is dropped.
pub struct Display {
    number: u32,
    _server: Group,
}

impl Display {
    /// Starts it and waits until it takes connections.
    pub fn start(tools: &Tools) -> Result<Self, Trouble> {
        let mut xvfb = tools.command("Xvfb");
        // It chooses the number itself, and prints it when it is ready.
        xvfb.args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset"]);
        let mut server = Group::start(xvfb, &place::log("test-xvfb")?)?;
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let said = server.output().end(20);
            if let Some(number) = number_in(&said) {
                return Ok(Self { number, _server: server });
            }
            if let Some(status) = server.ended() {
                return Err(Trouble::Died { name: "Xvfb", how: process::how_it_ended(status), said });
            }
            if Instant::now() > deadline {
                return Err(Trouble::Silent { name: "Xvfb", url: "its output".into(), seconds: 30, said });
            }
            process::breathe()?;
        }
    }

    /// For the variable DISPLAY.
    pub fn name(&self) -> String {
        format!(":{}", self.number)
    }
}

fn number_in(said: &str) -> Option<u32> {
    said.lines().find_map(|line| line.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_found_between_warnings() {
        for (said, expected) in
            [("", None), ("_XSERVTransmkdir: will not be created\n", None), ("warning 3\n12\n", Some(12))]
        {
            assert_eq!(number_in(said), expected, "{said:?}");
        }
    }
}
