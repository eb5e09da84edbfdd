use std::net::IpAddr;

use super::*;
use crate::codec::seal::{check_request, seal_reply};
use crate::codec::{hide, v11};

const CLIENT: &str = "client secret";
const SERVER: &str = "server secret";

struct World {
    proxy: Proxy<u32>,
    now: Instant,
    turn: u8,
}

fn address(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::from([127, 0, 0, 1]), port)
}

fn pool(ports: &[u16]) -> Pool {
    let servers: Vec<Upstream> = ports
        .iter()
        .map(|port| Upstream {
            address: address(*port),
            secret: Secret::new(SERVER),
        })
        .collect();
    Pool {
        auth: servers.clone(),
        acct: servers,
    }
}

impl World {
    fn new(ports: &[u16]) -> World {
        let dictionary = Arc::new(Dictionary::builtin());
        let mut dice = |octets: &mut [u8]| octets.fill(0x5a);
        World {
            proxy: Proxy::new(vec![pool(ports)], Patience::default(), dictionary, &mut dice),
            now: Instant::now(),
            turn: 0,
        }
    }

    fn with<R>(
        &mut self,
        run: impl FnOnce(&mut Proxy<u32>, Instant, &mut dyn Dice, &mut Vec<Step<u32>>) -> R,
    ) -> (R, Vec<Step<u32>>) {
        self.turn = self.turn.wrapping_add(1);
        let mut fill = self.turn;
        let mut dice = |octets: &mut [u8]| {
            fill = fill.wrapping_mul(31).wrapping_add(7);
            octets.fill(fill);
        };
        let mut steps = Vec::new();
        let result = run(&mut self.proxy, self.now, &mut dice, &mut steps);
        (result, steps)
    }

    fn forward(&mut self, request: &[u8], back: u32) -> Result<Vec<Step<u32>>, Refusal> {
        self.forward_from(Some(&Secret::new(CLIENT)), request, back)
    }

    fn forward_from(
        &mut self,
        secret: Option<&Secret>,
        request: &[u8],
        back: u32,
    ) -> Result<Vec<Step<u32>>, Refusal> {
        let errand = Errand {
            packet: Packet::parse(request).unwrap(),
            secret,
            pool: 0,
        };
        let (result, steps) =
            self.with(|proxy, now, dice, steps| proxy.forward(now, &errand, back, dice, steps));
        result.map(|()| steps).map_err(|(_, refusal)| refusal)
    }

    fn receive(&mut self, port: u16, octets: &[u8]) -> Vec<Step<u32>> {
        self.with(|proxy, now, dice, steps| proxy.receive(now, 0, address(port), octets, dice, steps))
            .1
    }

    fn poll(&mut self) -> Vec<Step<u32>> {
        self.now = self.proxy.due().unwrap();
        self.with(|proxy, now, dice, steps| proxy.poll(now, dice, steps))
            .1
    }
}

