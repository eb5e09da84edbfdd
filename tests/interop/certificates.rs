//! Certificates and keys on the command line: every form in which a client's are kept, and every way in which a
//! server's are not to be trusted, told apart.

use std::sync::OnceLock;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::peer::{Certificates, Finished, FreeRadius, SECRET, Served, radius};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        a_clients_key_may_be_kept_in_any_form needs [FreeRadius, Openssl],
        a_key_that_cannot_be_opened_says_why needs [Openssl],
        a_servers_name_is_checked_whole_or_by_its_end needs [FreeRadius, Openssl],
        cas_come_from_a_file_a_directory_or_the_system needs [FreeRadius, Openssl],
        a_revoked_certificate_is_told_by_the_list needs [FreeRadius, Openssl],
        a_certificate_out_of_its_time_is_told needs [Openssl],
        a_servers_chain_is_kept_and_shown needs [FreeRadius, Openssl],
        a_client_that_the_server_does_not_trust_hears_the_alert needs [FreeRadius, Openssl],
        tls_versions_that_do_not_meet_are_told_by_the_alert needs [FreeRadius, Openssl],
    ]
}

/// What keys are under.
const PASSWORD: &str = "open sesame";

/// The shared certificates, with the forms of keys that only these tests want.
fn forms() -> &'static Certificates {
    static MADE: OnceLock<&Certificates> = OnceLock::new();
    MADE.get_or_init(|| {
        let shared = Certificates::shared();
        let pass = "pass:open sesame";
        let key = "-in client.key";
        let both = "pkcs12 -export -in client.pem -inkey client.key -certfile ca.pem";
        for (arguments, name) in [
            (format!("pkcs8 -topk8 {key} -v2 aes-256-cbc -out pbes2.key"), ""),
            (
                format!("pkcs8 -topk8 {key} -v2 aes-128-cbc -v2prf hmacWithSHA512 -out pbes2-sha512.key"),
                "",
            ),
            (format!("pkcs8 -topk8 {key} -v2 des3 -out pbes2-des3.key"), ""),
            (format!("pkcs8 -topk8 {key} -scrypt -out scrypt.key"), ""),
            (format!("pkcs8 -topk8 {key} -v1 PBE-SHA1-3DES -out pbes1.key"), ""),
            (
                format!(
                    "pkcs8 -topk8 {key} -v1 PBE-MD5-DES -provider legacy -provider default -out pbes1-des.key"
                ),
                "",
            ),
            (format!("rsa {key} -traditional -aes128 -out traditional.key"), ""),
            (
                format!("rsa {key} -traditional -des3 -out traditional-des3.key"),
                "",
            ),
            (format!("{both} -out modern.p12"), ""),
            (format!("{both} -legacy -out legacy.p12"), ""),
        ] {
            assert_eq!(name, "");
            shared.openssl(&format!("{arguments} -passout"), pass);
        }
        shared.openssl(
            "pkcs8 -topk8 -in client.key -nocrypt -v1 PBE-SHA1-3DES -out",
            "plain.p8",
        );
        shared.openssl("rsa -in client.key -traditional -out", "pkcs1.key");
        shared
    })
}

fn file(name: &str) -> String {
    Certificates::shared().path(name).display().to_string()
}

/// `radius auth` as alice with a password, or a certificate where the arguments have one.
fn auth(server: &str, method: &str, more: &[&str]) -> Finished {
    let mut arguments = vec![
        "auth", server, "-s", SECRET, "-u", "alice", "-m", method, "--json",
    ];
    if method != "eap-tls" {
        arguments.extend(["-p", "hello"]);
    }
    arguments.extend(more);
    radius(&arguments)
}

fn kind(finished: &Finished) -> String {
    let object: Value = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}:\n{}{}", finished.stdout, finished.stderr));
    object["error"]["kind"].as_str().unwrap_or("none").to_owned()
}

/// All that it says, to people and to scripts.
fn said(finished: &Finished) -> String {
    format!("{}{}", finished.stdout, finished.stderr)
}

