//! SERVER STATE: what a RADIUS server knows and decides, without IO, clock or dice.
pub mod clients;
pub mod coa;
pub mod duplicates;
pub mod faults;
pub mod receive;
pub mod sessions;
pub mod states;
