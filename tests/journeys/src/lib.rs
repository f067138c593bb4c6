//! Whole journeys through real browsers: the release build as a strict host serves it, a local
//! Looker of its own for each journey, and a browser driven over WebDriver.
//!
//! - [`Stage`]: all that one journey needs, fresh
//! - [`browser`]: the browser and its driver
//! - [`lending`]: what is new of it for each journey
//! - [`site`]: the host that serves the app
//! - [`host`]: real hosts in its place
//! - [`elsewhere`]: a host that is nobody's
//! - [`steer`]: the local Looker's steering
//! - `everybody`: whether everybody can use the pages that it sees
//! - [`page`]: what a person does and sees
//! - `sign_in`: ways to sign in, and out again
//! - `mouse`: what it presses, and how that is found
//! - [`keyboard`]: the same without a mouse
//! - `tab`: the same in other tabs, and in copies of one
//!
//! What goes wrong here ends the journey with a panic that tells what was seen.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "this is only used by tests, and a failed expectation ends the test"
)]

mod bounds;
pub mod browser;
mod clock;
mod connection;
mod driver;
pub mod elsewhere;
mod everybody;
mod guard;
pub mod host;
mod http;
pub mod keyboard;
pub mod lending;
mod mouse;
pub mod page;
mod port;
mod secrets;
pub mod setting;
mod sign_in;
pub mod site;
mod stage;
pub mod steer;
mod tab;
mod tls;
mod trail;

pub use port::free_port;
pub use stage::{App, Plan, Stage};
