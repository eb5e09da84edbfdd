//! Our server's side of every EAP method against eapol_test, which judges it: method, certificates, keys.
//!
//! Wants eapol_test on the path, and says so where it is missing.
#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

use std::collections::HashMap;
use std::net::UdpSocket;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use radius::auth::certificate::{Throwaway, chain_to_pem};
use radius::auth::eap::server::ServerSettings;
use radius::auth::eap::session::{Answer, Session};
use radius::auth::eap::tls::{ServerTls, ServerTlsOptions, Versions};
use radius::auth::server::{Account, Users};
use radius::auth::{Hiding, Method};
use radius::codec::{AttributeType, Builder, Code, Packet, Secret, seal};
use rustls::time_provider::DefaultTimeProvider;

fn dice(octets: &mut [u8]) {
    rand::fill(octets);
}

fn settings(methods: Vec<Method>, ca: &Throwaway, now: i64) -> Arc<ServerSettings> {
    let tls = ServerTls::new(ServerTlsOptions {
        identity: ca.server("radius.example.org", now, 2).unwrap(),
        client_anchors: vec![ca.ca.clone()],
        revocation_lists: Vec::new(),
        versions: Versions::Both,
        resume: true,
        clock: Arc::new(DefaultTimeProvider),
    });
    Arc::new(ServerSettings {
        methods,
        tls: Some(Arc::new(tls.unwrap())),
        fragment: 1020,
        name: "radius.example.org".to_owned(),
        prompt: "Password: ".to_owned(),
    })
}

/// Answers requests until the socket has been silent for a while.
fn serve(socket: &UdpSocket, settings: &Arc<ServerSettings>) -> Vec<String> {
    let secret = Secret::new("testing123");
    let users: Arc<dyn Users> =
        Arc::new(|name: &[u8]| (name == b"bob").then(|| Account::with_password("hello")));
    let mut sessions: HashMap<Vec<u8>, Session> = HashMap::new();
    let mut ends = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok((length, from)) = socket.recv_from(&mut buffer) {
        let request = Packet::parse(&buffer[..length]).unwrap();
        if request.code() != Code::ACCESS_REQUEST {
            break;
        }
        assert!(seal::check_request(&request, &secret).hold());
        let hiding = Hiding {
            secret: &secret,
            authenticator: request.authenticator(),
        };
        let state = request.first(AttributeType::STATE).map(|state| state.value());
        let known = state.and_then(|state| sessions.remove(state));
        let mut session =
            known.unwrap_or_else(|| Session::new(Arc::clone(settings), Arc::clone(&users), &request));
        let (code, fields) = match session.receive(&request, Some(&hiding), &mut dice) {
            Answer::Challenge { fields, .. } => {
                sessions.insert(session.state().to_vec(), session);
                (Code::ACCESS_CHALLENGE, fields)
            }
            Answer::Accept { fields, done } => {
                ends.push(format!("{} {:?}", done.method, done.inner_user));
                (Code::ACCESS_ACCEPT, fields)
            }
            Answer::Reject { fields, why } => {
                ends.push(format!("{why:?} {:?}", session.notes()));
                (Code::ACCESS_REJECT, fields)
            }
        };
        let mut builder = Builder::new(code, request.identifier(), &[0; 16]);
        builder.message_authenticator().unwrap();
        for (number, value) in fields {
            builder.attribute(number, &value).unwrap();
        }
        let mut octets = builder.finish();
        seal::seal_reply(&mut octets, request.authenticator(), &secret);
        socket.send_to(&octets, from).unwrap();
    }
    ends
}

