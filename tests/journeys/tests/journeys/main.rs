//! Whole journeys through real browsers. Run by `cargo xtask test --only journeys`.

mod answers;
mod deployment;
mod pictures;
mod redirects;
mod renewal;
mod secrets;
mod session;
mod sign_in;
mod tabs;
