//! Which secrets may be the one between two addresses, and which of them it is.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::net::IpAddr;
use std::sync::Arc;

use super::memory::Mixer;
use crate::codec::seal::{self, AuthenticatorCheck, MessageAuthenticatorCheck, Seals};
use crate::codec::{Authenticator, Packet, Secret};
use crate::exchange::Transport;
use crate::responder::clients::Network;

/// Secrets, and the clients they are for.
#[derive(Clone, Default)]
pub struct Secrets {
    candidates: Vec<Candidate>,
    /// What proved right for a client.
    proven: HashMap<(IpAddr, Transport), usize, BuildHasherDefault<Mixer>>,
}

#[derive(Clone)]
struct Candidate {
    /// The clients it is for; all where there is none.
    clients: Option<Network>,
    /// The transport that fixes it; any where there is none.
    over: Option<Transport>,
    secret: Arc<Secret>,
}

/// What the secrets say of a packet.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The checks with that secret.
    pub seals: Seals,
    /// The one that is right, or the most likely one.
    pub secret: Arc<Secret>,
}

impl Secrets {
    /// Adds a secret for these clients, or for all.
    pub fn add(&mut self, clients: Option<Network>, secret: Arc<Secret>) {
        self.candidates.push(Candidate {
            clients,
            over: None,
            secret,
        });
    }

    /// Adds the secrets that secured transports fix (RFC 6614 §2.3, RFC 7360 §2.1).
    pub(super) fn add_fixed(&mut self) {
        for transport in [Transport::Tls, Transport::Dtls] {
            self.candidates
                .extend(transport.fixed_secret().map(|secret| Candidate {
                    clients: None,
                    over: Some(transport),
                    secret: Arc::new(Secret::new(secret)),
                }));
        }
    }

    /// Judges a packet that `client` sent, or that answers `request` of that client's.
    pub(super) fn judge(
        &mut self,
        client: IpAddr,
        over: Transport,
        packet: &Packet<'_>,
        request: Option<&Authenticator>,
    ) -> Option<Judged> {
        if self.candidates.is_empty() {
            return None;
        }
        let client = client.to_canonical();
        let check = |candidate: &Candidate| match request {
            Some(request) => seal::check_reply(packet, request, &candidate.secret),
            None if packet.code().is_reply() => unverifiable(packet),
            None => seal::check_request(packet, &candidate.secret),
        };
        let judged = |candidate: &Candidate, seals| Judged {
            seals,
            secret: Arc::clone(&candidate.secret),
        };
        // One that proved right is nearly always right again.
        let proven = self.proven.get(&(client, over)).copied();
        let known = proven.and_then(|index| self.candidates.get(index));
        let mut likely = known.map(|candidate| judged(candidate, check(candidate)));
        if likely.as_ref().is_some_and(|judged| judged.seals.prove()) {
            return likely;
        }
        for index in self.order(client, over).filter(|index| Some(*index) != proven) {
            let Some(candidate) = self.candidates.get(index) else {
                continue;
            };
            let next = judged(candidate, check(candidate));
            if next.seals.prove() {
                self.proven.insert((client, over), index);
                return Some(next);
            }
            // The first one stands where none proves right: the proven one, or the first that was given.
            likely = likely.or(Some(next));
        }
        likely
    }

    /// The candidates for a client: what the transport fixes, then those for its network, then those for all.
    fn order(&self, client: IpAddr, over: Transport) -> impl Iterator<Item = usize> + use<> {
        let mut ranks: [Vec<usize>; 3] = Default::default();
        for (index, candidate) in self.candidates.iter().enumerate() {
            let rank = match (candidate.over, candidate.clients) {
                (Some(transport), _) if transport == over => 0,
                (None, Some(network)) if network.contains(client) => 1,
                (None, None) => 2,
                _ => continue,
            };
            if let Some(rank) = ranks.get_mut(rank) {
                rank.push(index);
            }
        }
        ranks.into_iter().flatten()
    }
}

/// What can be said of a reply whose request was not seen.
fn unverifiable(packet: &Packet<'_>) -> Seals {
    use crate::codec::AttributeType;
    Seals {
        authenticator: AuthenticatorCheck::Unverifiable,
        message_authenticator: match packet.first(AttributeType::MESSAGE_AUTHENTICATOR) {
            Some(_) => MessageAuthenticatorCheck::Unverifiable,
            None => MessageAuthenticatorCheck::Absent,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounting(secret: &str) -> Vec<u8> {
        let mut octets = vec![4, 1, 0, 20];
        octets.extend([0; 16]);
        seal::seal_request(&mut octets, &Secret::new(secret));
        octets
    }

    fn secrets(list: &[(Option<&str>, &str)]) -> Secrets {
        let mut secrets = Secrets::default();
        for (clients, secret) in list {
            let clients = clients.map(|clients| clients.parse().unwrap());
            secrets.add(clients, Arc::new(Secret::new(*secret)));
        }
        secrets
    }

    fn judge(secrets: &mut Secrets, client: &str, octets: &[u8]) -> Option<(AuthenticatorCheck, Vec<u8>)> {
        let judged = secrets.judge(
            client.parse().unwrap(),
            Transport::Udp,
            &Packet::parse(octets).unwrap(),
            None,
        )?;
        Some((judged.seals.authenticator, judged.secret.expose().to_vec()))
    }

    #[test]
    fn the_candidate_that_is_right_is_found_and_remembered() {
        let mut secrets = secrets(&[(None, "first"), (None, "second")]);
        let right = Some((AuthenticatorCheck::Right, b"second".to_vec()));
        assert_eq!(judge(&mut secrets, "10.0.0.1", &accounting("second")), right);
        // An Access-Request without Message-Authenticator proves nothing: the remembered secret stands.
        let mut access = accounting("");
        access[0] = 1;
        let likely = Some((AuthenticatorCheck::Unverifiable, b"second".to_vec()));
        assert_eq!(judge(&mut secrets, "10.0.0.1", &access), likely);
        let other = Some((AuthenticatorCheck::Unverifiable, b"first".to_vec()));
        assert_eq!(judge(&mut secrets, "10.0.0.2", &access), other);
    }

    #[test]
    fn a_transport_fixes_its_secret() {
        let mut secrets = secrets(&[(None, "first")]);
        secrets.add_fixed();
        let octets = accounting("radsec");
        let packet = Packet::parse(&octets).unwrap();
        let mut judge = |over| {
            let judged = secrets.judge("10.0.0.1".parse().unwrap(), over, &packet, None);
            judged.map(|judged| judged.seals.authenticator)
        };
        assert_eq!(judge(Transport::Tls), Some(AuthenticatorCheck::Right));
        assert_eq!(judge(Transport::Tcp), Some(AuthenticatorCheck::Wrong));
    }

    #[test]
    fn secrets_of_other_clients_are_not_tried() {
        let mut secrets = secrets(&[(Some("10.0.0.0/24"), "ten"), (Some("fe80::/16"), "link")]);
        let right = Some((AuthenticatorCheck::Right, b"ten".to_vec()));
        assert_eq!(judge(&mut secrets, "10.0.0.7", &accounting("ten")), right);
        assert_eq!(judge(&mut secrets, "::ffff:10.0.0.7", &accounting("ten")), right);
        assert_eq!(judge(&mut secrets, "10.0.1.7", &accounting("ten")), None);
        let wrong = Some((AuthenticatorCheck::Wrong, b"link".to_vec()));
        assert_eq!(judge(&mut secrets, "fe80::1", &accounting("ten")), wrong);
    }
}
