//! The door: shows the sign-in, takes the redirect, proves the session, opens the workbench.

fn main() {
    sightline::door::open();
}
