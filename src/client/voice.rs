//! Who finds the words of a conversation: a login, or the question which methods a server speaks. Each conversation
//! has a voice of its own, made when it begins.

use std::fmt;
use std::sync::Arc;

use crate::attr::{BuildError, Draft};
use crate::auth::eap::enumerate::{Probe, ProbeStep};
use crate::auth::{Field, Hiding, Login, Next, Note, Unfit};
use crate::codec::{AttributeType, Packet, Secret};
use crate::net::dice::Dice;
use crate::outcome::{LoginEnd, LoginFacts};

/// Framed-MTU (RFC 2865 §5.12).
const FRAMED_MTU: AttributeType = AttributeType(12);

/// What speaks in a conversation.
pub enum Voice {
    /// Somebody logs in.
    Login(Box<dyn Login>),
    /// Somebody asks for a method, and leaves as soon as the server has answered.
    Probe(Box<Probe>),
}

/// Makes a voice for each conversation.
#[derive(Clone)]
pub struct Voices(Arc<dyn Fn() -> Result<Voice, Unfit> + Send + Sync>);

impl Voices {
    /// Voices that this function makes.
    pub fn new(make: impl Fn() -> Result<Voice, Unfit> + Send + Sync + 'static) -> Voices {
        Voices(Arc::new(make))
    }

    /// A new one.
    pub(super) fn make(&self) -> Result<Voice, Unfit> {
        (self.0)()
    }
}

impl fmt::Debug for Voices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Voices")
    }
}

/// Why a request has no words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Speechless {
    /// What the user gave does not fit the method.
    Unfit(Unfit),
    /// It does not fit into a packet.
    Build(BuildError),
}

impl From<BuildError> for Speechless {
    fn from(error: BuildError) -> Speechless {
        Speechless::Build(error)
    }
}

/// A voice at work, and what it has learned so far.
pub(super) struct Dialogue {
    voice: Voice,
    pub facts: LoginFacts,
    /// How many of its notes were told.
    told: usize,
}

/// What the voice wants after a reply.
pub(super) enum Wish {
    Again,
    Ask(String),
    Over,
}

impl Dialogue {
    pub fn new(voice: Voice) -> Dialogue {
        Dialogue {
            voice,
            facts: LoginFacts::default(),
            told: 0,
        }
    }

    /// The attributes of the next request: the voice's own first, then those of `given` that it does not have. What
    /// the user gives of Framed-MTU counts more than what the method would say. Without `hiding`, nothing is hidden
    /// (RFC 9765 §5.1).
    pub fn request(
        &mut self,
        given: &Draft,
        hiding: Option<&Hiding<'_>>,
        dice: &mut Dice,
    ) -> Result<Draft, Speechless> {
        let mut roll = |octets: &mut [u8]| dice.fill(octets);
        let fields = match &mut self.voice {
            Voice::Login(login) => login.request(hiding, &mut roll),
            Voice::Probe(probe) => probe.request(&mut roll),
        };
        let fields: Vec<Field> = fields.map_err(Speechless::Unfit)?;
        self.observe();
        let mut draft = Draft::new();
        let overruled = |number: AttributeType| number == FRAMED_MTU && given.has(FRAMED_MTU);
        for (number, value) in fields.iter().filter(|(number, _)| !overruled(*number)) {
            draft.push(*number, value)?;
        }
        for part in given.parts() {
            let number = part.number();
            let several = matches!(
                number,
                AttributeType::VENDOR_SPECIFIC | AttributeType::PROXY_STATE
            );
            if several || !draft_has_field(&fields, number) || overruled(number) {
                draft.push_part(part.clone());
            }
        }
        Ok(draft)
    }

    /// Takes an authentic reply; `hiding` has the authenticator of its request.
    pub fn reply(&mut self, reply: &Packet<'_>, hiding: Option<&Hiding<'_>>, dice: &mut Dice) -> Wish {
        let mut roll = |octets: &mut [u8]| dice.fill(octets);
        let wish = match &mut self.voice {
            Voice::Login(login) => match login.reply(reply, hiding, &mut roll) {
                Next::Again => Wish::Again,
                Next::Ask { prompt } => Wish::Ask(prompt),
                Next::Accepted(accepted) => close(&mut self.facts, LoginEnd::Accepted(accepted)),
                Next::Rejected(rejection) => close(&mut self.facts, LoginEnd::Rejected(rejection)),
                Next::Broken(broken) => close(&mut self.facts, LoginEnd::Broken(broken)),
            },
            Voice::Probe(probe) => match probe.reply(reply) {
                ProbeStep::Again => Wish::Again,
                ProbeStep::Speaks { first } => close(&mut self.facts, LoginEnd::Speaks { first }),
                ProbeStep::Refuses { proposed } => close(&mut self.facts, LoginEnd::Refuses { proposed }),
                ProbeStep::Broken(broken) => close(&mut self.facts, LoginEnd::Broken(broken)),
            },
        };
        self.observe();
        wish
    }

    /// Gives it the answer to what it asked.
    pub fn answer(&mut self, text: Secret) {
        if let Voice::Login(login) = &mut self.voice {
            login.answer(text);
        }
    }

    /// What it saw since the last call.
    pub fn news(&mut self) -> &[(u32, Note)] {
        let told = std::mem::replace(&mut self.told, self.facts.notes.len());
        self.facts.notes.get(told..).unwrap_or(&[])
    }

    fn observe(&mut self) {
        if let Voice::Login(login) = &mut self.voice {
            self.facts.progress = login.progress();
            let round = self.facts.progress.rounds;
            let notes = login.notes().into_iter().map(|note| (round, note));
            self.facts.notes.extend(notes);
        }
    }
}

fn close(facts: &mut LoginFacts, end: LoginEnd) -> Wish {
    facts.end = Some(end);
    Wish::Over
}

fn draft_has_field(fields: &[Field], number: AttributeType) -> bool {
    fields.iter().any(|(field, _)| *field == number)
}
