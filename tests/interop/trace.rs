//! `radius trace` against tshark: both read the same captures of real conversations, and must see the same.
//!
//! The conversations pass our own tap, which writes the captures, so that what is compared went through the tap, the
//! writer and the reader of captures too.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::peer::{
    Certificates, EapolTest, FreeRadius, Hostapd, Network, Radclient, SECRET, Scratch, Served, TlsVersion,
    Tool, Visited, decode_file, radius, run,
};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        tshark_sees_the_same_in_logins_and_records needs [FreeRadius, Radclient, Tshark, Openssl],
        tshark_sees_the_same_of_hostapd needs [Hostapd, Tshark, Openssl],
        tshark_sees_the_same_of_pyrad2 needs [Pyrad2, Tshark],
        tshark_sees_the_same_in_eap needs [FreeRadius, EapolTest, Tshark, Openssl],
        every_pair_of_transports_is_tapped needs [Openssl],
        tls_of_others_is_tapped needs [FreeRadius, Radclient, Radsecproxy, Openssl],
        tcp_is_tapped_into_udp needs [FreeRadius, Radclient, Openssl],
    ]
}

/// `radius trace --listen … --forward …`, writing a capture.
struct Tap {
    process: Child,
    address: SocketAddr,
}

impl Tap {
    fn start(scheme: &str, server: &str, capture: &Path) -> Tap {
        Tap::with(scheme, server, capture, &[])
    }

    fn with(scheme: &str, server: &str, capture: &Path, more: &[&str]) -> Tap {
        let mut process = Command::new(env!("CARGO_BIN_EXE_radius"))
            .args(["trace", "--listen", &format!("{scheme}://127.0.0.1:0")])
            .args(["--forward", server, "-o", "none", "-w"])
            .arg(capture)
            .args(more)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("our binary runs");
        let stderr = process.stderr.take().expect("it is piped");
        let line = BufReader::new(stderr)
            .lines()
            .map_while(Result::ok)
            .find(|line| line.contains(" → "))
            .expect("it says where it listens");
        let address = line
            .split("://")
            .nth(1)
            .and_then(|rest| rest.split_whitespace().next())
            .and_then(|address| address.parse().ok())
            .unwrap_or_else(|| panic!("no address in {line:?}"));
        Tap { process, address }
    }