fn expect(finished: &Finished, code: i32, wanted: &str, what: &str) {
    assert_eq!(
        (finished.code(), kind(finished).as_str()),
        (code, wanted),
        "{what}:\n{}",
        finished.stderr
    );
}

fn a_clients_key_may_be_kept_in_any_form() {
    let files = forms();
    let server = FreeRadius::shared().auth.to_string();
    let password = files.directory().join("password");
    std::fs::write(&password, format!("{PASSWORD}\n")).expect("the directory is ours");
    let password = password.display().to_string();
    let ca = file("ca.pem");
    for (cert, key, locked) in [
        ("client.pem", Some("client.key"), false),
        ("client.pem", Some("pkcs1.key"), false),
        ("client.pem", Some("plain.p8"), false),
        ("client.pem", Some("pbes2.key"), true),
        ("client.pem", Some("pbes2-sha512.key"), true),
        ("client.pem", Some("pbes2-des3.key"), true),
        ("client.pem", Some("scrypt.key"), true),
        ("client.pem", Some("pbes1.key"), true),
        ("client.pem", Some("traditional.key"), true),
        ("client.pem", Some("traditional-des3.key"), true),
        ("modern.p12", None, true),
        ("legacy.p12", None, true),
    ] {
        let (cert, key) = (file(cert), key.map(file));
        let mut arguments = vec!["--eap-ca", &ca, "--eap-cert", &cert];
        if let Some(key) = &key {
            arguments.extend(["--eap-key", key]);
        }
        if locked {
            let run = auth(&server, "eap-tls", &arguments);
            expect(&run, 2, "certificate", &cert);
            assert!(said(&run).contains("RADIUS_EAP_KEY_PASSWORD"), "{}", said(&run));
            arguments.extend(["--eap-key-password-file", &password]);
        }
        let run = auth(&server, "eap-tls", &arguments);
        expect(&run, 0, "none", &format!("{cert} {key:?}"));
    }
}

fn a_key_that_cannot_be_opened_says_why() {
    let files = forms();
    let wrong = files.directory().join("wrong-password");
    std::fs::write(&wrong, "nothing\n").expect("the directory is ours");
    let wrong = wrong.display().to_string();
    // Nothing is sent: whether anybody listens there does not matter.
    let server = "127.0.0.1:9";
    for (cert, key) in [
        ("client.pem", Some("pbes2.key")),
        ("client.pem", Some("pbes1.key")),
        ("client.pem", Some("traditional.key")),
        ("modern.p12", None),
    ] {
        let (cert, key) = (file(cert), key.map(file));
        let mut arguments = vec!["--eap-cert", &cert, "--eap-key-password-file", &wrong];
        if let Some(key) = &key {
            arguments.extend(["--eap-key", key]);
        }
        let run = auth(server, "eap-tls", &arguments);
        expect(&run, 2, "certificate", &cert);
        assert!(said(&run).contains("does not open"), "{}", said(&run));
    }
    let (cert, stranger) = (file("client.pem"), file("stranger.key"));
    let old = file("pbes1-des.key");
    let arguments = [
        "--eap-cert",
        &cert,
        "--eap-key",
        &old,
        "--eap-key-password-file",
        &wrong,
    ];
    let run = auth(server, "eap-tls", &arguments);
    expect(&run, 2, "certificate", "an old scheme");
    assert!(
        said(&run).contains("not known here: pbeWithMD5AndDES-CBC"),
        "{}",
        said(&run)
    );
    let run = auth(server, "eap-tls", &["--eap-cert", &cert]);
    expect(&run, 2, "certificate", "no key");
    assert!(said(&run).contains("holds no private key"), "{}", said(&run));
    let run = auth(server, "eap-tls", &["--eap-cert", &cert, "--eap-key", &stranger]);
    assert_eq!(run.code(), 2, "{}", run.stderr);
    assert!(said(&run).contains("cannot be used together"), "{}", said(&run));
    let run = auth(
        server,
        "eap-tls",
        &["--eap-cert", &stranger, "--eap-key", &stranger],
    );
    assert_eq!(run.code(), 2, "{}", run.stderr);
    let run = auth(server, "eap-tls", &[]);
    expect(&run, 2, "no-certificate", "none at all");
}

