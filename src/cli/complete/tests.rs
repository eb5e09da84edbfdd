use super::candidates::{Candidate, attribute, attribute_with_values, expectation, filter, pairs, vendor};
use super::*;

fn texts(found: &[Candidate]) -> Vec<&str> {
    found.iter().map(|candidate| candidate.text.as_str()).collect()
}

#[test]
fn names_and_values_are_offered_where_they_belong() {
    let dictionary = Dictionary::builtin();
    let pairs = |typed: &str| pairs(&dictionary, typed);
    assert_eq!(texts(&pairs("service-ty")), ["Service-Type="]);
    assert_eq!(pairs("service-ty")[0].about, "integer 6");
    assert_eq!(
        texts(&pairs("Service-Type = framed-u")),
        ["Service-Type = Framed-User"]
    );
    assert_eq!(pairs("Service-Type=Framed-U")[0].about, "2");
    assert_eq!(
        texts(&pairs("User-Name = \"a, b\", Tunnel-Type:1=VL")),
        ["User-Name = \"a, b\", Tunnel-Type:1=VLAN"]
    );
    assert_eq!(
        texts(&pairs("WiMAX-Capability = { WiMAX-Rel")),
        ["WiMAX-Capability = { WiMAX-Release="]
    );
    assert_eq!(
        texts(&pairs("Vendor-Specific.Cisco.AVP")),
        ["Vendor-Specific.Cisco.AVPair="]
    );
    assert_eq!(texts(&pairs("NAS-Port-Type ")), Vec::<&str>::new());
    assert_eq!(texts(&pairs("User-Name = \"Fr")), Vec::<&str>::new());
    assert!(pairs("").len() > 5_000);
}

#[test]
fn every_argument_that_takes_names_offers_them() {
    let dictionary = Dictionary::builtin();
    assert_eq!(texts(&expectation(&dictionary, "acc")[..1]), ["accept"]);
    assert_eq!(
        texts(&expectation(&dictionary, "Error-Cause == Missing-A")),
        ["Error-Cause == Missing-Attribute"]
    );
    assert_eq!(
        texts(&filter(&dictionary, "code == 1 and not Calling-St")),
        ["code == 1 and not Calling-Station-Id="]
    );
    assert_eq!(texts(&attribute(&dictionary, "User-Nam")), ["User-Name"]);
    assert_eq!(
        texts(&attribute_with_values(&dictionary, "User-Nam")),
        Vec::<&str>::new()
    );
    assert_eq!(
        texts(&attribute_with_values(&dictionary, "Service-T")),
        ["Service-Type"]
    );
    assert_eq!(texts(&vendor(&dictionary, "mikro")), ["Mikrotik"]);
}

fn asked(shell: Shell, words: &[&str]) -> String {
    complete(
        shell,
        words.iter().map(OsString::from).collect(),
        &crate::cli::whole_command,
    )
}

#[test]
fn bash_gets_what_comes_in_the_place_of_its_piece() {
    let bash = |piece: &str, line: &str| asked(Shell::Bash, &[piece, line]);
    assert_eq!(bash("Service-Ty", "radius send -a Service-Ty"), "Service-Type=\n");
    assert_eq!(
        bash("Framed-U", "radius send -a Service-Type=Framed-U"),
        "Framed-User\n"
    );
    assert_eq!(
        bash(
            "Service-Type = Framed-U",
            "radius send -a 'Service-Type = Framed-U"
        ),
        "Service-Type = Framed-User\n"
    );
    assert_eq!(
        bash(r"\ Framed-U", r"radius send -a Service-Type\ =\ Framed-U"),
        "\\ Framed-User\n"
    );
    assert_eq!(bash("VL", "radius send -a Tunnel-Type:1=VL"), "VLAN\n");
    assert_eq!(
        bash("Service-Ty", "radius send --attr=Service-Ty"),
        "Service-Type=\n"
    );
    // A second one, so that the quotes stay open.
    assert_eq!(
        bash("Service-Ty", "radius auth h -a 'Service-Ty"),
        "Service-Type=\nService-Type=…\n"
    );
    assert_eq!(bash("loo", "radius dict loo"), "lookup\n");
    assert_eq!(
        bash("Acct-Multi-S", "radius dict lookup Acct-Multi-S"),
        "Acct-Multi-Session-Id\n"
    );
}

#[test]
fn zsh_and_fish_get_whole_words_and_what_they_are() {
    assert_eq!(
        asked(Shell::Zsh, &["radius", "send", "-a", "'Service-Ty"]),
        "+Service-Type=:integer 6\n"
    );
    assert_eq!(
        asked(Shell::Zsh, &["radius", "send", "-a", "Tunnel-Type:1=VL"]),
        ".Tunnel-Type\\:1=VLAN:13\n"
    );
    assert_eq!(
        asked(Shell::Fish, &["radius", "send", "-a", "Service-Type=Framed-U"]),
        "Service-Type=Framed-User\t2\n"
    );
    assert_eq!(
        asked(
            Shell::Fish,
            &["radius", "auth", "--expect", "'Error-Cause == Invalid-R"]
        ),
        "Error-Cause == Invalid-Request\t404\n"
    );
}

#[test]
fn names_come_from_the_dictionary_that_the_line_loads() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("mine");
    std::fs::write(
        &file,
        "ATTRIBUTE Zebra-Stripes 200 integer\nVALUE Zebra-Stripes Many 7\n",
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let fish = |words: &[&str]| asked(Shell::Fish, words);
    assert_eq!(
        fish(&["radius", "send", "-D", file, "-a", "zeb"]),
        "Zebra-Stripes=\tinteger 200\n"
    );
    assert_eq!(
        fish(&["radius", "dict", "lookup", "-D", file, "zeb"]),
        "Zebra-Stripes\tinteger 200\n"
    );
    assert_eq!(
        fish(&["radius", "send", "-D", file, "-a", "Zebra-Stripes=M"]),
        "Zebra-Stripes=Many\t7\n"
    );
    assert_eq!(fish(&["radius", "send", "-a", "zeb"]), "");
    assert_eq!(fish(&["radius", "send", "--no-builtin-dict", "-a", "User-N"]), "");
    // A dictionary with a fault is passed over.
    std::fs::write(file, "ATRIBUTE Zebra-Stripes 200 integer\n").unwrap();
    assert_eq!(
        fish(&["radius", "send", "-D", file, "-a", "User-Nam"]),
        "User-Name=\tstring 1\n"
    );
}
