//! Requests and answers of the registrar interface.
