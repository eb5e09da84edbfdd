//! The layer against published vectors, both ways: RFC 2865 §7, RFC 5997 §6, RFC 5090 §6, RFC 5176 §7, and packets
//! computed independently.

use proptest::prelude::*;

use super::seal::{AuthenticatorCheck, MessageAuthenticatorCheck, Seals, check_reply, check_request};
use super::*;

const RIGHT: Seals = Seals {
    authenticator: AuthenticatorCheck::Right,
    message_authenticator: MessageAuthenticatorCheck::Right,
};
const RIGHT_WITHOUT: Seals = Seals {
    message_authenticator: MessageAuthenticatorCheck::Absent,
    ..RIGHT
};

fn hex(text: &str) -> Vec<u8> {
    super::hex::decode(&text.replace(' ', "")).unwrap()
}

fn authenticator(packet: &str) -> Authenticator {
    *Packet::parse(&hex(packet)).unwrap().authenticator()
}

/// Takes the packet apart and builds it again: the same octets, seals included.
fn rebuild(octets: &[u8], request: Option<&Authenticator>, secret: &Secret) -> Vec<u8> {
    let packet = Packet::parse(octets).unwrap();
    let mut builder = Builder::new(packet.code(), packet.identifier(), packet.authenticator());
    for attribute in packet.attributes() {
        let attribute = attribute.unwrap();
        if attribute.number() == AttributeType::MESSAGE_AUTHENTICATOR {
            builder.message_authenticator().unwrap();
        } else {
            builder.attribute(attribute.number(), attribute.value()).unwrap();
        }
    }
    let mut built = builder.finish();
    match request {
        Some(request) => seal::seal_reply(&mut built, request, secret),
        None => seal::seal_request(&mut built, secret),
    }
    built
}

fn reply_holds(request: &str, reply: &str, secret: &str, expected: Seals) {
    let (octets, secret) = (hex(reply), Secret::new(secret));
    let packet = Packet::parse(&octets).unwrap();
    assert!(packet.is_well_formed(), "{reply}");
    assert_eq!(
        check_reply(&packet, &authenticator(request), &secret),
        expected,
        "{reply}"
    );
    assert_eq!(
        rebuild(&octets, Some(&authenticator(request)), &secret),
        octets,
        "{reply}"
    );
    let wrong = check_reply(&packet, &authenticator(request), &Secret::new("other"));
    assert_eq!(wrong.authenticator, AuthenticatorCheck::Wrong);
}

fn request_holds(request: &str, secret: &str, expected: Seals) {
    let (octets, secret) = (hex(request), Secret::new(secret));
    let packet = Packet::parse(&octets).unwrap();
    assert!(packet.is_well_formed(), "{request}");
    assert_eq!(check_request(&packet, &secret), expected, "{request}");
    assert_eq!(rebuild(&octets, None, &secret), octets, "{request}");
}

mod rfc_2865 {
    use super::*;

    const PAP: &str = "01000038 0f403f9473978057bd83d5cb98f4227a 01066e656d6f 02120dbe708d93d413ce3196e43f782a0aee \
                       0406c0a80110 050600000003";
    const CHAP: &str = "01010047 2aee86f08d0d55969ca5978e0d3367a2 0108666c6f707379 \
                        031316e97557c316185895f293ff6344077275 0406c0a80110 050600000014 060600000002 070600000001";
    const CHALLENGED: &str = "01020039 f3a47a1f6a6d76710b947ab93041a039 01076d6f707379 \
                              021233657573778289b570885e15084825c5 0406c0a80110 050600000007";
    /// The second request of §7.3 with the length of its State put right: the RFC prints 10 where it must be 0a.
    const ANSWERED: &str = "01030043 b122556d428a13d0d6253807c457ecf0 01076d6f707379 \
                            0212692c1f205fc081b919b95195f561a581 0406c0a80110 050600000007 180a3332373639343330";

