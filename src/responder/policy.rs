//! Who is let in: the decision about an Access-Request that is authentic and new.
//!
//! ```text
//!  accept all, reject all ─ or by the users:
//!   State we gave out ── the second factor ─────────────────────────▶ Accept, Reject
//!   an entry matches ── Auth-Type says ─────────────────────────────▶ Accept, Reject
//!                   └── credentials right ── second factor wanted ──▶ Challenge (RFC 2865 §4.4)
//!                                         └── no ───────────────────▶ Accept
//! ```
//!
//! Knows users, credentials and conversations. No duplicate, no datagram, no clock of its own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::Moment;
use super::facts::{Entry, Why};
use super::receive::Request;
use super::reply::Items;
use super::sessions::Sessions;
use super::states::{States, Unknown};
use super::users::{Asked, AuthType, Found, Source, Users};
use crate::attr::Opener;
use crate::auth::eap::server::ServerSettings;
use crate::auth::eap::session::Session;
use crate::auth::server::{self, Account, Known, Refused};
use crate::auth::{Field, Hiding, Method, roll};
use crate::codec::{AttributeType, Code, Secret};
use crate::dictionary::Dictionary;

/// How Access-Requests are decided about.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// By whom.
    pub mode: Mode,
    /// Who may log in.
    pub users: Users,
    /// What is asked after a right password.
    pub challenge: Option<Challenge>,
    /// Attributes of every Access-Accept, before those of the user.
    pub accept: Items,
    /// EAP, if it is spoken.
    pub eap: Option<Eap>,
}

/// What EAP needs; one for all conversations.
#[derive(Clone)]
pub struct Eap(pub Arc<ServerSettings>);

impl std::fmt::Debug for Eap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Eap").field(&self.0.methods).finish()
    }
}

/// By whom Access-Requests are decided about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// By the users.
    #[default]
    Users,
    /// All are accepted.
    AcceptAll,
    /// All are rejected.
    RejectAll,
}

/// A second factor.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// What the user is asked: the Reply-Message of the Access-Challenge.
    pub prompt: String,
    /// What the user must answer.
    pub code: Secret,
    /// How long the answer may take.
    pub lifetime: Duration,
}

/// What a conversation of several rounds remembers.
pub enum Step {
    /// An EAP conversation.
    Eap(Box<Session>),
    /// The password was right, and the second factor is awaited.
    SecondFactor {
        /// Whose.
        user: Vec<u8>,
    },
}

/// A decision.
#[derive(Debug)]
pub struct Verdict {
    /// The reply's Code.
    pub code: Code,
    /// Why.
    pub why: Why,
    /// The reply's attributes.
    pub items: Arc<Items>,
    /// Attributes that go before them.
    pub fields: Vec<Field>,
}

/// What decisions stand on beside the policy.
pub struct Context<'a> {
    /// The names of attributes.
    pub dictionary: &'a Arc<Dictionary>,
    /// Conversations of several rounds.
    pub states: &'a Mutex<States<Step>>,
    /// Who is online.
    pub sessions: &'a Mutex<Sessions>,
}

impl Verdict {
    pub(super) fn reject(why: Why) -> Verdict {
        Verdict {
            code: Code::ACCESS_REJECT,
            why,
            items: Arc::default(),
            fields: Vec::new(),
        }
    }

    fn refused(refused: Refused, method: Method) -> Verdict {
        Verdict::reject(Why::Refused { refused, method })
    }
}

impl Policy {
    /// Decides about an Access-Request.
    pub fn decide(
        &self,
        request: &Request<'_>,
        source: std::net::IpAddr,
        context: &Context<'_>,
        moment: &mut Moment<'_>,
    ) -> Verdict {
        let authenticator = request.packet.authenticator();
        let secret = &request.client.secret;
        let asked = Asked::new(
            request.packet,
            context.dictionary.as_ref(),
            (!request.clear).then_some(Opener {
                secret,
                authenticator: *authenticator,
            }),
            source,
            &request.client.name,
            moment.unix,
        )
        .in_clear(request.clear);
        let case = Case {
            policy: self,
            request,
            asked,
            hiding: (!request.clear).then_some(Hiding {
                secret,
                authenticator,
            }),
            context,
        };
        match self.mode {
            Mode::RejectAll => Verdict::reject(Why::RejectAll),
            Mode::AcceptAll => case.accept_anybody(moment),
            Mode::Users => case.by_users(moment),
        }
    }
}

/// One request under decision.
pub(super) struct Case<'a> {
    pub(super) policy: &'a Policy,
    pub(super) request: &'a Request<'a>,
    pub(super) asked: Asked<'a>,
    /// What hides values here; nothing does in RADIUS/1.1.
    pub(super) hiding: Option<Hiding<'a>>,
    pub(super) context: &'a Context<'a>,
}

