//! `radius serve` with eapol_test in front of it: every method of EAP, both versions of TLS, keys compared.

use std::collections::HashSet;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::peer::{Certificates, EapolTest, Network, SECRET, Served, TlsVersion, Verdict, radius};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        eapol_test_logs_in_with_every_method_without_a_tunnel needs [EapolTest],
        eapol_test_logs_in_with_certificates needs [EapolTest, Openssl],
        eapol_test_logs_in_with_every_method_in_a_tunnel needs [EapolTest, Openssl],
        eapol_test_resumes_its_sessions needs [EapolTest, Openssl],
        a_certificate_made_at_the_start_is_trusted_by_its_ca needs [EapolTest],
        a_wrong_password_is_refused_and_the_log_says_why needs [EapolTest],
        each_user_has_the_methods_that_the_users_file_names needs [EapolTest],
        a_small_framed_mtu_cuts_the_handshake needs [EapolTest, Openssl],
        policy_speaks_in_eap_too needs [Openssl],
        eap_goes_through_radius_1_1_with_a_new_token_every_round needs [Openssl],
        methods_are_chosen_for_all_and_for_each needs [EapolTest],
    ]
}

const VERSIONS: [TlsVersion; 2] = [TlsVersion::V1_2, TlsVersion::V1_3];

/// What goes into which tunnel, as wpa_supplicant names it.
const TUNNELS: [(&str, &str); 12] = [
    ("TTLS", "auth=PAP"),
    ("TTLS", "auth=CHAP"),
    ("TTLS", "auth=MSCHAP"),
    ("TTLS", "auth=MSCHAPV2"),
    ("TTLS", "autheap=MD5"),
    ("TTLS", "autheap=GTC"),
    ("TTLS", "autheap=MSCHAPV2"),
    ("TTLS", "autheap=TLS"),
    ("PEAP", "auth=MSCHAPV2"),
    ("PEAP", "auth=GTC"),
    ("PEAP", "auth=MD5"),
    ("PEAP", "auth=TLS"),
];

fn file(name: &str) -> String {
    Certificates::shared().path(name).display().to_string()
}

/// A server with the shared certificates, for alice and the password hello.
fn served(more: &[&str]) -> Served {
    let [cert, key, ca] = ["server.pem", "server.key", "ca.pem"].map(file);
    let mut arguments = vec!["-s", SECRET, "--user", "alice:hello", "--reject-delay", "0"];
    arguments.extend(["--cert", &cert, "--key", &key, "--ca", &ca]);
    arguments.extend(more);
    Served::start(&arguments, &[])
}

/// A tunnel's settings; where a certificate goes through it, the shared client's.
fn tunnel(outer: &str, version: TlsVersion, inner: &str) -> Network {
    let network =
        Network::tunnel(outer, version, inner, "alice", "hello").set("domain_suffix_match", "radsec.test");
    if !inner.ends_with("TLS") {
        return network;
    }
    network
        .set("ca_cert2", &file("ca.pem"))
        .set("client_cert2", &file("client.pem"))
        .set("private_key2", &file("client.key"))
}

fn held(verdict: &Verdict, server: &Served, what: &str) {
    assert!(
        verdict.succeeded(),
        "{what}:\n{}\n{}",
        verdict.finished.stdout,
        server.log()
    );
}

fn eapol_test_logs_in_with_every_method_without_a_tunnel() {
    let server = served(&[]);
    let client = EapolTest::new(server.address("udp auth"));
    for (method, keys) in [
        ("MD5", None),
        ("GTC", None),
        ("MSCHAPV2", Some((1, 0))),
        ("PWD", Some((1, 0))),
    ] {
        let verdict = client.log_in(&Network::plain(method, "alice", "hello"));
        held(&verdict, &server, method);
        if keys.is_some() {
            assert_eq!(verdict.keys(), keys, "{method}");
        }
        assert!(
            server
                .log()
                .to_ascii_lowercase()
                .contains(&format!("eap-{}", method.to_ascii_lowercase())),
            "{method}:\n{}",
            server.log()
        );
    }
}

