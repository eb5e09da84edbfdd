//! `radius serve` over TLS, DTLS and in RADIUS/1.1: radsecproxy, pyrad2, OpenSSL and hostile sockets as its clients.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::process::Command;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use super::radsec::{Odd, shared};
use crate::peer::{Finished, Pyrad2, Radclient, Served, Tool, Visited, radius, run};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        radsecproxy_asks_over_tls_and_dtls needs [Radsecproxy, Radclient, Openssl],
        pyrad2_logs_in_with_both_versions needs [Pyrad2, Openssl],
        every_transport_is_served_at_once needs [Openssl],
        bad_certificates_of_clients_are_refused_each_with_its_reason needs [Openssl],
        clients_are_known_by_their_certificates needs [Openssl],
        clients_whose_certificates_were_revoked_are_refused needs [Openssl],
        versions_of_radius_are_agreed_on_as_rfc_9765_has_it needs [Openssl],
        certificates_are_read_anew_on_a_signal needs [Openssl],
        an_open_connection_ends_when_its_certificate_is_good_no_more needs [Openssl],
        who_stalls_or_sends_nonsense_is_let_go_and_others_are_served needs [Openssl],
        a_flood_of_hellos_over_dtls_leaves_nothing_behind needs [Openssl],
        a_pre_shared_key_opens_the_server_over_dtls needs [Openssl],
    ]
}

/// A server with the shared certificates.
fn served(listen: &[&str], more: &[&str]) -> Served {
    let (ca, cert, key) = (shared("ca.pem"), shared("server.pem"), shared("server.key"));
    let own = ["--tls-ca", &ca, "--tls-cert", &cert, "--tls-key", &key];
    let user = ["-v", "--user", "alice:hello", "--reject-delay", "0"];
    Served::on(listen, &[&user[..], &own[..], more].concat(), &[])
}

const TLS: &str = "tls://127.0.0.1:0";
const DTLS: &str = "dtls://127.0.0.1:0";

/// A login with the shared client's certificate.
fn log_in(url: &str, more: &[&str]) -> Finished {
    let (ca, cert, key) = (shared("ca.pem"), shared("client.pem"), shared("client.key"));
    let ours = [
        "auth", url, "-u", "alice", "-p", "hello", "--ca", &ca, "--cert", &cert, "--key", &key,
    ];
    radius(&[&ours[..], more].concat())
}

fn accepted(finished: &Finished) {
    assert_eq!(finished.code(), 0, "{}\n{}", finished.stdout, finished.stderr);
}

fn radsecproxy_asks_over_tls_and_dtls() {
    let mut server = served(&[TLS, DTLS], &[]);
    let proxy = Visited::start(Some(server.address("tls any")), Some(server.address("dtls any")));
    for (realm, facts) in [
        ("tls.test", "[TLS 1.3, RADIUS/1.0]"),
        ("dtls.test", "[DTLS 1.2, RADIUS/1.0]"),
    ] {
        let client = Radclient::new(proxy.udp, "auth");
        let user = format!("User-Name = alice@{realm}, User-Password = hello");
        // The user has no realm at the server: what counts is that it was asked, and by whom.
        assert_eq!(client.send(&user).one().code, "Access-Reject", "{}", proxy.log());
        server.wait_for(&format!("{facts} Access-Request"));
    }
}

fn pyrad2_logs_in_with_both_versions() {
    let server = served(&[TLS], &[]);
    let at = server.address("tls any");
    for versions in ["1.0", "1.1"] {
        for (password, code) in [("hello", "code=2"), ("wrong", "code=3")] {
            let finished = Pyrad2::log_in(at, versions, password);
            assert_eq!(
                finished.stdout.matches(code).count(),
                3,
                "{versions} {password}: {}\n{}\n{}",
                finished.stdout,
                finished.stderr,
                server.log()
            );
        }
    }
    assert!(
        server.log().contains("RADIUS/1.1] Access-Request token="),
        "{}",
        server.log()
    );
}

