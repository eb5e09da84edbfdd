use std::collections::HashMap;
use std::io;

use super::*;
use crate::auth::password::StoredError;
use crate::auth::server::Known;
use crate::codec::{Builder, Code, Secret};
use crate::dictionary::Files;
use crate::responder::reply::{Answers, Items, assemble};

struct Memory(HashMap<&'static str, &'static str>);

impl Files for Memory {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let text = self.0.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(text.as_bytes().to_vec())
    }
    fn list(&self, _directory: &str) -> io::Result<Vec<String>> {
        Err(io::ErrorKind::NotFound.into())
    }
}

fn load(files: &[(&'static str, &'static str)]) -> Result<Users, Vec<Fault>> {
    let mut users = Users::new();
    users.load(
        "etc/users",
        &Memory(files.iter().copied().collect()),
        &Dictionary::builtin(),
    )?;
    Ok(users)
}

fn users(text: &'static str) -> Users {
    load(&[("etc/users", text)]).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn faults(text: &'static str) -> Vec<(u32, u32, FaultKind)> {
    load(&[("etc/users", text)])
        .unwrap_err()
        .into_iter()
        .map(|fault| (fault.place.line, fault.place.column, fault.kind))
        .collect()
}

/// Asks for a user with these attributes, and prints the reply items as text.
fn ask(users: &Users, name: &str, attributes: &[(u8, &[u8])]) -> Option<(Option<Known>, Vec<String>)> {
    let mut builder = Builder::new(Code::ACCESS_REQUEST, 1, &[3; 16]);
    builder
        .attribute(AttributeType::USER_NAME, name.as_bytes())
        .unwrap();
    for (number, value) in attributes {
        builder.attribute(AttributeType(*number), value).unwrap();
    }
    let octets = builder.finish();
    let dictionary = Dictionary::builtin();
    let asked = Asked::new(
        Packet::parse(&octets).unwrap(),
        &dictionary,
        None,
        [192, 0, 2, 1].into(),
        "nas",
        1_700_000_000,
    );
    let found = users.find(&asked)?;
    assert_eq!(found.misfits, []);
    let password = found.account.as_ref().map(|account| account.password.clone());
    Some((password, texts(&found.items())))
}

fn texts(items: &Items) -> Vec<String> {
    let request = Builder::new(Code::ACCOUNTING_REQUEST, 1, &[3; 16]).finish();
    let answers = Answers {
        request: &Packet::parse(&request).unwrap(),
        sealed: false,
        secret: &Secret::new("x"),
        max: 4096,
        clear: false,
    };
    let octets = assemble(
        &answers,
        Code::ACCESS_ACCEPT,
        items,
        &mut |octets: &mut [u8]| {
            octets.fill(1);
        },
    )
    .unwrap();
    let dictionary = Dictionary::builtin();
    decode(&Packet::parse(&octets).unwrap(), &dictionary, None)
        .attributes
        .iter()
        .map(|attribute| attribute.pair(true).to_string())
        .collect()
}

fn clear(text: &str) -> Option<Known> {
    Some(Known::Clear(Secret::new(text)))
}

#[test]
fn a_user_has_a_password_and_reply_items() {
    let users = users(
        "# comment\n\
         bob\tCleartext-Password := \"hello\"\n\
         \tFramed-IP-Address = 10.0.0.7,\n\
         \n\
         \t# another\n\
         \tReply-Message = \"Hello, %{User-Name}\"\n\
         \"John Doe\" Cleartext-Password := x\n",
    );
    assert_eq!(
        ask(&users, "bob", &[]).unwrap(),
        (
            clear("hello"),
            vec![
                "Framed-IP-Address = 10.0.0.7".to_owned(),
                "Reply-Message = \"Hello, bob\"".to_owned()
            ]
        )
    );
    assert_eq!(ask(&users, "John Doe", &[]).unwrap().0, clear("x"));
    assert_eq!(ask(&users, "eve", &[]), None);
}

#[test]
fn every_operator_checks_the_request() {
    let file = |check: &str| -> &'static str {
        Box::leak(format!("bob {check}, Cleartext-Password := \"x\"\n").into_boxed_str())
    };
    let port = |port: u32| port.to_be_bytes();
    for (check, number, value, matches) in [
        ("NAS-Port == 7", 5, port(7).to_vec(), true),
        ("NAS-Port == 7", 5, port(8).to_vec(), false),
        ("NAS-Port != 7", 5, port(8).to_vec(), true),
        ("NAS-Port != 7", 5, port(7).to_vec(), false),
        ("NAS-Port < 7", 5, port(6).to_vec(), true),
        ("NAS-Port < 7", 5, port(7).to_vec(), false),
        ("NAS-Port <= 7", 5, port(7).to_vec(), true),
        ("NAS-Port > 7", 5, port(8).to_vec(), true),
        ("NAS-Port >= 7", 5, port(6).to_vec(), false),
        ("NAS-Identifier =~ \"^nas-[0-9]+$\"", 32, b"nas-12".to_vec(), true),
        ("NAS-Identifier =~ \"^nas-[0-9]+$\"", 32, b"gw".to_vec(), false),
        ("NAS-Identifier !~ \"^nas\"", 32, b"gw".to_vec(), true),
        ("NAS-Port =* ANY", 5, port(0).to_vec(), true),
        ("NAS-Port !* ANY", 5, port(0).to_vec(), false),
        ("NAS-Port !* ANY", 32, b"x".to_vec(), true),
        ("NAS-Port == 7", 32, b"x".to_vec(), false),
        ("Service-Type == Framed-User", 6, port(2).to_vec(), true),
        ("Service-Type := Framed-User", 32, b"x".to_vec(), true),
        ("Packet-Type == Access-Request", 32, b"x".to_vec(), true),
        ("Packet-Src-IP-Address == 192.0.2.0/24", 32, b"x".to_vec(), true),
        ("Client-IP-Address != 192.0.2.1", 32, b"x".to_vec(), false),
        ("Client-Shortname == \"nas\"", 32, b"x".to_vec(), true),
        ("Prefix == \"bo\"", 32, b"x".to_vec(), true),
        ("Suffix == \"@x\"", 32, b"x".to_vec(), false),
    ] {
        let found = ask(&users(file(check)), "bob", &[(number, &value)]);
        assert_eq!(found.is_some(), matches, "{check} against {value:?}");
    }
}

