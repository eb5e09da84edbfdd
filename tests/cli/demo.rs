//! `radius demo`: what it shows of each exchange, and how it ends.

use crate::transcript::radius;

/// The scenarios that the help lists.
fn scenarios() -> Vec<String> {
    let help = radius(["demo", "--help"]).run().stdout;
    // It is folded to the width of the terminal.
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, list) = help
        .split_once("[SCENARIO]... Which")
        .expect("the help has the argument");
    let (_, list) = list.split_once("values: ").expect("the help lists the scenarios");
    let (list, _) = list.split_once(']').expect("the list ends");
    let names: Vec<_> = list.split(", ").map(str::to_owned).collect();
    assert!(names.len() >= 5, "{names:?}");
    names
}

#[test]
fn each_scenario_alone_fits_a_screen_and_succeeds() {
    for name in scenarios() {
        let transcript = radius(["demo", &name]).run();
        let shown = &transcript.stdout;
        assert!(shown.starts_with(&format!("{name}: ")), "{shown}");
        assert!(
            shown.contains(&format!("\n✓ {name}\n")),
            "{shown}{}",
            transcript.stderr
        );
        let lines = shown.lines().count();
        assert!(lines < 40, "{name} takes {lines} lines:\n{shown}");
        assert_eq!(transcript.stderr, "", "{name}");
        transcript.exits(0);
    }
}

#[test]
fn all_of_them_run_in_order_when_none_is_named() {
    let transcript = radius(["demo"]).run();
    let succeeded: Vec<_> = transcript
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("✓ "))
        .map(str::to_owned)
        .collect();
    assert_eq!(succeeded, scenarios());
    transcript.exits(0);
}

#[test]
fn passwords_are_shown_on_request_only() {
    let hidden = radius(["demo", "auth"]).run();
    assert!(
        hidden.stdout.contains("User-Password = <hidden>"),
        "{}",
        hidden.stdout
    );
    let shown = radius(["demo", "auth", "--show-secrets"]).run();
    assert!(!shown.stdout.contains("<hidden>"), "{}", shown.stdout);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let transcript = radius(["demo"]).until("auth: ", |_, stdout| drop(stdout));
    assert_eq!(transcript.stderr, "");
    transcript.exits(0);
}

#[test]
fn a_scenario_that_does_not_exist_is_named_with_those_that_do() {
    let transcript = radius(["demo", "chat"]).run();
    assert!(
        transcript.stderr.contains("invalid value 'chat'"),
        "{}",
        transcript.stderr
    );
    transcript.exits(2);
}

#[test]
fn a_duplicate_is_decided_about_once_and_answered_with_the_same_octets() {
    let shown = radius(["demo", "dedup"]).run().stdout;
    for line in [
        "→ the same 69 octets again",
        "← the same 66 octets again",
        "server: Access-Accept (pap, users:1)",
        "server: Access-Accept again (a duplicate: the identical reply)",
        "one decision for two requests, two byte-identical replies",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}: {shown}");
    }
}

#[test]
fn both_sides_of_the_proxy_are_shown() {
    let shown = radius(["demo", "proxy"]).run().stdout;
    let ways = [
        "client → proxy",
        "proxy → server",
        "server → proxy",
        "proxy → client",
    ];
    for way in ways {
        assert_eq!(shown.matches(&format!("{way}: ")).count(), 1, "{shown}");
    }
    assert_eq!(shown.matches("Proxy-State = 0x6f75727300").count(), 4, "{shown}");
}

#[test]
fn the_scenarios_have_their_order() {
    let expected = [
        "auth",
        "acct",
        "coa",
        "disconnect",
        "status",
        "dedup",
        "proxy",
        "chap",
        "mschapv2",
    ];
    assert_eq!(scenarios()[..expected.len()], expected);
}

#[test]
fn the_server_says_its_side_of_every_story() {
    for name in scenarios() {
        let shown = radius(["demo", &name]).run().stdout;
        assert!(shown.contains("\nserver: "), "{shown}");
    }
}
