//! A relay (spec 11): passes sealed questions of voters on to nodes and the sealed answers back. It
//! knows who asks and which node is asked; what is asked it cannot read, and it keeps nothing.
//!
//! It is run by a body of its own: not by a node's operator, a registrar or the authority. A relay
//! and a node together know what each of them alone does not.

pub mod config;
pub mod serve;
