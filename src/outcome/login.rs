//! What a login came to, and what was seen on its way.

use crate::auth::certificate::ChainFault;
use crate::auth::eap::packet::EapType;
use crate::auth::eap::tls::{TlsFacts, TlsFault};
use crate::auth::{Accepted, Broken, KeyCheck, Note, Progress, Rejection};

/// The facts of a login.
#[derive(Clone, Debug, Default)]
pub struct LoginFacts {
    /// How it ended; `None` where the server fell silent first.
    pub end: Option<LoginEnd>,
    /// How far it came.
    pub progress: Progress,
    /// What was seen, each with the round in which it was, from 1.
    pub notes: Vec<(u32, Note)>,
}

/// How a login ended.
#[derive(Clone, Debug, PartialEq)]
pub enum LoginEnd {
    /// The server let us in, and the method agrees.
    Accepted(Box<Accepted>),
    /// The server did not.
    Rejected(Box<Rejection>),
    /// It cannot go on, or be trusted.
    Broken(Box<Broken>),
    /// The server speaks the method that was asked for.
    Speaks {
        /// It proposed the method itself.
        first: bool,
    },
    /// It does not.
    Refuses {
        /// What it proposed instead.
        proposed: Option<EapType>,
    },
}

impl LoginFacts {
    /// What the first TLS handshake agreed on: the outer one, where there is a tunnel.
    pub fn tls(&self) -> Option<&TlsFacts> {
        self.notes.iter().find_map(|(_, note)| match note {
            Note::Tls(facts) => Some(&**facts),
            _ => None,
        })
    }

    /// Why the server's certificates are not trusted, where that ended it.
    pub fn distrust(&self) -> Option<&ChainFault> {
        match &self.end {
            Some(LoginEnd::Broken(broken)) => match &**broken {
                Broken::Tls(TlsFault::Certificate(fault)) => Some(fault),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the server's word cannot be taken, whatever its reply says.
    pub fn is_broken(&self) -> bool {
        match &self.end {
            Some(LoginEnd::Broken(_)) => true,
            Some(LoginEnd::Accepted(accepted)) => {
                matches!(accepted.key_check, KeyCheck::Mismatch | KeyCheck::Unreadable)
            }
            _ => false,
        }
    }
}