fn every_transport_is_served_at_once() {
    let listen = [
        "udp://127.0.0.1:0?role=any",
        "tcp://127.0.0.1:0?role=any",
        TLS,
        DTLS,
    ];
    let server = served(&listen, &[]);
    for scheme in ["tls", "dtls"] {
        accepted(&log_in(
            &format!("{scheme}://{}", server.address(&format!("{scheme} any"))),
            &[],
        ));
    }
    for scheme in ["udp", "tcp"] {
        let url = format!("{scheme}://{}", server.address(&format!("{scheme} any")));
        accepted(&radius(&[
            "auth",
            &url,
            "-u",
            "alice",
            "-p",
            "hello",
            "-s",
            "testing123",
        ]));
    }
}

fn odd_server(listen: &[&str], more: &[&str]) -> Served {
    let odd = Odd::shared();
    let (ca, cert, key) = (odd.text("ca.pem"), odd.text("good.pem"), odd.text("good.key"));
    let own = ["--tls-ca", &ca, "--tls-cert", &cert, "--tls-key", &key];
    Served::on(
        listen,
        &[&["-v", "--user", "alice:hello"], &own[..], more].concat(),
        &[],
    )
}

/// Asks for the status with a certificate of the odd CA.
fn status_as(url: &str, name: &str, more: &[&str]) -> Finished {
    let odd = Odd::shared();
    let (ca, cert, key) = (
        odd.text("ca.pem"),
        odd.text(&format!("{name}.pem")),
        odd.text(&format!("{name}.key")),
    );
    radius(
        &[
            &["status", url, "--ca", &ca, "--cert", &cert, "--key", &key],
            more,
        ]
        .concat(),
    )
}

fn bad_certificates_of_clients_are_refused_each_with_its_reason() {
    let mut server = odd_server(&[TLS, DTLS], &[]);
    let reasons = [
        (
            "client-expired",
            "it expired on 2021-01-01",
            "certificate_expired",
        ),
        ("good", "Extended Key Usage lacks clientAuth", "certificate"),
        ("client-self", "it is self-signed", "unknown_ca"),
    ];
    for scheme in ["tls", "dtls"] {
        let url = format!("{scheme}://{}", server.address(&format!("{scheme} any")));
        for (name, reason, alert) in reasons {
            let finished = status_as(&url, name, &["-t", "5s", "-r", "0"]);
            assert_eq!(finished.code(), 5, "{scheme} {name}: {}", finished.stderr);
            if scheme == "tls" {
                assert!(finished.stderr.contains(alert), "{name}: {}", finished.stderr);
            }
            server.wait_for(reason);
        }
        let ca = Odd::shared().text("ca.pem");
        let finished = radius(&["status", &url, "--ca", &ca, "-t", "5s", "-r", "0"]);
        assert_eq!(finished.code(), 5, "{scheme}: {}", finished.stderr);
        assert!(
            finished.stderr.contains("wants a certificate"),
            "{}",
            finished.stderr
        );
        server.wait_for("it showed no certificate, and one is wanted");
        accepted(&status_as(&url, "client", &[]));
    }
    // Another CA's.
    let (ca, cert, key) = (
        Odd::shared().text("ca.pem"),
        shared("client.pem"),
        shared("client.key"),
    );
    let url = format!("tls://{}", server.address("tls any"));
    let finished = radius(&["status", &url, "--ca", &ca, "--cert", &cert, "--key", &key]);
    assert!(finished.stderr.contains("unknown_ca"), "{}", finished.stderr);
    server.wait_for("`CN=radius test CA` signed it");
}

