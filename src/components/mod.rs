//! Views that more than one page uses.

mod explanation;
mod heading;
mod mark;
mod paste;

pub use explanation::Explained;
pub use heading::Heading;
pub use mark::Mark;
pub use paste::Paste;