    fn password(packet: &str, plain: &str) {
        let octets = hex(packet);
        let view = Packet::parse(&octets).unwrap();
        let hidden = view.first(AttributeType::USER_PASSWORD).unwrap();
        let secret = Secret::new("xyzzy5461");
        assert_eq!(
            hide::hide_password(plain.as_bytes(), &secret, view.authenticator()).unwrap(),
            hidden.value()
        );
        assert_eq!(
            hide::reveal_password(hidden.value(), &secret, view.authenticator()).unwrap(),
            plain.as_bytes()
        );
    }

    #[test]
    fn user_password_of_7_1_and_7_3_is_hidden_and_revealed() {
        password(PAP, "arctangent");
        password(CHALLENGED, "challenge");
        password(ANSWERED, "99101462");
    }

    #[test]
    fn replies_of_section_7_are_authentic() {
        let accept = "02000026 86fe220e7624ba2a1005f6bf9b55e0b2 060600000001 0f0600000000 0e06c0a80103";
        reply_holds(PAP, accept, "xyzzy5461", RIGHT_WITHOUT);
        let accept = "02010038 15efbc7dab26cfa3dc34d9c03c8601a4 060600000002 070600000001 0806fffffffe 0a0600000002 \
                      0d0600000001 0c06000005dc";
        reply_holds(CHAP, accept, "xyzzy5461", RIGHT_WITHOUT);
        let challenge = "0b02004e 36f3c8764ae8c71157403c0c71ff9c45 \
                         12304368616c6c656e67652033323736393433302e2020456e74657220726573706f6e73652061742070726f6d70742e \
                         180a3332373639343330";
        reply_holds(CHALLENGED, challenge, "xyzzy5461", RIGHT_WITHOUT);
        reply_holds(
            ANSWERED,
            "03030014 a42f4fca45916c4e09c8340f9e746aa0",
            "xyzzy5461",
            RIGHT_WITHOUT,
        );
    }

    #[test]
    fn the_chap_response_of_7_2_answers_the_request_authenticator() {
        let octets = hex(CHAP);
        let packet = Packet::parse(&octets).unwrap();
        let value = packet.first(AttributeType::CHAP_PASSWORD).unwrap().value();
        let password = Secret::new("arctangent");
        assert_eq!(
            hide::chap_response(0x16, &password, packet.authenticator()),
            value[1..]
        );
        assert!(hide::chap_check(
            0x16,
            &password,
            packet.authenticator(),
            &value[1..]
        ));
        assert!(!hide::chap_check(
            0x17,
            &password,
            packet.authenticator(),
            &value[1..]
        ));
    }

    #[test]
    fn the_misprinted_state_of_7_3_is_found_where_it_stands() {
        let octets = hex(&ANSWERED.replace("180a3332", "18103332"));
        let packet = Packet::parse(&octets).unwrap();
        let error = AttributeError::Overrun {
            offset: 57,
            length: 16,
            left: 10,
        };
        assert_eq!(packet.malformations(MAX_LENGTH), [Malformation::Attribute(error)]);
        assert_eq!(packet.attributes().last(), Some(Err(error)));
    }

    #[test]
    fn passwords_of_every_length_to_128_come_back() {
        let (secret, vector) = (Secret::new("xyzzy5461"), authenticator(PAP));
        let hidden = |plain: &str| {
            super::super::hex::encode(&hide::hide_password(plain.as_bytes(), &secret, &vector).unwrap())
        };
        assert_eq!(hidden(""), "6ccc13f9f2ba74ab5fe2e43f782a0aee");
        assert_eq!(hidden(&"a".repeat(16)), "0dad729893db15ca3e83855e194b6b8f");
        assert_eq!(
            hidden(&"a".repeat(17)),
            "0dad729893db15ca3e83855e194b6b8fc4e731644efc306de24db5c35f64a884"
        );
        for length in 0..=128 {
            let plain = vec![b'x'; length];
            let hidden = hide::hide_password(&plain, &secret, &vector).unwrap();
            assert_eq!(hide::reveal_password(&hidden, &secret, &vector), Ok(plain));
        }
        assert_eq!(
            hide::hide_password(&[0; 129], &secret, &vector),
            Err(hide::TooLong {
                length: 129,
                max: 128
            })
        );
    }
}

