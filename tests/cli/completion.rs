//! Completion as shells ask for it, by the functions that `radius completions` prints.

use std::process::Command;

/// What a shell prints for a script, with the program in its path; nothing where the shell is not installed.
fn shell(name: &str, arguments: &[&str]) -> Option<String> {
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_radius"))
        .parent()
        .unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let run = Command::new(name)
        .args(arguments)
        .env("PATH", path)
        .env_remove("RADIUS_DICT")
        .env("HOME", std::env::temp_dir())
        .output();
    let Ok(run) = run else {
        eprintln!("SKIPPED: {name} is not installed");
        return None;
    };
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{name}: {errors}");
    Some(String::from_utf8(run.stdout).unwrap())
}

#[test]
fn bash_completes_names_and_values() {
    let script = r#"
        source <(radius completions bash)
        ask() { COMP_LINE=$2; COMP_POINT=${#2}; _radius radius "$1" 2>/dev/null; printf '%s\n' "${COMPREPLY[@]}"; }
        ask Service-Ty 'radius send -a Service-Ty'
        ask Framed-U 'radius send -a Service-Type=Framed-U'
        ask 'Error-Cause == Missing-A' "radius coa --expect 'Error-Cause == Missing-A"
        ask acct-multi-s 'radius dict lookup acct-multi-s'
        complete -p radius
    "#;
    let Some(text) = shell("bash", &["--norc", "-c", script]) else {
        return;
    };
    let lines = [
        "Service-Type=",
        "Framed-User",
        "Error-Cause == Missing-Attribute",
        "Acct-Multi-Session-Id",
        "complete -F _radius radius",
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn fish_completes_names_and_values() {
    let script = "radius completions fish | source
        complete -C 'radius send -a Service-Ty'
        complete -C 'radius send -a Service-Type=Framed-U'
        complete -C 'radius coa --expect Error-Cause=Missing-A'
        complete -C 'radius dict lookup Acct-Multi-S'";
    let Some(text) = shell("fish", &["-N", "-c", script]) else {
        return;
    };
    let lines = [
        "Service-Type=\tinteger 6",
        "Service-Type=Framed-User\t2",
        "Error-Cause=Missing-Attribute\t402",
        "Acct-Multi-Session-Id\tstring 50",
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn zsh_reads_its_function() {
    let script =
        "autoload -U compinit; compinit -u -D; source <(radius completions zsh); print $_comps[radius]";
    if let Some(text) = shell("zsh", &["-f", "-c", script]) {
        assert_eq!(text, "_radius\n");
    }
}

#[test]
fn without_a_shell_nothing_is_completed() {
    let run = Command::new(env!("CARGO_BIN_EXE_radius"))
        .args(["dict", "lookup", "User-Name", "--json"])
        .env("COMPLETE", "0")
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&run.stdout).contains("\"oid\": \"1\""));
}
