//! A conversation that is going on: what was said in it so far, and what it says next.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use crate::attr::BuildError;
use crate::auth::{Hiding, Note};
use crate::client::job::{Job, Turn, may_echo};
use crate::client::voice::{Dialogue, Speechless, Wish};
use crate::codec::{Authenticator, Packet, Secret};
use crate::exchange::{Exchange, Number, Version};
use crate::net::dice::Dice;
use crate::net::tls::Handshake;
use crate::outcome::{Answer, Dropped, Ended, Round};

/// A conversation that is going on.
pub(super) struct Talk {
    pub(super) job: Job,
    pub(super) address: usize,
    /// How many addresses failed it.
    pub(super) failures: usize,
    /// What Acct-Delay-Time says before anything is tried.
    pub(super) delay: u32,
    pub(super) began: Instant,
    pub(super) rounds: Vec<Round>,
    pub(super) ignored: Vec<Dropped>,
    /// What the handshake of its link came to.
    pub(super) handshake: Option<Arc<Handshake>>,
    /// Who finds the words, where the script does not have them.
    pub(super) dialogue: Option<Box<Dialogue>>,
}

impl Talk {
    /// The version of RADIUS that its link carries.
    pub(super) fn version(&self) -> Version {
        self.handshake
            .as_ref()
            .map_or(Version::V1_0, |handshake| handshake.radius)
    }

    /// Keeps what came and was no reply. Of a flood, the first; and of what tells most, one in any case.
    pub(super) fn ignore(&mut self, dropped: Dropped) {
        const MOST: usize = 64;
        let tells = |dropped: &Dropped| dropped.why.is_untrusted() || dropped.why.is_violation();
        if self.ignored.len() < MOST {
            self.ignored.push(dropped);
        } else if tells(&dropped)
            && !self.ignored.iter().any(tells)
            && let Some(last) = self.ignored.last_mut()
        {
            *last = dropped;
        }
    }

    /// Turns to the next address, from the beginning; whether there is one that has not failed yet.
    pub(super) fn advance(&mut self) -> bool {
        let count = self.job.addresses.len();
        self.failures += 1;
        if self.failures >= count {
            return false;
        }
        self.address = (self.address + 1) % count;
        self.dialogue = None;
        self.rounds.clear();
        true
    }

    /// How many of its requests were answered: the number of its round, from 0.
    pub(super) fn answered(&self) -> usize {
        self.rounds.iter().filter(|round| round.answer.is_some()).count()
    }

    /// The octets of the next request.
    pub(super) fn request(
        &mut self,
        number: Number,
        authenticator: &Authenticator,
        dice: &mut Dice,
    ) -> Result<Vec<u8>, Speechless> {
        self.job.request(&mut self.dialogue, number, authenticator, dice)
    }

    /// Takes a reply.
    pub(super) fn reply(
        &mut self,
        packet: &Packet<'_>,
        request: &Authenticator,
        dice: &mut Dice,
    ) -> Result<Turn, BuildError> {
        let clear = self.version() == Version::V1_1;
        let Some(dialogue) = &mut self.dialogue else {
            return self.job.script.reply(packet);
        };
        let hiding = Hiding {
            secret: &self.job.secret,
            authenticator: request,
        };
        Ok(
            match dialogue.reply(packet, Some(&hiding).filter(|_| !clear), dice) {
                Wish::Over => Turn::Done,
                Wish::Again => Turn::Again,
                Wish::Ask(prompt) => match self.job.script.next_response() {
                    Some(response) => {
                        dialogue.answer(response);
                        Turn::Again
                    }
                    None => Turn::Ask {
                        prompt,
                        echo: may_echo(packet),
                    },
                },
            },
        )
    }

    /// What its login saw since the last call.
    pub(super) fn news(&mut self) -> &[(u32, Note)] {
        self.dialogue.as_mut().map_or(&[], |dialogue| dialogue.news())
    }

    /// Answers what the server asked.
    pub(super) fn respond(&mut self, response: Secret) -> Result<(), BuildError> {
        match &mut self.dialogue {
            Some(dialogue) => {
                dialogue.answer(response);
                Ok(())
            }
            None => self.job.script.respond(response),
        }
    }

    /// The server that is asked now; before the first address is known to be one, nobody.
    pub(super) fn server(&self) -> SocketAddr {
        let unspecified = SocketAddr::from(([0, 0, 0, 0], 0));
        self.job
            .addresses
            .get(self.address)
            .copied()
            .unwrap_or(unspecified)
    }
}

pub(super) fn ended(why: Speechless) -> Ended {
    match why {
        Speechless::Unfit(unfit) => Ended::Unfit(unfit),
        Speechless::Build(error) => Ended::Unbuildable(error),
    }
}

pub(super) fn round(exchange: Exchange, answer: Option<Answer>) -> Round {
    Round {
        attempts: exchange.attempts(),
        request: exchange.into_request(),
        answer,
    }
}