fn clients_are_known_by_their_certificates() {
    for (who, known, stranger) in [
        ("nas.test", true, false),
        ("127.0.0.0/8=nas.test", true, false),
        ("10.0.0.0/8=nas.test", false, false),
        ("other.test", false, true),
    ] {
        let mut server = odd_server(&[TLS, DTLS], &["--tls-client", who]);
        for scheme in ["tls", "dtls"] {
            let url = format!("{scheme}://{}", server.address(&format!("{scheme} any")));
            let own = status_as(&url, "client", &["-t", "1s", "-r", "0"]);
            assert_eq!(own.code() == 0, known, "{who} {scheme}: {}", own.stderr);
            let other = status_as(&url, "client-other", &["-t", "1s", "-r", "0"]);
            assert_eq!(other.code() == 0, stranger, "{who} {scheme}: {}", other.stderr);
        }
        if known {
            server.wait_for("no client is known by it (DNS:other.test)");
            let url = format!("tls://{}", server.address("tls any"));
            let refused = status_as(&url, "client-other", &[]);
            assert!(refused.stderr.contains("access_denied"), "{}", refused.stderr);
        }
    }
}

fn clients_whose_certificates_were_revoked_are_refused() {
    let list = Odd::shared().text("crl.pem");
    let mut server = odd_server(&[TLS, DTLS], &["--tls-crl", &list]);
    for scheme in ["tls", "dtls"] {
        let url = format!("{scheme}://{}", server.address(&format!("{scheme} any")));
        let revoked = status_as(&url, "client-revoked", &["-t", "5s", "-r", "0"]);
        assert_eq!(revoked.code(), 5, "{scheme}: {}", revoked.stderr);
        if scheme == "tls" {
            let words = "our certificate has been revoked";
            assert!(revoked.stderr.contains(words), "{}", revoked.stderr);
        }
        accepted(&status_as(&url, "client", &[]));
    }
    server.wait_for("it has been revoked");
    // Without the list, nobody knows.
    let server = odd_server(&[TLS], &[]);
    let url = format!("tls://{}", server.address("tls any"));
    accepted(&status_as(&url, "client-revoked", &[]));
}

/// What `openssl s_client` says of a handshake with this ALPN.
fn s_client(at: SocketAddr, options: &[&str]) -> String {
    let mut command = Command::new(Tool::Openssl.path());
    command
        .args([
            "s_client",
            "-connect",
            &at.to_string(),
            "-cert",
            &shared("client.pem"),
        ])
        .args(["-key", &shared("client.key"), "-ign_eof"])
        .args(options);
    let finished = run(&mut command, b"", Duration::from_secs(20));
    format!("{}{}", finished.stdout, finished.stderr)
}

fn versions_of_radius_are_agreed_on_as_rfc_9765_has_it() {
    let offers: [&[&str]; 4] = [
        &[],
        &["-alpn", "radius/1.0"],
        &["-alpn", "radius/1.1,radius/1.0"],
        &["-alpn", "radius/1.1"],
    ];
    // What is agreed on: none, a version, an alert, or a goodbye with a Protocol-Error.
    let matrix = [
        ("none", ["-", "-", "-", "-"]),
        ("1.0", ["-", "1.0", "1.0", "alert"]),
        ("1.0,1.1", ["-", "1.0", "1.1", "1.1"]),
        ("1.1", ["closed", "alert", "1.1", "1.1"]),
    ];
    for (ours, row) in matrix {
        let server = served(
            &[TLS],
            &[
                "--radius-version",
                ours,
                "--idle-timeout",
                "1s",
                "--handshake-timeout",
                "2s",
            ],
        );
        for (offer, cell) in offers.iter().zip(row) {
            let said = s_client(server.address("tls any"), &[&["-tls1_3"], *offer].concat());
            let right = match cell {
                "-" => said.contains("No ALPN negotiated"),
                "alert" => said.contains("no application protocol"),
                // Protocol-Error, Token zero, Unsupported-Extension.
                "closed" => said.contains("closed") && said.contains('\u{34}'),
                version => said.contains(&format!("ALPN protocol: radius/{version}")),
            };
            assert!(right, "server {ours}, client {offer:?}, expected {cell}: {said}");
        }
    }
    // Below TLS 1.3 there is no RADIUS/1.1.
    let server = served(&[TLS], &["--idle-timeout", "1s"]);
    let said = s_client(
        server.address("tls any"),
        &["-tls1_2", "-alpn", "radius/1.1,radius/1.0"],
    );
    assert!(said.contains("ALPN protocol: radius/1.0"), "{said}");
}

