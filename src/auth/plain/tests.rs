//! Logins without EAP, client and server joined in memory.

use super::*;
use crate::auth::server::{Account, Granted, Known, Refused, check};
use crate::codec::Builder;

fn dice() -> impl FnMut(&mut [u8]) {
    let mut count = 0_u8;
    move |octets: &mut [u8]| {
        for octet in octets {
            count = count.wrapping_mul(29).wrapping_add(17);
            *octet = count;
        }
    }
}

const AUTHENTICATOR: [u8; 16] = [9; 16];

fn packet(code: Code, fields: &[Field]) -> Vec<u8> {
    let mut builder = Builder::new(code, 1, &AUTHENTICATOR);
    for (number, value) in fields {
        builder.attribute(*number, value).unwrap();
    }
    builder.finish()
}

struct Run {
    next: Next,
    notes: Vec<Note>,
    granted: Option<Granted>,
    why: Option<Refused>,
}

/// One login from end to end, with a secret or over RADIUS/1.1.
fn run(
    method: Method,
    password: &str,
    account: Option<&Account>,
    options: PlainOptions,
    hidden: bool,
) -> Run {
    let secret = Secret::new("testing123");
    let hiding = Hiding {
        secret: &secret,
        authenticator: &AUTHENTICATOR,
    };
    let hiding = hidden.then_some(&hiding);
    let user: &[u8] = if method == Method::Mab {
        b"0a:1b:2c:3d:4e:5f"
    } else {
        b"alice"
    };
    let mut login = Plain::new(method, user, Secret::new(password), options);
    let mut dice = dice();
    let mut run = Run {
        next: Next::Again,
        notes: Vec::new(),
        granted: None,
        why: None,
    };
    while run.next == Next::Again {
        let fields = login.request(hiding, &mut dice).unwrap();
        let octets = packet(Code::ACCESS_REQUEST, &fields);
        let request = Packet::parse(&octets).unwrap();
        let (code, fields) = match check(&request, hiding, account, &mut dice) {
            Ok(granted) => {
                let fields = granted.fields.clone();
                run.granted = Some(granted);
                (Code::ACCESS_ACCEPT, fields)
            }
            Err(denied) => {
                run.why = Some(denied.why);
                (Code::ACCESS_REJECT, denied.fields)
            }
        };
        let octets = packet(code, &fields);
        run.next = login.reply(&Packet::parse(&octets).unwrap(), hiding, &mut dice);
        run.notes.extend(login.notes());
    }
    run
}

const METHODS: [Method; 4] = [Method::Pap, Method::Chap, Method::Mschap, Method::Mschapv2];

#[test]
fn the_right_password_is_accepted_and_the_keys_match() {
    let account = Account::with_password("wonderland");
    for hidden in [true, false] {
        for method in METHODS {
            let run = run(
                method,
                "wonderland",
                Some(&account),
                PlainOptions::default(),
                hidden,
            );
            let Next::Accepted(accepted) = run.next else {
                panic!("{method}: {:?}", run.next);
            };
            // Keys of version 1 go under User-Password's cover alone: over RADIUS/1.1 none are sent.
            let keys = method == Method::Mschapv2 || (method == Method::Mschap && hidden);
            let wanted = if keys { KeyCheck::Match } else { KeyCheck::None };
            assert_eq!(accepted.key_check, wanted, "{method}");
            assert_eq!(accepted.server_proved, method == Method::Mschapv2);
        }
    }
}

#[test]
fn a_wrong_password_and_an_unknown_user_are_rejected() {
    let account = Account::with_password("wonderland");
    for method in METHODS {
        let wrong = run(method, "wrong", Some(&account), PlainOptions::default(), true);
        assert_eq!(wrong.why, Some(Refused::WrongPassword), "{method}");
        match wrong.next {
            Next::Rejected(rejection) => assert_eq!(
                rejection.refusal.map(|refusal| refusal.code),
                matches!(method, Method::Mschap | Method::Mschapv2)
                    .then_some(ErrorCode::AUTHENTICATION_FAILURE),
                "{method}"
            ),
            other => panic!("{method}: {other:?}"),
        }
        let unknown = run(method, "wonderland", None, PlainOptions::default(), true);
        assert_eq!(unknown.why, Some(Refused::UnknownUser));
    }
}

#[test]
fn an_nt_hash_checks_all_but_chap() {
    let account = Account {
        password: Known::Nt(NtHash::of(&Secret::new("wonderland")).unwrap()),
        ..Account::with_password("")
    };
    for method in METHODS {
        let run = run(
            method,
            "wonderland",
            Some(&account),
            PlainOptions::default(),
            true,
        );
        let wanted = (method == Method::Chap).then_some(Refused::PasswordNotKnown);
        assert_eq!(run.why, wanted, "{method}");
    }
}

