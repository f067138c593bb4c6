//! What Looker speaks.
