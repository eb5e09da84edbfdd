//! The defects of other clients, each with a test of what is right here. They were reproduced with radclient 3.2.1,
//! 3.2.11 and 4 (development).

use std::net::UdpSocket;

use radius::codec::Code;
use snapbox::str;

use crate::server::Server;
use crate::transcript::radius;

#[test]
fn a_dead_server_is_a_failure_whatever_the_timeout() {
    for (timeout, retries) in [("0.1", "1"), ("0.15", "2"), ("100ms", "0")] {
        let server = Server::silent();
        let transcript = radius([
            "auth",
            "-u",
            "a",
            "-p",
            "x",
            "-t",
            timeout,
            "-r",
            retries,
            "--backoff",
            "1",
        ])
        .ask(&server)
        .run();
        transcript.exits(3).has("no reply from");
    }
}

#[test]
fn every_request_to_a_dead_server_is_counted_and_they_wait_together() {
    let server = Server::silent();
    let started = std::time::Instant::now();
    let transcript = radius([
        "auth",
        "-u",
        "a",
        "-p",
        "x",
        "-c",
        "5",
        "--parallel",
        "5",
        "-t",
        "2s",
        "-r",
        "0",
    ])
    .ask(&server)
    .run();
    transcript
        .exits(3)
        .has("5 sent = 0 answered + 5 lost; 0 retransmissions");
    // One after the other they would take ten.
    assert!(started.elapsed() < std::time::Duration::from_secs(8));
    let files = radius(["auth", "-f", "a", "-f", "b", "-f", "c"]).hasty();
    let names = ["a", "b", "c"];
    let files = names
        .iter()
        .fold(files, |run, name| run.file(name, "User-Name = x\n"));
    files
        .ask(&server)
        .run()
        .exits(3)
        .has("3 sent = 0 answered + 3 lost; 3 retransmissions");
}

#[test]
fn a_file_of_thirty_packets_sends_thirty() {
    let server = Server::yes();
    let text: String = (0..30)
        .map(|number| format!("User-Name = user{number}\nUser-Password = x\n\n"))
        .collect();
    radius(["auth", "-f", "n30.txt"])
        .file("n30.txt", text)
        .ask(&server)
        .run()
        .exits(0)
        .has("30 sent = 30 answered + 0 lost");
    let names: Vec<String> = server.requests().iter().map(|request| request.text(1)).collect();
    assert_eq!(
        names,
        (0..30).map(|number| format!("user{number}")).collect::<Vec<_>>()
    );
}

#[test]
fn a_rate_is_kept() {
    let server = Server::yes();
    let started = std::time::Instant::now();
    radius(["auth", "-u", "a", "-p", "x", "-c", "30", "--rate", "100", "-q"])
        .ask(&server)
        .run()
        .exits(0);
    // The thirtieth is due 290 ms after the first, and none is sent before its time.
    assert!(started.elapsed() >= std::time::Duration::from_millis(290));
    assert_eq!(server.requests().len(), 30);
}

#[test]
fn a_bare_word_needs_no_spaces_around_it() {
    let server = Server::yes();
    radius(["auth", "-f", "-"])
        .stdin("User-Name=bob,User-Password=x")
        .ask(&server)
        .run()
        .exits(0);
    let request = server.request();
    assert_eq!(
        (request.text(1), request.password()),
        ("bob".into(), Some("x".into()))
    );
}

#[test]
fn a_fixed_identifier_serves_any_number_of_files() {
    let server = Server::yes();
    radius(["auth", "--id", "5", "-f", "a", "-f", "a", "-f", "a", "-p", "3"])
        .file("a", "User-Name = bob\n")
        .ask(&server)
        .run()
        .exits(0)
        .has("3 sent = 3 answered + 0 lost");
    assert!(server.requests().iter().all(|request| request.octets[1] == 5));
}

