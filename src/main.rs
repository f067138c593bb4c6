//! The door: shows the sign-in, takes the redirect, proves the session, opens the workbench.

// The door lives for moments: for it, Rust's own allocator is four times too much code.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn main() {
    sightline::door::open();
}
