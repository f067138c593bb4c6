//! Whole journeys through real browsers. Run by `cargo xtask test --only journeys`.

mod activity;
mod admin;
mod answers;
mod base_path;
mod calls;
mod deployment;
mod everybody;
mod first_paint;
mod lent;
mod loops;
mod no_room;
mod offline;
mod older_browsers;
mod pictures;
mod put_aside;
mod redirects;
mod renewal;
mod secrets;
mod session;
mod setup;
mod sign_in;
mod smallest;
mod tabs;
mod timers;
mod trusted_types;
mod under_way;
