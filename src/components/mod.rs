//! Views that more than one page uses.

mod explanation;
mod heading;
mod mark;
mod paste;
mod sign_in_again;

pub use explanation::Explained;
pub use heading::Heading;
pub use mark::Mark;
pub use paste::Paste;
pub use sign_in_again::SignInAgain;
