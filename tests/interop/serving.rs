//! `radius serve` behind other people's proxies, in front of pyrad2's clients, and beside FreeRADIUS with the same
//! users file.

use std::process::Command;
use std::time::Duration;

use libtest_mimic::Trial;

use crate::peer::{Between, FreeRadius, Radclient, Reply, SECRET, Served, Settings, Tool, run};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        pyrad2s_clients_are_answered needs [Pyrad2],
        radsecproxy_stands_in_front needs [Radclient, Radsecproxy],
        freeradius_passes_requests_on_to_us needs [Radclient, FreeRadius, Openssl],
        radclient_gets_every_reply_of_a_load needs [Radclient],
        a_users_file_means_the_same_as_to_freeradius needs [Radclient, FreeRadius, Openssl],
    ]
}

fn pyrad2s_clients_are_answered() {
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
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peer/pyrad2_clients.py");
    let mut command = Command::new(Tool::Pyrad2.path());
    command.args([script, "127.0.0.1"]);
    for what in ["udp auth", "udp acct", "udp coa"] {
        command.arg(server.address(what).port().to_string());
    }
    command.arg(SECRET);
    let finished = run(&mut command, b"", Duration::from_secs(60));
    let said: Vec<&str> = finished.stdout.lines().map(str::trim_end).collect();
    let expected = [
        "pap 2 hi",
        "wrong 3 hi",
        // Its blocking client answers challenges under the authenticator of its first request.
        "eap-md5 2",
        "eap-gtc 2",
        "eap-mschapv2 2",
        "status 2",
        "status-acct 5",
        "start 5",
        "coa 44",
        "disconnect 41",
        "disconnect-again 42 503",
        "stop 5",
        "async 50",
        "async-eap-md5 2",
        "async-start 5",
    ];
    assert_eq!(said, expected, "{}\n{}", finished.stderr, server.log());
}

fn radsecproxy_stands_in_front() {
    let server = Served::start(
        &[
            "-s",
            SECRET,
            "--user",
            "alice:hello",
            "--reject-delay",
            "0",
            "--acct-log",
            "acct.json",
        ],
        &[],
    );
    let proxy = Between::start(server.address("udp auth"), server.address("udp acct"));
    let auth = Radclient::new(proxy.udp, "auth");
    for (request, code) in [
        ("User-Name = alice, User-Password = hello", "Access-Accept"),
        ("User-Name = alice, User-Password = wrong", "Access-Reject"),
        ("User-Name = alice, CHAP-Password = hello", "Access-Accept"),
        ("User-Name = alice, MS-CHAP-Password = hello", "Access-Accept"),
    ] {
        let replies = auth.send(&format!("{request}, Proxy-State = 0x0102, Proxy-State = 0x03"));
        assert_eq!(replies.one().code, code, "{request}");
        assert_eq!(
            replies.one().values("Proxy-State"),
            ["0x0102", "0x03"],
            "{request}"
        );
    }
    let start = "Acct-Status-Type = Start, Acct-Session-Id = s1, User-Name = alice";
    let replies = Radclient::new(proxy.udp, "acct").send(start);
    assert_eq!(replies.one().code, "Accounting-Response");
    let records = std::fs::read_to_string(server.directory().join("acct.json")).expect("the log is there");
    assert_eq!(records.lines().count(), 1, "{records}");
}