fn eapol_test_logs_in_with_certificates() {
    let server = served(&[]);
    let client = EapolTest::new(server.address("udp auth")).arguments(&["-e"]);
    for version in VERSIONS {
        let network = Network::tls(version, "alice").set("domain_match", "server.radsec.test");
        let verdict = client.log_in(&network);
        held(&verdict, &server, &format!("TLS {version:?}"));
        assert_eq!(verdict.keys(), Some((1, 0)), "TLS {version:?}");
    }
    // A certificate of another CA.
    let stranger = Network::tls(TlsVersion::V1_3, "alice")
        .set("client_cert", &file("stranger.pem"))
        .set("private_key", &file("stranger.key"));
    assert!(!client.log_in(&stranger).succeeded());
    assert!(
        server
            .log()
            .contains("(EAP-TLS: TLS failed: invalid peer certificate: UnknownIssuer)"),
        "{}",
        server.log()
    );
}

fn eapol_test_logs_in_with_every_method_in_a_tunnel() {
    let server = served(&[]);
    // With `-e` EAP-Key-Name is asked for, and compared with the Session-Id that was derived.
    let client = EapolTest::new(server.address("udp auth")).arguments(&["-e"]);
    for (outer, inner) in TUNNELS {
        for version in VERSIONS {
            let what = format!("{outer} {inner} {version:?}");
            let verdict = client.log_in(&tunnel(outer, version, inner));
            held(&verdict, &server, &what);
            assert_eq!(verdict.keys(), Some((1, 0)), "{what}");
        }
    }
    assert!(server.log().contains("as alice"), "{}", server.log());
}

fn eapol_test_resumes_its_sessions() {
    let server = served(&[]);
    let client = EapolTest::new(server.address("udp auth")).arguments(&["-r1"]);
    for version in VERSIONS {
        let networks = [
            ("TLS", Network::tls(version, "alice")),
            ("TTLS", tunnel("TTLS", version, "auth=PAP")),
            ("PEAP", tunnel("PEAP", version, "auth=MSCHAPV2")),
        ];
        for (method, network) in networks {
            let verdict = client.log_in(&network);
            held(&verdict, &server, &format!("{method} {version:?}"));
            assert_eq!(verdict.keys(), Some((2, 0)), "{method} {version:?}");
            assert!(
                verdict.finished.stdout.contains("resumed=1"),
                "{method} {version:?} is not resumed:\n{}",
                verdict.finished.stdout
            );
        }
    }
}

fn a_certificate_made_at_the_start_is_trusted_by_its_ca() {
    let server = Served::start(
        &["-s", SECRET, "--user", "alice:hello", "--write-ca", "ca.pem"],
        &[],
    );
    let ca = server.directory().join("ca.pem").display().to_string();
    let client = EapolTest::new(server.address("udp auth"));
    for version in VERSIONS {
        let network = tunnel("PEAP", version, "auth=MSCHAPV2")
            .set("ca_cert", &ca)
            .set("domain_suffix_match", "radius.example.org");
        let verdict = client.log_in(&network);
        held(&verdict, &server, &format!("{version:?}"));
        assert_eq!(verdict.keys(), Some((1, 0)));
    }
    // Our own client trusts it as well.
    let address = server.address("udp auth").to_string();
    let run = radius(&[
        "auth",
        &address,
        "-s",
        SECRET,
        "-u",
        "alice",
        "-p",
        "hello",
        "-m",
        "peap-mschapv2",
        "--eap-ca",
        &ca,
        "--eap-server-name",
        "example.org",
    ]);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
}

