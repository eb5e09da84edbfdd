//! Logins with EAP as the command line has them: what goes wrong is told apart, and what was asked for is sent. The
//! server is the library's own machine, with its answers changed on the way.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use radius::auth::eap::packet::{EapCode, EapType, encode, verdict};
use radius::auth::eap::session::{Answer as Said, Session};
use radius::auth::server::{Account, Users};
use radius::auth::{Field, Hiding, Method};
use radius::codec::{AttributeType, Code, Secret};

use crate::papers::Authority;
use crate::server::{Answer, Request, SECRET, Server};
use crate::transcript::{Run, Transcript, radius};

const EAP_MESSAGE: u8 = 79;
const STATE: u8 = 24;
const KEY_NAME: u8 = 102;

/// An answer before it is sealed.
type Reply = (Code, Vec<Field>);

/// A server of these methods, for alice; `change` has the last word on each answer, or keeps it back.
fn server(
    methods: &[Method],
    account: fn() -> Account,
    change: impl Fn(usize, Reply) -> Option<Reply> + Send + 'static,
) -> Server {
    let settings = Authority::new().settings(methods.iter().copied(), 1020);
    let users: Arc<dyn Users> = Arc::new(move |name: &[u8]| (name == b"alice").then(account));
    let mut sessions: HashMap<Vec<u8>, Session> = HashMap::new();
    Server::udp(move |request| {
        let packet = request.packet();
        let secret = Secret::new(SECRET);
        let hiding = Hiding {
            secret: &secret,
            authenticator: packet.authenticator(),
        };
        let known = request.value(STATE).and_then(|state| sessions.remove(&state));
        let mut session =
            known.unwrap_or_else(|| Session::new(Arc::clone(&settings), Arc::clone(&users), &packet));
        let mut dice = |octets: &mut [u8]| rand::fill(octets);
        let reply = match session.receive(&packet, Some(&hiding), &mut dice) {
            Said::Challenge { fields, .. } => {
                sessions.insert(session.state().to_vec(), session);
                (Code::ACCESS_CHALLENGE, fields)
            }
            Said::Accept { fields, .. } => (Code::ACCESS_ACCEPT, fields),
            Said::Reject { fields, .. } => (Code::ACCESS_REJECT, fields),
        };
        match change(request.index, reply) {
            Some((code, fields)) => send(request, code, &fields),
            None => Vec::new(),
        }
    })
}

fn send(request: &Request, code: Code, fields: &[Field]) -> Vec<Answer> {
    let mut reply = request.reply(code);
    for (number, value) in fields {
        reply = reply.with(number.0, value);
    }
    reply.send()
}

fn alice() -> Account {
    Account::with_password("wonderland")
}

fn as_it_is(_: usize, reply: Reply) -> Option<Reply> {
    Some(reply)
}

/// `radius auth` as alice.
fn log_in(server: &Server, method: &str) -> Run {
    radius(["auth", "-u", "alice", "-p", "wonderland", "-m", method]).ask(server)
}

fn says(transcript: &Transcript, code: i32, words: &[&str]) {
    transcript.exits(code);
    for word in words {
        assert!(
            transcript.text().contains(word),
            "`{word}`:\n{}",
            transcript.text()
        );
    }
}

#[test]
fn a_code_and_an_eap_packet_that_do_not_belong_together_are_told() {
    let success = verdict(EapCode::SUCCESS, 7).to_vec();
    let failure = verdict(EapCode::FAILURE, 7).to_vec();
    let accept = (Code::ACCESS_ACCEPT, "Access-Accept carries ");
    let reject = (Code::ACCESS_REJECT, "Access-Reject carries ");
    let challenge = (Code::ACCESS_CHALLENGE, "Access-Challenge carries ");
    for ((code, words), eap, carried, exit) in [
        (accept, Some(failure.clone()), "EAP Failure", 5),
        (accept, None, "no EAP packet", 5),
        (accept, Some(Vec::new()), "an empty EAP-Message", 5),
        (reject, Some(success.clone()), "EAP Success", 1),
        (reject, None, "no EAP packet", 1),
        (reject, Some(Vec::new()), "an empty EAP-Message", 1),
        (challenge, Some(success), "EAP Success", 5),
        (challenge, Some(failure), "EAP Failure", 5),
        (challenge, None, "no EAP packet", 5),
        (challenge, Some(Vec::new()), "an empty EAP-Message", 5),
    ] {
        let fields: Vec<Field> = eap
            .into_iter()
            .map(|eap| (AttributeType(EAP_MESSAGE), eap))
            .collect();
        let server = Server::udp(move |request| send(request, code, &fields));
        let transcript = log_in(&server, "eap-md5").run();
        says(
            &transcript,
            exit,
            &[&format!("{words}{carried}"), "RFC 3579 §2.6.3"],
        );
        assert_eq!(
            transcript.stderr.matches("§2.6.3").count(),
            1,
            "{}",
            transcript.stderr
        );
    }
}

