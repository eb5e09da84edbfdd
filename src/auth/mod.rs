//! METHODS: every way to log in, as state machines that take octets and give octets and facts.
//!
//! Each method has a client and a server side. None of them does IO, reads a clock or throws dice: random octets
//! come from a [`Dice`] argument, time from rustls's `TimeProvider`, files are octets that somebody else read.
//! Words for people are made elsewhere: what goes wrong is a [`Broken`], a [`Rejection`] or an [`Unfit`].
//!
//! ```text
//!   client                                            server
//!   Login::request ─▶ attributes of an Access-Request ─▶ server::check           (without EAP, one round)
//!                                                        eap::session::Session   (EAP, many rounds)
//!   Login::reply   ◀─ Access-Challenge, -Accept, -Reject ◀─ attributes to add
//!     └▶ Next::{Again, Ask, Accepted, Rejected, Broken}
//! ```
//!
//! A [`Login`] does not know how packets travel: the driver gives each request its Identifier, its authenticator
//! and its other attributes, seals and sends it, and hands the reply back once it was found authentic.

pub mod certificate;
pub mod crypt;
mod digest;
pub mod eap;
mod fault;
mod keys;
mod mac;
mod method;
pub mod mschap;
pub mod password;
mod plain;
pub mod server;

use zeroize::Zeroizing;

pub use fault::{Broken, MethodFault, Need, Rejection, Unfit};
pub use keys::{
    EAP_KEY_NAME, KeyCheck, KeyNameCheck, Keys, check as check_keys, check_name as check_key_name,
};
pub use mac::{MacSpelling, UnknownSpelling};
pub use method::{Exposure, Method, UnknownMethod};
pub use plain::{Plain, PlainOptions};

use crate::codec::{AttributeType, Authenticator, Packet, Secret, hide};

/// Where random octets come from; a closure that fills a slice is one.
pub trait Dice {
    /// Fills all of `octets`.
    fn fill(&mut self, octets: &mut [u8]);
}

impl<F: FnMut(&mut [u8])> Dice for F {
    fn fill(&mut self, octets: &mut [u8]) {
        self(octets);
    }
}

/// An array of random octets.
pub fn roll<const N: usize>(dice: &mut dyn Dice) -> [u8; N] {
    let mut octets = [0; N];
    dice.fill(&mut octets);
    octets
}

/// An attribute to be added to a packet: its type and its value as it goes on the wire, hidden already.
pub type Field = (AttributeType, Vec<u8>);

/// What hidden attributes are hidden with: the shared secret and the authenticator of the request. RADIUS/1.1 hides
/// nothing (RFC 9765 §4.4): there is none then.
#[derive(Clone, Copy, Debug)]
pub struct Hiding<'a> {
    /// The shared secret.
    pub secret: &'a Secret,
    /// The Request Authenticator of the Access-Request, for its reply too.
    pub authenticator: &'a Authenticator,
}

/// A login as the client drives it, from the first Access-Request to the verdict.
pub trait Login: Send {
    /// The attributes that this method adds to the next Access-Request, User-Name first. Each round wants a new
    /// Identifier and a new authenticator (RFC 3579 §2.2), or a new Token.
    fn request(&mut self, hiding: Option<&Hiding<'_>>, dice: &mut dyn Dice) -> Result<Vec<Field>, Unfit>;

    /// What an authentic reply means. `hiding` has the authenticator of the request that it answers.
    fn reply(&mut self, reply: &Packet<'_>, hiding: Option<&Hiding<'_>>, dice: &mut dyn Dice) -> Next;

    /// The user's answer to [`Next::Ask`]; another request follows.
    fn answer(&mut self, text: Secret);

    /// What was seen since the last call, in its order.
    fn notes(&mut self) -> Vec<Note>;

    /// How far it has come: what to say where the server falls silent.
    fn progress(&self) -> Progress;
}

/// How far a login has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many Access-Requests were made.
    pub rounds: u32,
    /// The EAP method that the server began, if any.
    pub method: Option<eap::packet::EapType>,
    /// How many octets of EAP the last request carries: a long one that is never answered hints at a path that loses
    /// fragments.
    pub eap_octets: usize,
}

/// What to do after a reply.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Send another Access-Request.
    Again,
    /// Ask the user, give [`Login::answer`] the answer, send another Access-Request.
    Ask {
        /// What the server wants to have asked; may be empty.
        prompt: String,
    },
    /// The server let us in, and the method agrees; whether the keys that it sent do is in [`Accepted::key_check`].
    Accepted(Box<Accepted>),
    /// The server did not let us in.
    Rejected(Box<Rejection>),
    /// The conversation cannot go on, or its end cannot be trusted.
    Broken(Box<Broken>),
}

