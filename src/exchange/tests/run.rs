//! Whole runs: many requests, a bad link, and every request accounted for.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Instant;

use proptest::prelude::*;
use rand::RngExt;

use super::link::{Faults, Link, To};
use super::*;
use crate::codec::seal::{AuthenticatorCheck, check_request};

/// How a run ended for one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Answered,
    GaveUp,
}

#[derive(Default)]
struct Report {
    ends: BTreeMap<u64, End>,
    /// The octets of each request's transmissions.
    sent: HashMap<u64, Vec<Vec<u8>>>,
    ignored: Vec<(Option<u64>, Ignored)>,
    renewed: u64,
}

struct Run {
    requests: u64,
    parallel: usize,
    code: Code,
    policy: Policy,
    renewal: Renewal,
    faults: Faults,
    server_secret: Arc<Secret>,
    seed: u64,
}

impl Default for Run {
    fn default() -> Run {
        Run {
            requests: 300,
            parallel: 64,
            code: Code::ACCESS_REQUEST,
            policy: Policy::fixed(SECOND, 3),
            renewal: Renewal::Never,
            faults: Faults::default(),
            server_secret: secret(),
            seed: 1,
        }
    }
}

impl Run {
    /// Runs until nothing is outstanding and nothing travels, and checks on the way what must hold at any time.
    fn run(&self) -> Report {
        let (mut flow, mut link) = (Flow::new(server(), 200), Link::new(self.faults, self.seed));
        let (mut report, mut begun, mut now) = (Report::default(), 0, Instant::now());
        let mut identifiers: HashMap<u8, u64> = HashMap::new();
        loop {
            while begun < self.requests && flow.outstanding() < self.parallel && flow.free() > 0 {
                let identifier = flow.reserve(None).unwrap();
                assert!(identifiers.insert(identifier, begun).is_none(), "in use");
                let octets = request(self.code, identifier, link.dice.random(), begun);
                let exchange = Exchange::new(octets, secret(), server(), self.policy)
                    .with_renewal(self.renewal)
                    .with_tag(begun);
                flow.insert(exchange, now).unwrap();
                begun += 1;
            }
            self.act(&mut flow, &mut link, &mut report, &mut identifiers, now);
            while let Some((to, octets)) = link.arrived(now) {
                match to {
                    To::Server => self.serve(&mut link, now, &octets),
                    To::Client => match flow.receive(now, server(), &octets) {
                        Arrival::Reply { exchange, .. } => {
                            identifiers.retain(|_, tag| *tag != exchange.tag());
                            assert_eq!(report.ends.insert(exchange.tag(), End::Answered), None);
                        }
                        Arrival::Ignored { request, why } => report.ignored.push((request, why)),
                    },
                }
            }
            let idle = flow.outstanding() == 0;
            if idle && begun == self.requests && link.next().is_none() {
                assert_eq!(flow.free(), 256);
                return report;
            }
            if !(idle && begun < self.requests) {
                now = now.max(flow.deadline().into_iter().chain(link.next()).min().unwrap());
            }
        }
    }

    /// Does everything that is due.
    fn act(
        &self,
        flow: &mut Flow,
        link: &mut Link,
        report: &mut Report,
        identifiers: &mut HashMap<u8, u64>,
        now: Instant,
    ) {
        loop {
            let dice = link.jitter();
            let (old, tag) = match flow.poll(now, dice) {
                None => return,
                Some(Due::Send(exchange)) => {
                    link.send(now, To::Server, exchange.request());
                    let sent = report.sent.entry(exchange.tag()).or_default();
                    sent.push(exchange.request().to_vec());
                    assert_eq!(sent.len(), exchange.attempts() as usize);
                    continue;
                }
                Some(Due::GaveUp { exchange, why }) => {
                    assert_eq!(why, GaveUp::Retries);
                    identifiers.retain(|_, tag| *tag != exchange.tag());
                    assert_eq!(report.ends.insert(exchange.tag(), End::GaveUp), None);
                    continue;
                }
                Some(Due::Renew { exchange, .. }) => (exchange.identifier(), exchange.tag()),
            };
            match flow.reserve(None) {
                Ok(fresh) => {
                    assert!(identifiers.insert(fresh, tag).is_none(), "in use");
                    report.renewed += 1;
                    flow.renew(old, request(self.code, fresh, link.dice.random(), tag), now);
                }
                Err(Exhausted { .. }) => flow.keep(old, now),
            }
        }
    }