fn a_servers_name_is_checked_whole_or_by_its_end() {
    let server = FreeRadius::shared().auth.to_string();
    let ca = file("ca.pem");
    for (name, right) in [
        ("server.radsec.test", true),
        ("radsec.test", true),
        (".radsec.test", true),
        ("SERVER.RADSEC.TEST", true),
        ("=server.radsec.test", true),
        ("=radsec.test", false),
        ("adsec.test", false),
        ("other.test", false),
    ] {
        let run = auth(&server, "ttls-pap", &["--eap-ca", &ca, "--eap-server-name", name]);
        let (code, wanted) = if right {
            (0, "none")
        } else {
            (4, "certificate-name")
        };
        expect(&run, code, wanted, name);
        if !right {
            let reason = if name.starts_with('=') {
                "reason 10"
            } else {
                "reason 9"
            };
            assert!(said(&run).contains(reason), "{}", said(&run));
        }
    }
}

fn cas_come_from_a_file_a_directory_or_the_system() {
    let server = FreeRadius::shared().auth.to_string();
    let directory = Certificates::shared().directory().join("anchors");
    std::fs::create_dir_all(&directory).expect("the directory is ours");
    std::fs::copy(file("ca.pem"), directory.join("radius-ca.crt")).expect("copied");
    std::fs::write(directory.join("README"), "what else lies here does not matter").expect("written");
    let run = auth(
        &server,
        "ttls-pap",
        &["--eap-ca", &directory.display().to_string()],
    );
    expect(&run, 0, "none", "a directory");
    let der = Certificates::shared().path("ca.der");
    Certificates::shared().openssl("x509 -in ca.pem -outform DER -out", &der.display().to_string());
    let run = auth(&server, "ttls-pap", &["--eap-ca", &der.display().to_string()]);
    expect(&run, 0, "none", "DER");
    let run = auth(&server, "ttls-pap", &["--eap-ca", &file("client.key")]);
    assert_eq!(run.code(), 2, "{}", run.stderr);
    if std::path::Path::new("/etc/ssl/certs/ca-certificates.crt").is_file() {
        let run = auth(&server, "ttls-pap", &["--eap-ca", "system"]);
        expect(&run, 4, "certificate-untrusted", "the system");
    }
}

fn a_revoked_certificate_is_told_by_the_list() {
    let server = FreeRadius::shared().auth.to_string();
    let files = Certificates::shared();
    files.revoke("ca", &[], "empty");
    files.revoke("ca", &["server"], "revoked");
    let ca = file("ca.pem");
    for version in ["1.2", "1.3"] {
        let run = auth(
            &server,
            "peap-mschapv2",
            &[
                "--eap-ca",
                &ca,
                "--eap-crl",
                &file("empty.crl"),
                "--eap-tls",
                version,
            ],
        );
        expect(&run, 0, "none", "an empty list");
        let run = auth(
            &server,
            "peap-mschapv2",
            &[
                "--eap-ca",
                &ca,
                "--eap-crl",
                &file("revoked.crl"),
                "--eap-tls",
                version,
            ],
        );
        expect(&run, 4, "certificate-revoked", "revoked");
        assert!(said(&run).contains("reason 2"), "{}", said(&run));
    }
}

fn a_certificate_out_of_its_time_is_told() {
    let files = Certificates::shared();
    files.issue_between(
        "ca",
        "old",
        "old.radsec.test",
        "20200101000000Z",
        "20210101000000Z",
    );
    files.issue_between(
        "ca",
        "early",
        "early.radsec.test",
        "20400101000000Z",
        "20410101000000Z",
    );
    let ca = file("ca.pem");
    for (name, wanted, reason) in [
        ("old", "certificate-expired", "reason 4"),
        ("early", "certificate-not-yet-valid", "reason 3"),
    ] {
        let [cert, key] = ["pem", "key"].map(|end| file(&format!("{name}.{end}")));
        let server = Served::start(
            &[
                "-s",
                SECRET,
                "--user",
                "alice:hello",
                "--cert",
                &cert,
                "--key",
                &key,
            ],
            &[],
        );
        let address = server.address("udp auth").to_string();
        for version in ["1.2", "1.3"] {
            let run = auth(&address, "ttls-pap", &["--eap-ca", &ca, "--eap-tls", version]);
            expect(&run, 4, wanted, name);
            assert!(said(&run).contains(reason), "{}", said(&run));
        }
        // The server hears of it, and says so.
        assert!(
            server.log().contains("the client ended TLS with the alert"),
            "{}",
            server.log()
        );
    }
}

