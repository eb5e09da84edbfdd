//! `radius auth` with every method of EAP against FreeRADIUS: logins whose keys match, and failures told apart.

use std::path::Path;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::peer::{
    Certificates, EapolTest, Finished, FreeRadius, Home, Hostapd, Network, SECRET, Served, TlsVersion, radius,
};

pub fn trials() -> Vec<Trial> {
    trials![
        every_method_logs_in_and_the_keys_match needs [FreeRadius, Openssl],
        every_method_logs_in_to_hostapd_too needs [Hostapd, Openssl],
        every_method_logs_in_to_serve_too needs [Openssl],
        sessions_of_other_servers_are_resumed needs [Hostapd, Openssl],
        a_record_that_hostapd_loses_ends_the_login_with_a_reason needs [Hostapd, EapolTest, Openssl],
        a_wrong_password_is_told_in_the_words_of_the_method needs [FreeRadius, Openssl],
        a_certificate_of_another_ca_is_not_trusted needs [FreeRadius, Openssl],
        a_certificate_of_another_name_is_not_trusted needs [FreeRadius, Openssl],
        a_pinned_certificate_is_taken_and_no_other needs [FreeRadius, Openssl],
        without_a_ca_a_warning_stands_and_the_chain_is_shown needs [FreeRadius, Openssl],
        the_methods_of_the_server_are_listed needs [FreeRadius, Openssl],
        a_session_is_resumed needs [FreeRadius, Openssl],
        a_tunnel_hides_the_name needs [FreeRadius, Openssl],
        logins_go_through_a_proxy needs [FreeRadius, Radsecproxy, Openssl],
    ]
}

/// Every method of EAP that FreeRADIUS speaks, and whether it has TLS.
const METHODS: [(&str, bool); 17] = [
    ("eap-md5", false),
    ("eap-gtc", false),
    ("eap-mschapv2", false),
    ("eap-pwd", false),
    ("eap-tls", true),
    ("ttls-pap", true),
    ("ttls-chap", true),
    ("ttls-mschap", true),
    ("ttls-mschapv2", true),
    ("ttls-eap-md5", true),
    ("ttls-eap-gtc", true),
    ("ttls-eap-mschapv2", true),
    ("ttls-eap-tls", true),
    ("peap-mschapv2", true),
    ("peap-gtc", true),
    ("peap-md5", true),
    ("peap-tls", true),
];

/// The name that FreeRADIUS's certificate has.
const SERVER: &str = "server.radsec.test";

fn certificate(name: &str) -> String {
    Certificates::shared().path(name).display().to_string()
}

/// `radius auth` as alice, with more arguments.
fn auth(method: &str, password: &str, more: &[&str]) -> Finished {
    auth_at(&FreeRadius::shared().auth.to_string(), method, password, more)
}

/// The same at another server.
fn auth_at(server: &str, method: &str, password: &str, more: &[&str]) -> Finished {
    auth_at_in(server, method, password, &[&["--json"], more].concat())
}

/// The same in any format.
fn auth_at_in(server: &str, method: &str, password: &str, more: &[&str]) -> Finished {
    let [client, key] = ["client.pem", "client.key"].map(certificate);
    let mut arguments = vec!["auth", server, "-s", SECRET, "-u", "alice", "-m", method];
    if method == "eap-tls" || method.ends_with("-tls") {
        arguments.extend(["--eap-cert", &client, "--eap-key", &key]);
    } else {
        arguments.extend(["-p", password]);
    }
    arguments.extend(more);
    radius(&arguments)
}

/// The one JSON object of a run.
fn object(finished: &Finished) -> Value {
    serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}:\n{}{}", finished.stdout, finished.stderr))
}

/// The same with a CA to trust.
fn trusting(method: &str, password: &str, more: &[&str]) -> Finished {
    let ca = certificate("ca.pem");
    let mut all = vec!["--eap-ca", ca.as_str(), "--eap-server-name", "radsec.test"];
    all.extend(more);
    auth(method, password, &all)
}

fn every_method_logs_in_and_the_keys_match() {
    all_rows(&FreeRadius::shared().auth.to_string());
}

fn every_method_logs_in_to_hostapd_too() {
    let server = Hostapd::start();
    all_rows(&server.auth.to_string());
}

