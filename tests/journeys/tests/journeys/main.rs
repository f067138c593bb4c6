//! Whole journeys through real browsers. Run by `cargo xtask test --only journeys`.

mod sign_in;