#[test]
fn keys_that_are_not_ours_end_in_exit_code_5() {
    // Microsoft's Send-Key and Recv-Key change places.
    let swap = |_: usize, (code, mut fields): Reply| {
        for (number, value) in &mut fields {
            if (*number, code) == (AttributeType(26), Code::ACCESS_ACCEPT) {
                value[4] = 33 - value[4];
            }
        }
        Some((code, fields))
    };
    let server = server(&[Method::EapMschapv2], alice, swap);
    let transcript = log_in(&server, "eap-mschapv2").run();
    says(&transcript, 5, &["its MS-MPPE keys are not those"]);
    let json = log_in(&server, "eap-mschapv2").args(["--json"]).run();
    let json = json.one_json();
    assert_eq!(json["verdict"], "broken");
    assert_eq!(json["eap"]["keys"], "mismatch");
}

#[test]
fn keys_are_shown_on_request_only() {
    let server = server(&[Method::TtlsPap], alice, as_it_is);
    let hidden = log_in(&server, "ttls-pap").args(["--json"]).run();
    let hidden = hidden.one_json();
    assert_eq!(
        (&hidden["eap"]["msk"], &hidden["eap"]["emsk"]),
        (&"<hidden>".into(), &"<hidden>".into())
    );
    let shown = log_in(&server, "ttls-pap")
        .args(["--json", "--show-secrets"])
        .run();
    let shown = shown.one_json();
    for name in ["msk", "emsk"] {
        let key = shown["eap"][name].as_str().unwrap();
        assert_eq!(key.len(), 2 + 2 * 64, "{name}: {key}");
    }
    assert!(shown["eap"]["session_id"].as_str().unwrap().starts_with("0x15"));
}

/// What `--trace` shows of a login, without what comes and goes outside of tunnels.
fn inside(run: Run) -> Vec<String> {
    let transcript = run.args(["--trace"]).run();
    transcript.exits(0);
    let seen = transcript
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("  in the tunnel "));
    // Identifiers are random.
    let plain = seen.map(|line| {
        let words = line.split(' ').filter(|word| !word.starts_with("id="));
        words.collect::<Vec<_>>().join(" ")
    });
    plain.collect()
}

#[test]
fn a_trace_shows_what_goes_through_a_tunnel() {
    let server = server(&[Method::PeapMschapv2, Method::PeapGtc], alice, as_it_is);
    assert_eq!(
        inside(log_in(&server, "peap-mschapv2")),
        [
            "← EAP Request len=5 Identity",
            "→ EAP Response len=10 Identity \"alice\"",
            "← EAP Request len=44 MSCHAPv2 Challenge",
            "→ EAP Response len=64 MSCHAPv2 Response",
            "← EAP Request len=56 MSCHAPv2 Success",
            "→ EAP Response len=6 MSCHAPv2 Success",
            "← EAP Request len=71 TLV Result success, Crypto-Binding",
            "→ EAP Response len=71 TLV Result success, Crypto-Binding",
        ]
    );
    let gtc = inside(log_in(&server, "peap-gtc"));
    assert!(
        gtc.contains(&"← EAP Request len=15 GTC \"Password: \"".to_owned()),
        "{gtc:#?}"
    );
    assert!(
        gtc.contains(&"→ EAP Response len=15 GTC <hidden>".to_owned()),
        "{gtc:#?}"
    );
}

#[test]
fn a_trace_keeps_the_password_of_a_tunnel_unless_secrets_are_shown() {
    let server = server(&[Method::TtlsPap], alice, as_it_is);
    assert_eq!(
        inside(log_in(&server, "ttls-pap")),
        ["→ User-Name = \"alice\", User-Password = <hidden>"]
    );
    assert_eq!(
        inside(log_in(&server, "ttls-pap").args(["--show-secrets"])),
        ["→ User-Name = \"alice\", User-Password = \"wonderland\""]
    );
}

#[test]
fn a_trace_names_the_messages_of_a_handshake_that_was_cut() {
    let server = server(&[Method::TtlsPap], alice, as_it_is);
    let run = log_in(&server, "ttls-pap")
        .args(["--trace", "--eap-tls", "1.2", "--eap-fragment-size", "100"])
        .run();
    run.exits(0);
    for (begins, holds) in [
        ("  EAP-TTLS → ClientHello(", " in several packets, "),
        ("  EAP-TTLS ← ServerHello(", "ServerKeyExchange("),
        (
            "  EAP-TTLS ← ServerHello(",
            "ServerHelloDone(0) in several packets, ",
        ),
    ] {
        let told = run
            .stdout
            .lines()
            .any(|line| line.starts_with(begins) && line.contains(holds));
        assert!(told, "{begins} {holds}:\n{}", run.stdout);
    }
}