fn every_method_logs_in_to_serve_too() {
    let server = ours();
    all_rows(&server.address("udp auth").to_string());
}

/// Our own server with the shared certificates.
fn ours() -> Served {
    let [cert, key, ca] = ["server.pem", "server.key", "ca.pem"].map(certificate);
    let arguments = ["-s", SECRET, "--user", "alice:hello", "--reject-delay", "0"];
    let eap = ["--cert", &cert, "--key", &key, "--ca", &ca];
    Served::start(&[&arguments[..], &eap[..]].concat(), &[])
}

/// Every method at a server, with each version of TLS where it has TLS.
fn all_rows(server: &str) {
    let ca = certificate("ca.pem");
    for (method, tls) in METHODS {
        if !tls {
            let run = auth_at(server, method, "hello", &["--eap-key-name"]);
            assert_eq!(run.code(), 0, "{method}:\n{}{}", run.stdout, run.stderr);
            let keys = if method == "eap-md5" || method == "eap-gtc" {
                "none"
            } else {
                "match"
            };
            assert_eq!(object(&run)["eap"]["keys"], keys, "{method}");
            continue;
        }
        let tunnel = ["--anonymous-identity", "anonymous"];
        let tunnel = if method == "eap-tls" { &[][..] } else { &tunnel[..] };
        for version in ["1.2", "1.3"] {
            let trust = [
                "--eap-ca",
                &ca,
                "--eap-server-name",
                "radsec.test",
                "--eap-tls",
                version,
                "--eap-key-name",
            ];
            let run = auth_at(server, method, "hello", &[&trust[..], tunnel].concat());
            assert_eq!(run.code(), 0, "{method} {version}:\n{}{}", run.stdout, run.stderr);
            let object = object(&run);
            let eap = &object["eap"];
            assert_eq!(object["verdict"], "accept");
            assert_eq!(eap["keys"], "match", "{method} {version}");
            assert_eq!(eap["key_name"], "match", "{method} {version}: {eap:#}");
            assert_eq!(eap["tls"]["version"], version, "{method}");
            assert_eq!(eap["tls"]["checked"], true);
            assert_eq!(eap["msk"], "<hidden>");
        }
    }
}

fn sessions_of_other_servers_are_resumed() {
    let hostapd = Hostapd::start();
    let ours = ours();
    for server in [hostapd.auth, ours.address("udp auth")] {
        let server = server.to_string();
        let ca = certificate("ca.pem");
        for (method, version) in [
            ("ttls-pap", "1.2"),
            ("ttls-pap", "1.3"),
            ("peap-mschapv2", "1.2"),
            ("peap-mschapv2", "1.3"),
            ("eap-tls", "1.2"),
            ("eap-tls", "1.3"),
        ] {
            // hostapd loses a record there: see below.
            if server == hostapd.auth.to_string() && (method, version) == ("peap-mschapv2", "1.3") {
                continue;
            }
            let more = [
                "--eap-ca",
                &ca,
                "--eap-tls",
                version,
                "--resume",
                "2",
                "-o",
                "ndjson",
            ];
            let run = auth_at_in(&server, method, "hello", &more);
            assert_eq!(run.code(), 0, "{method} {version}:\n{}{}", run.stdout, run.stderr);
            let told = |what: &str| -> Vec<Value> {
                let objects = run
                    .stdout
                    .lines()
                    .filter_map(|line| serde_json::from_str(line).ok());
                objects
                    .map(|object: Value| object["eap"].pointer(what).cloned().unwrap_or_default())
                    .collect()
            };
            let resumed = told("/tls/resumed");
            assert_eq!(resumed[..2], [false, true], "{server} {method} {version}");
            // hostapd may give no new ticket with a session that was resumed.
            if server == ours.address("udp auth").to_string() {
                assert_eq!(resumed[2], true, "{server} {method} {version}");
            }
            assert_eq!(
                told("/keys"),
                ["match", "match", "match"],
                "{server} {method} {version}"
            );
        }
    }
}