fn request(code: Code, attributes: &[(u8, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(code, 77, &[9; 16]);
    for (number, value) in attributes {
        builder.attribute(AttributeType(*number), value).unwrap();
    }
    let mut octets = builder.finish();
    seal_request(&mut octets, &Secret::new(CLIENT));
    octets
}

fn pap() -> Vec<u8> {
    let hidden = hide::hide_password(b"wonderland", &Secret::new(CLIENT), &[9; 16]).unwrap();
    request(
        Code::ACCESS_REQUEST,
        &[(1, b"alice"), (2, &hidden), (33, b"theirs")],
    )
}

fn sent(steps: &[Step<u32>]) -> Vec<(u16, Arc<[u8]>)> {
    steps
        .iter()
        .filter_map(|step| match step {
            Step::Send { to, octets, .. } => Some((to.port(), Arc::clone(octets))),
            _ => None,
        })
        .collect()
}

fn values(octets: &[u8], number: u8) -> Vec<Vec<u8>> {
    let packet = Packet::parse(octets).unwrap();
    packet
        .all(AttributeType(number))
        .map(|attribute| attribute.value().to_vec())
        .collect()
}

fn reply(request: &[u8], code: Code, attributes: &[(u8, &[u8])]) -> Vec<u8> {
    let packet = Packet::parse(request).unwrap();
    let mut builder = Builder::new(code, packet.identifier(), &[0; 16]);
    builder.message_authenticator().unwrap();
    for (number, value) in attributes {
        builder.attribute(AttributeType(*number), value).unwrap();
    }
    for state in packet.all(AttributeType::PROXY_STATE) {
        builder.raw(state.octets());
    }
    let mut octets = builder.finish();
    seal_reply(&mut octets, packet.authenticator(), &Secret::new(SERVER));
    octets
}

/// A packet with these attributes.
fn whole(items: &Items) -> Vec<u8> {
    let mut builder = Builder::new(Code::ACCESS_ACCEPT, 0, &[0; 16]);
    builder.raw(items.octets());
    builder.finish()
}

#[test]
fn a_request_passes_with_a_new_authenticator_and_its_password_hidden_anew() {
    let mut world = World::new(&[1]);
    let steps = world.forward(&pap(), 1).unwrap();
    let (port, octets) = sent(&steps).remove(0);
    assert_eq!(port, 1);
    let packet = Packet::parse(&octets).unwrap();
    assert_ne!(packet.authenticator(), &[9; 16]);
    assert!(check_request(&packet, &Secret::new(SERVER)).hold());
    assert_eq!(
        packet.attributes().next().unwrap().unwrap().number(),
        AttributeType::MESSAGE_AUTHENTICATOR
    );
    let password = hide::reveal_password(
        &values(&octets, 2)[0],
        &Secret::new(SERVER),
        packet.authenticator(),
    );
    assert_eq!(password.unwrap(), b"wonderland");
    let states = values(&octets, 33);
    assert_eq!((states.len(), states[0].as_slice()), (2, b"theirs".as_slice()));
}

#[test]
fn a_reply_passes_with_its_keys_hidden_anew_and_no_proxy_state() {
    let mut world = World::new(&[1]);
    let steps = world.forward(&pap(), 42).unwrap();
    let octets = sent(&steps).remove(0).1;
    let authenticator = *Packet::parse(&octets).unwrap().authenticator();
    let server = Secret::new(SERVER);
    let key = hide::hide_salted(&[7; 32], 0x8001, &server, &authenticator).unwrap();
    let mut vendor = vec![0, 0, 1, 55, 17, u8::try_from(key.len() + 2).unwrap()];
    vendor.extend(&key);
    let mut tunnel = vec![1];
    tunnel.extend(hide::hide_salted(b"tunnel", 0x8002, &server, &authenticator).unwrap());
    let octets = reply(
        &octets,
        Code::ACCESS_ACCEPT,
        &[(26, &vendor), (69, &tunnel), (24, b"state")],
    );
    let steps = world.receive(1, &octets);
    let [
        Step::Answer {
            back: 42,
            code,
            items,
            ..
        },
    ] = steps.as_slice()
    else {
        panic!("{steps:?}");
    };
    assert_eq!(*code, Code::ACCESS_ACCEPT);
    let octets = whole(items);
    let client = Secret::new(CLIENT);
    let vendor = &values(&octets, 26)[0];
    assert_eq!(
        hide::reveal_salted(&vendor[6..], &client, &[9; 16]).unwrap(),
        [7; 32]
    );
    let tunnel = &values(&octets, 69)[0];
    assert_eq!(
        (
            tunnel[0],
            hide::reveal_salted(&tunnel[1..], &client, &[9; 16]).unwrap()
        ),
        (1, b"tunnel".to_vec())
    );
    assert_eq!(values(&octets, 24), [b"state"]);
    assert!(values(&octets, 33).is_empty() && values(&octets, 80).is_empty());
    assert!(world.proxy.is_empty());
}

/// In RADIUS/1.1.
fn clear(attributes: &[(u8, &[u8])]) -> Vec<u8> {
    let mut builder = v11::builder(Code::ACCESS_REQUEST, v11::Token(7));
    for (number, value) in attributes {
        builder.attribute(AttributeType(*number), value).unwrap();
    }
    builder.finish()
}

#[test]
fn what_comes_in_clear_is_hidden_for_a_server_of_radius_1_0_and_what_it_hides_comes_back_in_clear() {
    for password in [&b"w"[..], b"wonderland", b"sixteen octets!!", &[b'x'; 128]] {
        let mut world = World::new(&[1]);
        let asked = clear(&[(1, b"alice"), (2, password), (80, &[0; 16]), (33, b"theirs")]);
        let steps = world.forward_from(None, &asked, 1).unwrap();
        let octets = sent(&steps).remove(0).1;
        let packet = Packet::parse(&octets).unwrap();
        assert!(packet.is_well_formed() && check_request(&packet, &Secret::new(SERVER)).hold());
        let (server, authenticator) = (Secret::new(SERVER), *packet.authenticator());
        let hidden = &values(&octets, 2)[0];
        assert_eq!(hidden.len() % 16, 0);
        assert_eq!(
            hide::reveal_password(hidden, &server, &authenticator).unwrap(),
            password
        );
        // Two keys in one Vendor-Specific, each with a length of its own, and a tagged one.
        let mut vendor = vec![0, 0, 1, 55];
        for (number, key) in [(17, vec![7; 32]), (16, vec![8; 16])] {
            let key = hide::hide_salted(&key, 0x8001 + u16::from(number), &server, &authenticator).unwrap();
            vendor.extend([number, u8::try_from(key.len() + 2).unwrap()]);
            vendor.extend(key);
        }
        let mut tunnel = vec![1];
        tunnel.extend(hide::hide_salted(b"tunnel", 0x8002, &server, &authenticator).unwrap());
        let answer = reply(
            &octets,
            Code::ACCESS_ACCEPT,
            &[(26, &vendor), (69, &tunnel), (24, b"class")],
        );
        let steps = world.receive(1, &answer);
        let [Step::Answer { items, .. }] = steps.as_slice() else {
            panic!("{steps:?}");
        };
        let octets = whole(items);
        let keys = [&[0, 0, 1, 55, 17, 34][..], &[7; 32], &[16, 18], &[8; 16]].concat();
        assert_eq!(values(&octets, 26), [keys]);
        assert_eq!(values(&octets, 69), [[&[1][..], b"tunnel"].concat()]);
        assert_eq!(values(&octets, 24), [b"class"]);
    }
}

#[test]
fn a_token_is_no_challenge_and_no_clear_password_leaves_by_mistake() {
    let mut world = World::new(&[1]);
    let steps = world
        .forward_from(None, &clear(&[(1, b"alice"), (3, &[1; 17])]), 1)
        .unwrap();
    assert!(values(&sent(&steps)[0].1, 60).is_empty());
    // Longer than User-Password can be where it is hidden (RFC 2865 §5.2).
    let long = clear(&[(1, b"alice"), (2, &[b'x'; 129])]);
    assert_eq!(
        world.forward_from(None, &long, 2).unwrap_err(),
        Refusal::Untranslatable
    );
    // What a server hides, but not with its secret, is nothing to be shown.
    let steps = world.forward_from(None, &clear(&[(1, b"alice")]), 3).unwrap();
    let answer = reply(&sent(&steps)[0].1, Code::ACCESS_ACCEPT, &[(69, &[1, 0x80, 1, 9])]);
    assert!(matches!(
        world.receive(1, &answer).as_slice(),
        [Step::Untranslatable(3)]
    ));
}

#[test]
fn chap_over_the_authenticator_gets_its_challenge_written_out() {
    let mut world = World::new(&[1]);
    let steps = world
        .forward(&request(Code::ACCESS_REQUEST, &[(1, b"alice"), (3, &[1; 17])]), 1)
        .unwrap();
    assert_eq!(values(&sent(&steps)[0].1, 60), [[9; 16]]);
}

#[test]
fn a_silent_server_is_asked_again_with_the_same_octets_and_then_the_next() {
    let mut world = World::new(&[1, 2]);
    let first = sent(&world.forward(&pap(), 1).unwrap()).remove(0);
    for _ in 1..Patience::default().attempts {
        assert_eq!(sent(&world.poll()), std::slice::from_ref(&first));
    }
    let steps = world.poll();
    assert!(
        steps
            .iter()
            .any(|step| matches!(step, Step::Down(server) if server.port() == 1))
    );
    let next = sent(&steps);
    let status = next.iter().find(|(port, _)| *port == 1).unwrap();
    assert_eq!(status.1[0], 12);
    let second = next.iter().find(|(port, _)| *port == 2).unwrap();
    assert_ne!(
        Packet::parse(&second.1).unwrap().authenticator(),
        Packet::parse(&first.1).unwrap().authenticator()
    );
    // Now the second goes first, until the first answers its probe.
    let later = sent(&world.forward(&pap(), 2).unwrap());
    assert_eq!(later[0].0, 2);
    let up = world.receive(1, &reply(&status.1, Code::ACCESS_ACCEPT, &[]));
    assert!(matches!(up.as_slice(), [Step::Up(server)] if server.port() == 1));
    assert_eq!(sent(&world.forward(&pap(), 3).unwrap())[0].0, 1);
}

#[test]
fn the_last_server_is_waited_for_longer_before_the_proxy_gives_up() {
    let mut world = World::new(&[1]);
    world.forward(&pap(), 5).unwrap();
    let begun = world.now;
    for _ in 1..Patience::default().last {
        assert_eq!(sent(&world.poll()).len(), 1);
    }
    let last = world.poll();
    assert!(world.now - begun > Duration::from_secs(25));
    assert!(last.iter().any(|step| matches!(step, Step::GaveUp(5))));
}

#[test]
fn what_cannot_be_trusted_changes_nothing() {
    let mut world = World::new(&[1]);
    let octets = sent(&world.forward(&pap(), 1).unwrap()).remove(0).1;
    let good = reply(&octets, Code::ACCESS_ACCEPT, &[]);
    let mut bad = good.clone();
    bad[10] ^= 1;
    assert!(world.receive(1, &bad).is_empty());
    assert!(world.receive(2, &good).is_empty());
    assert!(world.receive(1, &good[..10]).is_empty());
    assert!(
        world
            .receive(1, &reply(&octets, Code::ACCOUNTING_RESPONSE, &[]))
            .is_empty()
    );
    assert_eq!(world.receive(1, &good).len(), 1);
    assert!(world.receive(1, &good).is_empty());
}

#[test]
fn a_request_that_was_here_before_goes_in_a_loop() {
    let mut world = World::new(&[1]);
    let octets = sent(&world.forward(&pap(), 1).unwrap()).remove(0).1;
    assert_eq!(world.forward(&octets, 2).unwrap_err(), Refusal::Loop);
}

#[test]
fn identifiers_are_used_once_at_a_time_and_run_out() {
    let mut world = World::new(&[1]);
    let mut seen = std::collections::HashSet::new();
    for back in 0..IDENTIFIERS {
        let steps = world.forward(&pap(), back).unwrap();
        let [Step::Send { flow, octets, .. }] = steps.as_slice() else {
            panic!("{steps:?}");
        };
        assert!(seen.insert((*flow, octets[1])));
    }
    assert_eq!(world.forward(&pap(), 0).unwrap_err(), Refusal::Full);
}