#[test]
fn defaults_and_fall_through_are_asked_in_the_order_of_the_file() {
    let users = users(
        "DEFAULT Service-Type == Framed-User\n\
         \tFramed-MTU = 1500, Fall-Through = Yes\n\
         bob@a.example Cleartext-Password := \"one\"\n\
         \tFilter-Id = \"first\", Fall-Through = 1\n\
         bob@a.example Cleartext-Password := \"two\"\n\
         \tFilter-Id = \"second\",\n\
         \tFilter-Id += \"third\",\n\
         \tFramed-MTU := 1400,\n\
         \tFall-Through = No\n\
         DEFAULT2\n\
         \tFilter-Id += \"never\"\n",
    );
    assert_eq!(
        ask(&users, "bob@a.example", &[(6, &[0, 0, 0, 2])]).unwrap(),
        (
            clear("one"),
            vec![
                "Framed-MTU = 1400".to_owned(),
                "Filter-Id = \"first\"".to_owned(),
                "Filter-Id = \"third\"".to_owned()
            ]
        )
    );
    assert_eq!(
        ask(&users, "eve", &[]).unwrap(),
        (None, vec!["Filter-Id = \"never\"".to_owned()])
    );
}

#[test]
fn values_are_filled_in_from_the_request() {
    let users = users(
        "DEFAULT\n\
         \tReply-Message = \"%{User-Name} is %{Stripped-User-Name} of %{Realm} on %{NAS-Identifier:-nothing}\",\n\
         \tReply-Message += \"%{%{Called-Station-Id}:-%{NAS-Port}} 100%% from %{Packet-Src-IP-Address}\",\n\
         \tReply-Message += '%{User-Name}',\n\
         \tSession-Timeout = \"%{NAS-Port}\"\n",
    );
    assert_eq!(
        ask(&users, "bob@a.example", &[(5, &[0, 0, 1, 0])]).unwrap().1,
        [
            "Reply-Message = \"bob@a.example is bob of a.example on nothing\"",
            "Reply-Message = \"256 100% from 192.0.2.1\"",
            "Reply-Message = \"%{User-Name}\"",
            "Session-Timeout = 256"
        ]
    );
}

