//! `radius serve` with other people's clients in front of it and FreeRADIUS behind it.

use libtest_mimic::Trial;

use crate::peer::{FreeRadius, Radclient, Served};

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        radclient_logs_in_by_every_method needs [Radclient],
        radclient_over_tcp needs [Radclient],
        radclient_gets_what_the_users_file_says needs [Radclient],
        radclient_accounts_and_ends_the_session needs [Radclient],
        radclient_asks_for_the_status needs [Radclient],
        a_wrong_secret_is_silence_and_the_log_says_why needs [Radclient],
        a_second_factor_is_asked_for needs [Radclient],
        settings_come_into_force_by_a_signal needs [Radclient],
        faults_are_noticed_by_a_client needs [Radclient],
        freeradius_answers_what_is_passed_on needs [Radclient, FreeRadius, Openssl],
    ]
}

fn served(arguments: &[&str]) -> Served {
    let mut all = vec![
        "-s",
        crate::peer::SECRET,
        "--user",
        "alice:hello",
        "--reject-delay",
        "0",
    ];
    all.extend(arguments);
    Served::start(&all, &[])
}

fn radclient(server: &Served, what: &str, kind: &'static str) -> Radclient {
    Radclient::new(server.address(what), kind)
}

fn radclient_logs_in_by_every_method() {
    let server = served(&[]);
    let client = radclient(&server, "udp auth", "auth");
    for (request, code) in [
        ("User-Name = alice, User-Password = hello", "Access-Accept"),
        ("User-Name = alice, User-Password = wrong", "Access-Reject"),
        ("User-Name = eve, User-Password = hello", "Access-Reject"),
        ("User-Name = alice, CHAP-Password = hello", "Access-Accept"),
        ("User-Name = alice, CHAP-Password = wrong", "Access-Reject"),
        ("User-Name = alice, MS-CHAP-Password = hello", "Access-Accept"),
        ("User-Name = alice, MS-CHAP-Password = wrong", "Access-Reject"),
        ("User-Name = alice", "Access-Reject"),
    ] {
        assert_eq!(client.send(request).one().code, code, "{request}");
    }
}

fn radclient_over_tcp() {
    let server = served(&[]);
    let client = radclient(&server, "tcp auth", "auth").tcp();
    let reply = client.send("User-Name = alice, User-Password = hello");
    assert_eq!(reply.one().code, "Access-Accept");
    let client = radclient(&server, "tcp acct", "acct").tcp();
    let reply = client.send("Acct-Status-Type = Start, Acct-Session-Id = s1");
    assert_eq!(reply.one().code, "Accounting-Response");
}

fn radclient_gets_what_the_users_file_says() {
    let users = "\
bob NAS-Port < 10, Crypt-Password := \"$1$abcdefgh$rwnEbRiN0agqVgZBovWNQ/\"
\tFramed-IP-Address = 10.0.0.7,
\tReply-Message = \"Hello, %{User-Name} on %{NAS-Port}\",
\tTunnel-Type:1 = VLAN,
\tTunnel-Password:1 = \"between us\",
\tCisco-AVPair = \"a=b\",
\tCisco-AVPair += \"c=d\",
\tFall-Through = Yes
DEFAULT Auth-Type := Reject
\tReply-Message := \"Nobody else\"
";
    let server = Served::start(
        &[
            "-s",
            crate::peer::SECRET,
            "--users",
            "users",
            "--reject-delay",
            "0",
        ],
        &[(
            "users",
            &users.replace("DEFAULT Auth-Type", "DEFAULT User-Name != bob, Auth-Type"),
        )],
    );
    let client = radclient(&server, "udp auth", "auth");
    let replies = client.send("User-Name = bob, User-Password = hello, NAS-Port = 7");
    let reply = replies.one();
    assert_eq!(reply.code, "Access-Accept");
    assert_eq!(reply.values("Framed-IP-Address"), ["10.0.0.7"]);
    assert_eq!(reply.values("Reply-Message"), ["Hello, bob on 7"]);
    assert_eq!(reply.values("Tunnel-Password:1"), ["between us"]);
    assert_eq!(reply.values("Cisco-AVPair"), ["a=b", "c=d"]);
    let replies = client.send("User-Name = eve, User-Password = hello");
    let reply = replies.one();
    assert_eq!(
        (reply.code.as_str(), reply.values("Reply-Message")),
        ("Access-Reject", vec!["Nobody else"])
    );
}

fn radclient_accounts_and_ends_the_session() {
    let server = served(&["--acct-log", "acct.json"]);
    let acct = radclient(&server, "udp acct", "acct");
    let disconnect = radclient(&server, "udp coa", "disconnect");
    let coa = radclient(&server, "udp coa", "coa");
    let session = "User-Name = alice, Acct-Session-Id = s1";
    assert_eq!(
        disconnect.send(session).one().values("Error-Cause"),
        ["Unsupported-Extension"]
    );
    let start = format!("Acct-Status-Type = Start, {session}, NAS-IP-Address = 10.0.0.1");
    assert_eq!(acct.send(&start).one().code, "Accounting-Response");
    let log = std::fs::read_to_string(server.directory().join("acct.json")).expect("the server wrote it");
    assert_eq!(log.lines().count(), 1);
    assert!(
        log.contains("\"Acct-Session-Id\"") && log.contains("\"s1\""),
        "{log}"
    );
    assert_eq!(
        coa.send(&format!("{session}, Filter-Id = x")).one().code,
        "CoA-ACK"
    );
    let other = "User-Name = alice, Acct-Session-Id = s2";
    assert_eq!(
        disconnect.send(other).one().values("Error-Cause"),
        ["Session-Context-Not-Found"]
    );
    assert_eq!(disconnect.send(session).one().code, "Disconnect-ACK");
    assert_eq!(disconnect.send(session).one().code, "Disconnect-NAK");
}

