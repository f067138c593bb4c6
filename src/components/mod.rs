//! Views that more than one page uses.

mod explanation;
mod mark;

pub use explanation::Explained;
pub use mark::Mark;
