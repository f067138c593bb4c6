//! The set-up page. `boot.js` starts it in the door's place.

fn main() {
    sightline::setup::open();
}
