//! `radius trace --keylog`: TLS of FreeRADIUS and radsecproxy with OpenSSL's client, opened here and by tshark, which
//! must find the same octets.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use libtest_mimic::Trial;
use radius::codec::{AttributeType, Builder, Code, Secret, seal};
use serde_json::Value;

use crate::peer::{Certificates, FreeRadius, Home, Scratch, TLS_SECRET, Tool, Wire, decrypted, radius, run};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        every_version_and_suite_is_opened_as_tshark_opens_it needs [FreeRadius, Openssl, Tshark],
        radsecproxy_is_opened_too needs [FreeRadius, Radsecproxy, Openssl, Tshark],
        what_we_log_of_our_own_connection_opens_it needs [FreeRadius, Openssl, Tshark],
        secrets_inside_of_a_capture_need_no_file needs [FreeRadius, Openssl, Tshark],
    ]
}

/// The port of RADIUS over TLS.
const PORT: u16 = 2083;

/// A Status-Server and an Access-Request with a password, one after the other.
fn requests() -> Vec<u8> {
    let secret = Secret::new(TLS_SECRET);
    let mut octets = Vec::new();
    for (identifier, code) in [(1, Code::STATUS_SERVER), (2, Code::ACCESS_REQUEST)] {
        let mut builder = Builder::new(code, identifier, &[7; 16]);
        builder
            .attribute(AttributeType::MESSAGE_AUTHENTICATOR, &[0; 16])
            .unwrap();
        if code == Code::ACCESS_REQUEST {
            builder.attribute(AttributeType::USER_NAME, b"bob").unwrap();
            let hidden = radius::codec::hide::hide_password(b"hello", &secret, &[7; 16]).unwrap();
            builder.attribute(AttributeType::USER_PASSWORD, &hidden).unwrap();
        }
        let mut packet = builder.finish();
        seal::seal_request(&mut packet, &secret);
        octets.extend(packet);
    }
    octets
}

/// Asks over TLS with OpenSSL's client, and gives the capture and the log of secrets.
fn ask(scratch: &Scratch, wire: &Wire, options: &str) -> (std::path::PathBuf, std::path::PathBuf) {
    let certificates = Certificates::shared();
    let (capture, keylog) = (scratch.path().join("tls.pcap"), scratch.path().join("keys"));
    let _ = fs::remove_file(&keylog);
    fs::write(scratch.path().join("requests"), requests()).unwrap();
    let mut command = Command::new("/bin/sh");
    // Each request is a record of its own, since FreeRADIUS 3.2.1 answers none of two that share one. The client ends
    // when its input does.
    command
        .args([
            "-c",
            "(head -c 38 requests; sleep 1; tail -c +39 requests; sleep 2) | timeout 15 \"$@\"",
            "sh",
        ])
        .arg(Tool::Openssl.path())
        .args([
            "s_client",
            "-quiet",
            "-no_ign_eof",
            "-connect",
            &wire.address.to_string(),
        ])
        .arg("-keylogfile")
        .arg(&keylog)
        .arg("-cert")
        .arg(certificates.path("client.pem"))
        .arg("-key")
        .arg(certificates.path("client.key"))
        .arg("-CAfile")
        .arg(certificates.path("ca.pem"))
        .args(options.split_whitespace())
        .current_dir(scratch.path());
    run(&mut command, b"", Duration::from_secs(30));
    wire.write(&capture, PORT);
    (capture, keylog)
}

