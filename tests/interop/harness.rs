//! Do the peers themselves run, and do what their configuration says? No code of ours takes part: where one of
//! these fails, it is the machine or the harness, and the other tests' failures mean little.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::time::Duration;

use libtest_mimic::Trial;

use crate::peer::{
    Capture, EapolTest, FreeRadius, Home, Network, Radclient, SECRET, Settings, TlsVersion, Tool, Visited,
    run,
};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        freeradius_accepts_the_right_password_with_a_rich_reply needs [FreeRadius, Radclient, Openssl],
        freeradius_rejects_the_wrong_password needs [FreeRadius, Radclient, Openssl],
        freeradius_takes_chap_and_mschap needs [FreeRadius, Radclient, Openssl],
        freeradius_answers_over_tcp needs [FreeRadius, Radclient, Openssl],
        freeradius_answers_on_the_ipv6_loopback needs [FreeRadius, Radclient, Openssl],
        freeradius_knows_its_clients_by_address needs [FreeRadius, Radclient, Openssl],
        freeradius_challenges needs [FreeRadius, Radclient, Openssl],
        freeradius_is_late_for_slow_and_silent_for_drop needs [FreeRadius, Radclient, Openssl],
        freeradius_sends_mppe_keys_odd_vendors_and_long_replies needs [FreeRadius, Radclient, Openssl],
        freeradius_keeps_accounting_records needs [FreeRadius, Radclient, Openssl],
        freeradius_gives_its_statistics needs [FreeRadius, Radclient, Openssl],
        freeradius_acks_and_naks_dynamic_authorization needs [FreeRadius, Radclient, Openssl],
        freeradius_takes_more_users needs [FreeRadius, Radclient, Openssl],
        eapol_test_logs_in_with_every_method needs [FreeRadius, EapolTest, Openssl],
        eapol_test_tells_a_reject_from_a_bad_certificate needs [FreeRadius, EapolTest, Openssl],
        radsecproxy_carries_requests_over_tls_and_dtls needs [FreeRadius, Radclient, Radsecproxy, Openssl],
        freeradius_takes_requests_over_tls needs [FreeRadius, Radclient, Radsecproxy, Openssl],
        eapol_test_logs_in_through_radsecproxy needs [FreeRadius, EapolTest, Radsecproxy, Openssl],
        tshark_decodes_the_vector_of_rfc_2865 needs [Tshark],
        tshark_finds_a_cut_attribute needs [Tshark],
        pyrad2_is_importable needs [Pyrad2],
    ]
}

/// An Access-Request of a user with a password.
fn login(user: &str, password: &str) -> String {
    format!("User-Name = {user}, User-Password = {password}")
}

fn freeradius_accepts_the_right_password_with_a_rich_reply() {
    let run = Radclient::new(FreeRadius::shared().auth, "auth").send(&login("bob", "hello"));
    let reply = run.one();
    assert_eq!(reply.code, "Access-Accept");
    assert_eq!(reply.values("Reply-Message"), ["Hello, bob", "and welcome"]);
    assert_eq!(
        reply.values("Cisco-AVPair"),
        ["shell:priv-lvl=15", "ip:addr-pool=seven"]
    );
    assert_eq!(reply.values("Tunnel-Type:1"), ["VLAN"]);
    assert_eq!(reply.values("Tunnel-Password:1"), ["tunnel secret"]);
    assert_eq!(run.finished.code(), 0);
}

fn freeradius_rejects_the_wrong_password() {
    let run = Radclient::new(FreeRadius::shared().auth, "auth").send(&login("bob", "no"));
    assert_eq!(run.one().code, "Access-Reject");
    assert_eq!(run.finished.code(), 1);
}

fn freeradius_takes_chap_and_mschap() {
    let client = Radclient::new(FreeRadius::shared().auth, "auth");
    assert_eq!(
        client.send("User-Name = alice, CHAP-Password = hello").one().code,
        "Access-Accept"
    );
    assert_eq!(
        client.send("User-Name = alice, CHAP-Password = no").one().code,
        "Access-Reject"
    );
    let run = client.send("User-Name = alice, MS-CHAP-Password = hello");
    assert_eq!(run.one().code, "Access-Accept");
    assert_eq!(run.one().values("MS-CHAP-MPPE-Keys").len(), 1);
}