#[test]
fn two_realms_that_differ_are_warned_of() {
    let server = server(&[Method::TtlsPap], alice, as_it_is);
    let warned = |user: &str, outer: &str| {
        let run = radius([
            "auth",
            "-p",
            "wonderland",
            "-m",
            "ttls-pap",
            "--anonymous-identity",
            outer,
        ]);
        let run = run.args(["-u", user]).ask(&server).run();
        run.stderr
            .contains("is of the realm `elsewhere.org`, and the user's of `example.org`")
    };
    assert!(warned("alice@example.org", "anonymous@elsewhere.org"));
    assert!(!warned("alice@example.org", "@Example.ORG"));
    assert!(!warned("alice", "anonymous@elsewhere.org"));
    assert!(!warned("alice@example.org", "anonymous"));
}

#[test]
fn a_reason_beside_eap_is_told_too() {
    let error = b"\x07E=691 R=1 C=000102030405060708090a0b0c0d0e0f V=3 M=No";
    let refuse = |index: usize, reply: Reply| {
        let length = u8::try_from(error.len() + 2).unwrap();
        let vendor = [&[0, 0, 1, 55, 2, length][..], error].concat();
        let failure = verdict(EapCode::FAILURE, 7).to_vec();
        let fields = [(EAP_MESSAGE, failure), (26, vendor)];
        let fields = fields
            .map(|(number, value)| (AttributeType(number), value))
            .to_vec();
        Some(if index < 1 {
            reply
        } else {
            (Code::ACCESS_REJECT, fields)
        })
    };
    let server = server(&[Method::EapMschapv2], alice, refuse);
    let run = log_in(&server, "eap-mschapv2").run();
    says(&run, 1, &["unknown user or wrong password", "E=691", ": No"]);
}

#[test]
fn eap_key_name_is_asked_for_and_compared() {
    let server = server(&[Method::EapPwd], alice, as_it_is);
    let run = log_in(&server, "eap-pwd").args(["--json"]).run();
    assert!(run.one_json()["eap"]["key_name"].is_null());
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.value(KEY_NAME).is_none())
    );
    let run = log_in(&server, "eap-pwd")
        .args(["--eap-key-name", "--json"])
        .run();
    assert_eq!(run.one_json()["eap"]["key_name"], "match");
    let spoil = |_: usize, (code, mut fields): Reply| {
        for (_, value) in fields.iter_mut().filter(|(number, _)| number.0 == KEY_NAME) {
            value[5] ^= 1;
        }
        Some((code, fields))
    };
    let server = self::server(&[Method::EapPwd], alice, spoil);
    let run = log_in(&server, "eap-pwd").args(["--eap-key-name"]).run();
    says(&run, 0, &["EAP-Key-Name is not the Session-Id of this login"]);
}

#[test]
fn a_notification_is_shown_and_the_login_goes_on() {
    let notify = |index: usize, reply: Reply| match index {
        0 => {
            let octets = encode(EapCode::REQUEST, 9, EapType::NOTIFICATION, b"Closed on Sundays");
            Some((
                Code::ACCESS_CHALLENGE,
                vec![
                    (AttributeType(EAP_MESSAGE), octets.unwrap()),
                    (AttributeType(STATE), b"notified".to_vec()),
                ],
            ))
        }
        // The conversation that the server had in mind is gone: it begins again with the identity.
        _ => Some(reply),
    };
    let server = server(&[Method::EapMd5], alice, notify);
    let run = log_in(&server, "eap-md5").args(["-v"]).run();
    assert!(
        run.text().contains("the server says: Closed on Sundays"),
        "{}",
        run.text()
    );
    // What answers a Notification is a Notification, and empty (RFC 3748 §5.2).
    assert_eq!(
        server.requests()[1].value(EAP_MESSAGE).unwrap()[1..],
        [9, 0, 5, 2]
    );
}

#[test]
fn a_login_may_begin_with_eap_start() {
    let server = server(&[Method::EapMd5], alice, as_it_is);
    log_in(&server, "eap-md5").args(["--eap-start"]).run().exits(0);
    let requests = server.requests();
    assert_eq!(requests[0].value(EAP_MESSAGE), Some(Vec::new()));
    assert_eq!(requests[1].value(EAP_MESSAGE).unwrap()[4], 1);
}

