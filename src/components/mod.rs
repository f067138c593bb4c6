//! Views that more than one page uses.

mod explanation;
mod heading;
mod mark;

pub use explanation::Explained;
pub use heading::Heading;
pub use mark::Mark;
