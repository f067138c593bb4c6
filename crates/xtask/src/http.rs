//! Whether something answers over HTTP: one GET, and the first line of the answer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// The status of `GET path` at an address, or nothing when nobody answers within `patience`.
pub fn status(address: SocketAddr, path: &str, patience: Duration) -> Option<u16> {
    let mut stream = TcpStream::connect_timeout(&address, patience).ok()?;
    stream.set_read_timeout(Some(patience)).ok()?;
    stream.set_write_timeout(Some(patience)).ok()?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nAccept: */*\r\nConnection: close\r\n\r\n",
        address.port()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    // The first line is all that is wanted; 64 bytes hold it.
    stream.take(64).read_to_end(&mut answer).ok()?;
    read_status(&String::from_utf8_lossy(&answer))
}

fn read_status(answer: &str) -> Option<u16> {
    let mut words = answer.split_whitespace();
    words.next().filter(|word| word.starts_with("HTTP/1"))?;
    words.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_from_http_only() {
        for (answer, expected) in [
            ("HTTP/1.1 200 OK\r\nContent-", Some(200)),
            ("HTTP/1.0 404 Not Found\r\n", Some(404)),
            ("SSH-2.0-OpenSSH_9.2", None),
            ("HTTP/1.1", None),
            ("", None),
        ] {
            assert_eq!(read_status(answer), expected, "{answer:?}");
        }
    }
}
