//! Ports that something else may hold.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::trouble::Trouble;

/// That `port` can be listened on, on this machine's loopback addresses.
pub fn require_free(port: u16, wanted_by: &'static str, remedy: String) -> Result<(), Trouble> {
    if is_free(port) { Ok(()) } else { Err(Trouble::PortTaken { port, wanted_by, remedy }) }
}

fn is_free(port: u16) -> bool {
    // Something may answer on ::1 only, and `localhost` in a browser would reach that first.
    let answered = [SocketAddr::from((Ipv4Addr::LOCALHOST, port)), SocketAddr::from((Ipv6Addr::LOCALHOST, port))]
        .iter()
        .any(|address| TcpStream::connect_timeout(address, Duration::from_millis(300)).is_ok());
    !answered && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_taken_while_somebody_listens_on_it() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let trouble = require_free(port, "the app", "Stop it.".into()).unwrap_err();
        assert_eq!(trouble.to_string(), format!("Port {port} is taken, and the app needs it.\nStop it."));
    }

    #[test]
    fn a_port_is_free_while_nobody_listens_on_it() {
        // One that the system gives to whoever asks for any may be anybody's the next moment, and a listener that was
        // dropped may still be open in a process that another test starts. Of these, somebody may have some.
        assert!((20_000..20_100).any(is_free));
    }

    #[test]
    fn a_listener_on_the_other_loopback_address_counts_too() {
        let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
            return; // a machine without IPv6
        };
        assert!(!is_free(listener.local_addr().unwrap().port()));
    }
}