#[test]
fn the_same_file_twice_is_sent_twice() {
    let server = Server::yes();
    radius(["auth", "-f", "one.txt", "-f", "one.txt"])
        .file("one.txt", "User-Name = a\n")
        .ask(&server)
        .run()
        .exits(0);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn files_with_expectations_are_sent_in_the_order_of_the_command_line() {
    let server = Server::udp(|request| request.yes().with(18, request.text(1)).send());
    radius(["auth", "-f", "b1:eb", "-f", "a2:ea", "-f", "b1:eb"])
        .file("b1", "User-Name = b\n")
        .file("a2", "User-Name = a\n")
        .file("eb", "Packet-Type == Access-Accept\nReply-Message == b\n")
        .file("ea", "Packet-Type == Access-Accept\nReply-Message == a\n")
        .ask(&server)
        .run()
        .exits(0);
    let names: Vec<String> = server.requests().iter().map(|request| request.text(1)).collect();
    assert_eq!(names, ["b", "a", "b"]);
}

#[test]
fn nothing_is_cut_or_wrapped_in_silence() {
    let server = Server::yes();
    let long = format!("Filter-Id = \"{}\"", "x".repeat(300));
    for attribute in [
        long.as_str(),
        "NAS-Port = 99999999999",
        "NAS-Port = -1",
        "Filter-Id = \"\"",
    ] {
        radius(["auth", "-u", "a", "-p", "x", "-a", attribute])
            .ask(&server)
            .run()
            .exits(2);
    }
    let packet =
        "Cisco-AVPair = \"0123456789012345678901234567890123456789012345678901234567890123456789\"\n"
            .repeat(300);
    radius(["auth", "-f", "r"])
        .file("r", packet)
        .ask(&server)
        .run()
        .exits(2)
        .has("4096 are the most");
    assert!(server.requests().is_empty());
}

#[test]
fn silence_is_never_silent() {
    let transcript = radius(["auth", "-u", "a", "-p", "x"])
        .hasty()
        .ask(&Server::silent())
        .run();
    assert!(transcript.stderr.contains("no reply") && transcript.stderr.contains("secret"));
    let wrong = Server::udp(|request| request.reply(Code::ACCESS_REJECT).secret("another").send());
    let transcript = radius(["auth", "-u", "a", "-p", "x"]).hasty().ask(&wrong).run();
    assert_eq!(transcript.code, Some(4));
    assert!(transcript.stderr.contains("the shared secrets differ"));
}

#[test]
fn a_wrong_secret_ends_in_time() {
    let server = Server::udp(|request| request.yes().secret("another").send());
    let started = std::time::Instant::now();
    radius([
        "auth",
        "-u",
        "a",
        "-p",
        "x",
        "-t",
        "200ms",
        "-r",
        "1",
        "--backoff",
        "1",
    ])
    .ask(&server)
    .run()
    .exits(4);
    assert!(started.elapsed() < std::time::Duration::from_secs(8));
}

#[test]
fn a_port_that_is_printed_is_the_port_that_is_asked() {
    let server = Server::silent();
    let port = server.address.port().to_string();
    let transcript = radius(["auth", "-u", "a", "-p", "x"])
        .hasty()
        .args([server.host().as_str()])
        .run();
    assert!(transcript.stderr.contains(&port), "{}", transcript.stderr);
    // Nothing is sent when nobody is there to be asked twice.
    let closed = UdpSocket::bind(("127.99.0.2", 0)).unwrap().local_addr().unwrap();
    let transcript = radius(["auth", "-u", "a", "-p", "x", &closed.to_string()]).run();
    assert!(transcript.stderr.contains(&closed.to_string()));
}

#[test]
fn a_dash_for_the_server_works_and_names_are_in_the_results() {
    let server = Server::yes();
    let text = format!(
        "Radclient-Test-Name = \"first\"\nUser-Name = a\nPacket-Dst-IP-Address = 127.0.0.1\nPacket-Dst-Port = {}\n",
        server.address.port()
    );
    radius(["auth", "-f", "r", "-"])
        .file("r", text)
        .with_port(server.address.port(), "PORT")
        .run()
        .is(str![[r#"
Access-Accept from 127.0.0.1:PORT in # ms (first)
--- exit 0

"#]]);
}

#[test]
fn line_ends_and_blanks_of_other_systems_do_no_harm() {
    let server = Server::yes();
    let text =
        "User-Name = a\r\n   # indented comment\r\nNAS-Port = 1\r\n \t \r\nUser-Name = b\r\nNAS-Port = 2\r\n";
    radius(["auth", "-f", "r"])
        .file("r", text)
        .ask(&server)
        .run()
        .exits(0);
    let seen: Vec<(String, u8)> = server
        .requests()
        .iter()
        .map(|request| (request.text(1), request.value(5).unwrap()[3]))
        .collect();
    assert_eq!(seen, [("a".into(), 1), ("b".into(), 2)]);
}

#[test]
fn nothing_of_the_machines_cryptography_is_needed() {
    let server = Server::yes();
    radius(["auth", "-u", "a", "-p", "x", "-q"])
        .env("OPENSSL_CONF", "/nonexistent")
        .env("OPENSSL_MODULES", "/nonexistent")
        .ask(&server)
        .run()
        .exits(0);
}