/// With a session that is resumed, hostapd (2.10) makes a ticket and drops its record before PEAPv0 says how it went:
/// no TLS can read on. eapol_test in PEAPv0 is refused there by hostapd even without resumption, since they derive the
/// crypto-binding differently under TLS 1.3.
fn a_record_that_hostapd_loses_ends_the_login_with_a_reason() {
    let server = Hostapd::start();
    let ca = certificate("ca.pem");
    let address = server.auth.to_string();
    let more = [
        "--eap-ca",
        &ca,
        "--eap-tls",
        "1.3",
        "--resume",
        "1",
        "-o",
        "ndjson",
    ];
    let run = auth_at_in(&address, "peap-mschapv2", "hello", &more);
    assert_eq!(run.code(), 5, "{}{}", run.stdout, run.stderr);
    let ends: Vec<Value> = run
        .stdout
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let [first, second] = ends.as_slice() else {
        panic!("two logins:\n{}", run.stdout)
    };
    assert_eq!(
        (&first["verdict"], &first["eap"]["keys"]),
        (&"accept".into(), &"match".into())
    );
    assert_eq!(
        (&second["verdict"], &second["eap"]["tls"]["resumed"]),
        (&"broken".into(), &true.into())
    );
    assert_eq!(
        second["error"]["message"],
        "TLS failed: cannot decrypt peer's message"
    );
    let phase1 =
        "peapver=0 tls_disable_tlsv1_0=1 tls_disable_tlsv1_1=1 tls_disable_tlsv1_2=1 tls_disable_tlsv1_3=0";
    let network = Network::tunnel("PEAP", TlsVersion::V1_3, "auth=MSCHAPV2", "alice", "hello");
    let verdict = EapolTest::new(server.auth).log_in(&network.set("phase1", phase1));
    assert!(!verdict.succeeded(), "{}", verdict.finished.stdout);
}

fn a_wrong_password_is_told_in_the_words_of_the_method() {
    for (method, kind, code) in [
        ("mschapv2", "wrong-password", 1),
        // Inside EAP FreeRADIUS says why only where `send_error` is on, and here it is off; beside EAP it does.
        ("eap-mschapv2", "wrong-password", 1),
        ("peap-mschapv2", "rejected", 1),
        ("eap-md5", "rejected", 1),
        ("ttls-pap", "rejected", 1),
        ("eap-pwd", "wrong-proof", 5),
    ] {
        let run = match method {
            "peap-mschapv2" | "ttls-pap" => trusting(method, "wrong", &[]),
            _ => auth(method, "wrong", &[]),
        };
        assert_eq!(run.code(), code, "{method}:\n{}{}", run.stdout, run.stderr);
        assert_eq!(object(&run)["error"]["kind"], kind, "{method}:\n{}", run.stderr);
        if kind == "wrong-password" {
            assert!(
                run.stderr.contains("E=691") || run.stdout.contains("E=691"),
                "{}",
                run.stderr
            );
        }
    }
}

fn a_certificate_of_another_ca_is_not_trusted() {
    let stranger = certificate("stranger-ca.pem");
    for version in ["1.2", "1.3"] {
        let run = auth(
            "peap-mschapv2",
            "hello",
            &["--eap-ca", &stranger, "--eap-tls", version],
        );
        assert_eq!(run.code(), 4, "{version}:\n{}{}", run.stdout, run.stderr);
        let object = object(&run);
        assert_eq!(object["verdict"], "untrusted");
        assert_eq!(object["error"]["kind"], "certificate-untrusted");
        let names = object["eap"]["refused_chain"][0]["names"]
            .as_array()
            .expect("a certificate has names");
        assert!(
            names.iter().any(|name| *name == format!("DNS:{SERVER}")),
            "{object:#}"
        );
    }
}

fn a_certificate_of_another_name_is_not_trusted() {
    let ca = certificate("ca.pem");
    let named = ["--eap-ca", &ca, "--eap-server-name", "nowhere.test"];
    let run = auth("ttls-pap", "hello", &named);
    assert_eq!(run.code(), 4, "{}{}", run.stdout, run.stderr);
    assert_eq!(object(&run)["error"]["kind"], "certificate-name");
}

fn a_pinned_certificate_is_taken_and_no_other() {
    let seen = object(&trusting("peap-mschapv2", "hello", &[]));
    let fingerprint = seen["eap"]["tls"]["chain"][0]["fingerprint"]
        .as_str()
        .expect("the server showed a certificate");
    let run = auth("peap-mschapv2", "hello", &["--eap-fingerprint", fingerprint]);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    let run = auth("peap-mschapv2", "hello", &["--eap-fingerprint", &"07".repeat(32)]);
    assert_eq!(run.code(), 4, "{}{}", run.stdout, run.stderr);
    assert_eq!(object(&run)["error"]["kind"], "certificate-fingerprint");
}