fn a_servers_chain_is_kept_and_shown() {
    let server = FreeRadius::shared().auth.to_string();
    let kept = Certificates::shared().path("kept.pem").display().to_string();
    let run = auth(&server, "peap-mschapv2", &["--save-server-chain", &kept, "-v"]);
    expect(&run, 0, "none", "kept");
    assert!(said(&run).contains("TLS 1.3 with TLS_"), "{}", said(&run));
    for word in [
        "CN=server.radsec.test",
        "RSA 2048",
        "signed by CN=radius test CA",
        "days",
    ] {
        assert!(said(&run).contains(word), "{word}:\n{}", run.stderr);
    }
    let text = std::fs::read_to_string(&kept).expect("the chain was written");
    assert!(text.starts_with("-----BEGIN CERTIFICATE-----"), "{text}");
    // It is kept where it is refused, too: that is when it is wanted most.
    std::fs::remove_file(&kept).expect("it was there");
    let stranger = file("stranger-ca.pem");
    let run = auth(
        &server,
        "peap-mschapv2",
        &["--save-server-chain", &kept, "--eap-ca", &stranger],
    );
    expect(&run, 4, "certificate-untrusted", "refused");
    let run = auth(&server, "peap-mschapv2", &["--eap-ca", &kept]);
    expect(&run, 0, "none", "what was kept is trusted");
}

fn a_client_that_the_server_does_not_trust_hears_the_alert() {
    let [ca, cert, key] = ["ca.pem", "server.pem", "server.key"].map(file);
    let ours = Served::start(
        &[
            "-s",
            SECRET,
            "--cert",
            &cert,
            "--key",
            &key,
            "--ca",
            &ca,
            "--reject-delay",
            "0",
        ],
        &[],
    );
    let ours = ours.address("udp auth").to_string();
    let theirs = FreeRadius::shared().auth.to_string();
    let [cert, key] = ["stranger.pem", "stranger.key"].map(file);
    for version in ["1.2", "1.3"] {
        let more = [
            "--eap-ca",
            &ca,
            "--eap-cert",
            &cert,
            "--eap-key",
            &key,
            "--eap-tls",
            version,
        ];
        let run = auth(&ours, "eap-tls", &more);
        expect(&run, 5, "tls", version);
        assert!(said(&run).contains("UnknownCA"), "{}", said(&run));
        assert!(
            said(&run).contains("does not trust the CA of our certificate"),
            "{}",
            said(&run)
        );
        // FreeRADIUS ends it without an alert.
        let run = auth(&theirs, "eap-tls", &more);
        expect(&run, 1, "rejected", version);
        assert!(
            said(&run).contains("does not trust our certificate"),
            "{}",
            said(&run)
        );
    }
}

fn tls_versions_that_do_not_meet_are_told_by_the_alert() {
    let [ca, cert, key] = ["ca.pem", "server.pem", "server.key"].map(file);
    let server = Served::start(
        &[
            "-s",
            SECRET,
            "--user",
            "alice:hello",
            "--cert",
            &cert,
            "--key",
            &key,
            "--eap-tls",
            "1.2",
        ],
        &[],
    );
    let address = server.address("udp auth").to_string();
    let run = auth(&address, "peap-mschapv2", &["--eap-ca", &ca, "--eap-tls", "1.3"]);
    expect(&run, 5, "tls", "1.3 for 1.2");
    assert!(said(&run).contains("ProtocolVersion"), "{}", said(&run));
    assert!(said(&run).contains("--eap-tls"), "{}", said(&run));
    let run = auth(&address, "peap-mschapv2", &["--eap-ca", &ca]);
    expect(&run, 0, "none", "either for 1.2");
}