#[test]
fn a_mac_address_logs_in_under_its_own_name() {
    let mut options = PlainOptions::default();
    for (spelling, _) in MacSpelling::all() {
        options.mac_spelling = Some(*spelling);
        let name = spelling.write(&[0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f]);
        let account = Account {
            methods: Some([Method::Mab].into()),
            ..Account::with_password(name)
        };
        let run = run(Method::Mab, "", Some(&account), options.clone(), true);
        assert!(matches!(run.next, Next::Accepted(_)), "{:?}", run.why);
    }
}

#[test]
fn an_expired_password_is_changed_where_a_new_one_is_at_hand() {
    let account = Account {
        expired: true,
        ..Account::with_password("wonderland")
    };
    let without = run(
        Method::Mschapv2,
        "wonderland",
        Some(&account),
        PlainOptions::default(),
        true,
    );
    match without.next {
        Next::Rejected(rejection) => assert_eq!(
            rejection.refusal.map(|refusal| refusal.code),
            Some(ErrorCode::PASSWD_EXPIRED)
        ),
        other => panic!("{other:?}"),
    }
    let options = PlainOptions {
        new_password: Some(Secret::new("looking glass")),
        ..PlainOptions::default()
    };
    let with = run(
        Method::Mschapv2,
        "wonderland",
        Some(&account),
        options.clone(),
        true,
    );
    assert!(
        matches!(with.next, Next::Accepted(_)),
        "{:?} {:?}",
        with.next,
        with.why
    );
    let granted = with.granted.unwrap();
    assert_eq!(granted.new_password, Some(Secret::new("looking glass")));
    assert!(with.notes.contains(&Note::NewPasswordSent));
    let wrong = run(Method::Mschapv2, "wrong", Some(&account), options, true);
    assert!(matches!(wrong.next, Next::Rejected(_)));
}

/// Alice, with her own password.
fn alice(method: Method) -> Plain {
    Plain::new(
        method,
        "alice",
        Secret::new("wonderland"),
        PlainOptions::default(),
    )
}

/// An Access-Accept to an MS-CHAPv2 request, with this for a proof.
fn accept_with(text: Option<&str>) -> Next {
    let mut login = alice(Method::Mschapv2);
    login.request(None, &mut dice()).unwrap();
    let fields: Vec<Field> = text
        .map(|text| microsoft(number::MS_CHAP2_SUCCESS, format!("\x01{text}").as_bytes()).unwrap())
        .into_iter()
        .collect();
    let octets = packet(Code::ACCESS_ACCEPT, &fields);
    login.reply(&Packet::parse(&octets).unwrap(), None, &mut dice())
}

#[test]
fn an_accept_without_the_right_proof_is_not_believed() {
    let wrong = format!("S={}", "00".repeat(20));
    for (text, why) in [
        (None, Broken::NoProof),
        (Some("S=12"), Broken::NoProof),
        (Some(wrong.as_str()), Broken::WrongProof),
    ] {
        assert_eq!(accept_with(text), Next::Broken(Box::new(why)));
    }
}

#[test]
fn a_challenge_asks_the_user_and_the_answer_goes_where_the_password_went() {
    let mut login = alice(Method::Pap);
    login.request(None, &mut dice()).unwrap();
    let fields = [
        (AttributeType::STATE, b"token".to_vec()),
        (AttributeType::REPLY_MESSAGE, b"Code? ".to_vec()),
    ];
    let octets = packet(Code::ACCESS_CHALLENGE, &fields);
    let next = login.reply(&Packet::parse(&octets).unwrap(), None, &mut dice());
    assert_eq!(
        next,
        Next::Ask {
            prompt: "Code? ".to_owned()
        }
    );
    login.answer(Secret::new("123456"));
    let fields = login.request(None, &mut dice()).unwrap();
    assert!(fields.contains(&(AttributeType::USER_PASSWORD, b"123456".to_vec())));
    assert!(fields.contains(&(AttributeType::STATE, b"token".to_vec())));
}

#[test]
fn what_cannot_be_sent_is_refused_before_it_is() {
    let request = |method, user: &[u8], password: &[u8]| {
        Plain::new(method, user, Secret::new(password), PlainOptions::default()).request(None, &mut dice())
    };
    assert!(matches!(
        request(Method::Pap, b"alice", &[b'a'; 129]),
        Err(Unfit::PasswordTooLong(_))
    ));
    assert_eq!(
        request(Method::Pap, &[b'a'; 254], b"x"),
        Err(Unfit::NameTooLong { length: 254 })
    );
    assert!(matches!(
        request(Method::Mschapv2, b"alice", b"\xff"),
        Err(Unfit::PasswordNotText(_))
    ));
    assert_eq!(request(Method::Mab, b"alice", b""), Err(Unfit::NotMac));
    let options = PlainOptions {
        challenge: Some(vec![1, 2, 3]),
        ..PlainOptions::default()
    };
    assert_eq!(
        Plain::new(Method::Mschap, "alice", Secret::new("x"), options).request(None, &mut dice()),
        Err(Unfit::ChallengeLength { length: 3, want: 8 })
    );
}