fn freeradius_answers_over_tcp() {
    let server = FreeRadius::shared();
    let run = Radclient::new(server.auth, "auth")
        .tcp()
        .send(&login("alice", "hello"));
    assert_eq!(run.one().code, "Access-Accept");
    let start = "User-Name = alice, Acct-Status-Type = Start, Acct-Session-Id = over-tcp";
    assert_eq!(
        Radclient::new(server.acct, "acct").tcp().send(start).one().code,
        "Accounting-Response"
    );
}

fn freeradius_answers_on_the_ipv6_loopback() {
    let server = FreeRadius::shared();
    if server.ipv6 {
        let address = SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, server.auth.port()));
        assert_eq!(
            Radclient::new(address, "auth")
                .send(&login("alice", "hello"))
                .one()
                .code,
            "Access-Accept"
        );
    }
}

fn freeradius_knows_its_clients_by_address() {
    let client = Radclient::new(FreeRadius::shared().auth, "auth");
    let from_2 = format!("{}, Packet-Src-IP-Address = 127.0.0.2", login("alice", "hello"));
    assert_eq!(
        client.clone().secret("another secret").send(&from_2).one().code,
        "Access-Accept"
    );
    let wrong_secret = client.send(&from_2);
    assert_eq!(wrong_secret.replies, []);
    assert!(
        wrong_secret
            .finished
            .stderr
            .contains("invalid Response Authenticator")
    );
    let from_3 = format!("{}, Packet-Src-IP-Address = 127.0.0.3", login("alice", "hello"));
    assert_eq!(
        client.clone().patience(0.2, 1).send(&from_3).replies,
        [],
        "unsigned"
    );
    assert_eq!(
        client
            .send(&format!("{from_3}, Message-Authenticator = 0x00"))
            .one()
            .code,
        "Access-Accept"
    );
}

fn freeradius_challenges() {
    let client = Radclient::new(FreeRadius::shared().auth, "auth");
    let first = client.send(&login("challenge", "hello"));
    assert_eq!(first.one().code, "Access-Challenge");
    assert_eq!(first.one().values("Reply-Message"), ["Enter the code"]);
    let state = first.one().values("State")[0];
    let right = client.send(&format!("{}, State = {state}", login("challenge", "123456")));
    assert_eq!(right.one().code, "Access-Accept");
    let wrong = client.send(&format!("{}, State = {state}", login("challenge", "654321")));
    assert_eq!(wrong.one().code, "Access-Reject");

    let mut request = login("rounds", "hello");
    for round in ["Enter the code", "Once more", "And the last"] {
        let run = client.send(&request);
        assert_eq!(run.one().code, "Access-Challenge");
        assert_eq!(run.one().values("Reply-Message"), [round]);
        request = format!(
            "{}, State = {}",
            login("rounds", "anything"),
            run.one().values("State")[0]
        );
    }
    assert_eq!(client.send(&request).one().code, "Access-Accept");
}

fn freeradius_is_late_for_slow_and_silent_for_drop() {
    let server = FreeRadius::shared();
    let late = Radclient::new(server.auth, "auth")
        .patience(5.0, 1)
        .send(&login("slow", "hello"));
    assert_eq!(late.one().code, "Access-Accept");
    assert!(late.finished.took >= Duration::from_millis(400));
    let silent = Radclient::new(server.auth, "auth")
        .patience(0.2, 2)
        .send(&login("drop", "hello"));
    assert_eq!(silent.replies, []);
    assert!(
        silent.finished.stdout.contains("No reply from server"),
        "{}",
        silent.finished.stdout
    );
}

fn freeradius_sends_mppe_keys_odd_vendors_and_long_replies() {
    let client = Radclient::new(FreeRadius::shared().auth, "auth");
    let keys = client.send(&login("mppe", "hello"));
    assert_eq!(
        keys.one().values("MS-MPPE-Send-Key"),
        ["0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"]
    );
    let vendors = client.send(&login("vendors", "hello"));
    assert_eq!(vendors.one().values("USR-Channel"), ["7"]);
    assert_eq!(vendors.one().values("WiMAX-Release"), ["1.0"]);
    assert_eq!(vendors.one().values("IP-Port-Limit"), ["1000"]);
    assert_eq!(vendors.one().values("Ascend-Send-Secret"), ["ascend secret"]);
    let wide = client.send(&login("wide", "hello"));
    // Servers from 3.2.5 on add a Message-Authenticator.
    assert!(wide.one().length >= 3845);
}