/// What we see in a capture.
fn seen(capture: &Path, options: &[&str]) -> Vec<Value> {
    let path = capture.to_str().unwrap();
    let finished = radius(&[&["trace", "-o", "ndjson", path], options, &["--hex"]].concat());
    let lines = finished.stdout.lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn opened_alike(capture: &Path, keylog: &Path, what: &str) {
    let ours = seen(capture, &["--keylog", keylog.to_str().unwrap(), "--show-secrets"]);
    let packets: Vec<&Value> = ours.iter().filter(|seen| seen.get("packet").is_some()).collect();
    let codes: Vec<&Value> = packets.iter().map(|seen| &seen["packet"]["code"]).collect();
    assert_eq!(codes.len(), 4, "{what}: {ours:?}");
    assert!(codes.iter().any(|code| *code == "Status-Server"), "{what}");
    assert!(codes.iter().any(|code| *code == "Access-Accept"), "{what}");
    for seen in &packets {
        assert_eq!(seen["transport"], "tls");
        assert_ne!(seen["packet"]["authenticator_check"], "wrong", "{what}: {seen}");
        assert_ne!(seen["packet"]["message_authenticator"], "wrong", "{what}: {seen}");
    }
    let request = packets
        .iter()
        .find(|seen| seen["packet"]["code"] == "Access-Request")
        .unwrap();
    let password = request["packet"]["attributes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|attribute| attribute["name"] == "User-Password")
        .unwrap();
    assert_eq!(password["value"], "hello", "{what}");
    // All that tshark opens, in each direction, is all that we see in it; which direction it calls the client's differs.
    let theirs = decrypted(capture, keylog);
    let mut theirs = [true, false].map(|side| {
        let said = theirs.iter().filter(|(of, _)| *of == side);
        let whole: Vec<u8> = said.flat_map(|(_, octets)| octets.clone()).collect();
        radius::codec::hex::encode(&whole)
    });
    let mut ours = ["192.0.2.1:", "192.0.2.2:"].map(|source| {
        packets
            .iter()
            .filter(|seen| seen["source"].as_str().unwrap().starts_with(source))
            .map(|seen| seen["packet"]["octets"].as_str().unwrap())
            .collect::<String>()
    });
    theirs.sort();
    ours.sort();
    assert_eq!(ours, theirs, "{what}");
}

fn every_version_and_suite_is_opened_as_tshark_opens_it() {
    let server = FreeRadius::shared();
    let scratch = Scratch::new("keylog");
    for options in [
        "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256",
        "-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384",
        "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256",
        "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256",
        "-tls1_2 -cipher ECDHE-RSA-AES256-GCM-SHA384",
        "-tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305",
        "-tls1_2 -cipher AES256-GCM-SHA384",
    ] {
        let wire = Wire::to(server.tls);
        let (capture, keylog) = ask(&scratch, &wire, options);
        opened_alike(&capture, &keylog, options);
    }
    // What is not opened says so.
    let wire = Wire::to(server.tls);
    let (capture, keylog) = ask(&scratch, &wire, "-tls1_2 -cipher ECDHE-RSA-AES128-SHA256");
    let ours = seen(&capture, &["--keylog", keylog.to_str().unwrap()]);
    let message = ours[0]["message"].as_str().unwrap();
    assert!(
        message.contains("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
        "{message}"
    );
}

fn radsecproxy_is_opened_too() {
    let server = FreeRadius::shared();
    let home = Home::start(server.auth, server.acct);
    let scratch = Scratch::new("keylog-radsecproxy");
    let wire = Wire::to(home.tls);
    let (capture, keylog) = ask(&scratch, &wire, "");
    opened_alike(&capture, &keylog, "radsecproxy");
}

fn secrets_inside_of_a_capture_need_no_file() {
    let scratch = Scratch::new("keylog-inside");
    let wire = Wire::to(FreeRadius::shared().tls);
    let (capture, keylog) = ask(&scratch, &wire, "");
    let whole = scratch.path().join("whole.pcapng");
    // editcap comes with tshark.
    let mut command = Command::new("editcap");
    command
        .arg("--inject-secrets")
        .arg(format!("tls,{}", keylog.display()))
        .args([&capture, &whole]);
    let finished = run(&mut command, b"", Duration::from_secs(20));
    assert!(finished.status.success(), "{}", finished.stderr);
    let seen = seen(&whole, &[]);
    let packets = seen.iter().filter(|seen| seen.get("packet").is_some());
    assert_eq!(packets.count(), 4, "{seen:?}");
}

/// SSLKEYLOGFILE, honoured by our client: tshark opens its connection with that, and so do we.
fn what_we_log_of_our_own_connection_opens_it() {
    let certificates = Certificates::shared();
    for version in ["1.2", "1.3"] {
        let (scratch, wire) = (Scratch::new("keylog"), Wire::to(FreeRadius::shared().tls));
        let (capture, keylog) = (scratch.path().join("tls.pcap"), scratch.path().join("keys"));
        let requests = "Packet-Type = Status-Server\n\nUser-Name = bob\nUser-Password = hello\n";
        fs::write(scratch.path().join("requests"), requests).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_radius"));
        command
            .args(["send", "-f", "requests", "--tls", version, "--ca"])
            .arg(certificates.path("ca.pem"))
            .arg("--cert")
            .arg(certificates.path("client.pem"))
            .arg("--key")
            .arg(certificates.path("client.key"))
            .arg(format!("tls://{}", wire.address))
            .env("SSLKEYLOGFILE", &keylog)
            .current_dir(scratch.path());
        let finished = run(&mut command, b"", Duration::from_secs(30));
        assert_eq!(finished.code(), 0, "{version}: {}", finished.stderr);
        wire.write(&capture, PORT);
        opened_alike(&capture, &keylog, version);
    }
}
