//! Requests and answers of the node interface.
