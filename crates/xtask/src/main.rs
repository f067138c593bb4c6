//! Set-up, serve, test, build, bench.
fn main() {}