fn freeradius_passes_requests_on_to_us() {
    let users = "\
alice@ours Cleartext-Password := \"hello\"
\tReply-Message = \"from afar\",
\tTunnel-Type:1 = VLAN,
\tTunnel-Password:1 = \"between us\",
\tMS-MPPE-Send-Key = 0x000102030405060708090a0b0c0d0e0f
";
    let server = Served::start(
        &[
            "-s",
            SECRET,
            "--users",
            "users",
            "--reject-delay",
            "0",
            "--acct-log",
            "acct.json",
        ],
        &[("users", users)],
    );
    let proxy = FreeRadius::start_with(&Settings {
        home: Some((server.address("udp auth"), server.address("udp acct"))),
        ..Settings::default()
    });
    let auth = Radclient::new(proxy.auth, "auth");
    let replies = auth.send("User-Name = alice@ours, User-Password = hello, Proxy-State = 0x77");
    let reply = replies.one();
    assert_eq!(reply.code, "Access-Accept", "{}", server.log());
    assert_eq!(reply.values("Reply-Message"), ["from afar"]);
    assert_eq!(reply.values("Tunnel-Password:1"), ["between us"]);
    assert_eq!(
        reply.values("MS-MPPE-Send-Key"),
        ["0x000102030405060708090a0b0c0d0e0f"]
    );
    assert_eq!(reply.values("Proxy-State"), ["0x77"]);
    for (request, code) in [
        ("User-Name = alice@ours, User-Password = wrong", "Access-Reject"),
        ("User-Name = alice@ours, CHAP-Password = hello", "Access-Accept"),
        (
            "User-Name = alice@ours, MS-CHAP-Password = hello",
            "Access-Accept",
        ),
    ] {
        assert_eq!(auth.send(request).one().code, code, "{request}");
    }
    let start = "Acct-Status-Type = Start, Acct-Session-Id = s1, User-Name = alice@ours";
    let replies = Radclient::new(proxy.acct, "acct").send(start);
    assert_eq!(replies.one().code, "Accounting-Response", "{}", server.log());
    let records = std::fs::read_to_string(server.directory().join("acct.json")).expect("the log is there");
    assert_eq!(records.lines().count(), 1, "{records}");
}

fn radclient_gets_every_reply_of_a_load() {
    let server = Served::start(&["-s", SECRET, "--user", "alice:hello"], &[]);
    let client = Radclient::new(server.address("udp auth"), "auth").patience(10.0, 3);
    let client = client.arguments(&["-q", "-s", "-c", "2000", "-p", "64"]);
    let replies = client.send("User-Name = alice, User-Password = hello");
    assert_eq!(replies.finished.code(), 0, "{}", replies.finished.stderr);
    let summary = &replies.finished.stdout;
    let accepted = summary.lines().find(|line| line.contains("Accepted"));
    let count = accepted.and_then(|line| line.rsplit(':').next()?.trim().parse().ok());
    assert_eq!(count, Some(2000), "{summary}");
}