    /// Answers what is a good request.
    fn serve(&self, link: &mut Link, now: Instant, octets: &[u8]) {
        let Ok(packet) = Packet::parse(octets) else { return };
        let seals = check_request(&packet, &secret());
        if packet.is_well_formed() && seals.hold() && packet.code() == self.code {
            let code = packet.code().replies()[0];
            link.send(now, To::Client, &reply(code, octets, &self.server_secret));
        }
    }
}

impl Report {
    fn count(&self, end: End) -> u64 {
        self.ends.values().filter(|found| **found == end).count() as u64
    }
}

const BAD: Faults = Faults {
    loss: 0.2,
    double: 0.1,
    spoil: 0.1,
    delay: Duration::from_millis(1500),
};

#[test]
fn a_good_link_loses_nothing_and_needs_no_second_try() {
    let report = Run::default().run();
    assert_eq!(report.count(End::Answered), 300);
    assert!(report.sent.values().all(|sent| sent.len() == 1));
    assert!(report.ignored.is_empty());
}

#[test]
fn retransmissions_get_through_a_link_that_loses() {
    let faults = Faults {
        loss: 0.3,
        ..Faults::default()
    };
    let policy = Policy::fixed(SECOND, 30);
    let report = Run {
        faults,
        policy,
        ..Run::default()
    }
    .run();
    assert_eq!(report.count(End::Answered), 300);
    assert!(report.sent.values().any(|sent| sent.len() > 1));
}

#[test]
fn a_dead_server_loses_every_request_after_as_many_tries_as_allowed() {
    let faults = Faults {
        loss: 1.0,
        ..Faults::default()
    };
    let report = Run {
        faults,
        ..Run::default()
    }
    .run();
    assert_eq!(report.count(End::GaveUp), 300);
    assert!(report.sent.values().all(|sent| sent.len() == 4));
}

#[test]
fn another_secret_makes_every_reply_a_bad_one() {
    let server_secret = Arc::new(Secret::new("other"));
    let report = Run {
        server_secret,
        ..Run::default()
    }
    .run();
    assert_eq!(report.count(End::GaveUp), 300);
    assert_eq!(report.ignored.len(), 1200);
    for (request, why) in report.ignored {
        assert!(request.is_some() && why.is_untrusted(), "{why:?}");
    }
}

#[test]
fn replies_that_come_after_the_end_are_known_as_late_or_double() {
    let faults = Faults {
        double: 1.0,
        delay: 3 * SECOND,
        ..Faults::default()
    };
    let policy = Policy::fixed(SECOND, 1);
    // Few enough that no Identifier is used twice.
    let report = Run {
        faults,
        policy,
        requests: 200,
        ..Run::default()
    }
    .run();
    let mut kinds = HashSet::new();
    for (request, why) in &report.ignored {
        let end = report.ends[&request.expect("every reply has its request")];
        let seals = match why {
            Ignored::Late { seals, .. } if end == End::GaveUp => seals,
            Ignored::Duplicate { seals, .. } if end == End::Answered => seals,
            other => panic!("{other:?} {end:?}"),
        };
        assert_eq!(seals.authenticator, AuthenticatorCheck::Right);
        kinds.insert(end == End::GaveUp);
    }
    assert_eq!(kinds.len(), 2);
}

#[test]
fn more_requests_than_identifiers_take_turns() {
    let report = Run {
        requests: 3000,
        parallel: 1000,
        ..Run::default()
    }
    .run();
    assert_eq!(report.count(End::Answered), 3000);
}

#[test]
fn a_delay_that_is_told_makes_each_retransmission_a_new_packet() {
    let faults = Faults {
        loss: 0.5,
        ..Faults::default()
    };
    let report = Run {
        faults,
        code: Code::ACCOUNTING_REQUEST,
        renewal: Renewal::DelayTime,
        parallel: 20,
        ..Run::default()
    }
    .run();
    assert!(report.renewed > 0);
    for sent in report.sent.values() {
        let distinct: HashSet<&[u8]> = sent.iter().map(|octets| &octets[1..20]).collect();
        assert_eq!(distinct.len(), sent.len(), "Identifier and authenticator differ");
    }
}

