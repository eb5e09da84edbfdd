//! Which servers answer: one that does not is down, and asked with Status-Server (RFC 5997) until it does.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use super::{Flight, Proxy, Step, jittered};
use crate::auth::{Dice, roll};
use crate::codec::seal::seal_request;
use crate::codec::{Authenticator, Builder, Code, Secret};

/// How a server is.
#[derive(Default)]
pub(super) struct Health {
    /// When it answered last.
    pub heard: Option<Instant>,
    /// Since when it is down.
    down: Option<Instant>,
}

impl<T> Proxy<T> {
    pub(super) fn is_down(&self, server: SocketAddr) -> bool {
        self.health
            .get(&server)
            .is_some_and(|health| health.down.is_some())
    }

    pub(super) fn heard(&mut self, now: Instant, server: SocketAddr, steps: &mut Vec<Step<T>>) {
        let health = self.health.entry(server).or_default();
        health.heard = Some(now);
        if health.down.take().is_some() {
            steps.push(Step::Up(server));
        }
    }

    pub(super) fn down(
        &mut self,
        now: Instant,
        server: SocketAddr,
        secret: Secret,
        dice: &mut dyn Dice,
        steps: &mut Vec<Step<T>>,
    ) {
        let health = self.health.entry(server).or_default();
        if health.down.is_none() {
            health.down = Some(now);
            steps.push(Step::Down(server));
            self.ask(now, server, secret, dice, steps);
        }
    }

    /// A probe was not answered: another one, unless the server has been down long enough to be tried again.
    pub(super) fn probe(
        &mut self,
        now: Instant,
        server: SocketAddr,
        dice: &mut dyn Dice,
        steps: &mut Vec<Step<T>>,
    ) {
        let Some(since) = self.health.get(&server).and_then(|health| health.down) else {
            return;
        };
        if now.saturating_duration_since(since) >= self.patience.revive {
            // Not every server knows Status-Server.
            if let Some(health) = self.health.get_mut(&server) {
                health.down = None;
            }
            steps.push(Step::Up(server));
            return;
        }
        let known = self
            .pools
            .iter()
            .flat_map(|pool| pool.auth.iter().chain(&pool.acct));
        let secret = known
            .filter(|upstream| upstream.address == server)
            .map(|upstream| upstream.secret.clone())
            .next();
        if let Some(secret) = secret {
            self.ask(now, server, secret, dice, steps);
        }
    }

    /// Sends Status-Server; it stands for no client, and is due when the next one is to be sent.
    fn ask(
        &mut self,
        now: Instant,
        server: SocketAddr,
        secret: Secret,
        dice: &mut dyn Dice,
        steps: &mut Vec<Step<T>>,
    ) {
        let Some(place) = self.place(server) else { return };
        let authenticator: Authenticator = roll(dice);
        let mut builder = Builder::new(Code::STATUS_SERVER, place.identifier, &authenticator);
        if builder.message_authenticator().is_err() {
            return;
        }
        let mut octets = builder.finish();
        seal_request(&mut octets, &secret);
        let octets: Arc<[u8]> = octets.into();
        let wait = jittered(self.patience.probe, dice);
        let due = (now + wait, self.number());
        self.due.insert(due, place);
        let flight = Flight {
            octets: Arc::clone(&octets),
            authenticator,
            secret,
            attempts: 1,
            wait,
            since: now,
            due,
            client: None,
        };
        self.flights.insert(place, flight);
        steps.push(Step::Send {
            flow: place.flow,
            to: server,
            octets,
        });
    }
}