#[test]
fn status_server_of_rfc_5997_is_authentic_both_ways() {
    let unverifiable = Seals {
        authenticator: AuthenticatorCheck::Unverifiable,
        ..RIGHT
    };
    let first = "0cda0026 8a54f4686fb394c52866e302185d0623 50125a665e2e1e8411f3e243822097c84fa3";
    request_holds(first, "xyzzy5461", unverifiable);
    reply_holds(
        first,
        "02da0014 ef0d552a4bf2d693ec2b6fe8b5411d66",
        "xyzzy5461",
        RIGHT_WITHOUT,
    );
    let second = "0cb30026 925f6b66dd5fed571fcb1db7ad388260 5012e8d6eabda910875cd91fdade26367858";
    request_holds(second, "xyzzy5461", unverifiable);
    // The RFC prints Code 2 here; its digest is over Code 5, as the text says.
    reply_holds(
        second,
        "05b30014 0f6f92145f107e2f504e860a4860669c",
        "xyzzy5461",
        RIGHT_WITHOUT,
    );
    let third = "0c47002c bf58de56ae408ad3b70c8513f9b03fbe 0406c0000210 5012852d6fec61e7ed74b8e32dac2f2a5fb2";
    request_holds(third, "xyzzy5461", unverifiable);
    let reply = "02470034 46f43e62fd0354424cbbebfd6d214e06 \
                 122052414449555320536572766572207570203220646179732c2031383a3430";
    reply_holds(third, reply, "xyzzy5461", RIGHT_WITHOUT);
}

#[test]
fn digest_exchanges_of_rfc_5090_hold_both_authenticators() {
    for (request, reply) in [
        (
            "017c0061f5e55840e324aa49d216d9dbd069807c0406c0000226050600000005010a31323334353637386c08494e \
             564954456d1d7369703a3937323236343931333335406578616d706c652e636f6d50127600d5b0bdc33987a60d5c \
             6167b28b3b",
            "0b7c0048ebe20199c26efead69bf8ab0e786ca4d690a3362616461316130680d6578616d706c652e636f6d6e0661 \
             7574686f054d443550125da18ed3bbc9513dcbde0a37f51b7de3",
        ),
        (
            "017d00ddf5e55840e324aa49d216d9dbd069807d0406c0000226050600000005010a31323334353637386c08494e \
             564954456d1d7369703a3937323236343931333335406578616d706c652e636f6d680d6578616d706c652e636f6d \
             6e06617574686f054d4435710a3536353933613830690a3362616461316130720a30303030303030316722373536 \
             3933336637333566636439336639306134626264643534363766323633730a31323334353637387a1a7369703a31 \
             32333435363738406578616d706c652e636f6d5012b6c7f7f8d11ef261a26933d234561a60",
            "027d0048ffdd74d6470d21cb6fc4d6056be245d26a22663834376465393438643132323835663866343139396533 \
             363666316166323150127b76e2f10a7067af601938bf13b0a62e",
        ),
        (
            "017e0044f5e55840e324aa49d216d9dbd069807e0406c00002260506000000056c054745546d0d2f696e6465782e \
             68746d6c5012690bfc95e88df3b185f15cd78e469992",
            "0b7e00482ee5eb01c02c773b6c6ec8515f565e8e690a6133303836616338680d6578616d706c652e636f6d6e0661 \
             7574686f054d44355012646db2b0af9e72fff2cf7feb33c4952a",
        ),
        (
            "017f00b0f5e55840e324aa49d216d9dbd069807f0406c0000226050600000005010a31323334353637386c054745 \
             546d0d2f696e6465782e68746d6c680d6578616d706c652e636f6d6e06617574686f054d4435710a353635393361 \
             3830690a6133303836616338720a3030303030303031672261346661633435633237613330663466323434633534 \
             61326539396661313137730a31323334353637385012237d85c1478c70c67eeaf22a9c456821",
            "027f00486364fa6ed66012847c05a0895607c6946a22303863346539343264316430613139316465386233616139 \
             3863643335313437501243795a3166492ad2a890ad57d5f97d56",
        ),
    ] {
        let unverifiable = Seals {
            authenticator: AuthenticatorCheck::Unverifiable,
            ..RIGHT
        };
        request_holds(request, "secret", unverifiable);
        reply_holds(request, reply, "secret", RIGHT);
    }
}

