//! The registrar as a client meets it: real requests over pinned TLS, real certificates and card
//! signatures, real databases.

#[cfg(test)]
mod administration;
#[cfg(test)]
mod boundaries;
#[cfg(test)]
mod card_client;
#[cfg(test)]
mod card_step;
#[cfg(test)]
mod cards;
#[cfg(test)]
mod concurrency;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hang_up;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod kept_keys;
#[cfg(test)]
mod order;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod process;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod start;
#[cfg(test)]
mod stations;
#[cfg(test)]
mod two;
