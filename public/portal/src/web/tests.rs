//! Every page in three languages, the texts at the boundaries of the seed's own dates, escaping,
//! headers, tickets, survey.

mod boundaries;
mod fixture;
mod links;
mod pages;
mod programs;