#[test]
fn disconnect_requests_of_rfc_5176_are_authentic_but_the_second() {
    request_holds(
        "2801001c 1b23624c3543ceba55f1be55a714ca5e 01086d6368696261",
        "xyz",
        RIGHT_WITHOUT,
    );
    request_holds(
        "2801001a 0bda33fe765b05f0fd9cc32a2f6b5182 08060a000203",
        "xyz",
        RIGHT_WITHOUT,
    );
    let octets = hex("2801001e ad0d8e5355b6bd02a0cbace64e3877bd 2c0a3930323334353637");
    let seals = check_request(&Packet::parse(&octets).unwrap(), &Secret::new("xyz"));
    assert_eq!(seals.authenticator, AuthenticatorCheck::Wrong);
}

mod computed {
    use super::*;

    const SECRET: &str = "xyzzy5461";
    const START: &str =
        "0407002ac584a4c4db98651ee6c7467e16675b932806000000012c0a30303030303030310406c0a80110";
    const START_SEALED: &str = "0407003c0392136427e9b6d4713eb7fa577ab05a5012e58c670a154ab83e6aa9c5bff441997d280600000001\
                                2c0a30303030303030310406c0a80110";
    const DISCONNECT: &str = "28080036dfc225cb9315e2ecfa3d98fb187057f250129da48020f778857b425dac31e6ae076601066e656d6f\
                              2c0a3030303030303031";
    const COA: &str = "2b09001d2cc0c978c5f4af7ed61733af80510d5601066e656d6f0b0378";
    const PAP_SEALED: &str = "0100004a0f403f9473978057bd83d5cb98f4227a50128f16b45f90d3494989a4f14f4421c61801066e656d6f\
                              02120dbe708d93d413ce3196e43f782a0aee0406c0a80110050600000003";

    #[test]
    fn requests_are_sealed() {
        request_holds(START, SECRET, RIGHT_WITHOUT);
        request_holds(START_SEALED, SECRET, RIGHT);
        request_holds(DISCONNECT, SECRET, RIGHT);
        request_holds(COA, SECRET, RIGHT_WITHOUT);
        let unverifiable = Seals {
            authenticator: AuthenticatorCheck::Unverifiable,
            ..RIGHT
        };
        request_holds(PAP_SEALED, SECRET, unverifiable);
        request_holds(
            "0c0000260f403f9473978057bd83d5cb98f4227a5012ba160169128e8b46a1d5e513f83f3ec8",
            SECRET,
            unverifiable,
        );
        for (packet, secret) in [
            (
                "0407002a41282cf281b07880f8d92e8e04e549542806000000012c0a30303030303030310406c0a80110",
                "radsec",
            ),
            (
                "0407002a38cff57f6bc37f428300f49624a89b2c2806000000012c0a30303030303030310406c0a80110",
                "radius/dtls",
            ),
        ] {
            request_holds(packet, secret, RIGHT_WITHOUT);
        }
    }

