//! Every exit code and every message of a conversation that fails.

use std::net::UdpSocket;

use radius::codec::Code;
use snapbox::str;

use crate::server::{Answer, Server};
use crate::transcript::{Run, radius};

/// The request of most tests here.
fn alice() -> Run {
    radius(["auth", "-u", "alice", "-p", "wonderland"])
}

#[test]
fn a_reply_with_a_bad_authenticator_exits_4_and_names_the_secret() {
    let server = Server::udp(|request| request.yes().unsealed().secret("another").send());
    alice().hasty().ask(&server).run().is(str![]);
}

#[test]
fn a_reply_with_a_bad_message_authenticator_exits_4_and_names_the_secret() {
    let server = Server::udp(|request| request.yes().secret("another").send());
    alice().hasty().ask(&server).run().is(str![]);
}

#[test]
fn silence_exits_3_and_names_address_and_secret_as_likely_causes() {
    let server = Server::silent();
    alice().hasty().ask(&server).run().is(str![]);
    assert_eq!(server.requests().len(), 2);
    assert_eq!(
        server.requests()[0].octets,
        server.requests()[1].octets,
        "a retransmission is the same packet"
    );
}

#[test]
fn silence_of_a_nas_names_the_secret_of_dynamic_authorization() {
    let server = Server::silent();
    radius(["disconnect", "-u", "alice"])
        .hasty()
        .ask(&server)
        .run()
        .is(str![]);
}

#[test]
fn silence_as_json_is_an_object_with_kind_message_and_hint() {
    let server = Server::silent();
    let transcript = alice().hasty().args(["--json"]).ask(&server).run();
    let json = transcript.exits(3).one_json();
    assert_eq!(json["verdict"], "timeout");
    assert_eq!(json["error"]["kind"], "timeout");
    assert_eq!(json["attempts"], 2);
    assert!(json["error"]["hint"].is_string() && json.get("reply").is_none());
}

#[test]
fn a_closed_port_is_reported_at_once() {
    let socket = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
    let port = socket.local_addr().unwrap().port();
    drop(socket);
    // The policy would wait for hours.
    alice()
        .args(["-t", "1h", "-r", "9", &format!("127.0.0.1:{port}")])
        .with_port(port, "PORT")
        .run()
        .is(str![]);
}

#[test]
fn a_closed_tcp_port_is_reported_at_once() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    alice()
        .args(["-t", "1h", "-r", "9", &format!("tcp://127.0.0.1:{port}")])
        .with_port(port, "PORT")
        .run()
        .is(str![]);
}

#[test]
fn a_name_that_cannot_be_resolved_exits_3() {
    alice().args(["no-such-host.invalid"]).run().is(str![]);
}

#[test]
fn a_name_that_cannot_be_resolved_is_an_object_in_json() {
    let json = alice()
        .args(["--json", "no-such-host.invalid"])
        .run()
        .exits(3)
        .one_json();
    assert_eq!(json["verdict"], "unreachable");
    assert_eq!(json["error"]["kind"], "resolve");
    assert_eq!(json["attempts"], 0);
}

#[test]
fn a_host_that_is_none_exits_2() {
    for host in ["http://example.org", "127.0.0.1:99999", "[::1", "a b"] {
        alice().args([host]).run().exits(2).has("is no host");
    }
    alice().args(["127.0.0.1:99999"]).run().is(str![]);
}

#[test]
fn a_transport_that_is_not_there_yet_says_so() {
    alice().args(["tls://127.0.0.1"]).run().is(str![]);
}

#[test]
fn a_tcp_connection_that_closes_within_a_packet_exits_5() {
    let server = Server::tcp(|request| {
        let octets = request.yes().octets();
        vec![Answer::Octets(octets[..10].to_vec()), Answer::Close]
    });
    alice().ask(&server).run().is(str![]);
}

#[test]
fn a_tcp_connection_that_closes_without_a_reply_exits_3() {
    let server = Server::tcp(|_| vec![Answer::Close]);
    alice().ask(&server).run().is(str![]);
}

#[test]
fn a_tcp_stream_that_loses_its_frames_exits_5() {
    let server = Server::tcp(|_| vec![Answer::Octets(vec![2, 0, 0, 3, 0])]);
    alice().ask(&server).run().is(str![]);
}

#[test]
fn a_malformed_reply_exits_5_and_says_where() {
    let server = Server::udp(|request| {
        let mut octets = request.yes().with(18, "cut").octets();
        let at = octets.len() - 4;
        octets[at] = 99;
        vec![Answer::Octets(octets)]
    });
    alice().hasty().ask(&server).run().is(str![]);
}