/// The facts of a login that the server accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// What both sides derived, where the method derives anything.
    pub keys: Option<Keys>,
    /// How the keys that the server sent compare.
    pub key_check: KeyCheck,
    /// How EAP-Key-Name compares.
    pub key_name: KeyNameCheck,
    /// Whether the server proved that it knows the password (or held a certificate that was checked).
    pub server_proved: bool,
    /// How many rounds it took.
    pub rounds: u32,
}

/// What a login saw on its way, for those who want to show it.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// The server's text for the user: EAP's Notification, or a Reply-Message.
    Text(String),
    /// The server began a method that we run.
    Method(eap::packet::EapType),
    /// The server proposed one method, and we asked for others.
    Nak {
        /// What it proposed.
        proposed: eap::packet::EapType,
        /// What we asked for, the best first.
        wanted: Vec<eap::packet::EapType>,
    },
    /// RADIUS code and EAP packet say different things; the RADIUS code counts (RFC 3579 §2.6.3).
    Contradiction(eap::login::Contradiction),
    /// A server sent Reply-Message beside EAP-Message, which it must not (RFC 3579 §2.6.5).
    ReplyMessageBesideEap,
    /// The handshake is through.
    Tls(Box<eap::tls::TlsFacts>),
    /// A TLS message that took several packets, whole.
    Flight {
        /// Whose it is.
        kind: eap::packet::EapType,
        /// Whether it went to the other side.
        sent: bool,
        /// How many octets it has.
        length: usize,
        /// Its records.
        records: Vec<eap::tls::records::Record>,
    },
    /// A packet inside the tunnel, sent or received, in clear.
    Inner {
        /// Whether it went to the other side.
        sent: bool,
        /// What it is.
        packet: Inner,
    },
    /// The server's MS-CHAP-Error or Failure.
    Refused(mschap::message::Refusal),
    /// The password had expired, and a new one was sent.
    NewPasswordSent,
    /// The server let us in by EAP-TLS 1.3 without the octet that protects its success (RFC 9190 §2.1.1). The keys that
    /// it sent still tell whether it is who made the tunnel.
    NotCommitted,
    /// PEAP's crypto-binding was checked and holds.
    CryptoBinding,
}

/// What goes through a tunnel; it may hold a password, and does not print itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Inner {
    /// An EAP packet, with its header.
    Eap(Secret),
    /// TTLS attributes (RFC 5281 §10).
    Attributes(Secret),
}

/// What was hidden, opened; wiped when dropped.
pub type Opened = Zeroizing<Vec<u8>>;

/// Opens a value that is hidden with a salt, or takes it as it is where nothing is hidden.
pub(crate) fn open(value: &[u8], hiding: Option<&Hiding<'_>>) -> Option<Opened> {
    match hiding {
        Some(hiding) => hide::reveal_salted(value, hiding.secret, hiding.authenticator)
            .ok()
            .map(Zeroizing::new),
        None => Some(Zeroizing::new(value.to_vec())),
    }
}

/// User-Password as it goes on the wire.
fn password_field(password: &Secret, hiding: Option<&Hiding<'_>>) -> Result<Field, Unfit> {
    let value = match hiding {
        Some(hiding) => hide::hide_password(password.expose(), hiding.secret, hiding.authenticator)
            .map_err(Unfit::PasswordTooLong)?,
        None if password.len() > hide::MAX_PASSWORD => {
            return Err(Unfit::PasswordTooLong(hide::TooLong {
                length: password.len(),
                max: hide::MAX_PASSWORD,
            }));
        }
        None => password.expose().to_vec(),
    };
    Ok((AttributeType::USER_PASSWORD, value))
}

/// User-Name as it goes on the wire.
fn name_field(user: &[u8]) -> Result<Field, Unfit> {
    match user.len() {
        length if length > crate::codec::MAX_VALUE => Err(Unfit::NameTooLong { length }),
        _ => Ok((AttributeType::USER_NAME, user.to_vec())),
    }
}

/// The texts of a packet's Reply-Message attributes, in one.
fn reply_message(packet: &Packet<'_>) -> Option<String> {
    let octets: Vec<u8> = packet
        .all(AttributeType::REPLY_MESSAGE)
        .flat_map(|attribute| attribute.value())
        .copied()
        .collect();
    (!octets.is_empty()).then(|| String::from_utf8_lossy(&octets).into_owned())
}