/// One users file, both servers, the same questions: the same answers.
fn a_users_file_means_the_same_as_to_freeradius() {
    let users = r#"
plain Cleartext-Password := "hello"
	Reply-Message = "one",
	Reply-Message = "two",
	Reply-Message += "three"
within Cleartext-Password := "hello"
	Filter-Id := "a",
	Filter-Id = "b",
	Filter-Id := "c",
	Fall-Through = Yes
within
	Filter-Id = "not added",
	Session-Timeout = 1,
	Session-Timeout = 2
instead Cleartext-Password := "hello"
	Filter-Id = "a",
	Session-Timeout = 1,
	Fall-Through = Yes
instead
	Filter-Id := "instead",
	Filter-Id += "beside",
	Session-Timeout = 3
hashed MD5-Password := 5d41402abc4b2a76b9719d911017c592
ssha SSHA-Password := 0x14fbd3f9600ecfc2a3d43e4c07a98a875c7910a273616c74
sha SHA-Password := aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d
crypted Crypt-Password := "$1$abc$jWy0FsfCoVBK.I85XpXf30"
nt NT-Password := 0x066ddfd4ef0e9cd7c256fe77191ef43c
ops1 NAS-Port == 5, Cleartext-Password := "hello"
	Filter-Id = "five"
ops1 NAS-Port != 5, Cleartext-Password := "hello"
	Filter-Id = "another"
ops2 NAS-Port < 10, Cleartext-Password := "hello"
	Filter-Id = "less"
ops2 NAS-Port >= 10, NAS-Port <= 20, Cleartext-Password := "hello"
	Filter-Id = "between"
ops2 NAS-Port > 20, Cleartext-Password := "hello"
	Filter-Id = "more"
ops3 Calling-Station-Id =~ "^00-(..)-(..)$", Cleartext-Password := "hello"
	Filter-Id = "%{1} then %{2}"
ops3 Calling-Station-Id !~ "^00-", Cleartext-Password := "hello"
	Filter-Id = "elsewhere"
ops4 NAS-Port-Id =* ANY, Cleartext-Password := "hello"
	Filter-Id = "there"
ops4 NAS-Port-Id !* ANY, Cleartext-Password := "hello"
	Filter-Id = "not there"
DEFAULT Service-Type == Framed-User
	Framed-MTU = 1500,
	Session-Timeout = 60,
	Fall-Through = Yes
fall Cleartext-Password := "hello"
	Session-Timeout := 120,
	Filter-Id = "first",
	Fall-Through = Yes
fall
	Filter-Id = "not added",
	Filter-Id += "second",
	Fall-Through = No
fall
	Filter-Id += "never"
filled Cleartext-Password := "hello"
	Reply-Message = "%{User-Name} on %{NAS-Port} of %{NAS-Identifier}, %{%{NAS-Port-Id}:-no port id}, 100%%"
"with space" Cleartext-Password := "hello"
	Filter-Id = "quoted"
tunnel Cleartext-Password := "hello"
	Tunnel-Type:1 = VLAN,
	Tunnel-Medium-Type:1 = IEEE-802,
	Tunnel-Private-Group-Id:1 = "42",
	Tunnel-Private-Group-Id:2 = "43"
refused Auth-Type := Reject, Cleartext-Password := "hello"
	Reply-Message = "no"
welcome Auth-Type := Accept
	Filter-Id = "anyhow"
"#;
    let ours = Served::start(
        &["-s", SECRET, "--users", "users", "--reject-delay", "0"],
        &[("users", users)],
    );
    let theirs = FreeRadius::start_with(&Settings {
        users: users.to_owned(),
        ..Settings::default()
    });
    let mut questions = vec![
        "User-Name = plain, User-Password = hello".to_owned(),
        "User-Name = within, User-Password = hello".into(),
        "User-Name = instead, User-Password = hello".into(),
        "User-Name = plain, User-Password = wrong".into(),
        "User-Name = plain, CHAP-Password = hello".into(),
        "User-Name = nt, MS-CHAP-Password = wrong".into(),
        "User-Name = ops3, User-Password = hello, Calling-Station-Id = 00-ab-cd".into(),
        "User-Name = ops3, User-Password = hello, Calling-Station-Id = 01-ab-cd".into(),
        "User-Name = ops3, User-Password = hello".into(),
        "User-Name = ops4, User-Password = hello, NAS-Port-Id = x".into(),
        "User-Name = ops4, User-Password = hello".into(),
        "User-Name = fall, User-Password = hello".into(),
        "User-Name = fall, User-Password = hello, Service-Type = Framed-User".into(),
        "User-Name = filled, User-Password = hello, NAS-Port = 7, NAS-Identifier = here".into(),
        "User-Name = filled, User-Password = hello, NAS-Port = 7, NAS-Identifier = here, NAS-Port-Id = x"
            .into(),
        "User-Name = \"with space\", User-Password = hello".into(),
        "User-Name = tunnel, User-Password = hello".into(),
        "User-Name = refused, User-Password = hello".into(),
        "User-Name = welcome, User-Password = anything".into(),
        "User-Name = stranger, User-Password = hello".into(),
    ];
    for user in ["hashed", "ssha", "sha", "crypted", "nt"] {
        for password in ["hello", "hallo"] {
            questions.push(format!("User-Name = {user}, User-Password = {password}"));
        }
        questions.push(format!("User-Name = {user}, CHAP-Password = hello"));
    }
    for port in [0, 5, 9, 10, 20, 21] {
        for user in ["ops1", "ops2"] {
            questions.push(format!(
                "User-Name = {user}, User-Password = hello, NAS-Port = {port}"
            ));
        }
    }
    // What each adds for reasons of its own is no part of the file.
    let told = |reply: &Reply| {
        let mut attributes = reply.attributes.clone();
        attributes.retain(|(name, _)| name != "Message-Authenticator" && name != "MS-CHAP-Error");
        (reply.code.clone(), attributes)
    };
    let mut differences = Vec::new();
    for question in &questions {
        let [we, they] = [ours.address("udp auth"), theirs.auth]
            .map(|server| told(Radclient::new(server, "auth").send(question).one()));
        if we != they {
            differences.push(format!("{question}\n  we say   {we:?}\n  they say {they:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
