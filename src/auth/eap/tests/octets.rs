//! Vectors, and octets that nobody would send.

use proptest::prelude::*;

use super::link::{Setup, dice, packet};
use crate::auth::eap::md5::Md5Peer;
use crate::auth::eap::mschapv2::Mschapv2Peer;
use crate::auth::eap::packet::{EapCode, EapType, encode, split};
use crate::auth::eap::peer::{Peer, PeerMethod, PeerStep};
use crate::auth::{Keys, Method, mschap};
use crate::codec::{AttributeType, Code, Packet, Secret, hex};

#[test]
fn the_response_of_eap_md5_comes_out() {
    let mut challenge = vec![16];
    challenge.extend(0..16);
    let request = encode(EapCode::REQUEST, 1, EapType::MD5, &challenge).unwrap();
    let method: Box<dyn PeerMethod> = Box::new(Md5Peer::new(Secret::new("arctangent")));
    let step = Peer::new("nemo", vec![method]).receive(&request, &mut dice(1));
    match step {
        Ok(PeerStep::Send(octets)) => assert_eq!(
            hex::encode(&octets),
            "0201001604103a54682fb94e4834f7f9d6f674d851a0"
        ),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_response_of_eap_mschapv2_comes_out() {
    let mut data = hex::decode("0102001a10").unwrap();
    data.extend(hex::decode("5b5d7c7d7b3f2f3e3c2c602132262628").unwrap());
    data.extend(b"serve");
    let request = encode(EapCode::REQUEST, 2, EapType::MSCHAPV2, &data).unwrap();
    let method = Mschapv2Peer::new(b"User".to_vec(), Secret::new("clientPass"), None);
    let mut fixed = |octets: &mut [u8]| octets.copy_from_slice(b"!@#$%^&*()_+:3|~");
    let step = Peer::new("User", vec![Box::new(method)]).receive(&request, &mut fixed);
    match step {
        Ok(PeerStep::Send(octets)) => assert_eq!(
            hex::encode(&octets),
            "0202003f1a0202003a3121402324255e262a28295f2b3a337c7e0000000000000000\
             82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df0055736572"
        ),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_msk_of_eap_mschapv2_comes_out() {
    let response: [u8; 24] = hex::decode("82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df")
        .unwrap()
        .try_into()
        .unwrap();
    let hash = mschap::NtHash::of(&Secret::new("clientPass")).unwrap();
    let keys = Keys::from_mppe(&mschap::mppe::keys(&hash, &response));
    let mut wanted = hex::decode("d5f0e9521e3ea9589645e86051c822268b7cdc149b993a1ba118cb153f56dccb").unwrap();
    wanted.resize(64, 0);
    assert_eq!(keys.msk.to_vec(), wanted);
}

fn kinds() -> impl Strategy<Value = u8> {
    prop_oneof![
        Just(1),
        Just(2),
        Just(3),
        Just(4),
        Just(6),
        Just(13),
        Just(21),
        Just(25),
        Just(26),
        Just(52),
        any::<u8>()
    ]
}

/// Octets as a server or a client may send them: often a packet with sound header, sometimes anything.
fn octets(code: EapCode) -> impl Strategy<Value = Vec<u8>> {
    let sound = (
        any::<u8>(),
        kinds(),
        proptest::collection::vec(any::<u8>(), 0..300),
    )
        .prop_map(move |(identifier, kind, data)| encode(code, identifier, EapType(kind), &data).unwrap());
    prop_oneof![4 => sound, 1 => proptest::collection::vec(any::<u8>(), 0..600)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_client_takes_any_packets_without_a_panic(
        packets in proptest::collection::vec(octets(EapCode::REQUEST), 1..6),
        seed: u64,
    ) {
        let pair = Setup::default().pair();
        for method in Method::all().filter(|method| method.outer().is_some()) {
            let mut dice = dice(seed);
            let mut login = pair.login(method);
            for octets in &packets {
                if login.request(None, &mut dice).is_err() {
                    break;
                }
                let fields: Vec<_> = split(octets)
                    .map(|value| (AttributeType::EAP_MESSAGE, value.to_vec()))
                    .collect();
                let reply = packet(Code::ACCESS_CHALLENGE, [0; 16], &fields);
                let _ = login.reply(&Packet::parse(&reply).unwrap(), None, &mut dice);
                let _ = login.notes();
            }
        }
    }

    #[test]
    fn a_server_takes_any_packets_without_a_panic(
        packets in proptest::collection::vec(octets(EapCode::RESPONSE), 1..6),
        seed: u64,
    ) {
        for method in Method::all().filter(|method| method.outer().is_some()) {
            let setup = Setup { methods: vec![method], ..Setup::default() };
            let mut server = setup.pair().server();
            let mut dice = dice(seed);
            let first = encode(EapCode::RESPONSE, 0, EapType::IDENTITY, b"alice").unwrap();
            let mut identifier = match server.receive(&first, &mut dice) {
                crate::auth::eap::server::ServerEvent::Send(octets) => octets[1],
                other => panic!("{other:?}"),
            };
            for octets in &packets {
                // With the Identifier that is due, it comes further.
                let mut octets = octets.clone();
                if let Some(slot) = octets.get_mut(1) {
                    *slot = identifier;
                }
                if let crate::auth::eap::server::ServerEvent::Send(octets) = server.receive(&octets, &mut dice) {
                    identifier = octets[1];
                }
                let _ = server.notes();
            }
        }
    }
}