fn freeradius_keeps_accounting_records() {
    let server = FreeRadius::start();
    let client = Radclient::new(server.acct, "acct");
    assert!(server.accounting().is_empty());
    let start = "User-Name = bob, Acct-Status-Type = Start, Acct-Session-Id = s1";
    assert_eq!(client.send(start).one().code, "Accounting-Response");
    let [record] = &server.accounting()[..] else {
        panic!("{:?}", server.accounting())
    };
    assert!(
        record.contains(&("Acct-Session-Id".to_owned(), "s1".to_owned())),
        "{record:?}"
    );
    let silent = client
        .patience(0.2, 1)
        .send("User-Name = drop, Acct-Status-Type = Start, Acct-Session-Id = s2");
    assert_eq!(silent.replies, []);
    assert_eq!(server.accounting().len(), 1);
}

fn freeradius_gives_its_statistics() {
    let server = FreeRadius::shared();
    let plain = "Message-Authenticator = 0x00";
    assert_eq!(
        Radclient::new(server.auth, "status").send(plain).one().code,
        "Access-Accept"
    );
    assert_eq!(
        Radclient::new(server.acct, "status").send(plain).one().code,
        "Accounting-Response"
    );
    let run =
        Radclient::new(server.status, "status").send(&format!("{plain}, FreeRADIUS-Statistics-Type = All"));
    assert_eq!(run.one().values("FreeRADIUS-Total-Access-Requests").len(), 1);
}

fn freeradius_acks_and_naks_dynamic_authorization() {
    let server = FreeRadius::shared();
    for (kind, ack, nak) in [
        ("coa", "CoA-ACK", "CoA-NAK"),
        ("disconnect", "Disconnect-ACK", "Disconnect-NAK"),
    ] {
        let client = Radclient::new(server.coa, kind);
        assert_eq!(client.send("User-Name = bob").one().code, ack);
        let run = client.send("User-Name = zed");
        assert_eq!(run.one().code, nak);
        assert_eq!(run.one().values("Error-Cause")[0], "Session-Context-Not-Found");
    }
}

fn freeradius_takes_more_users() {
    let users = "carol Cleartext-Password := \"sesame\"\n\tFilter-Id = \"gold\"\n".to_owned();
    let server = FreeRadius::start_with(&Settings {
        users,
        debug: false,
        ..Settings::default()
    });
    let run = Radclient::new(server.auth, "auth").send(&login("carol", "sesame"));
    assert_eq!(run.one().values("Filter-Id"), ["gold"]);
    assert!(server.log().contains("Login OK: [carol]"), "{}", server.log());
}

fn eapol_test_logs_in_with_every_method() {
    let client = EapolTest::new(FreeRadius::shared().auth);
    for method in ["MD5", "GTC", "MSCHAPV2", "PWD"] {
        let verdict = client.log_in(&Network::plain(method, "bob", "hello"));
        assert!(verdict.succeeded(), "{method}:\n{}", verdict.finished.stdout);
    }
    for version in [TlsVersion::V1_2, TlsVersion::V1_3] {
        for network in [
            Network::tunnel("PEAP", version, "auth=MSCHAPV2", "bob", "hello"),
            Network::tunnel("TTLS", version, "auth=PAP", "bob", "hello"),
            Network::tls(version, "user@example.org"),
        ] {
            let verdict = client.log_in(&network);
            assert!(verdict.succeeded(), "{network:?}:\n{}", verdict.finished.stdout);
            assert_eq!(verdict.keys(), Some((1, 0)));
        }
    }
}