/// eapol_test's words for a method.
fn network(method: Method, directory: &Path, tls13: bool) -> String {
    let file = |name: &str| directory.join(name).display().to_string();
    let tls = match tls13 {
        true => "tls_disable_tlsv1_0=1 tls_disable_tlsv1_1=1 tls_disable_tlsv1_2=1 tls_disable_tlsv1_3=0",
        false => "tls_disable_tlsv1_0=1 tls_disable_tlsv1_1=1 tls_disable_tlsv1_2=0 tls_disable_tlsv1_3=1",
    };
    let (eap, phase2) = match method {
        Method::EapMd5 => ("MD5", ""),
        Method::EapGtc => ("GTC", ""),
        Method::EapMschapv2 => ("MSCHAPV2", ""),
        Method::EapPwd => ("PWD", ""),
        Method::EapTls => ("TLS", ""),
        Method::TtlsPap => ("TTLS", "auth=PAP"),
        Method::TtlsChap => ("TTLS", "auth=CHAP"),
        Method::TtlsMschap => ("TTLS", "auth=MSCHAP"),
        Method::TtlsMschapv2 => ("TTLS", "auth=MSCHAPV2"),
        Method::TtlsEapMd5 => ("TTLS", "autheap=MD5"),
        Method::TtlsEapGtc => ("TTLS", "autheap=GTC"),
        Method::TtlsEapMschapv2 => ("TTLS", "autheap=MSCHAPV2"),
        Method::TtlsEapTls => ("TTLS", "autheap=TLS"),
        Method::PeapMschapv2 => ("PEAP", "auth=MSCHAPV2"),
        Method::PeapGtc => ("PEAP", "auth=GTC"),
        Method::PeapMd5 => ("PEAP", "auth=MD5"),
        Method::PeapTls => ("PEAP", "auth=TLS"),
        _ => panic!("{method} is not EAP"),
    };
    let mut text = format!(
        "network={{\n key_mgmt=WPA-EAP\n eap={eap}\n identity=\"bob\"\n password=\"hello\"\n phase1=\"{tls}\"\n"
    );
    if method.uses_tls() {
        text += &format!(
            " ca_cert=\"{}\"\n domain_suffix_match=\"example.org\"\n",
            file("ca.pem")
        );
    }
    if method.inner_eap().is_some() || !phase2.is_empty() {
        text += &format!(" anonymous_identity=\"anonymous\"\n phase2=\"{phase2}\"\n");
    }
    if method.uses_client_certificate() {
        for suffix in ["", "2"] {
            text += &format!(
                " ca_cert{suffix}=\"{}\"\n client_cert{suffix}=\"{}\"\n private_key{suffix}=\"{}\"\n",
                file("ca.pem"),
                file("client.pem"),
                file("client.key")
            );
        }
    }
    text + "}\n"
}

#[test]
fn eapol_test_logs_in_with_every_method_and_resumes_its_sessions() {
    if Command::new("eapol_test").arg("-v").output().is_err() {
        eprintln!("NOT RUN: eapol_test is not on the path (Debian: eapoltest)");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_secs() as i64;
    let ca = Throwaway::new("Throwaway CA", now, 2).unwrap();
    let client = ca.client("bob", now, 2).unwrap();
    let write = |name: &str, text: String| std::fs::write(directory.path().join(name), text).unwrap();
    write("ca.pem", chain_to_pem(std::slice::from_ref(&ca.ca)));
    write("client.pem", chain_to_pem(&client.chain));
    write(
        "client.key",
        pem::encode(&pem::Pem::new("PRIVATE KEY", client.key.secret_der())),
    );
    let mut failed = Vec::new();
    for method in Method::all().filter(|method| method.outer().is_some()) {
        for tls13 in [false, true] {
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            let port = socket.local_addr().unwrap().port().to_string();
            let settings = settings(vec![method], &ca, now);
            let stop = UdpSocket::bind("127.0.0.1:0").unwrap();
            let to = socket.local_addr().unwrap();
            let server = std::thread::spawn(move || serve(&socket, &settings));
            let configuration = directory.path().join("eapol.conf");
            std::fs::write(&configuration, network(method, directory.path(), tls13)).unwrap();
            let mut command = Command::new("eapol_test");
            command.arg("-c").arg(&configuration);
            command.args(["-a127.0.0.1", &format!("-p{port}"), "-stesting123", "-t6"]);
            if !method.makes_keys() {
                command.arg("-n");
            }
            if method.uses_tls() {
                command.args(["-e", "-r1"]);
            }
            let output = command.output().unwrap();
            stop.send_to(&Builder::new(Code::STATUS_SERVER, 0, &[0; 16]).finish(), to)
                .unwrap();
            let ends = server.join().unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let resumed = text.matches("resumed=1").count();
            eprintln!(
                "{method} TLS 1.{}: {}, resumed {resumed}, {ends:?}",
                if tls13 { 3 } else { 2 },
                if output.status.success() {
                    "SUCCESS"
                } else {
                    "FAILURE"
                }
            );
            if !output.status.success() || (method.uses_tls() && resumed == 0) {
                failed.push(format!("{method}: {ends:?}\n{text}"));
            }
            if !method.uses_tls() {
                break;
            }
        }
    }
    if let Ok(path) = std::env::var("RADIUS_EAPOL_LOG") {
        std::fs::write(path, failed.join("\n=====\n")).unwrap();
    }
    assert!(failed.is_empty(), "{} failed", failed.len());
}
