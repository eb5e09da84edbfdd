//! The client over TLS and DTLS against radsecproxy, FreeRADIUS, pyrad2 and OpenSSL: what works, and what is refused
//! with its reason.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::OnceLock;

use libtest_mimic::Trial;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyIdMethod, KeyPair, RevokedCertParams, SerialNumber,
};

use crate::peer::{Certificates, Finished, FreeRadius, Home, Pyrad2, SServer, radius};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        radsecproxy_answers_over_tls needs [FreeRadius, Radsecproxy, Openssl],
        radsecproxy_answers_over_dtls needs [FreeRadius, Radsecproxy, Openssl],
        freeradius_answers_over_tls needs [FreeRadius, Openssl],
        many_requests_share_one_connection needs [FreeRadius, Radsecproxy, Openssl],
        a_server_that_wants_a_certificate_says_so needs [FreeRadius, Radsecproxy, Openssl],
        a_stranger_is_refused_by_the_server needs [FreeRadius, Radsecproxy, Openssl],
        pyrad2_speaks_radius_1_1 needs [Pyrad2, Openssl],
        pyrad2_and_the_client_agree_on_a_version_or_say_why needs [Pyrad2, Openssl],
        thousands_of_tokens_are_in_flight needs [Pyrad2, Openssl],
        versions_of_tls_are_agreed_on_or_refused needs [Openssl],
        ciphers_are_agreed_on_or_refused needs [Openssl],
        bad_certificates_are_refused_each_with_its_reason needs [Openssl],
        bad_certificates_are_refused_over_dtls_too needs [Openssl],
        a_pinned_certificate_needs_no_authority needs [Openssl],
        a_revoked_certificate_is_refused_where_the_list_is_known needs [Openssl],
        a_pre_shared_key_opens_dtls needs [Openssl],
        a_server_that_does_not_speak_tls_is_named_for_it needs [FreeRadius, Openssl],
    ]
}

/// A file of the shared certificates.
pub(crate) fn shared(name: &str) -> String {
    Certificates::shared().path(name).display().to_string()
}

/// Runs a command against `url` with the shared CA and our certificate.
fn ask(command: &[&str], url: &str, more: &[&str]) -> Finished {
    let (ca, cert, key) = (shared("ca.pem"), shared("client.pem"), shared("client.key"));
    let ours = [url, "--ca", &ca, "--cert", &cert, "--key", &key];
    radius(&[command, &ours, more].concat())
}

const BOB: [&str; 5] = ["auth", "-u", "bob", "-p", "hello"];

fn url(scheme: &str, address: SocketAddr) -> String {
    format!("{scheme}://{address}")
}

fn accepted(finished: &Finished) {
    assert_eq!(finished.code(), 0, "{}\n{}", finished.stdout, finished.stderr);
    assert!(finished.stdout.contains("Access-Accept"), "{}", finished.stdout);
}

/// Ended with this exit code, and said this.
fn refused(finished: &Finished, code: i32, words: &str) {
    assert_eq!(
        finished.code(),
        code,
        "{words}: {}\n{}",
        finished.stdout,
        finished.stderr
    );
    assert!(finished.stderr.contains(words), "{words}: {}", finished.stderr);
}

fn home() -> &'static Home {
    static HOME: OnceLock<Home> = OnceLock::new();
    HOME.get_or_init(|| {
        let server = FreeRadius::shared();
        Home::start(server.auth, server.acct)
    })
}

fn radsecproxy_answers_over_tls() {
    let url = url("tls", home().tls);
    let finished = ask(&BOB, &url, &["-v"]);
    accepted(&finished);
    assert!(finished.stderr.contains("TLS 1.3 with") && finished.stderr.contains("CN=server.radsec.test"));
    let start = ["acct", "--type", "start", "-u", "bob"];
    assert_eq!(ask(&start, &url, &[]).code(), 0);
    assert_eq!(ask(&["status"], &url, &["--tls", "1.2"]).code(), 0);
    let json = ask(&["status", "--json"], &url, &[]);
    assert!(
        json.stdout.contains("\"version\": \"TLS 1.3\""),
        "{}",
        json.stdout
    );
}

