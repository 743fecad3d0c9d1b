//! The registrar as a client meets it: real requests over pinned TLS, real certificates and card
//! signatures, real databases.

mod boundaries;
mod card_client;
mod cards;
mod city;
mod concurrency;
mod journey;
mod order;
mod postgres;
mod process;
mod refusals;
mod stations;