fn without_a_ca_a_warning_stands_and_the_chain_is_shown() {
    let saved = Certificates::shared().path("saved.pem").display().to_string();
    let run = auth("peap-mschapv2", "hello", &["--save-server-chain", &saved]);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("nobody checks"), "{}", run.stderr);
    assert!(run.stderr.contains(SERVER), "{}", run.stderr);
    // The server's own certificate, kept, can be trusted from then on.
    assert!(Path::new(&saved).is_file());
    let run = auth("peap-mschapv2", "hello", &["--eap-ca", &saved]);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    assert!(!run.stderr.contains("nobody checks"), "{}", run.stderr);
}

fn the_methods_of_the_server_are_listed() {
    let server = FreeRadius::shared().auth.to_string();
    let run = radius(&["auth", &server, "-s", SECRET, "-u", "alice", "--eap-methods"]);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    let answer = |name: &str| {
        let line = run
            .stdout
            .lines()
            .find(|line| line.split_whitespace().next() == Some(name));
        line.map(|line| line.contains("yes"))
    };
    for name in ["MD5", "GTC", "TLS", "TTLS", "PEAP", "MSCHAPv2", "PWD"] {
        assert_eq!(answer(name), Some(true), "{name}:\n{}", run.stdout);
    }
    assert_eq!(answer("LEAP"), Some(false), "{}", run.stdout);
}

fn a_session_is_resumed() {
    let ca = certificate("ca.pem");
    for version in ["1.2", "1.3"] {
        let resumed = [
            "--eap-ca",
            &ca,
            "--resume",
            "1",
            "--eap-tls",
            version,
            "-o",
            "ndjson",
        ];
        let server = FreeRadius::shared().auth.to_string();
        let mut arguments = vec!["auth", &server, "-s", SECRET, "-u", "alice", "-p", "hello"];
        arguments.extend(["-m", "ttls-pap"]);
        arguments.extend(resumed);
        let run = radius(&arguments);
        assert_eq!(run.code(), 0, "{version}:\n{}{}", run.stdout, run.stderr);
        let resumed: Vec<bool> = run
            .stdout
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter_map(|object| object["eap"]["tls"]["resumed"].as_bool())
            .collect();
        assert_eq!(resumed, [false, true], "{version}:\n{}", run.stderr);
    }
}

fn a_tunnel_hides_the_name() {
    let run = trusting("ttls-pap", "hello", &["--anonymous-identity", "somebody"]);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    let object = object(&run);
    let requests = object["rounds"].as_array().expect("several rounds");
    for round in requests {
        assert!(!round["request"].to_string().contains("alice"), "{round:#}");
    }
    let first = &requests[0]["request"];
    assert!(
        first["eap"]
            .as_str()
            .is_some_and(|eap| eap.contains("\"somebody\"")),
        "{first:#}"
    );
}

fn logins_go_through_a_proxy() {
    let server = FreeRadius::shared();
    let proxy = Home::start(server.auth, server.acct);
    let [ca, cert, key] = ["ca.pem", "client.pem", "client.key"].map(certificate);
    for (scheme, address) in [("tls", proxy.tls), ("dtls", proxy.dtls)] {
        let url = format!("{scheme}://{address}");
        for method in ["peap-mschapv2", "ttls-pap", "eap-pwd"] {
            let mut arguments = vec!["auth", &url, "-u", "alice", "-p", "hello", "-m", method, "--json"];
            arguments.extend(["--ca", &ca, "--cert", &cert, "--key", &key]);
            if method != "eap-pwd" {
                arguments.extend(["--eap-ca", &ca, "--eap-server-name", "radsec.test"]);
            }
            let run = radius(&arguments);
            assert_eq!(run.code(), 0, "{scheme} {method}:\n{}{}", run.stdout, run.stderr);
            // The proxy hides the keys anew with the secret of its other side.
            assert_eq!(object(&run)["eap"]["keys"], "match", "{scheme} {method}");
        }
    }
}