fn certificates_are_read_anew_on_a_signal() {
    let odd = Odd::shared();
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| directory.path().join(name).display().to_string();
    let copy = |name: &str| {
        std::fs::copy(odd.text(&format!("{name}.pem")), path("cert.pem")).expect("a copy");
        std::fs::copy(odd.text(&format!("{name}.key")), path("key.pem")).expect("a copy");
    };
    copy("expired");
    let mut server = Served::on(
        &[TLS],
        &[
            "--tls-cert",
            &path("cert.pem"),
            "--tls-key",
            &path("key.pem"),
            "--tls-ca",
            &odd.text("ca.pem"),
        ],
        &[],
    );
    let url = format!("tls://{}", server.address("tls any"));
    assert_eq!(status_as(&url, "client", &[]).code(), 4);
    copy("good");
    server.signal("HUP");
    server.wait_for("reloaded");
    accepted(&status_as(&url, "client", &[]));
    // What cannot be read leaves the old one in force.
    std::fs::write(path("cert.pem"), "nothing").expect("the directory is ours");
    server.signal("HUP");
    server.wait_for("the old one stays");
    accepted(&status_as(&url, "client", &[]));
}

fn an_open_connection_ends_when_its_certificate_is_good_no_more() {
    let odd = Odd::shared();
    let directory = tempfile::tempdir().expect("a directory");
    let list = directory.path().join("list.pem");
    // Nobody is on it: it is the same CA's, and names other numbers.
    std::fs::copy(odd.text("crl-before.pem"), &list).expect("a copy");
    let list = list.display().to_string();
    let mut server = odd_server(&[TLS], &["--tls-crl", &list]);
    let url = format!("tls://{}", server.address("tls any"));
    let clients: Vec<_> = ["client-revoked", "client"]
        .into_iter()
        .map(|name| {
            let url = url.clone();
            std::thread::spawn(move || status_as(&url, name, &["--stay", "6s", "-v"]))
        })
        .collect();
    let begun = Instant::now();
    while server.log().matches("Status-Server").count() < 2 {
        assert!(begun.elapsed() < Duration::from_secs(10), "{}", server.log());
        std::thread::sleep(Duration::from_millis(20));
    }
    std::fs::copy(odd.text("crl.pem"), &list).expect("a copy");
    server.signal("HUP");
    server.wait_for("its certificate is trusted no more: it has been revoked");
    let [revoked, good] = clients.try_into().expect("there are two");
    let revoked: Finished = revoked.join().expect("it does not panic");
    let good: Finished = good.join().expect("it does not panic");
    assert!(
        revoked.stderr.contains("closed the connection"),
        "{}",
        revoked.stderr
    );
    // It comes again, and is told why it may not.
    assert!(revoked.stderr.contains("has been revoked"), "{}", revoked.stderr);
    assert!(!good.stderr.contains("closed"), "{}", good.stderr);
    assert_eq!(good.code(), 0, "{}", good.stderr);
}

/// Reads until the server closes; how long that took.
fn closes(stream: &mut TcpStream) -> Duration {
    let began = Instant::now();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a socket takes timeouts");
    let mut rest = Vec::new();
    // A reset is an end, too.
    let _ = stream.read_to_end(&mut rest);
    began.elapsed()
}