fn eapol_test_tells_a_reject_from_a_bad_certificate() {
    let client = EapolTest::new(FreeRadius::shared().auth);
    let network = Network::tunnel("PEAP", TlsVersion::V1_3, "auth=MSCHAPV2", "bob", "no");
    let verdict = client.log_in(&network);
    assert!(
        verdict.rejected() && !verdict.succeeded(),
        "{}",
        verdict.finished.stdout
    );
    assert!(verdict.certificate_errors().is_empty());
    let stranger = crate::peer::Certificates::shared().path("stranger-ca.pem");
    let verdict = client.log_in(&network.set("ca_cert", &stranger.display().to_string()));
    assert!(!verdict.succeeded());
    assert_eq!(verdict.certificate_errors()[0], 1, "untrusted");
}

fn radsecproxy_carries_requests_over_tls_and_dtls() {
    let server = FreeRadius::shared();
    let home = Home::start(server.auth, server.acct);
    let visited = Visited::start(Some(home.tls), Some(home.dtls));
    for realm in ["tls.test", "dtls.test"] {
        let user = format!("bob@{realm}");
        let run = Radclient::new(visited.udp, "auth").send(&login(&user, "hello"));
        assert_eq!(run.one().values("Reply-Message"), [format!("Hello, {user}")]);
        let start = format!("User-Name = {user}, Acct-Status-Type = Start, Acct-Session-Id = {realm}");
        assert_eq!(
            Radclient::new(visited.udp, "acct").send(&start).one().code,
            "Accounting-Response"
        );
    }
    assert!(home.log().contains("DTLS connection from 127.0.0.1"));
}

fn freeradius_takes_requests_over_tls() {
    let visited = Visited::start(Some(FreeRadius::shared().tls), None);
    let run = Radclient::new(visited.udp, "auth").send(&login("bob@tls.test", "hello"));
    assert_eq!(run.one().code, "Access-Accept");
}

fn eapol_test_logs_in_through_radsecproxy() {
    let server = FreeRadius::shared();
    let home = Home::start(server.auth, server.acct);
    let visited = Visited::start(None, Some(home.dtls));
    let network = Network::tunnel("PEAP", TlsVersion::V1_3, "auth=MSCHAPV2", "bob", "hello")
        .set("anonymous_identity", "anonymous@dtls.test");
    let verdict = EapolTest::new(visited.udp).secret(SECRET).log_in(&network);
    assert!(verdict.succeeded(), "{}", verdict.finished.stdout);
}

/// The request and the reply of RFC 2865 §7.1; the secret is xyzzy5461.
const REQUEST: &str = "010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee\
                       0406c0a801100506 00000003";
const REPLY: &str = "0200002686fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103";

fn octets(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|digit| !digit.is_ascii_whitespace()).collect();
    let octet = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("hex");
    digits.chunks(2).map(octet).collect()
}

fn tshark_decodes_the_vector_of_rfc_2865() {
    let [nas, server] = [40_000, 1812].map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let capture =
        Capture::new()
            .datagram(nas, server, &octets(REQUEST))
            .datagram(server, nas, &octets(REPLY));
    let decoded = capture.decode("xyzzy5461");
    let [request, reply] = &decoded[..] else {
        panic!("{decoded:?}")
    };
    assert_eq!(request.problems(), [""; 0]);
    assert_eq!(request.field("radius.User_Name"), ["nemo"]);
    assert_eq!(request.field("radius.User_Password"), ["arctangent"]);
    assert_eq!(reply.problems(), [""; 0]);
    assert_eq!(reply.field("radius.code"), ["2"]);
    assert_eq!(reply.authenticator_is_valid(), Some(true));
    assert_eq!(capture.decode("another")[1].authenticator_is_valid(), Some(false));
}

fn tshark_finds_a_cut_attribute() {
    let [nas, server] = [40_000, 22_812].map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let mut cut = octets(REQUEST);
    cut[51] = 7; // NAS-Port says one octet more than is there.
    let decoded = Capture::new().datagram(nas, server, &cut).decode("xyzzy5461");
    assert!(
        decoded[0]
            .problems()
            .iter()
            .any(|problem| problem.contains("Malformed")),
        "{decoded:?}"
    );
}

fn pyrad2_is_importable() {
    let mut command = Command::new(Tool::Pyrad2.path());
    let finished = run(
        command.args(["-c", "import pyrad2"]),
        b"",
        Duration::from_secs(30),
    );
    assert_eq!(finished.code(), 0, "{}", finished.stderr);
}