    #[test]
    fn replies_are_sealed() {
        reply_holds(
            START,
            "050700142d7040882bdba43aeee26e1bdeaa2ac2",
            SECRET,
            RIGHT_WITHOUT,
        );
        let sealed = "050700261a2614e5ea150e2f6b7f004d44e1f2b950126508e5de4ed1d0f73ef4361ad0823718";
        reply_holds(START_SEALED, sealed, SECRET, RIGHT);
        let nak = "2a08002cd8f5f9f69842c12bcefb816d42b0025650127335a5e2e0bbcf29392768b9901949396506000001f7";
        reply_holds(DISCONNECT, nak, SECRET, RIGHT);
        reply_holds(
            COA,
            "2c0900141b4094244f958825a6b8840e9796faca",
            SECRET,
            RIGHT_WITHOUT,
        );
        let accept =
            "0200002c0e28e13bb2ff9188f2b23e4412c2c6c25012385b899f61a9e7c802bb3546c10a2a8b060600000001";
        reply_holds(PAP_SEALED, accept, SECRET, RIGHT);
        let reject = "03000030ba92eaf6e244b9d3e7b56cf46bfffc3b50125cfb5724159307ff146c24d880667eff210570733121057073\
                      32";
        reply_holds(PAP_SEALED, reject, SECRET, RIGHT);
        let error = "34000033a7561deb6887ac27673fae432a3fd8d45012dd8036830ee6654f865fdd5fe1c1f83cf107040000000165060000\
                     01fe";
        reply_holds(PAP_SEALED, error, SECRET, RIGHT);
    }

    #[test]
    fn a_message_authenticator_over_zeros_is_recognised_and_named() {
        let secret = Secret::new(SECRET);
        let mut octets = hex("050700261a2614e5ea150e2f6b7f004d44e1f2b9501200000000000000000000000000000000");
        // FreeRADIUS 3 computes it with zeros in the field, and the Response Authenticator as everyone does.
        let value = secret.keyed().hmac(&[&octets[..4], &[0; 16], &octets[20..]]);
        octets[22..].copy_from_slice(&value);
        let request = authenticator(START_SEALED);
        let packet = octets.clone();
        let digest = super::super::digest::md5(&[&packet[..4], &request, &packet[20..], secret.expose()]);
        octets[4..20].copy_from_slice(&digest);
        let seals = check_reply(&Packet::parse(&octets).unwrap(), &request, &secret);
        assert_eq!(seals.authenticator, AuthenticatorCheck::Right);
        assert_eq!(
            seals.message_authenticator,
            MessageAuthenticatorCheck::LegacyZeroVector
        );
        assert!(seals.hold());
    }

    #[test]
    fn keys_and_tunnel_passwords_are_hidden_behind_their_salt() {
        let (secret, vector) = (Secret::new(SECRET), authenticator(PAP_SEALED));
        let salted = |data: &[u8], salt, expected: &str| {
            assert_eq!(
                hide::hide_salted(data, salt, &secret, &vector).unwrap(),
                hex(expected)
            );
            assert_eq!(
                hide::reveal_salted(&hex(expected), &secret, &vector).unwrap(),
                data
            );
        };
        salted(b"arctangent", 0x8001, "8001cd2ea41b1170f190a2685b09e6838723");
        let key: Vec<u8> = (0..0x40).collect();
        salted(
            &key[..0x20],
            0x8002,
            "8002b1cd30df5ac7d7f026efc662eeeae215780b84e06b387ad9ecb67bdca7b1937361fbd5946d13354d0b9ade062a3c1b1b",
        );
        salted(
            &key[0x20..],
            0x8003,
            "80033072f34c149d0b0333b2f7a9fa444cf9d7ddd6f1ac678d94985b6324780c27bc4ed181eadff270b798c5f309c3746036",
        );
    }
}

mod freeradius {
    use super::*;