#[test]
fn what_a_pattern_matched_and_the_letters_of_old_are_filled_in() {
    let users = users(
        "DEFAULT User-Name =~ \"^(.*)@(.*)$\", NAS-Port =* ANY\n\
         \tReply-Message = \"%{1} of %{2}, all of %{0}%{3}; %u at %p, 5%\"\n\
         DEFAULT\n\
         \tFilter-Id = \"<%{1}>\"\n",
    );
    assert_eq!(
        ask(&users, "bob@a.example", &[(5, &[0, 0, 0, 9])]).unwrap().1,
        ["Reply-Message = \"bob of a.example, all of bob@a.example; bob@a.example at 9, 5%\""]
    );
    assert_eq!(ask(&users, "bob", &[]).unwrap().1, ["Filter-Id = \"<>\""]);
}

#[test]
fn an_eap_type_is_an_eap_method() {
    let users = users("bob Cleartext-Password := \"x\", EAP-Type := MSCHAPv2\n");
    let mut builder = Builder::new(Code::ACCESS_REQUEST, 1, &[3; 16]);
    builder.attribute(AttributeType::USER_NAME, b"bob").unwrap();
    let (octets, dictionary) = (builder.finish(), Dictionary::builtin());
    let packet = Packet::parse(&octets).unwrap();
    let asked = Asked::new(packet, &dictionary, None, [192, 0, 2, 1].into(), "nas", 0);
    let account = users.find(&asked).unwrap().account.unwrap();
    assert!(account.allows(crate::auth::Method::EapMschapv2));
    assert!(!account.allows(crate::auth::Method::Mschapv2));
}

#[test]
fn hints_and_huntgroups_are_never_set_as_with_freeradius_without_their_files() {
    let users = users(
        "DEFAULT Hint == \"SLIP\"\n\
         \tFilter-Id = \"slip\"\n\
         DEFAULT Huntgroup-Name != \"here\"\n\
         \tFilter-Id = \"elsewhere\"\n\
         DEFAULT Huntgroup-Name !* ANY\n\
         \tFilter-Id = \"none\"\n",
    );
    assert_eq!(ask(&users, "bob", &[]).unwrap().1, ["Filter-Id = \"none\""]);
}

#[test]
fn a_name_cannot_smuggle_attributes_into_the_reply() {
    let users = users("DEFAULT\n\tReply-Message = \"Hello %{User-Name}\"\n");
    let name = "x\", Filter-Id = \"y";
    let replies = ask(&users, name, &[]).unwrap().1;
    assert_eq!(replies.len(), 1);
    assert!(replies[0].starts_with("Reply-Message = "), "{replies:?}");
}

#[test]
fn hidden_values_and_vendors_are_reply_items_too() {
    let users = users(
        "bob Cleartext-Password := \"x\"\n\
         \tTunnel-Type:1 = VLAN,\n\
         \tTunnel-Password:1 = \"secret\",\n\
         \tCisco-AVPair = \"a=b\",\n\
         \tCisco-AVPair += \"c=d\"\n",
    );
    let items = ask(&users, "bob", &[]).unwrap().1;
    assert_eq!(items[0], "Tunnel-Type:1 = VLAN");
    assert!(items.contains(&"Cisco-AVPair = \"a=b\"".to_owned()), "{items:?}");
    assert!(items.contains(&"Cisco-AVPair = \"c=d\"".to_owned()), "{items:?}");
    assert_eq!(items.len(), 4);
}

