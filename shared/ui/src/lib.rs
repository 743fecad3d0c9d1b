//! What every page shares: tokens and style sheet, page frame, texts in three languages, the
//! catalogue of errors, Japanese dates, opening hours in words, small charts.
//!
//! No clock, no files, no network: everything is an argument or part of the build.

pub mod assets;
pub mod calendar;
pub mod chart;
pub mod errors;
mod frame;
mod html;
mod jst;
mod lang;
pub mod links;
pub mod parts;
pub mod pictures;
pub mod rich;
pub mod strings;
pub mod wareki;

pub use frame::{Emergency, NavItem, PageFrame, page};
pub use html::{Html, escape};
pub use jst::Jst;
pub use lang::Lang;
pub use strings::Words;