    const VECTOR: Authenticator = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    #[test]
    fn tunnel_passwords_made_elsewhere_are_revealed_and_made_again() {
        let secret = Secret::new("testing123");
        // Three of them pad with random octets, so that only the last can be made again.
        for (hidden, plain) in [
            ("9973051de6c557307dacd5daa599f4e26e7e", "foo"),
            ("9dc5c469233a1657b35c97823c97ec6b7ef1", "bar"),
            ("c06f255f09b7dc0e4a1a465605f48f7c0ba4", "barbar"),
            ("800131c26b220a1a2538cf27b06bb2ba15f3", "foo"),
        ] {
            assert_eq!(
                hide::reveal_salted(&hex(hidden), &secret, &VECTOR).unwrap(),
                plain.as_bytes()
            );
        }
        let hidden = hide::hide_salted(b"foo", 0x8001, &secret, &VECTOR).unwrap();
        assert_eq!(hidden, hex("800131c26b220a1a2538cf27b06bb2ba15f3"));
        let action = hide::reveal_salted(&hex("962ae3cfd7914334981eae38b732f78c599c"), &secret, &VECTOR);
        assert_eq!(action.unwrap(), [0, 0, 0, 0]);
    }

    #[test]
    fn ascend_secrets_are_one_block_over_authenticator_and_secret() {
        let secret = Secret::new("testing123");
        let hidden = hex("ce8dbb09a0cdc29ccaf1bdcb2541f770");
        assert_eq!(hide::hide_ascend(b"foo", &secret, &VECTOR).unwrap(), hidden[..]);
        assert_eq!(hide::reveal_ascend(&hidden, &secret, &VECTOR).unwrap(), b"foo");
        let whole = hex("ce8dbb2995fbf5a4f390dfa841249140");
        assert_eq!(
            hide::hide_ascend(b"foo 56789abcdef0", &secret, &VECTOR).unwrap(),
            whole[..]
        );
        let refused = hide::hide_ascend(b"foo 56789abcdef012", &secret, &VECTOR);
        assert_eq!(refused, Err(hide::TooLong { length: 18, max: 16 }));
    }

    #[test]
    fn bob_is_hidden_as_freeradius_hides_him() {
        let hidden = hide::hide_password(b"bob", &Secret::new("testing123"), &VECTOR).unwrap();
        assert_eq!(hidden, hex("f4816bca74fd7a1a104607240014828b"));
    }
}

mod malformed {
    use super::*;

    fn malformations(attributes: &str) -> Vec<Malformation> {
        let mut builder = Builder::new(Code::ACCESS_REQUEST, 1, &[9; 16]);
        builder.raw(&hex(attributes));
        Packet::parse(&builder.finish())
            .unwrap()
            .malformations(MAX_LENGTH)
    }

    #[test]
    fn lengths_of_the_header_are_judged_against_what_came() {
        let packet = |length: u16, received: usize| {
            let mut builder = Builder::new(Code::ACCESS_REQUEST, 1, &[9; 16]);
            builder.raw(&vec![0; received - 20]).set_length(length);
            builder.finish()
        };
        let first = |octets: &[u8]| Packet::parse(octets).unwrap().malformations(MAX_LENGTH)[0];
        assert_eq!(
            first(&packet(19, 20)),
            Malformation::LengthBelowHeader { length: 19 }
        );
        assert_eq!(
            first(&packet(30, 24)),
            Malformation::LengthBeyondOctets {
                length: 30,
                received: 24
            }
        );
        assert_eq!(
            first(&packet(4097, 4097)),
            Malformation::LengthAboveMaximum {
                length: 4097,
                max: 4096
            }
        );
        assert_eq!(Packet::parse(&[1; 19]), Err(TooShort { received: 19 }));
    }

    #[test]
    fn octets_after_length_are_padding() {
        let mut octets =
            hex("0407002ac584a4c4db98651ee6c7467e16675b932806000000012c0a30303030303030310406c0a80110");
        octets.extend([0xde, 0xad]);
        let packet = Packet::parse(&octets).unwrap();
        assert_eq!(packet.padding(), [0xde, 0xad]);
        assert!(packet.is_well_formed());
        assert_eq!(check_request(&packet, &Secret::new("xyzzy5461")), RIGHT_WITHOUT);
    }

