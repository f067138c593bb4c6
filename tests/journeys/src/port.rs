//! Ports for programs that must be told theirs before they start.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::atomic::{AtomicU16, Ordering::Relaxed},
};

/// Below those that systems give to whoever asks for any (from 32,768 on Linux, else from 49,152): between
/// the choice and the start of the program that is told, nobody can be given one of these by chance.
const FIRST: u16 = 20_000;
const COUNT: u16 = 10_000;

/// A port that nobody listens on, and that is returned only once.
///
/// # Panics
/// Where there is none.
pub fn free_port() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    // Two programs of tests rarely begin at the same one.
    let begin = std::process::id() % u32::from(COUNT);
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    let mut left = std::iter::from_fn(|| {
        let taken = TAKEN.fetch_add(1, Relaxed);
        (taken < COUNT).then(|| FIRST + ((begin + u32::from(taken)) % u32::from(COUNT)) as u16)
    });
    left.find(is_free).expect("there is a free port")
}