fn radsecproxy_answers_over_dtls() {
    let url = url("dtls", home().dtls);
    let finished = ask(&BOB, &url, &["-v"]);
    accepted(&finished);
    assert!(finished.stderr.contains("DTLS 1.2 with"), "{}", finished.stderr);
    let start = ["acct", "--type", "start", "-u", "bob"];
    assert_eq!(ask(&start, &url, &[]).code(), 0);
}

fn freeradius_answers_over_tls() {
    let url = url("tls", FreeRadius::shared().tls);
    accepted(&ask(&BOB, &url, &[]));
    let wrong = ask(&["auth", "-u", "bob", "-p", "no"], &url, &[]);
    assert_eq!(wrong.code(), 1, "{}", wrong.stderr);
}

fn many_requests_share_one_connection() {
    let url = url("tls", home().tls);
    let finished = ask(&["status", "-c", "400", "-p", "200"], &url, &["-v"]);
    assert_eq!(finished.code(), 0, "{}", finished.stderr);
    assert!(
        finished.stdout.contains("400 sent = 400 answered + 0 lost"),
        "{}",
        finished.stdout
    );
    assert_eq!(
        finished.stderr.matches("shaken hands").count(),
        1,
        "{}",
        finished.stderr
    );
}

fn a_server_that_wants_a_certificate_says_so() {
    let (url, ca) = (url("tls", home().tls), shared("ca.pem"));
    let finished = radius(&["status", &url, "--ca", &ca]);
    refused(&finished, 5, "certificate_required");
    let finished = radius(&["status", &url, "--ca", &ca, "--tls", "1.2"]);
    assert_eq!(finished.code(), 5, "{}", finished.stderr);
}

fn a_stranger_is_refused_by_the_server() {
    let (url, ca) = (url("tls", home().tls), shared("ca.pem"));
    let (cert, key) = (shared("stranger.pem"), shared("stranger.key"));
    let finished = radius(&["status", &url, "--ca", &ca, "--cert", &cert, "--key", &key]);
    refused(&finished, 5, "refused the TLS connection: alert unknown_ca");
}

fn pyrad2_speaks_radius_1_1() {
    let server = Pyrad2::start("1.0,1.1");
    let url = url("tls", server.tls);
    let finished = ask(&BOB, &url, &["--trace", "--show-secrets"]);
    accepted(&finished);
    assert!(finished.stdout.contains("bob hello"), "{}", finished.stdout);
    assert!(
        finished.stdout.contains("token=") && !finished.stdout.contains("id="),
        "{}",
        finished.stdout
    );
    assert!(
        !finished.stdout.contains("Message-Authenticator"),
        "{}",
        finished.stdout
    );
    let chap = ask(&["auth", "-u", "bob", "-p", "hello", "-m", "chap"], &url, &[]);
    assert!(chap.stdout.contains("with-challenge"), "{}", chap.stdout);
    assert_eq!(
        ask(&["acct", "--type", "start", "-u", "bob"], &url, &[]).code(),
        0
    );
    assert_eq!(ask(&["status"], &url, &[]).code(), 0);
}

fn pyrad2_and_the_client_agree_on_a_version_or_say_why() {
    for (server, client, expected) in [
        ("1.0", "none", Some("RADIUS/1.0 (no ALPN)")),
        // A server of 1.0 alone sends no ALPN.
        ("1.0", "1.0,1.1", Some("RADIUS/1.0 (no ALPN)")),
        ("1.0,1.1", "1.0", Some("RADIUS/1.0 (ALPN radius/1.0)")),
        ("1.0,1.1", "1.1", Some("RADIUS/1.1 (ALPN radius/1.1)")),
        ("1.1", "1.0,1.1", Some("RADIUS/1.1 (ALPN radius/1.1)")),
        ("1.0", "1.1", None),
        ("1.1", "1.0", None),
    ] {
        let peer = Pyrad2::start(server);
        let finished = ask(
            &["status"],
            &url("tls", peer.tls),
            &["-v", "--radius-version", client],
        );
        match expected {
            Some(words) => {
                assert_eq!(finished.code(), 0, "{server} and {client}: {}", finished.stderr);
                assert!(
                    finished.stderr.contains(words),
                    "{server} and {client}: {}",
                    finished.stderr
                );
            }
            // Where OpenSSL leaves ALPN out of its answer, the server closes.
            None => assert!(
                matches!(finished.code(), 3 | 5),
                "{server} and {client}: {}",
                finished.stderr
            ),
        }
    }
}

