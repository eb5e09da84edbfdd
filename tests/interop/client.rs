//! Our client against FreeRADIUS, with radclient and tshark for second opinions.

use std::net::{Ipv6Addr, SocketAddr};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::peer::{Capture, Finished, FreeRadius, Radclient, SECRET, radius};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        pap_is_accepted_and_the_reply_is_shown needs [FreeRadius, Openssl],
        a_wrong_password_is_rejected needs [FreeRadius, Openssl],
        chap_is_accepted_and_rejected needs [FreeRadius, Openssl],
        a_wrong_secret_is_silence_that_names_the_secret needs [FreeRadius, Openssl],
        a_client_with_a_secret_of_its_own_is_known_by_its_address needs [FreeRadius, Openssl],
        a_server_that_requires_message_authenticator_gets_it needs [FreeRadius, Openssl],
        tcp_carries_logins_and_records needs [FreeRadius, Openssl],
        ipv6_is_spoken needs [FreeRadius, Openssl],
        accounting_is_recorded needs [FreeRadius, Openssl],
        a_whole_session_is_recorded needs [FreeRadius, Openssl],
        status_is_answered_on_both_ports_and_with_statistics needs [FreeRadius, Openssl],
        coa_and_disconnect_are_acknowledged_and_refused needs [FreeRadius, Openssl],
        challenges_are_answered needs [FreeRadius, Openssl],
        keys_vendors_and_tags_are_opened_and_named needs [FreeRadius, Openssl],
        a_wide_reply_is_whole needs [FreeRadius, Openssl],
        a_late_reply_is_taken_and_silence_is_told needs [FreeRadius, Openssl],
        a_file_of_radclient_says_the_same_to_the_server needs [FreeRadius, Radclient, Openssl],
        tshark_finds_nothing_wrong_with_what_we_send needs [Tshark],
    ]
}

/// Runs a command of ours with the shared secret, and the server behind it.
fn ask(arguments: &[&str], server: SocketAddr) -> Finished {
    let server = server.to_string();
    let mut all = arguments.to_vec();
    all.extend(["-s", SECRET, server.as_str()]);
    radius(&all)
}

/// The same, with the exchange as JSON and its exit code.
fn json(arguments: &[&str], server: SocketAddr) -> (Value, i32) {
    let mut all = arguments.to_vec();
    all.push("--json");
    let finished = ask(&all, server);
    let value = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}\n{}", finished.stdout, finished.stderr));
    (value, finished.code())
}

