//! The options of connections: whether they are watched, and whether they stay open.

use std::time::Duration;

use clap::Args;

use super::values;
use crate::client::{Care, Stay};
use crate::exchange::Transport;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::responder::coa::ErrorCause;

/// What becomes of a connection besides the requests on it.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Connections")]
pub struct ConnectionArgs {
    /// Over tcp://, tls:// and dtls://: after how long without a word the server is asked whether it is there
    /// (Status-Server, RFC 3539); twice as long after that the connection is closed. 0 for never
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = values::duration)]
    pub watchdog: Duration,
    /// Stay connected this long when all is said, and answer the CoA-Requests and Disconnect-Requests that the server
    /// sends down the connection
    #[arg(long, value_name = "TIME", value_parser = values::duration)]
    pub stay: Option<Duration>,
    /// Stay only until N requests have come down; fewer are a failure (exit 1)
    #[arg(long, value_name = "N", requires = "stay", value_parser = clap::value_parser!(u64).range(1..))]
    pub stay_count: Option<u64>,
    /// Refuse them, with this Error-Cause by name or number; otherwise they are honoured
    #[arg(long, value_name = "CAUSE", requires = "stay", value_parser = cause)]
    pub stay_nak: Option<ErrorCause>,
}

fn cause(text: &str) -> Result<ErrorCause, String> {
    ErrorCause::named(text)
        .ok_or_else(|| format!("`{text}` is no Error-Cause: a name, or a number such as 503"))
}

impl ConnectionArgs {
    /// How connections are looked after.
    ///
    /// # Errors
    ///
    /// Where there is none that could stay.
    pub fn care(&self, mut transports: impl Iterator<Item = Transport>) -> Result<Care, Diagnostic> {
        let stay = self.stay.map(|time| Stay {
            time,
            count: self.stay_count,
            refuse: self.stay_nak.map(|cause| cause.0),
        });
        if stay.is_some() && transports.any(|transport| transport == Transport::Udp) {
            let what = "--stay needs a connection to stay on: tcp://, tls:// or dtls://";
            return Err(Diagnostic::error("usage", Exit::Usage, what));
        }
        Ok(Care {
            watchdog: Some(self.watchdog).filter(|time| !time.is_zero()),
            stay,
        })
    }
}