    #[test]
    fn attributes_that_do_not_tile_the_packet_are_found_at_their_offset() {
        use AttributeError::*;
        let bad = |attributes| match malformations(attributes)[..] {
            [Malformation::Attribute(error)] => error,
            ref other => panic!("{other:?}"),
        };
        assert_eq!(
            bad("0103610100"),
            LengthBelowTwo {
                offset: 23,
                length: 0
            }
        );
        assert_eq!(
            bad("0103610101"),
            LengthBelowTwo {
                offset: 23,
                length: 1
            }
        );
        assert_eq!(bad("01036101"), Cut { offset: 23 });
        assert_eq!(
            bad("010361010561"),
            Overrun {
                offset: 23,
                length: 5,
                left: 3
            }
        );
    }

    #[test]
    fn message_authenticators_are_one_and_18_octets_long() {
        use Malformation::*;
        let whole = format!("5012{}", "00".repeat(16));
        assert_eq!(malformations(&whole), []);
        assert_eq!(
            malformations(&format!("{whole}{whole}")),
            [SecondMessageAuthenticator {
                offset: 38,
                first: 20
            }]
        );
        assert_eq!(
            malformations("500300"),
            [MessageAuthenticatorLength {
                offset: 20,
                length: 3
            }]
        );
        assert_eq!(malformations("000300"), [TypeZero { offset: 20 }]);
    }

    #[test]
    fn the_builder_refuses_what_it_is_not_told_to_build() {
        let mut builder = Builder::new(Code::ACCESS_REQUEST, 1, &[9; 16]);
        let number = AttributeType::USER_NAME;
        assert_eq!(
            builder.attribute(number, &[b'x'; 254]).unwrap_err(),
            BuildError::ValueTooLong { number, length: 254 }
        );
        assert_eq!(
            builder.attribute(AttributeType(0), b"x").unwrap_err(),
            BuildError::TypeZero
        );
        builder.message_authenticator().unwrap();
        assert_eq!(
            builder.message_authenticator().unwrap_err(),
            BuildError::SecondMessageAuthenticator
        );
        for _ in 0..15 {
            builder.attribute(number, &[b'x'; 253]).unwrap();
        }
        let length = 20 + 18 + 16 * 255;
        assert_eq!(
            builder.attribute(number, &[b'x'; 253]).unwrap_err(),
            BuildError::PacketTooLong { length, max: 4096 }
        );
    }

    proptest! {
        #[test]
        fn any_octets_can_be_viewed(octets in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(packet) = Packet::parse(&octets) {
                let walked: usize =
                    packet.attributes().map_while(Result::ok).map(|attribute| attribute.octets().len()).sum();
                prop_assert!(walked <= packet.body().len());
                let malformed = !packet.malformations(MAX_LENGTH).is_empty();
                prop_assert_eq!(malformed, !packet.is_well_formed());
                check_request(&packet, &Secret::new("s"));
                check_reply(&packet, &[0; 16], &Secret::new("s"));
            }
        }

        #[test]
        fn what_is_hidden_comes_back(
            data in prop::collection::vec(any::<u8>(), 0..=239),
            salt: u16,
            vector: [u8; 16],
            secret in prop::collection::vec(any::<u8>(), 1..100),
        ) {
            let secret = Secret::new(secret);
            let hidden = hide::hide_salted(&data, salt, &secret, &vector).unwrap();
            prop_assert!(hidden[0] & 0x80 != 0 && hidden.len() <= 242);
            prop_assert_eq!(hide::reveal_salted(&hidden, &secret, &vector), Ok(data));
        }

        #[test]
        fn revealing_any_octets_never_fails_but_by_an_error(
            hidden in prop::collection::vec(any::<u8>(), 0..255), vector: [u8; 16],
        ) {
            let secret = Secret::new("s");
            let _ = hide::reveal_salted(&hidden, &secret, &vector);
            let _ = hide::reveal_password(&hidden, &secret, &vector);
            let _ = hide::reveal_ascend(&hidden, &secret, &vector);
        }
    }
}