#[test]
fn a_reply_to_what_was_sent_before_the_renewal_still_counts() {
    let now = Instant::now();
    let mut flow = Flow::new(server(), 0);
    let first = request(Code::ACCOUNTING_REQUEST, flow.reserve(None).unwrap(), [0; 16], 5);
    let exchange = Exchange::new(first.clone(), secret(), server(), Policy::fixed(SECOND, 3))
        .with_renewal(Renewal::DelayTime)
        .with_tag(5);
    flow.insert(exchange, now).unwrap();
    assert!(matches!(flow.poll(now, 0.0), Some(Due::Send(_))));
    let later = now + SECOND;
    let Some(Due::Renew { exchange, delay }) = flow.poll(later, 0.0) else {
        panic!()
    };
    assert_eq!((exchange.identifier(), delay), (0, SECOND));
    let second = request(Code::ACCOUNTING_REQUEST, flow.reserve(None).unwrap(), [0; 16], 6);
    flow.renew(0, second.clone(), later);
    assert!(matches!(flow.poll(later, 0.0), Some(Due::Send(exchange)) if exchange.request() == second));
    let reply = reply(Code::ACCOUNTING_RESPONSE, &first, &secret());
    let arrival = flow.receive(later, server(), &reply);
    assert!(matches!(arrival, Arrival::Reply { exchange, .. } if exchange.tag() == 5));
    assert_eq!((flow.outstanding(), flow.free(), flow.deadline()), (0, 256, None));
}

#[test]
fn a_fixed_identifier_needs_a_flow_of_its_own_for_each_request_in_flight() {
    let mut flow = Flow::new(server(), 0);
    assert_eq!(flow.reserve(Some(5)), Ok(5));
    assert_eq!(flow.reserve(Some(5)), Err(Exhausted { wanted: Some(5) }));
    let make = || {
        let octets = request(Code::ACCESS_REQUEST, 5, [1; 16], 1);
        Exchange::new(octets, secret(), server(), Policy::default())
    };
    flow.insert(make(), Instant::now()).unwrap();
    assert!(flow.insert(make(), Instant::now()).is_err());
    assert!(flow.cancel(5).is_some());
    assert_eq!(flow.reserve(Some(5)), Ok(5));
}

#[test]
fn status_server_has_an_identifier_that_no_other_code_has() {
    let mut flow = Flow::new(server(), 0);
    let mut seen = HashSet::new();
    for index in 0..256 {
        let code = if index % 2 == 0 {
            Code::ACCESS_REQUEST
        } else {
            Code::STATUS_SERVER
        };
        let octets = request(code, flow.reserve(None).unwrap(), [1; 16], index);
        assert!(seen.insert(octets[1]));
        let exchange = Exchange::new(octets, secret(), server(), Policy::default());
        flow.insert(exchange, Instant::now()).unwrap();
    }
    assert!(flow.reserve(None).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_request_comes_to_one_end_and_is_sent_alike(
        seed: u64, loss in 0.0..0.6f64, parallel in 1usize..400, renew: bool,
    ) {
        let run = Run {
            seed,
            parallel,
            requests: 400,
            code: if renew { Code::ACCOUNTING_REQUEST } else { Code::ACCESS_REQUEST },
            renewal: if renew { Renewal::DelayTime } else { Renewal::Never },
            policy: Policy { retries: Some(4), ..Policy::INTERACTIVE },
            faults: Faults { loss, ..BAD },
            ..Run::default()
        };
        let report = run.run();
        prop_assert_eq!(report.ends.len(), 400);
        prop_assert_eq!(report.count(End::Answered) + report.count(End::GaveUp), 400);
        for (tag, sent) in &report.sent {
            prop_assert!(sent.len() <= 5);
            if !renew {
                prop_assert!(sent.iter().all(|octets| octets == &sent[0]), "{}", tag);
            }
        }
    }
}
