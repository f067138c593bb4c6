//! Whole journeys through real browsers.
