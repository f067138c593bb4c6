//! A Looker on this machine.