fn a_wrong_password_is_refused_and_the_log_says_why() {
    let server = served(&[]);
    let client = EapolTest::new(server.address("udp auth"));
    for (index, method) in ["MD5", "GTC", "MSCHAPV2"].into_iter().enumerate() {
        let verdict = client.log_in(&Network::plain(method, "alice", "wrong"));
        assert!(!verdict.succeeded(), "{method}");
        assert_eq!(
            server.log().matches("wrong password").count(),
            index + 1,
            "{method}:\n{}",
            server.log()
        );
    }
    let verdict = client.log_in(&Network::plain("MD5", "eve", "hello"));
    assert!(!verdict.succeeded());
    assert!(server.log().contains("unknown user"), "{}", server.log());
}

fn each_user_has_the_methods_that_the_users_file_names() {
    let users = "\
bob Cleartext-Password := \"hello\", EAP-Type := MD5
carol Cleartext-Password := \"hello\", EAP-Type := PEAP
";
    let server = Served::start(
        &["-s", SECRET, "--users", "users", "--reject-delay", "0"],
        &[("users", users)],
    );
    let client = EapolTest::new(server.address("udp auth"));
    // Whatever is best for the server, bob is asked for what he may use.
    let verdict = client.log_in(&Network::plain("MD5", "bob", "hello"));
    held(&verdict, &server, "bob");
    let verdict = client.log_in(&Network::plain("MSCHAPV2", "bob", "hello"));
    assert!(!verdict.succeeded());
    let verdict = client.log_in(&Network::plain("MD5", "carol", "hello"));
    assert!(!verdict.succeeded());
    assert!(server.log().contains("no method agreed on"), "{}", server.log());
}

fn a_small_framed_mtu_cuts_the_handshake() {
    let server = served(&[]);
    // Attribute 12, Framed-MTU: fragments of 200 octets, the header of EAPOL counted.
    let client = EapolTest::new(server.address("udp auth")).arguments(&["-N12:d:204"]);
    let network = tunnel("PEAP", TlsVersion::V1_2, "auth=MSCHAPV2").number("fragment_size", 150);
    let verdict = client.log_in(&network);
    held(&verdict, &server, "cut");
    assert_eq!(verdict.keys(), Some((1, 0)));
}

fn policy_speaks_in_eap_too() {
    let users = "\
dave Auth-Type := Reject
erin Cleartext-Password := \"hello\", Expiration := \"Jan 01 2001\"
frank Cleartext-Password := \"hello\"
\tReply-Message = \"Welcome\", Filter-Id = \"slow\"
";
    let [cert, key, ca] = ["server.pem", "server.key", "ca.pem"].map(file);
    let mut arguments = vec!["-s", SECRET, "--users", "users", "--reject-delay", "0"];
    arguments.extend(["--cert", &cert, "--key", &key, "--ca", &ca]);
    let server = Served::start(&arguments, &[("users", users)]);
    let address = server.address("udp auth").to_string();
    let [client, client_key] = ["client.pem", "client.key"].map(file);
    let log_in = |user: &str, method: &str| {
        let mut arguments = vec!["auth", &address, "-s", SECRET, "-u", user, "-m", method, "--json"];
        match method {
            "eap-tls" => arguments.extend(["--eap-cert", &client, "--eap-key", &client_key, "--eap-ca", &ca]),
            _ => arguments.extend(["-p", "hello"]),
        }
        let run = radius(&arguments);
        // RADIUS and EAP must not contradict each other (RFC 3579 §2.6.3), nor say things twice (§2.6.5).
        assert!(!run.stderr.contains("RFC 3579"), "{}", run.stderr);
        (run.code(), run.stdout)
    };
    // A good certificate says who it is, and not that he may in.
    let (code, shown) = log_in("dave", "eap-tls");
    assert_eq!(code, 1, "{shown}");
    let (code, shown) = log_in("erin", "eap-mschapv2");
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("\"policy\""), "{shown}");
    let (code, shown) = log_in("frank", "eap-md5");
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("slow") && !shown.contains("Welcome"), "{shown}");
}