#[test]
fn a_code_that_answers_no_access_request_exits_5() {
    let server = Server::udp(|request| request.reply(Code::COA_ACK).send());
    alice().hasty().ask(&server).run().is(str![]);
}

#[test]
fn a_reply_without_message_authenticator_is_taken_with_a_warning() {
    let server = Server::udp(|request| request.yes().unsealed().send());
    alice().ask(&server).run().is(str![]);
}

#[test]
fn a_reply_without_message_authenticator_is_refused_where_it_is_required() {
    let server = Server::udp(|request| request.yes().unsealed().send());
    alice()
        .hasty()
        .args(["--require-message-authenticator"])
        .ask(&server)
        .run()
        .is(str![]);
}

#[test]
fn a_reply_with_a_proxy_state_that_was_not_sent_is_refused() {
    let server = Server::udp(|request| request.yes().unsealed().with(33, "forged").send());
    alice().hasty().ask(&server).run().is(str![]);
}

#[test]
fn a_legacy_message_authenticator_is_accepted_and_named() {
    let server = Server::udp(|request| {
        // FreeRADIUS 3 computes it over zeros in replies to accounting.
        let mut octets = request.yes().octets();
        let secret = radius::codec::Secret::new(crate::server::SECRET);
        octets[22..38].fill(0);
        octets[4..20].fill(0);
        let value = hmac(&secret, &octets);
        octets[22..38].copy_from_slice(&value);
        octets[4..20].copy_from_slice(request.packet().authenticator());
        let digest = md5(&[&octets, crate::server::SECRET.as_bytes()]);
        octets[4..20].copy_from_slice(&digest);
        vec![Answer::Octets(octets)]
    });
    radius(["acct", "--trace", "-v"])
        .args([
            "-a",
            "NAS-Identifier = nas, Event-Timestamp = 1700000000",
            "--session-id",
            "s1",
            "--id",
            "5",
        ])
        .ask(&server)
        .run()
        .is(str![]);
}

fn md5(parts: &[&[u8]]) -> [u8; 16] {
    use md5::{Digest, Md5};
    let mut digest = Md5::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().into()
}

fn hmac(secret: &radius::codec::Secret, octets: &[u8]) -> [u8; 16] {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<md5::Md5>::new_from_slice(secret.expose()).unwrap();
    mac.update(octets);
    mac.finalize().into_bytes().into()
}

#[test]
fn a_late_and_a_double_reply_are_counted_and_not_taken() {
    let mut first = None;
    let server = Server::udp(move |request| match request.index {
        0 => {
            first = Some(request.yes().octets());
            Vec::new()
        }
        _ => {
            let octets = request.reply(Code::ACCESS_REJECT).octets();
            vec![
                Answer::Octets(first.take().unwrap()),
                Answer::Octets(octets.clone()),
            ]
        }
    });
    alice()
        .args(["-c", "2", "-v", "-t", "300ms", "-r", "0", "--jitter", "0"])
        .ask(&server)
        .run()
        .is(str![]);
}

#[test]
fn an_address_that_this_machine_lacks_exits_6() {
    let server = Server::silent();
    alice()
        .args(["--bind", "192.0.2.77"])
        .ask(&server)
        .run()
        .is(str![]);
}

#[test]
fn a_disk_that_is_full_exits_6() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        return;
    };
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_radius"))
        .args([
            "auth",
            "-u",
            "alice",
            "-p",
            "x",
            "-s",
            "s",
            "--dry-run",
            "127.0.0.1",
        ])
        .stdout(full)
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(status.status.code(), Some(6));
    assert!(String::from_utf8_lossy(&status.stderr).starts_with("error: cannot write to standard output"));
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let server = Server::yes();
    let transcript = radius(["auth", "-u", "alice", "-p", "x", "-c", "100000", "-o", "ndjson"])
        .ask(&server)
        .until("accept", |_, stdout| drop(stdout));
    assert_eq!(transcript.stderr, "");
    transcript.exits(0);
}

#[test]
fn ctrl_c_prints_the_summary_so_far() {
    let server = Server::udp(|request| {
        if request.index < 2 {
            request.yes().send()
        } else {
            Vec::new()
        }
    });
    alice()
        .args(["-c", "100", "-t", "1h", "--id", "7"])
        .ask(&server)
        .interrupted_when(|| server.requests().len() > 2)
        .is(str![]);
}

#[test]
fn ctrl_c_of_a_single_request_says_that_nothing_came() {
    let server = Server::silent();
    alice()
        .args(["-t", "1h"])
        .ask(&server)
        .interrupted_when(|| !server.requests().is_empty())
        .is(str![]);
}
