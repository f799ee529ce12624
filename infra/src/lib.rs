//! The pipes.
