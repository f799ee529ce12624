//! CRM simulators.