fn thousands_of_tokens_are_in_flight() {
    let server = Pyrad2::start("1.1");
    let finished = ask(
        &["status", "-c", "3000", "-p", "3000"],
        &url("tls", server.tls),
        &["-v"],
    );
    assert!(
        finished.stdout.contains("3000 sent = 3000 answered + 0 lost"),
        "{}",
        finished.stdout
    );
    assert_eq!(
        finished.stderr.matches("shaken hands").count(),
        1,
        "{}",
        finished.stderr
    );
}

/// A status that shakes hands and gets no answer; what was said of the handshake.
fn shake(server: &SServer, scheme: &str, more: &[&str]) -> Finished {
    ask(
        &["status", "-v", "-t", "200ms", "-r", "0"],
        &url(scheme, server.address),
        more,
    )
}

fn versions_of_tls_are_agreed_on_or_refused() {
    let (cert, key) = (
        Certificates::shared().path("server.pem"),
        Certificates::shared().path("server.key"),
    );
    for (server, client, expected) in [
        ("-tls1_3", "1.2..1.3", "TLS 1.3 with"),
        ("-tls1_2", "1.2..1.3", "TLS 1.2 with"),
        ("-tls1_2", "1.3", "alert protocol_version"),
        ("-tls1_3", "1.2", "alert protocol_version"),
    ] {
        let peer = SServer::start(&cert, &key, server);
        let finished = shake(&peer, "tls", &["--tls", client]);
        assert!(
            finished.stderr.contains(expected),
            "{server} {client}: {}",
            finished.stderr
        );
        if expected.starts_with("alert") {
            assert_eq!(finished.code(), 5, "{server} {client}");
        }
    }
}

