//! Conversations with EAP: which one a request belongs to, and whom the names in it stand for (RFC 3579 §2).
//!
//! A session waits under the State of its last Access-Challenge. The name inside a tunnel is looked up as if it were the
//! User-Name of the request with which the conversation began, so that check items may ask for the NAS there too.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::Moment;
use super::facts::Why;
use super::policy::{Case, Eap, Mode, Step, Verdict, entry};
use super::users::{Asked, AuthType, Users};
use crate::auth::Field;
use crate::auth::eap::packet::{self, EapCode};
use crate::auth::eap::session::{Answer, Session};
use crate::auth::server::{self, Account, Known};
use crate::codec::{AttributeType, Builder, Code, Packet};
use crate::dictionary::Dictionary;

/// How long a client may take for a round.
const LIFETIME: Duration = Duration::from_secs(60);

/// The users as a conversation asks for them.
struct Lookup {
    users: Users,
    dictionary: Arc<Dictionary>,
    /// The request with which the conversation began, without User-Name.
    attributes: Vec<u8>,
    source: IpAddr,
    client: String,
    unix: u64,
    /// Whether everybody may in, known or not.
    anybody: bool,
}

impl Lookup {
    /// Asks about a name.
    fn ask<T>(&self, name: &[u8], look: impl FnOnce(&Asked<'_>) -> T) -> Option<T> {
        let mut builder = Builder::new(Code::ACCESS_REQUEST, 0, &[0; 16]);
        builder.attribute(AttributeType::USER_NAME, name).ok()?;
        builder.raw(&self.attributes);
        let octets = builder.finish();
        let packet = Packet::parse(&octets).ok()?;
        Some(look(&Asked::new(
            packet,
            &self.dictionary,
            None,
            self.source,
            &self.client,
            self.unix,
        )))
    }
}

impl server::Users for Lookup {
    fn account(&self, name: &[u8]) -> Option<Account> {
        let known = self.ask(name, |asked| {
            let found = self.users.find(asked)?;
            match found.auth_type {
                Some(AuthType::Reject) => None,
                _ => found.account.as_deref().cloned(),
            }
        });
        let anybody = Account {
            password: Known::Any,
            methods: None,
            expired: false,
        };
        known?.or(self.anybody.then_some(anybody))
    }
}

/// A verdict on a conversation that proved the user: `proof` is what an Accept carries. Where policy says no all the same,
/// the EAP packet must say so too (RFC 3579 §2.6.3).
fn beside_eap(verdict: Verdict, proof: &[Field]) -> Verdict {
    let fields = match verdict.code {
        Code::ACCESS_REJECT => {
            let success = proof
                .iter()
                .find(|(number, _)| *number == AttributeType::EAP_MESSAGE);
            let identifier = success.and_then(|(_, packet)| packet.get(1)).copied();
            let failure = packet::verdict(EapCode::FAILURE, identifier.unwrap_or(0));
            vec![(AttributeType::EAP_MESSAGE, failure.to_vec())]
        }
        _ => verdict.fields,
    };
    Verdict {
        items: Arc::new(verdict.items.beside_eap()),
        fields,
        ..verdict
    }
}

impl Case<'_> {
    /// Decides about a request with EAP-Message.
    pub(super) fn eap(&self, moment: &mut Moment<'_>) -> Verdict {
        let Some(Eap(settings)) = &self.policy.eap else {
            return Verdict::reject(Why::EapUnsupported);
        };
        let source = self.asked.source;
        let state = self.request.value(AttributeType::STATE);
        let known = state.and_then(|state| {
            let step = super::lock(self.context.states).take(moment.now, state, source);
            match step {
                Ok(Step::Eap(session)) => Some(session),
                _ => None,
            }
        });
        // A State that nobody has begins another conversation.
        let mut session = known.unwrap_or_else(|| {
            let users = Arc::new(self.lookup());
            Box::new(Session::new(Arc::clone(settings), users, &self.request.packet))
        });
        let answer = session.receive(&self.request.packet, self.hiding.as_ref(), moment.dice);
        let notes = session.notes().into_boxed_slice();
        match answer {
            Answer::Challenge { fields, invalid } => {
                let kind = session.kind();
                if let Ok(state) = session.state().try_into() {
                    super::lock(self.context.states).keep(
                        moment.now,
                        LIFETIME,
                        state,
                        source,
                        Step::Eap(session),
                    );
                }
                Verdict {
                    code: Code::ACCESS_CHALLENGE,
                    why: Why::EapRound { kind, invalid, notes },
                    items: Arc::default(),
                    fields,
                }
            }
            Answer::Accept { fields, done } => {
                let name = done.inner_user.as_deref().unwrap_or(session.user());
                let lookup = self.lookup();
                let decided = lookup.ask(name, |asked| {
                    let found = self.policy.users.find(asked);
                    let source = found.as_ref().and_then(|found| found.source).map(entry);
                    if found
                        .as_ref()
                        .is_some_and(|found| found.auth_type == Some(AuthType::Reject))
                    {
                        // A certificate proves who it is, and not that he may in.
                        return Verdict::reject(Why::AuthType(source));
                    }
                    let barred = found.as_ref().and_then(|found| self.barred(found));
                    let why = Why::EapProven {
                        method: done.method,
                        inner: done.inner_user.clone(),
                        entry: source,
                        notes,
                    };
                    barred.unwrap_or_else(|| self.accept(found.as_ref(), fields.clone(), why))
                });
                let decided = decided.unwrap_or_else(|| Verdict::reject(Why::EapUnsupported));
                beside_eap(decided, &fields)
            }
            Answer::Reject { fields, why } => Verdict {
                fields,
                ..Verdict::reject(Why::EapRefused {
                    why: Box::new(why),
                    kind: session.kind(),
                    inner: session.inner_user().map(<[u8]>::to_vec),
                    notes,
                })
            },
        }
    }

    fn lookup(&self) -> Lookup {
        let mut attributes = Vec::new();
        for attribute in self.request.attributes() {
            let number = attribute.number();
            let passes = !matches!(
                number,
                AttributeType::USER_NAME | AttributeType::EAP_MESSAGE | AttributeType::MESSAGE_AUTHENTICATOR
            );
            if passes {
                attributes.extend_from_slice(attribute.octets());
            }
        }
        Lookup {
            users: self.policy.users.clone(),
            dictionary: Arc::clone(self.context.dictionary),
            attributes,
            source: self.asked.source,
            client: self.asked.client.to_owned(),
            unix: self.asked.unix,
            anybody: self.policy.mode == Mode::AcceptAll,
        }
    }
}