fn eap_goes_through_radius_1_1_with_a_new_token_every_round() {
    let [ca, cert, key] = ["ca.pem", "server.pem", "server.key"].map(file);
    let tls = ["--tls-ca", &ca, "--tls-cert", &cert, "--tls-key", &key];
    let eap = ["--ca", &ca, "--cert", &cert, "--key", &key];
    let user = ["--user", "alice:hello", "--reject-delay", "0"];
    let arguments = [&tls[..], &eap[..], &user[..]].concat();
    let server = Served::on(&["tls://127.0.0.1:0"], &arguments, &[]);
    let url = format!("tls://{}", server.address("tls any"));
    let [cert, key] = ["client.pem", "client.key"].map(file);
    for method in [
        "peap-mschapv2",
        "ttls-pap",
        "eap-tls",
        "eap-pwd",
        "eap-mschapv2",
        "mschapv2",
    ] {
        let mut arguments = vec!["auth", &url, "-u", "alice", "-m", method, "--json"];
        arguments.extend([
            "--ca",
            &ca,
            "--cert",
            &cert,
            "--key",
            &key,
            "--radius-version",
            "1.1",
        ]);
        match method {
            "eap-tls" => arguments.extend(["--eap-cert", &cert, "--eap-key", &key, "--eap-ca", &ca]),
            "peap-mschapv2" | "ttls-pap" => arguments.extend(["-p", "hello", "--eap-ca", &ca]),
            _ => arguments.extend(["-p", "hello"]),
        }
        let run = radius(&arguments);
        assert_eq!(run.code(), 0, "{method}:\n{}{}", run.stdout, run.stderr);
        let object: Value = serde_json::from_str(&run.stdout).expect("it is one object");
        if method == "mschapv2" {
            continue;
        }
        // Nothing is hidden here, and the keys are compared all the same (RFC 9765 §5.1).
        assert_eq!(object["eap"]["keys"], "match", "{method}");
        let rounds = object["rounds"].as_array().expect("several rounds").iter();
        let rounds = rounds.chain([&object]);
        let tokens: Vec<&str> = rounds
            .filter_map(|round| round["request"]["token"].as_str())
            .collect();
        assert_eq!(object["eap"]["rounds"], tokens.len(), "{method}");
        let distinct: HashSet<&&str> = tokens.iter().collect();
        assert_eq!(distinct.len(), tokens.len(), "{method}: {tokens:?}");
    }
}

fn methods_are_chosen_for_all_and_for_each() {
    let settings = "\
secret = \"testing123\"
reject-delay = 0
eap-method = [\"peap-mschapv2\", \"eap-md5\"]
eap-tls = \"1.2\"
[[user]]
name = \"alice\"
password = \"hello\"
[[user]]
name = \"bob\"
password = \"hello\"
methods = [\"peap-mschapv2\", \"pap\"]
";
    let server = Served::start(&["--config", "serve.toml"], &[("serve.toml", settings)]);
    let address = server.address("udp auth").to_string();
    for (user, method, more, code, words) in [
        ("alice", "eap-md5", "", 0, "Access-Accept"),
        ("alice", "peap-mschapv2", "", 0, "Access-Accept"),
        ("alice", "peap-mschapv2", "1.3", 5, "ProtocolVersion"),
        // A tunnel is spoken, but not what would run in it.
        ("alice", "peap-gtc", "", 1, "no method was agreed on"),
        ("alice", "eap-gtc", "", 1, "no method was agreed on"),
        ("bob", "eap-md5", "", 1, "no method was agreed on"),
        ("bob", "peap-mschapv2", "", 0, "Access-Accept"),
        ("bob", "pap", "", 0, "Access-Accept"),
        ("bob", "chap", "", 1, "Access-Reject"),
    ] {
        let mut arguments = vec![
            "auth", &address, "-s", SECRET, "-u", user, "-p", "hello", "-m", method,
        ];
        if !more.is_empty() {
            arguments.extend(["--eap-tls", more]);
        }
        let run = radius(&arguments);
        let said = format!("{}{}", run.stdout, run.stderr);
        assert_eq!(run.code(), code, "{user} {method}:\n{said}\n{}", server.log());
        assert!(said.contains(words), "{user} {method}:\n{said}\n{}", server.log());
    }
}