#[test]
fn every_round_is_a_packet_of_its_own_with_the_state_of_its_challenge() {
    let server = server(&[Method::PeapMschapv2], alice, as_it_is);
    log_in(&server, "peap-mschapv2").run().exits(0);
    let requests = server.requests();
    assert!(requests.len() > 5);
    let identifiers: HashSet<u8> = requests.iter().map(|one| one.packet().identifier()).collect();
    assert_eq!(identifiers.len(), requests.len());
    let authenticators: HashSet<_> = requests.iter().map(|one| *one.packet().authenticator()).collect();
    assert_eq!(authenticators.len(), requests.len());
    let states: HashSet<_> = requests.iter().filter_map(|one| one.value(STATE)).collect();
    assert_eq!(states.len(), requests.len() - 1);
    for request in &requests {
        assert_eq!(request.text(1), "alice");
        assert!(request.value(80).is_some(), "no Message-Authenticator");
        assert_eq!(request.value(12), Some(vec![0, 0, 5, 120]), "Framed-MTU");
    }
}

#[test]
fn a_server_that_falls_silent_is_told_with_the_round() {
    let quiet = |index: usize, reply: Reply| (index < 3).then_some(reply);
    let server = server(&[Method::PeapMschapv2], alice, quiet);
    let run = log_in(&server, "peap-mschapv2").hasty().run();
    says(
        &run,
        3,
        &["the server fell silent in EAP-PEAP, in round 4", "octets of EAP"],
    );
}

#[test]
fn a_method_that_is_not_offered_is_told_with_what_is() {
    let server = server(&[Method::EapMd5], alice, as_it_is);
    let run = log_in(&server, "peap-mschapv2").run();
    says(&run, 1, &["no method was agreed on", "MD5", "--eap-methods"]);
    let run = radius(["auth", "-u", "alice", "--eap-methods"])
        .ask(&server)
        .run();
    run.exits(0);
    let line = |name: &str| {
        run.stdout
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap()
            .to_owned()
    };
    assert!(line("MD5").ends_with("yes, proposed first"), "{}", run.stdout);
    assert!(line("PEAP").ends_with("no"), "{}", run.stdout);
}

#[test]
fn a_login_without_an_end_is_ended_by_us() {
    let server = server(&[Method::PeapMschapv2], alice, as_it_is);
    let run = log_in(&server, "peap-mschapv2").args(["--eap-rounds", "4"]).run();
    says(&run, 5, &["after 4 rounds no end is in sight"]);
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn an_expired_password_is_changed_in_eap_too() {
    let expired = || Account {
        expired: true,
        ..alice()
    };
    for method in [Method::EapMschapv2, Method::PeapMschapv2] {
        let server = server(&[method], expired, as_it_is);
        let run = log_in(&server, method.as_str()).run();
        says(&run, 1, &["the password has expired", "E=648", "--new-password"]);
        let run = log_in(&server, method.as_str())
            .args(["--new-password", "looking glass", "-v"])
            .run();
        says(&run, 0, &["the password has expired; the new one was sent"]);
    }
}

#[test]
fn mab_spells_the_address_as_it_is_told() {
    for (spelling, name) in [
        ("plain", "0a1b2c3d4e5f"),
        ("upper", "0A1B2C3D4E5F"),
        ("hyphens", "0A-1B-2C-3D-4E-5F"),
        ("lower-hyphens", "0a-1b-2c-3d-4e-5f"),
        ("colons", "0a:1b:2c:3d:4e:5f"),
        ("dots", "0a1b.2c3d.4e5f"),
    ] {
        let server = Server::yes();
        let run = radius([
            "auth",
            "-u",
            "0a:1B-2c3d.4e5f",
            "-m",
            "mab",
            "--mac-format",
            spelling,
        ]);
        run.ask(&server).run().exits(0);
        let request = server.request();
        assert_eq!(
            (request.text(1), request.password()),
            (name.to_owned(), Some(name.to_owned()))
        );
        assert_eq!(request.text(31), "0A-1B-2C-3D-4E-5F", "Calling-Station-Id");
        assert_eq!(request.value(6), Some(vec![0, 0, 0, 10]), "Call-Check");
    }
    let server = Server::yes();
    radius(["auth", "-u", "00-11-22-33-44-55", "-m", "mab"])
        .ask(&server)
        .run()
        .exits(0);
    assert_eq!(server.request().text(1), "00-11-22-33-44-55");
    let run = radius(["auth", "-u", "alice", "-p", "x", "-m", "mab"])
        .ask(&server)
        .run();
    says(&run, 2, &["needs a MAC address"]);
    let run = radius(["auth", "-u", "alice", "-p", "x", "--mac-format", "dots"])
        .ask(&server)
        .run();
    says(&run, 2, &["--mac-format means nothing with --method pap"]);
}