fn radclient_asks_for_the_status() {
    let server = served(&[]);
    let status = "Message-Authenticator = 0x00";
    assert_eq!(
        radclient(&server, "udp auth", "status").send(status).one().code,
        "Access-Accept"
    );
}

fn a_wrong_secret_is_silence_and_the_log_says_why() {
    let mut server = served(&[]);
    let client = radclient(&server, "udp acct", "acct")
        .secret("wrong")
        .patience(0.3, 1);
    let replies = client.send("Acct-Status-Type = Start, Acct-Session-Id = s1");
    assert!(replies.replies.is_empty(), "{replies:?}");
    server.wait_for("wrong Request Authenticator");
}

fn a_second_factor_is_asked_for() {
    let server = served(&["--challenge=4711"]);
    let client = radclient(&server, "udp auth", "auth");
    let replies = client.send("User-Name = alice, User-Password = hello");
    let challenge = replies.one();
    assert_eq!(challenge.code, "Access-Challenge");
    let state = challenge.values("State")[0].to_owned();
    let answer = |code: &str| format!("User-Name = alice, User-Password = {code}, State = {state}");
    assert_eq!(client.send(&answer("4711")).one().code, "Access-Accept");
    assert_eq!(client.send(&answer("4711")).one().code, "Access-Reject");
}

fn settings_come_into_force_by_a_signal() {
    let mut server = Served::start(
        &["--config", "serve.toml"],
        &[(
            "serve.toml",
            "secret = \"testing123\"\nreject-delay = 0\n[[user]]\nname = \"bob\"\npassword = \"one\"\n",
        )],
    );
    let client = radclient(&server, "udp auth", "auth");
    let code = |password: &str| {
        let request = format!("User-Name = bob, User-Password = {password}");
        client.send(&request).one().code.clone()
    };
    assert_eq!(code("one"), "Access-Accept");
    let path = server.directory().join("serve.toml");
    let write = |text: &str| std::fs::write(&path, text).expect("the directory is ours");
    write("secret = \"testing123\"\nusrs = 1\n");
    server.signal("HUP");
    server.wait_for("the old one stays");
    assert_eq!(code("one"), "Access-Accept");
    write("secret = \"testing123\"\nreject-delay = 0\n[[user]]\nname = \"bob\"\npassword = \"two\"\n");
    server.signal("HUP");
    server.wait_for("reloaded");
    assert_eq!(code("one"), "Access-Reject");
    assert_eq!(code("two"), "Access-Accept");
    server.signal("USR1");
    server.wait_for("4 requests in");
}

fn faults_are_noticed_by_a_client() {
    let server = served(&["--fault", "wrong-authenticator,nth=1", "--fault", "drop,nth=2"]);
    let client = radclient(&server, "udp auth", "auth").patience(0.4, 1);
    let request = "User-Name = alice, User-Password = hello";
    assert!(client.send(request).replies.is_empty());
    assert!(client.send(request).replies.is_empty());
    assert_eq!(client.send(request).one().code, "Access-Accept");
    assert_eq!(server.log().matches("[fault: ").count(), 2);
}

fn freeradius_answers_what_is_passed_on() {
    let upstream = FreeRadius::shared();
    let server = served(&[
        "--proxy-to",
        &upstream.auth.to_string(),
        "--proxy-secret",
        crate::peer::SECRET,
    ]);
    let client = radclient(&server, "udp auth", "auth");
    let replies = client.send("User-Name = mppe, User-Password = hello, Proxy-State = 0x1234");
    let reply = replies.one();
    assert_eq!(
        (reply.code.as_str(), reply.values("Proxy-State")),
        ("Access-Accept", vec!["0x1234"])
    );
    let straight = Radclient::new(upstream.auth, "auth").send("User-Name = mppe, User-Password = hello");
    // The same keys, hidden under other secrets and salts on their way.
    for name in ["MS-MPPE-Send-Key", "MS-MPPE-Recv-Key"] {
        assert!(!reply.values(name).is_empty());
        assert_eq!(reply.values(name), straight.one().values(name), "{name}");
    }
    for (request, code) in [
        ("User-Name = bob, CHAP-Password = hello", "Access-Accept"),
        ("User-Name = bob, User-Password = wrong", "Access-Reject"),
        ("User-Name = challenge, User-Password = hello", "Access-Challenge"),
    ] {
        assert_eq!(client.send(request).one().code, code, "{request}");
    }
    assert!(
        server.log().contains(&format!("(from {})", upstream.auth)),
        "{}",
        server.log()
    );
}