/// The values of a reply's attribute, nested ones included; those with a name by their name.
fn values(exchange: &Value, name: &str) -> Vec<String> {
    fn walk(attributes: &Value, name: &str, found: &mut Vec<String>) {
        for attribute in attributes.as_array().into_iter().flatten() {
            if attribute["name"] == name {
                let value = attribute.get("value_name").unwrap_or(&attribute["value"]);
                found.push(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            }
            walk(&attribute["attributes"], name, found);
        }
    }
    let mut found = Vec::new();
    walk(&exchange["reply"]["attributes"], name, &mut found);
    found
}

fn pap_is_accepted_and_the_reply_is_shown() {
    let server = FreeRadius::shared().auth;
    let run = ask(&["auth", "-u", "bob", "-p", "hello"], server);
    assert_eq!(run.code(), 0, "{}", run.stderr);
    for line in [
        "  Reply-Message = \"Hello, bob\"",
        "  Reply-Message = \"and welcome\"",
        "  Service-Type = Framed-User",
        "  Framed-IP-Address = 192.0.2.7",
        "  Framed-IPv6-Prefix = 2001:db8:7::/64",
        "  Class = 0x636c6173732d6f662d626f62",
        "  Cisco-AVPair = \"shell:priv-lvl=15\"",
        "  Tunnel-Type:1 = VLAN",
        "  Tunnel-Private-Group-Id:1 = \"42\"",
        "  Tunnel-Password:1 = <hidden>",
    ] {
        assert!(
            run.stdout.lines().any(|printed| printed == line),
            "no {line} in\n{}",
            run.stdout
        );
    }
    assert!(
        run.stdout
            .starts_with(&format!("Access-Accept from {server} in ")),
        "{}",
        run.stdout
    );
    let shown = ask(&["auth", "-u", "bob", "-p", "hello", "--show-secrets"], server);
    assert!(
        shown.stdout.contains("Tunnel-Password:1 = \"tunnel secret\""),
        "{}",
        shown.stdout
    );
}

fn a_wrong_password_is_rejected() {
    let (exchange, code) = json(&["auth", "-u", "bob", "-p", "no"], FreeRadius::shared().auth);
    assert_eq!((exchange["verdict"].as_str(), code), (Some("reject"), 1));
}

fn chap_is_accepted_and_rejected() {
    let server = FreeRadius::shared().auth;
    assert_eq!(
        ask(&["auth", "-m", "chap", "-u", "alice", "-p", "hello"], server).code(),
        0
    );
    assert_eq!(
        ask(&["auth", "-m", "chap", "-u", "alice", "-p", "no"], server).code(),
        1
    );
}

fn a_wrong_secret_is_silence_that_names_the_secret() {
    // The server sees that the Message-Authenticator is wrong, and discards the request.
    let server = FreeRadius::shared().auth.to_string();
    let run = radius(&[
        "auth", "-u", "bob", "-p", "hello", "-s", "wrong", "-t", "300ms", "-r", "1", &server,
    ]);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    assert!(run.stderr.contains("shared secret differs"), "{}", run.stderr);
    // Without one it answers, and its answer cannot be believed.
    let run = radius(&[
        "auth",
        "-u",
        "bob",
        "-p",
        "hello",
        "-s",
        "wrong",
        "-t",
        "300ms",
        "-r",
        "1",
        "--no-message-authenticator",
        &server,
    ]);
    assert_eq!(run.code(), 4, "{}", run.stderr);
    assert!(run.stderr.contains("the shared secrets differ"), "{}", run.stderr);
}

fn a_client_with_a_secret_of_its_own_is_known_by_its_address() {
    let server = FreeRadius::shared().auth.to_string();
    let run = radius(&[
        "auth",
        "-u",
        "alice",
        "-p",
        "hello",
        "-s",
        "another secret",
        "--bind",
        "127.0.0.2",
        &server,
    ]);
    assert_eq!(run.code(), 0, "{}", run.stderr);
}

fn a_server_that_requires_message_authenticator_gets_it() {
    let server = FreeRadius::shared().auth;
    let from = ["auth", "-u", "alice", "-p", "hello", "--bind", "127.0.0.3"];
    assert_eq!(ask(&from, server).code(), 0);
    let mut unsealed = from.to_vec();
    unsealed.extend(["--no-message-authenticator", "-t", "300ms", "-r", "0"]);
    assert_eq!(ask(&unsealed, server).code(), 3);
}

fn tcp_carries_logins_and_records() {
    let server = FreeRadius::shared();
    let run = radius(&[
        "auth",
        "-u",
        "alice",
        "-p",
        "hello",
        "-s",
        SECRET,
        &format!("tcp://{}", server.auth),
    ]);
    assert_eq!(run.code(), 0, "{}", run.stderr);
    let run = radius(&[
        "acct",
        "-u",
        "alice",
        "-s",
        SECRET,
        "-c",
        "20",
        "-p",
        "5",
        &format!("tcp://{}", server.acct),
    ]);
    assert_eq!(run.code(), 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("20 sent = 20 answered + 0 lost"),
        "{}",
        run.stdout
    );
}

fn ipv6_is_spoken() {
    let server = FreeRadius::shared();
    if server.ipv6 {
        let address = SocketAddr::from((Ipv6Addr::LOCALHOST, server.auth.port()));
        let (exchange, code) = json(&["auth", "-u", "bob", "-p", "hello"], address);
        assert_eq!((exchange["verdict"].as_str(), code), (Some("accept"), 0));
        assert_eq!(exchange["server"], address.to_string());
    }
}

fn accounting_is_recorded() {
    let server = FreeRadius::start();
    let arguments = [
        "acct",
        "--type",
        "stop",
        "-u",
        "bob",
        "--session-id",
        "ours",
        "-a",
        "Acct-Session-Time = 7",
    ];
    let run = ask(&arguments, server.acct);
    assert_eq!(run.code(), 0, "{}", run.stderr);
    let records = server.accounting();
    assert_eq!(records.len(), 1, "{records:?}");
    for (name, value) in [
        ("Acct-Status-Type", "Stop"),
        ("Acct-Session-Id", "ours"),
        ("User-Name", "bob"),
        ("Acct-Session-Time", "7"),
        ("NAS-Identifier", "radius"),
    ] {
        assert!(
            records[0].contains(&(name.into(), value.into())),
            "no {name} = {value} in {records:?}"
        );
    }
}

fn a_whole_session_is_recorded() {
    let server = FreeRadius::start();
    let run = ask(
        &[
            "acct",
            "--session",
            "-u",
            "bob",
            "--session-id",
            "s1",
            "--interval",
            "50ms",
        ],
        server.acct,
    );
    assert_eq!(run.code(), 0, "{}", run.stderr);
    let types: Vec<String> = server
        .accounting()
        .iter()
        .flatten()
        .filter(|(name, _)| name == "Acct-Status-Type")
        .map(|(_, value)| value.clone())
        .collect();
    assert_eq!(types, ["Start", "Interim-Update", "Interim-Update", "Stop"]);
}

fn status_is_answered_on_both_ports_and_with_statistics() {
    let server = FreeRadius::shared();
    for (arguments, address) in [
        (&["status"][..], server.auth),
        (&["status", "--acct"], server.acct),
    ] {
        let (exchange, code) = json(arguments, address);
        assert_eq!((exchange["verdict"].as_str(), code), (Some("response"), 0));
    }
    let (exchange, code) = json(&["status", "--stats"], server.status);
    assert_eq!(code, 0);
    assert_eq!(
        values(&exchange, "FreeRADIUS-Total-Access-Requests").len(),
        1,
        "{exchange:#}"
    );
}

fn coa_and_disconnect_are_acknowledged_and_refused() {
    let server = FreeRadius::shared();
    for command in ["coa", "disconnect"] {
        let (exchange, code) = json(&[command, "-u", "bob"], server.coa);
        assert_eq!(
            (exchange["verdict"].as_str(), code),
            (Some("ack"), 0),
            "{exchange:#}"
        );
        let run = ask(&[command, "-u", "zed"], server.coa);
        assert_eq!(run.code(), 1, "{}", run.stderr);
        assert!(
            run.stdout
                .contains("Error-Cause = Session-Context-Not-Found  # the NAS has no session"),
            "{}",
            run.stdout
        );
    }
}

fn challenges_are_answered() {
    let server = FreeRadius::shared().auth;
    let answer = |code| {
        json(
            &["auth", "-u", "challenge", "-p", "hello", "--response", code],
            server,
        )
    };
    let (exchange, code) = answer("123456");
    assert_eq!(
        (exchange["verdict"].as_str(), code),
        (Some("accept"), 0),
        "{exchange:#}"
    );
    assert_eq!(exchange["rounds"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer("654321").1, 1);
    let rounds = [
        "auth",
        "-u",
        "rounds",
        "-p",
        "hello",
        "--response",
        "a",
        "--response",
        "b",
        "--response",
        "c",
    ];
    let (exchange, code) = json(&rounds, server);
    assert_eq!(
        (exchange["verdict"].as_str(), code),
        (Some("accept"), 0),
        "{exchange:#}"
    );
    let run = ask(&["auth", "-u", "challenge", "-p", "hello"], server);
    assert_eq!(run.code(), 1);
    assert!(run.stdout.contains("Enter the code"), "{}", run.stdout);
}

fn keys_vendors_and_tags_are_opened_and_named() {
    let server = FreeRadius::shared().auth;
    let (exchange, _) = json(&["auth", "-u", "mppe", "-p", "hello", "--show-secrets"], server);
    assert_eq!(
        values(&exchange, "MS-MPPE-Send-Key"),
        ["0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"]
    );
    assert_eq!(
        values(&exchange, "MS-MPPE-Recv-Key"),
        ["0x202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"]
    );
    let (exchange, code) = json(
        &["auth", "-u", "vendors", "-p", "hello", "--show-secrets"],
        server,
    );
    assert_eq!(code, 0);
    for (name, value) in [
        ("USR-Channel", "7"),
        ("Lucent-Max-Shared-Users", "8"),
        ("SN-VPN-Name", "nine"),
        ("WiMAX-Release", "1.0"),
        ("Ascend-Send-Secret", "ascend secret"),
        ("3GPP-IMSI", "262019999999999"),
        ("MS-Quarantine-SOH", "0x01020304"),
        ("IP-Port-Limit", "1000"),
        ("Attr-26.99999.1", "0x0a0b0c"),
    ] {
        assert_eq!(values(&exchange, name), [value], "{name} in {exchange:#}");
    }
}

fn a_wide_reply_is_whole() {
    let (exchange, code) = json(&["auth", "-u", "wide", "-p", "hello"], FreeRadius::shared().auth);
    assert_eq!(code, 0);
    assert_eq!(values(&exchange, "Reply-Message").len(), 15);
    assert!(exchange["reply"]["length"].as_u64() >= Some(3845));
}

fn a_late_reply_is_taken_and_silence_is_told() {
    let server = FreeRadius::shared().auth;
    assert_eq!(
        ask(&["auth", "-u", "slow", "-p", "hello", "-t", "5s"], server).code(),
        0
    );
    let run = ask(
        &["auth", "-u", "drop", "-p", "hello", "-t", "200ms", "-r", "1"],
        server,
    );
    assert_eq!(run.code(), 3);
    assert!(run.stderr.contains("no reply from"), "{}", run.stderr);
}

fn a_file_of_radclient_says_the_same_to_the_server() {
    let text = "User-Name = \"bob\"\nAcct-Status-Type = Interim-Update\nAcct-Session-Id = \"same\"\n\
                NAS-IP-Address = 192.0.2.9\nFramed-IPv6-Prefix = 2001:db8::/32\nTunnel-Type:3 = VLAN\n\
                Tunnel-Private-Group-Id:3 = \"42\"\nCisco-AVPair = \"a=b\"\nCisco-AVPair += \"c=d\"\nClass = 0x0102ff\n\
                Acct-Input-Octets = 4294967295\nEvent-Timestamp = 1700000000\nFilter-Id = \"tab\\there\"\n\
                NAS-Port-Type = Wireless-802.11\nMS-Quarantine-State = 1\nUSR-Channel = 7\n3GPP-IMSI = \"262019999999999\"\n";
    let recorded = |send: &dyn Fn(&FreeRadius)| {
        let server = FreeRadius::start();
        send(&server);
        let mut records = server.accounting();
        assert_eq!(records.len(), 1, "{records:?}");
        // The server's own words about the record.
        let mut record = records.remove(0);
        record.retain(|(name, _)| !matches!(name.as_str(), "Timestamp" | "Acct-Unique-Session-Id"));
        record
    };
    let theirs = recorded(&|server| {
        let run = Radclient::new(server.acct, "acct").send(text);
        assert_eq!(run.one().code, "Accounting-Response");
    });
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("same-file.txt");
    std::fs::write(&file, text).expect("cargo's directory for tests is writable");
    let ours = recorded(&|server| {
        let run = ask(&["acct", "-f", &file.to_string_lossy()], server.acct);
        assert_eq!(run.code(), 0, "{}", run.stderr);
    });
    assert_eq!(ours, theirs);
}

fn tshark_finds_nothing_wrong_with_what_we_send() {
    let everything = "Service-Type = Framed-User, Framed-IPv6-Prefix = 2001:db8::/32, Tunnel-Type:1 = VLAN, \
                      Cisco-AVPair = \"a=b\", Class = 0x0102, Event-Timestamp = 1700000000, NAS-IPv6-Address = ::1";
    let commands: [(&[&str], u16, &str); 8] = [
        (&["auth", "-u", "alice", "-p", "wonderland"], 1812, "1"),
        (
            &["auth", "-u", "alice", "-p", "wonderland", "-m", "chap"],
            1812,
            "1",
        ),
        (
            &["auth", "-u", "alice", "-p", "wonderland", "-a", everything],
            1812,
            "1",
        ),
        (&["acct", "-u", "alice", "-a", everything], 1813, "4"),
        (&["acct", "--type", "on"], 1813, "4"),
        (&["coa", "-u", "alice", "-a", "Session-Timeout = 60"], 3799, "43"),
        (&["disconnect", "--session-id", "s1"], 3799, "40"),
        (&["status"], 1812, "12"),
    ];
    let mut capture = Capture::new();
    for (arguments, port, _) in &commands {
        let mut all = arguments.to_vec();
        all.extend(["-n", "--json", "--show-secrets", "-s", SECRET, "127.0.0.1"]);
        let finished = radius(&all);
        assert_eq!(finished.code(), 0, "{}", finished.stderr);
        let packet: Value = serde_json::from_str(&finished.stdout).expect("JSON");
        let octets =
            ::radius::codec::hex::decode(packet["octets"].as_str().expect("octets")).expect("hexadecimal");
        let [from, to] = [40_000, *port].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        capture = capture.datagram(from, to, &octets);
    }
    let decoded = capture.decode(SECRET);
    assert_eq!(decoded.len(), commands.len());
    for (packet, (arguments, _, code)) in decoded.iter().zip(&commands) {
        assert_eq!(packet.problems(), [""; 0], "{arguments:?}");
        assert_eq!(packet.field("radius.code"), [*code], "{arguments:?}");
        assert_ne!(packet.authenticator_is_valid(), Some(false), "{arguments:?}");
    }
    assert_eq!(decoded[0].field("radius.User_Password"), ["wonderland"]);
}