fn who_stalls_or_sends_nonsense_is_let_go_and_others_are_served() {
    let mut server = served(
        &[TLS, "tcp://127.0.0.1:0?role=any"],
        &["--handshake-timeout", "1s", "--max-handshakes", "4"],
    );
    let (tls, tcp) = (server.address("tls any"), server.address("tcp any"));
    let connect = |at: SocketAddr| TcpStream::connect(at).expect("the server listens");
    // Nothing at all, and a ClientHello an octet at a time.
    let mut silent = connect(tls);
    let mut slow = connect(tls);
    for octet in [0x16, 0x03, 0x01, 0x02, 0x00] {
        let _ = slow.write_all(&[octet]);
        std::thread::sleep(Duration::from_millis(250));
    }
    assert!(closes(&mut silent) < Duration::from_secs(10));
    assert!(closes(&mut slow) < Duration::from_secs(10));
    server.wait_for("its handshake took too long");
    // No TLS.
    let mut nonsense = connect(tls);
    nonsense.write_all(&[0x2a; 4096]).expect("the server reads");
    assert!(closes(&mut nonsense) < Duration::from_secs(10));
    server.wait_for("what it sent is not TLS");
    // More than may shake hands.
    let crowd: Vec<TcpStream> = (0..12).map(|_| connect(tls)).collect();
    server.wait_for("too many handshakes at once");
    drop(crowd);
    // Lengths that no packet has, and a packet that ends in the middle.
    for octets in [&[1, 1, 0xff, 0xff][..], &[1, 1, 0, 19], &[1, 1, 0, 200, 7, 7, 7]] {
        let mut stream = connect(tcp);
        stream.write_all(octets).expect("the server reads");
        if octets.len() == 4 {
            assert!(closes(&mut stream) < Duration::from_secs(10));
        }
    }
    server.wait_for("65535");
    std::thread::sleep(Duration::from_millis(1500));
    accepted(&log_in(&format!("tls://{tls}"), &[]));
}

fn a_flood_of_hellos_over_dtls_leaves_nothing_behind() {
    let server = served(&[DTLS], &[]);
    let at = server.address("dtls any");
    let memory = || -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/statm", server.pid())).unwrap_or_default();
        let resident = status.split(' ').nth(1).unwrap_or("0");
        resident.parse().unwrap_or(0)
    };
    accepted(&log_in(&format!("dtls://{at}"), &[]));
    let before = memory();
    // A ClientHello without cookie, each from another port and with another random.
    for number in 0_u16..200 {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        for again in 0_u8..50 {
            let mut body = vec![0xfe, 0xfd];
            body.extend([again; 30]);
            body.extend(number.to_be_bytes());
            body.extend([0, 0, 0, 2, 0xc0, 0x2b, 1, 0]);
            let length = u8::try_from(body.len()).expect("a short hello");
            let mut hello = vec![22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, length + 12];
            hello.extend([1, 0, 0, length, 0, 0, 0, 0, 0, 0, 0, length]);
            hello.extend(body);
            let _ = socket.send_to(&hello, at);
        }
        if number == 0 {
            let mut answer = [0; 100];
            socket
                .set_read_timeout(Some(Duration::from_secs(5)))
                .expect("a socket takes timeouts");
            let length = socket.recv(&mut answer).expect("a HelloVerifyRequest");
            assert!(length < 100 && answer[13] == 3, "{answer:?}");
        }
    }
    accepted(&log_in(&format!("dtls://{at}"), &[]));
    // Pages of four kilobytes: ten thousand associations would be many more.
    assert!(memory() < before + 2_000, "{before} pages became {}", memory());
    assert!(!server.log().contains("too many"), "{}", server.log());
}

fn a_pre_shared_key_opens_the_server_over_dtls() {
    let key = "000102030405060708090a0b0c0d0e0f";
    let mut server = served(&[DTLS], &["--tls-psk", &format!("nas1:{key}")]);
    let url = format!("dtls://{}", server.address("dtls any"));
    let psk = format!("nas1:{key}");
    accepted(&radius(&[
        "auth", &url, "-u", "alice", "-p", "hello", "--psk", &psk,
    ]));
    server.wait_for("nas1 [DTLS 1.2, RADIUS/1.0] Access-Request");
    // Neither says which of the two was wrong.
    for wrong in [format!("nas2:{key}"), format!("nas1:{}", key.replace("00", "ff"))] {
        let finished = radius(&["status", &url, "--psk", &wrong, "-t", "2s", "-r", "0"]);
        assert_ne!(finished.code(), 0, "{wrong}");
    }
    // Certificates go on beside it.
    accepted(&log_in(&url, &[]));
}
