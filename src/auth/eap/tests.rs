//! Two ends joined in memory, through real RADIUS packets: every method, TLS version and fragment size, and what
//! happens when something is wrong.

mod link;
mod logins;
mod octets;
mod resumption;
mod trouble;