#[test]
fn what_the_server_itself_is_told() {
    let users = users(
        "no Auth-Type := Reject\n\
         \tReply-Message = \"Go away\"\n\
         yes Auth-Type := Accept\n\
         md5 MD5-Password := 5d41402abc4b2a76b9719d911017c592\n\
         old User-Password == \"x\"\n\
         late Cleartext-Password := \"x\", Expiration := \"Jan 1 2020\", Simultaneous-Use := 2\n\
         far Proxy-To-Realm := \"a.example\"\n",
    );
    let find = |name: &str, check: &dyn Fn(Found<'_>)| {
        let mut builder = Builder::new(Code::ACCESS_REQUEST, 1, &[3; 16]);
        builder
            .attribute(AttributeType::USER_NAME, name.as_bytes())
            .unwrap();
        let (octets, dictionary) = (builder.finish(), Dictionary::builtin());
        let packet = Packet::parse(&octets).unwrap();
        let asked = Asked::new(packet, &dictionary, None, [192, 0, 2, 1].into(), "nas", 0);
        check(users.find(&asked).unwrap());
    };
    find("no", &|found| assert_eq!(found.auth_type, Some(AuthType::Reject)));
    find("yes", &|found| {
        assert_eq!(found.auth_type, Some(AuthType::Accept))
    });
    find("md5", &|found| {
        assert!(found.account.unwrap().password.is(b"hello"));
    });
    find("old", &|found| assert!(found.account.unwrap().password.is(b"x")));
    find("late", &|found| {
        assert_eq!(found.expiration, Some(1_577_836_800));
        assert_eq!(found.simultaneous_use, Some(2));
    });
    find("far", &|found| assert_eq!(found.proxy_to, Some("a.example")));
}

#[test]
fn files_include_files_beside_them_but_not_themselves() {
    let users = load(&[
        ("etc/users", "$INCLUDE more/users\nbob Cleartext-Password := b\n"),
        ("etc/more/users", "$INCLUDE eve\n"),
        ("etc/more/eve", "eve Cleartext-Password := e\n"),
    ])
    .unwrap();
    assert_eq!(users.len(), 2);
    assert!(ask(&users, "eve", &[]).is_some());
    let faults = load(&[("etc/users", "\n$INCLUDE users\n$INCLUDE gone\n")]).unwrap_err();
    let found: Vec<_> = faults
        .iter()
        .map(|fault| (fault.place.line, fault.place.column, fault.kind.clone()))
        .collect();
    assert_eq!(
        found,
        [
            (2, 10, FaultKind::Cycle),
            (3, 10, FaultKind::Unreadable(io::ErrorKind::NotFound))
        ]
    );
}

#[test]
fn every_fault_is_found_with_its_place() {
    let found = faults(
        "  Reply-Message = \"x\"\n\
         bob Cleartext-Pasword := \"x\"\n\
         bob NAS-Port = 7, Cleartext-Password == \"x\"\n\
         \tReply-Message = \"x\"\n\
         \tFilter-Id = \"y\",\n\
         \tNAS-Port == 3,\n\
         \tFall-Through = Perhaps,\n\
         \tSession-Timeout = soon\n\
         eve NT-Password := abcd, Auth-Type := Kerberos, Login-Time := \"Al0900-1700\",\n\
         \"ann Cleartext-Password := x\n\
         tom Cleartext-Password := \"%{x}\", Expiration := tomorrow\n\
         \tReply-Message = \"%{Nonsense}\"\n\
         joe SSHA3-512-Password := 0x00\n",
    );
    let places: Vec<(u32, u32)> = found.iter().map(|(line, column, _)| (*line, *column)).collect();
    assert_eq!(
        places,
        [
            (1, 3),
            (2, 5),
            (3, 5),
            (3, 19),
            (5, 2),
            (6, 2),
            (7, 17),
            (8, 20),
            (9, 20),
            (9, 39),
            (9, 49),
            (9, 76),
            (10, 1),
            (11, 49),
            (12, 18),
            (13, 5)
        ],
        "{found:#?}"
    );
    assert!(matches!(found[1].2, FaultKind::Pair { .. }));
    assert_eq!(found[2].2, FaultKind::Operator(Misplaced::SetsInCheck));
    assert_eq!(found[3].2, FaultKind::Operator(Misplaced::ComparesControl));
    assert_eq!(found[4].2, FaultKind::NoComma);
    assert_eq!(
        found[8].2,
        FaultKind::Password(StoredError::Length {
            expected: 16,
            found: 2
        })
    );
    assert_eq!(found[12].2, FaultKind::OpenName);
    assert_eq!(found[14].2, FaultKind::Expansion);
    assert_eq!(found[15].2, FaultKind::Unsupported);
}