fn ciphers_are_agreed_on_or_refused() {
    let (cert, key) = (
        Certificates::shared().path("server.pem"),
        Certificates::shared().path("server.key"),
    );
    for (options, expected) in [
        (
            "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256",
            "TLS_AES_128_GCM_SHA256",
        ),
        (
            "-tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        ),
        ("-tls1_2 -cipher AES128-SHA", "alert handshake_failure"),
    ] {
        let peer = SServer::start(&cert, &key, options);
        let finished = shake(&peer, "tls", &[]);
        assert!(
            finished.stderr.contains(expected),
            "{options}: {}",
            finished.stderr
        );
    }
}

/// Certificates that nobody should believe, and one that is good, all of one CA.
pub(crate) struct Odd {
    directory: tempfile::TempDir,
}

impl Odd {
    pub(crate) fn shared() -> &'static Odd {
        static SHARED: OnceLock<Odd> = OnceLock::new();
        SHARED.get_or_init(Odd::make)
    }

    fn make() -> Odd {
        let odd = Odd {
            directory: tempfile::tempdir().expect("a directory"),
        };
        let authority_key = KeyPair::generate().expect("a key");
        let mut authority = CertificateParams::new(Vec::new()).expect("no names");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.distinguished_name.push(DnType::CommonName, "odd CA");
        let der = authority.self_signed(&authority_key).expect("a CA");
        odd.write("ca.pem", &der.pem());
        let issuer = Issuer::new(authority, authority_key);
        let names = vec!["127.0.0.1".to_owned()];
        let of = |names: Vec<String>, usage: ExtendedKeyUsagePurpose| {
            let mut params = CertificateParams::new(names).expect("good names");
            params.extended_key_usages = vec![usage];
            params.distinguished_name.push(DnType::CommonName, "127.0.0.1");
            params
        };
        let server = ExtendedKeyUsagePurpose::ServerAuth;
        let mut expired = of(names.clone(), server.clone());
        expired.not_before = rcgen::date_time_ymd(2020, 1, 1);
        expired.not_after = rcgen::date_time_ymd(2021, 1, 1);
        let mut client_expired = of(vec!["nas.test".to_owned()], ExtendedKeyUsagePurpose::ClientAuth);
        client_expired.not_before = rcgen::date_time_ymd(2020, 1, 1);
        client_expired.not_after = rcgen::date_time_ymd(2021, 1, 1);
        let mut early = of(names.clone(), server.clone());
        early.not_before = rcgen::date_time_ymd(2090, 1, 1);
        early.not_after = rcgen::date_time_ymd(2091, 1, 1);
        let numbered = |mut params: CertificateParams, serial: u64| {
            params.serial_number = Some(SerialNumber::from(serial));
            params
        };
        odd.write("crl-before.pem", &revocations(&issuer, &[76]));
        odd.write("crl.pem", &revocations(&issuer, &[77, 78]));
        for (name, params) in [
            ("revoked", numbered(of(names.clone(), server.clone()), 77)),
            (
                "client-revoked",
                numbered(
                    of(vec!["nas.test".to_owned()], ExtendedKeyUsagePurpose::ClientAuth),
                    78,
                ),
            ),
            ("good", of(names.clone(), server.clone())),
            ("expired", expired),
            ("early", early),
            ("other-name", of(vec!["other.test".to_owned()], server.clone())),
            ("no-name", of(Vec::new(), server.clone())),
            (
                "client",
                of(vec!["nas.test".to_owned()], ExtendedKeyUsagePurpose::ClientAuth),
            ),
            ("client-expired", client_expired),
            (
                "client-other",
                of(vec!["other.test".to_owned()], ExtendedKeyUsagePurpose::ClientAuth),
            ),
            (
                "for-clients",
                of(names.clone(), ExtendedKeyUsagePurpose::ClientAuth),
            ),
        ] {
            let key = KeyPair::generate().expect("a key");
            let der = params.signed_by(&key, &issuer).expect("a certificate");
            odd.write(&format!("{name}.pem"), &der.pem());
            odd.write(&format!("{name}.key"), &key.serialize_pem());
        }
        for (name, usage) in [
            ("self", server),
            ("client-self", ExtendedKeyUsagePurpose::ClientAuth),
        ] {
            let key = KeyPair::generate().expect("a key");
            let der = of(names.clone(), usage).self_signed(&key).expect("a certificate");
            odd.write(&format!("{name}.pem"), &der.pem());
            odd.write(&format!("{name}.key"), &key.serialize_pem());
        }
        odd
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("the directory is ours");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    fn serve(&self, name: &str, options: &str) -> SServer {
        SServer::start(
            &self.path(&format!("{name}.pem")),
            &self.path(&format!("{name}.key")),
            options,
        )
    }
}

/// A CRL that names these serial numbers, in PEM.
fn revocations(issuer: &Issuer<'_, KeyPair>, serials: &[u64]) -> String {
    let revoked = |serial: &u64| RevokedCertParams {
        serial_number: SerialNumber::from(*serial),
        revocation_time: rcgen::date_time_ymd(2024, 1, 1),
        reason_code: None,
        invalidity_date: None,
    };
    let list = CertificateRevocationListParams {
        this_update: rcgen::date_time_ymd(2024, 1, 1),
        next_update: rcgen::date_time_ymd(2090, 1, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: serials.iter().map(revoked).collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    list.signed_by(issuer).expect("a CRL").pem().expect("PEM")
}

const REASONS: [(&str, &str); 6] = [
    ("expired", "it expired on 2021-01-01"),
    ("early", "it is not valid before 2090-01-01"),
    ("other-name", "it is for DNS:other.test, not for `127.0.0.1`"),
    ("no-name", "a common name does not count"),
    ("for-clients", "Extended Key Usage"),
    ("self", "self-signed"),
];

fn bad_certificates_are_refused_each_with_its_reason() {
    let odd = Odd::shared();
    let ca = odd.text("ca.pem");
    for (name, words) in REASONS {
        let server = odd.serve(name, "");
        let url = url("tls", server.address);
        let finished = radius(&["status", &url, "--ca", &ca]);
        refused(&finished, 4, words);
    }
    let server = odd.serve("good", "");
    let url = url("tls", server.address);
    let stranger = shared("ca.pem");
    refused(
        &radius(&["status", &url, "--ca", &stranger]),
        4,
        "`CN=odd CA` signed it",
    );
    refused(
        &radius(&["status", &url]),
        2,
        "nothing says which server to trust",
    );
    let good = radius(&["status", &url, "--ca", &ca, "-v", "-t", "200ms", "-r", "0"]);
    assert!(good.stderr.contains("trusted by its CA"), "{}", good.stderr);
}

fn a_revoked_certificate_is_refused_where_the_list_is_known() {
    let odd = Odd::shared();
    let (ca, list) = (odd.text("ca.pem"), odd.text("crl.pem"));
    let server = odd.serve("revoked", "");
    let ask = |server: &SServer, more: &[&str]| {
        let url = url("tls", server.address);
        let ours = ["status", &url, "--ca", &ca, "-v", "-t", "300ms", "-r", "0"];
        radius(&[&ours[..], more].concat())
    };
    refused(&ask(&server, &["--crl", &list]), 4, "it has been revoked");
    let unknown = ask(&server, &[]);
    assert!(unknown.stderr.contains("trusted by its CA"), "{}", unknown.stderr);
    let good = ask(&odd.serve("good", ""), &["--crl", &list]);
    assert!(good.stderr.contains("trusted by its CA"), "{}", good.stderr);
}

fn bad_certificates_are_refused_over_dtls_too() {
    let odd = Odd::shared();
    let ca = odd.text("ca.pem");
    for (name, words) in REASONS {
        let server = odd.serve(name, "-dtls1_2");
        let url = url("dtls", server.address);
        refused(&radius(&["status", &url, "--ca", &ca]), 4, words);
    }
}

fn a_pinned_certificate_needs_no_authority() {
    let odd = Odd::shared();
    let server = odd.serve("self", "");
    let url = url("tls", server.address);
    let once = ["-v", "-t", "200ms", "-r", "0"];
    let insecure = radius(&[&["status", &url, "--insecure"], &once[..]].concat());
    assert!(
        insecure.stderr.contains("warning: --insecure"),
        "{}",
        insecure.stderr
    );
    let fingerprint = insecure
        .stderr
        .lines()
        .find_map(|line| line.trim().strip_prefix("SHA-256 "))
        .expect("the certificate is shown");
    let pinned = radius(&[&["status", &url, "--fingerprint", fingerprint], &once[..]].concat());
    assert!(
        pinned.stderr.contains("trusted by its fingerprint"),
        "{}",
        pinned.stderr
    );
    let other = "00".repeat(32);
    let finished = radius(&["status", &url, "--fingerprint", &other]);
    refused(&finished, 4, "not the pinned one");
    let own = odd.text("self.pem");
    let itself = radius(&[&["status", &url, "--ca", &own], &once[..]].concat());
    assert!(itself.stderr.contains("trusted by its CA"), "{}", itself.stderr);
}

fn a_pre_shared_key_opens_dtls() {
    let key = "000102030405060708090a0b0c0d0e0f";
    let server = SServer::with_psk("nas", key);
    let url = url("dtls", server.address);
    let psk = format!("nas:{key}");
    let finished = radius(&["status", &url, "--psk", &psk, "-v", "-t", "200ms", "-r", "0"]);
    assert!(
        finished.stderr.contains("trusted by its pre-shared key"),
        "{}",
        finished.stderr
    );
    let tls = format!("tls://{}", server.address);
    refused(
        &radius(&["status", &tls, "--psk", &psk]),
        2,
        "not spoken over TLS",
    );
}

fn a_server_that_does_not_speak_tls_is_named_for_it() {
    let url = url("tls", FreeRadius::shared().auth);
    let finished = ask(&["status", "-t", "1s", "-r", "0"], &url, &[]);
    assert!(matches!(finished.code(), 3 | 5), "{}", finished.stderr);
    assert!(
        finished.stderr.contains("check that this port speaks TLS"),
        "{}",
        finished.stderr
    );
}