impl Case<'_> {
    /// Accepts whatever came; where the method proves something to the client, as far as that is possible.
    fn accept_anybody(&self, moment: &mut Moment<'_>) -> Verdict {
        if self.request.has(AttributeType::EAP_MESSAGE) && self.policy.eap.is_some() {
            return self.eap(moment);
        }
        let found = self.policy.users.find(&self.asked);
        let known = found.as_ref().and_then(|found| found.account.as_deref());
        let anybody = Account {
            password: Known::Any,
            methods: None,
            expired: false,
        };
        let account = known.unwrap_or(&anybody);
        let granted = server::check(
            &self.request.packet,
            self.hiding.as_ref(),
            Some(account),
            moment.dice,
        );
        let fields = granted.map_or(Vec::new(), |granted| granted.fields);
        self.accept(found.as_ref(), fields, Why::AcceptAll)
    }

    fn by_users(&self, moment: &mut Moment<'_>) -> Verdict {
        let has = |number| self.request.has(number);
        if has(AttributeType::EAP_MESSAGE) {
            return self.eap(moment);
        }
        if let Some(state) = self.request.value(AttributeType::STATE) {
            return self.next_round(state, moment);
        }
        if self.request.value(AttributeType::SERVICE_TYPE) == Some(&super::coa::AUTHORIZE_ONLY) {
            return Verdict::reject(Why::NoState);
        }
        if has(AttributeType::USER_PASSWORD) && has(AttributeType::CHAP_PASSWORD) {
            return Verdict::reject(Why::TwoCredentials);
        }
        let method = server::method_of(&self.request.packet);
        let Some(found) = self.policy.users.find(&self.asked) else {
            return Verdict::refused(Refused::UnknownUser, method);
        };
        let entry = found.source.map(entry);
        match found.auth_type {
            Some(AuthType::Reject) => {
                return Verdict {
                    items: Arc::new(found.items().for_reject()),
                    ..Verdict::reject(Why::AuthType(entry))
                };
            }
            Some(AuthType::Accept) => {
                return self
                    .barred(&found)
                    .unwrap_or_else(|| self.accept(Some(&found), Vec::new(), Why::AuthType(entry)));
            }
            None => {}
        }
        let granted = match server::check(
            &self.request.packet,
            self.hiding.as_ref(),
            found.account.as_deref(),
            moment.dice,
        ) {
            Ok(granted) => granted,
            Err(denied) => {
                // As FreeRADIUS has it: what the entry says is said with a reject too, as far as one may say it.
                return Verdict {
                    items: Arc::new(found.items().for_reject()),
                    fields: denied.fields,
                    ..Verdict::refused(denied.why, method)
                };
            }
        };
        if let Some(barred) = self.barred(&found) {
            return barred;
        }
        match &self.policy.challenge {
            Some(challenge) => self.ask(challenge, moment),
            None => self.accept(Some(&found), granted.fields, Why::Proven { method, entry }),
        }
    }

    /// Why a user that proved to be one is not let in all the same.
    pub(super) fn barred(&self, found: &Found<'_>) -> Option<Verdict> {
        if found
            .expiration
            .is_some_and(|expiration| expiration <= self.asked.unix)
        {
            return Some(Verdict::reject(Why::Expired));
        }
        if let Some(most) = found.simultaneous_use {
            let online = super::lock(self.context.sessions).of_user(self.asked.name());
            if online >= most as usize {
                return Some(Verdict::reject(Why::SimultaneousUse { most }));
            }
        }
        let misfit = found.misfits.first()?;
        Some(Verdict::reject(Why::ReplyItem {
            name: misfit.name.clone(),
        }))
    }

    pub(super) fn accept(&self, found: Option<&Found<'_>>, fields: Vec<Field>, why: Why) -> Verdict {
        let own = found.map_or_else(Arc::default, Found::items);
        let items = if self.policy.accept.is_empty() {
            own
        } else {
            let mut all = self.policy.accept.clone();
            all.extend(&own);
            Arc::new(all)
        };
        Verdict {
            code: Code::ACCESS_ACCEPT,
            why,
            items,
            fields,
        }
    }

    fn ask(&self, challenge: &Challenge, moment: &mut Moment<'_>) -> Verdict {
        let state = roll(moment.dice);
        let step = Step::SecondFactor {
            user: self.asked.name().to_vec(),
        };
        super::lock(self.context.states).keep(moment.now, challenge.lifetime, state, self.asked.source, step);
        let seconds = u32::try_from(challenge.lifetime.as_secs()).unwrap_or(u32::MAX);
        Verdict {
            code: Code::ACCESS_CHALLENGE,
            why: Why::SecondFactor,
            items: Arc::default(),
            fields: vec![
                (AttributeType::STATE, state.to_vec()),
                (
                    AttributeType::REPLY_MESSAGE,
                    challenge.prompt.clone().into_bytes(),
                ),
                // How long the user may take (RFC 2865 §5.27).
                (AttributeType(27), seconds.to_be_bytes().to_vec()),
            ],
        }
    }

    /// A request with a State: the next round of a conversation.
    fn next_round(&self, state: &[u8], moment: &mut Moment<'_>) -> Verdict {
        let step = super::lock(self.context.states).take(moment.now, state, self.asked.source);
        let user = match step {
            Ok(Step::SecondFactor { user }) => user,
            // A conversation with EAP goes on with EAP.
            Ok(Step::Eap(_)) => return Verdict::reject(Why::State(Unknown::NeverIssued)),
            Err(unknown) => return Verdict::reject(Why::State(unknown)),
        };
        let right = user == self.asked.name()
            && self
                .policy
                .challenge
                .as_ref()
                .is_some_and(|challenge| self.answers(&challenge.code));
        if right {
            let found = self.policy.users.find(&self.asked);
            self.accept(found.as_ref(), Vec::new(), Why::SecondFactorRight)
        } else {
            Verdict::reject(Why::SecondFactorWrong)
        }
    }

    /// Whether User-Password or CHAP-Password is this.
    fn answers(&self, code: &Secret) -> bool {
        let account = Account {
            password: Known::Clear(code.clone()),
            methods: None,
            expired: false,
        };
        let mut unused = |octets: &mut [u8]| octets.fill(0);
        server::check(
            &self.request.packet,
            self.hiding.as_ref(),
            Some(&account),
            &mut unused,
        )
        .is_ok()
    }
}

pub(super) fn entry(source: &Source) -> Entry {
    Entry {
        file: Arc::clone(&source.file),
        line: source.line,
    }
}