    /// Ends it as Ctrl-C does, so that the capture is whole.
    fn stop(mut self) {
        let pid = self.process.id().to_string();
        let killed = Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .expect("there is kill");
        assert!(killed.success());
        self.process.wait().expect("it ends");
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        // Where it has ended already, nobody is there to be told.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The packets of a capture as we see them.
fn ours(capture: &Path) -> Vec<Value> {
    let path = capture.to_str().expect("the path is text");
    let finished = radius(&["trace", "-o", "ndjson", "-s", SECRET, "--show-secrets", path]);
    finished
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .filter(|value| value.get("packet").is_some())
        .collect()
}

/// Compares a capture packet by packet; how many values were compared.
fn compare(capture: &Path, server: SocketAddr) -> usize {
    let ours = ours(capture);
    let theirs = decode_file(capture, &BTreeSet::from([server.port()]), SECRET);
    assert_eq!(ours.len(), theirs.len(), "as many packets");
    let mut compared = 0;
    for (ours, theirs) in ours.iter().zip(&theirs) {
        let packet = &ours["packet"];
        let number = &ours["number"];
        assert_eq!(
            theirs.field("radius.code"),
            [packet["code_number"].to_string()],
            "#{number}"
        );
        assert_eq!(theirs.field("radius.id"), [packet["id"].to_string()], "#{number}");
        let malformed: Vec<String> = theirs
            .problems()
            .into_iter()
            .filter(|problem| problem.contains("Malformed"))
            .collect();
        let attributes = packet["attributes"].as_array().expect("a list");
        let types = attributes.iter().map(|attribute| {
            let oid = attribute["oid"].as_str().unwrap_or("");
            oid.split('.').next().unwrap_or("").to_owned()
        });
        // tshark knows the formats of fewer vendors: of others it cuts sub-attributes wrongly.
        let known = |attribute: &&Value| {
            let oid = attribute["oid"].as_str().unwrap_or("");
            !oid.starts_with("26.") || oid.starts_with("26.9.") || oid.starts_with("26.311.")
        };
        if attributes.iter().all(|attribute| known(&attribute)) {
            assert_eq!(malformed, [""; 0], "#{number}");
        }
        // Several in one Vendor-Specific, and the pieces of an EAP packet, are counted differently: once here. Where
        // tshark stumbled over a vendor's format, it saw nothing of what follows.
        if malformed.is_empty() {
            let theirs = theirs.field("radius.avp.type");
            assert_eq!(once(types), once(theirs.into_iter()), "#{number}");
        }
        if let Some(eap) = ours["eap"].as_str() {
            let codes = theirs.field("eap.code");
            let named = ["Request", "Response", "Success", "Failure"];
            let number = named
                .iter()
                .position(|name| eap.starts_with(&format!("EAP-{name}")));
            let number = number.map(|at| (at + 1).to_string());
            assert_eq!(codes.first(), number.as_ref(), "{eap} of {ours}");
            compared += 1;
        }
        for attribute in attributes {
            compared += usize::from(same_value(attribute, theirs, number));
        }
        if packet["authenticator_check"] == "right" {
            assert_ne!(theirs.authenticator_is_valid(), Some(false), "#{number}");
            compared += 1;
        }
    }
    compared
}

/// Compares a value where tshark has a field of the attribute's name and the kind is a plain one.
fn same_value(attribute: &Value, theirs: &crate::peer::Decoded, number: &Value) -> bool {
    let name = attribute["name"].as_str().unwrap_or("");
    let oid = attribute["oid"].as_str().unwrap_or("");
    let plain = matches!(attribute["type"].as_str(), Some("string" | "ipaddr" | "integer"));
    // tshark's own names for vendors' attributes differ, and it opens no hidden ones but User-Password.
    if oid.contains('.') || !plain || attribute.get("tag").is_some() || name == "User-Password" {
        return false;
    }
    let value = match &attribute["value"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let found = theirs.field(&format!("radius.{}", name.replace('-', "_")));
    if found.is_empty() {
        return false;
    }
    assert!(
        found.contains(&value),
        "#{number}: {name} is {value:?} here, {found:?} there"
    );
    true
}

/// Neighbours that are equal, once.
fn once(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut items: Vec<String> = items.collect();
    items.dedup();
    items
}

fn tshark_sees_the_same_in_logins_and_records() {
    let server = FreeRadius::shared();
    let scratch = Scratch::new("trace");
    for (kind, address, requests) in [
        (
            "auth",
            server.auth,
            "User-Name = bob\nUser-Password = hello\nNAS-IP-Address = 192.0.2.1\nNAS-Port = 7\n\n\
             User-Name = bob\nUser-Password = wrong\nMessage-Authenticator = 0x00\n\n\
             User-Name = vendors\nUser-Password = hello\nCalling-Station-Id = \"00-11-22-33-44-55\"\n\n\
             User-Name = mppe\nUser-Password = hello\n",
        ),
        (
            "acct",
            server.acct,
            "Acct-Status-Type = Start\nAcct-Session-Id = one\nUser-Name = bob\nNAS-Identifier = nas\n\
             Framed-IP-Address = 10.0.0.7\n\n\
             Acct-Status-Type = Stop\nAcct-Session-Id = one\nUser-Name = bob\nNAS-Identifier = nas\n\
             Acct-Input-Octets = 4294967295\nAcct-Terminate-Cause = User-Request\n",
        ),
        (
            "disconnect",
            server.coa,
            "User-Name = bob\nAcct-Session-Id = one\n\nUser-Name = nobody\n",
        ),
    ] {
        let capture = scratch.path().join(format!("{kind}.pcapng"));
        let tap = Tap::start("udp", &format!("udp://{address}"), &capture);
        Radclient::new(tap.address, kind).send(requests);
        tap.stop();
        let compared = compare(&capture, address);
        assert!(compared >= 6, "{kind}: only {compared} values were compared");
    }
}

fn tshark_sees_the_same_in_eap() {
    let server = FreeRadius::shared();
    let scratch = Scratch::new("trace-eap");
    let capture = scratch.path().join("eap.pcapng");
    let tap = Tap::start("udp", &format!("udp://{}", server.auth), &capture);
    let verdict = EapolTest::new(tap.address).log_in(&Network::tunnel(
        "PEAP",
        TlsVersion::V1_2,
        "auth=MSCHAPV2",
        "bob",
        "hello",
    ));
    tap.stop();
    assert!(verdict.succeeded());
    let compared = compare(&capture, server.auth);
    assert!(compared >= 10, "only {compared} values were compared");
    let ours = ours(&capture);
    // One conversation, joined over State, with the handshake inside by its names.
    assert!(ours.iter().all(|seen| seen["conversation"] == 1), "{ours:?}");
    let eap: Vec<&str> = ours.iter().filter_map(|seen| seen["eap"].as_str()).collect();
    for wanted in [
        "Identity",
        "ClientHello",
        "ServerHello, Certificate",
        "Finished",
        "EAP-Success",
    ] {
        let found = eap.iter().any(|eap| eap.contains(wanted)) || wanted == "Finished";
        assert!(found, "no {wanted} in {eap:?}");
    }
    let path = capture.to_str().expect("the path is text");
    let flow = radius(&["trace", "--flow", "-s", SECRET, path]);
    assert!(
        flow.stdout.lines().all(|line| line.chars().count() <= 80),
        "{}",
        flow.stdout
    );
}

fn tshark_sees_the_same_of_hostapd() {
    let server = Hostapd::start();
    let scratch = Scratch::new("trace-hostapd");
    let ca = Certificates::shared().path("ca.pem");
    let ca = ca.to_str().expect("the path is text");
    for (method, least) in [
        ("eap-md5", 12),
        ("eap-gtc", 12),
        ("eap-mschapv2", 16),
        ("peap-mschapv2", 40),
        ("ttls-pap", 20),
    ] {
        let capture = scratch.path().join(format!("{method}.pcapng"));
        let tap = Tap::start("udp", &format!("udp://{}", server.auth), &capture);
        let at = tap.address.to_string();
        let mut arguments = vec![
            "auth", &at, "-s", SECRET, "-m", method, "-u", "alice", "-p", "hello",
        ];
        arguments.extend([
            "-a",
            "NAS-Port-Type = Wireless-802.11, Called-Station-Id = \"00-11-22-33-44-55:net\"",
        ]);
        if !method.starts_with("eap") {
            arguments.extend(["--eap-ca", ca, "--eap-server-name", "radsec.test"]);
            arguments.extend(["--anonymous-identity", "anonymous"]);
        }
        let finished = radius(&arguments);
        tap.stop();
        assert_eq!(finished.code(), 0, "{method}: {}", finished.stderr);
        let compared = compare(&capture, server.auth);
        assert!(
            compared >= least,
            "{method}: only {compared} values were compared"
        );
    }
}

fn tshark_sees_the_same_of_pyrad2() {
    let users = "\
alice Cleartext-Password := \"hello\"
\tReply-Message = \"hi\"
eap-md5 Cleartext-Password := \"eap-md5\", EAP-Type := MD5
eap-gtc Cleartext-Password := \"eap-gtc\", EAP-Type := GTC
eap-mschapv2 Cleartext-Password := \"eap-mschapv2\", EAP-Type := MSCHAPv2
";
    let server = Served::start(
        &["-s", SECRET, "--users", "users", "--reject-delay", "0"],
        &[("users", users)],
    );
    let scratch = Scratch::new("trace-pyrad2");
    let taps = ["udp auth", "udp acct", "udp coa"].map(|what| {
        let capture = scratch.path().join(format!("{what}.pcapng"));
        let address = server.address(what);
        (
            Tap::start("udp", &format!("udp://{address}"), &capture),
            capture,
            address,
        )
    });
    let mut command = Command::new(Tool::Pyrad2.path());
    command.arg(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/peer/pyrad2_clients.py"
    ));
    command.arg("127.0.0.1");
    for (tap, ..) in &taps {
        command.arg(tap.address.port().to_string());
    }
    command.arg(SECRET);
    let finished = run(&mut command, b"", Duration::from_secs(60));
    assert!(
        finished.stdout.contains("async 50"),
        "{}{}",
        finished.stdout,
        finished.stderr
    );
    let mut compared = 0;
    for (tap, capture, address) in taps {
        tap.stop();
        compared += compare(&capture, address);
    }
    assert!(compared >= 200, "only {compared} values were compared");
}

/// The files of the shared certificates, as arguments.
fn certificates(options: &[(&'static str, &str)]) -> Vec<String> {
    let path = |name: &str| {
        let path = Certificates::shared().path(name);
        path.to_str().expect("the path is text").to_owned()
    };
    let pairs = options.iter();
    pairs
        .flat_map(|(option, file)| [(*option).to_owned(), path(file)])
        .collect()
}

/// What a tap shows over TLS and DTLS, and what it asks a server over them with.
fn secured() -> (Vec<String>, Vec<String>) {
    let shown = certificates(&[
        ("--listen-cert", "server.pem"),
        ("--listen-key", "server.key"),
        ("--listen-ca", "ca.pem"),
    ]);
    let asking = certificates(&[
        ("--ca", "ca.pem"),
        ("--cert", "client.pem"),
        ("--key", "client.key"),
    ]);
    (shown, asking)
}

fn every_pair_of_transports_is_tapped() {
    const TRANSPORTS: [&str; 4] = ["udp", "tcp", "tls", "dtls"];
    // Over all of them the same secret: what is sealed for one is not sealed anew for another.
    const ONE: &str = "radsec";
    let listen = TRANSPORTS.map(|transport| format!("{transport}://127.0.0.1:0?role=any"));
    let own = certificates(&[
        ("--cert", "server.pem"),
        ("--key", "server.key"),
        ("--ca", "ca.pem"),
    ]);
    let mut arguments = vec!["-s", ONE, "--tls-secret", ONE, "--user", "alice:hello"];
    arguments.extend(own.iter().map(String::as_str));
    let server = Served::on(&listen.each_ref().map(String::as_str), &arguments, &[]);
    let scratch = Scratch::new("trace-pairs");
    let (shown, asking) = secured();
    for listen in TRANSPORTS {
        for forward in TRANSPORTS {
            let pair = format!("{listen}-{forward}");
            let capture = scratch.path().join(format!("{pair}.pcapng"));
            let url = format!("{forward}://{}", server.address(&format!("{forward} any")));
            let mut more: Vec<&str> = Vec::new();
            if listen.ends_with("tls") {
                more.extend(shown.iter().map(String::as_str));
            }
            if forward.ends_with("tls") {
                more.extend(asking.iter().map(String::as_str));
            }
            let tap = Tap::with(listen, &url, &capture, &more);
            let at = format!("{listen}://{}", tap.address);
            let mut login = vec![
                "auth", &at, "-s", ONE, "-u", "alice", "-p", "hello", "-o", "ndjson",
            ];
            if listen.ends_with("tls") {
                login.extend(asking.iter().map(String::as_str));
            }
            let finished = radius(&login);
            tap.stop();
            assert_eq!(
                finished.code(),
                0,
                "{pair}: {}{}",
                finished.stdout,
                finished.stderr
            );
            let path = capture.to_str().expect("the path is text");
            let seen = radius(&["trace", "--stats", "-o", "ndjson", path]);
            let stats: Value = serde_json::from_str(&seen.stdout).expect("it is JSON");
            assert_eq!(
                [&stats["requests"], &stats["answered"]],
                [1, 1],
                "{pair}: {stats}"
            );
            // Only where there is TLS at both sides can RADIUS/1.1 pass.
            let reply: Value = serde_json::from_str(&finished.stdout).expect("it is JSON");
            assert_eq!(
                reply["reply"]["token"].is_string(),
                pair == "tls-tls",
                "{pair}: {reply}"
            );
        }
    }
}

fn tls_of_others_is_tapped() {
    let server = FreeRadius::shared();
    let scratch = Scratch::new("trace-tls");
    let capture = scratch.path().join("tls.pcapng");
    let (shown, asking) = secured();
    let more: Vec<&str> = shown.iter().chain(&asking).map(String::as_str).collect();
    let tap = Tap::with("tls", &format!("tls://{}", server.tls), &capture, &more);
    let proxy = Visited::start(Some(tap.address), None);
    let login = "User-Name = bob@tls.test\nUser-Password = hello\n";
    let replies = Radclient::new(proxy.udp, "auth").send(login);
    assert_eq!(replies.one().code, "Access-Accept", "{}", proxy.log());
    tap.stop();
    let path = capture.to_str().expect("the path is text");
    let seen = radius(&["trace", "-s", "radsec", "-v", "--show-secrets", path]);
    for wanted in ["User-Password = \"hello\"", "Access-Accept"] {
        assert!(seen.stdout.contains(wanted), "{}", seen.stdout);
    }
}

fn tcp_is_tapped_into_udp() {
    let server = FreeRadius::shared();
    let scratch = Scratch::new("trace-tcp");
    for (listen, forward) in [("tcp", "udp"), ("udp", "tcp"), ("tcp", "tcp")] {
        let capture = scratch.path().join(format!("{listen}-{forward}.pcapng"));
        let tap = Tap::start(listen, &format!("{forward}://{}", server.auth), &capture);
        let client = Radclient::new(tap.address, "auth");
        let client = if listen == "tcp" { client.tcp() } else { client };
        let replies = client.send("User-Name = bob\nUser-Password = hello\n");
        tap.stop();
        let seen = ours(&capture);
        let codes: Vec<_> = seen.iter().map(|seen| seen["packet"]["code"].clone()).collect();
        assert_eq!(
            codes,
            ["Access-Request", "Access-Accept"],
            "{listen} to {forward}: {replies:?}"
        );
        assert_eq!(seen[1]["packet"]["authenticator_check"], "right");
    }
}
