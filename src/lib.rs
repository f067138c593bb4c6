//! Sightline: sign in to Looker from a web page, with no server of one's own.
//!
//! The page is three WebAssembly modules made from this one crate:
//!
//! - the door (`src/main.rs`, [`door`]) signs people in and proves the session by its first call;
//! - the workbench (`src/bin/workbench.rs`, [`workbench`]) is everything after that;
//! - the set-up page (`src/bin/setup.rs`, [`setup`]) finds out why a sign-in does not work.
//!
//! Below both lie [`session`], the only code that touches tokens and `sessionStorage`; [`net`],
//! the only code that sends anything; [`page`], what this page knows of its own address;
//! [`explain`], failures put into words; [`instances`], the Lookers that a person added; [`title`], what pages are called; and
//! [`components`], views that both show. What Looker speaks is in the crate [`looker`].

pub mod components;
pub mod config;
pub mod door;
pub mod explain;
pub mod instances;
pub mod net;
pub mod page;
pub mod session;
pub mod setup;
pub mod title;
pub mod workbench;
