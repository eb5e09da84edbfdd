//! The vectors of RFC 2433, RFC 2759 and RFC 3079, both ways, and what must hold for any octets.

use proptest::prelude::*;

use super::attributes::{ResponseV1, ResponseV2, identified, vendor_attributes, vendor_value};
use super::change::{
    BLOCK, ChangeV2, check_hash, decrypt_password, encrypt_hash, encrypt_password, join, pieces,
};
use super::message::{ErrorCode, Refusal, RefusalError, Success, SuccessError};
use super::*;
use crate::codec::hex;

fn octets<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

fn nt(password: &str) -> NtHash {
    NtHash::of(&Secret::new(password)).unwrap()
}

const AUTHENTICATOR: &str = "5b5d7c7d7b3f2f3e3c2c602132262628";
const PEER: &str = "21402324255e262a28295f2b3a337c7e";

#[test]
fn rfc_2759_section_9_2_comes_out() {
    let (authenticator, peer) = (octets(AUTHENTICATOR), octets(PEER));
    let challenges = Challenges {
        authenticator: &authenticator,
        peer: &peer,
        user: b"User",
    };
    let hash = nt("clientPass");
    assert_eq!(hex::encode(&challenges.hash()), "d02e4386bce91226");
    assert_eq!(hex::encode(hash.expose()), "44ebba8d5312b8d611474411f56989ae");
    assert_eq!(
        hex::encode(hash.hashed().expose()),
        "41c00c584bd2d91c4017a2a12fa59f3f"
    );
    let response = challenges.response(&hash);
    assert_eq!(
        hex::encode(&response),
        "82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df"
    );
    assert!(challenges.check(&hash, &response));
    let proof = challenges.proof(&hash, &response);
    assert_eq!(hex::encode(&proof), "407a5589115fd0d6209f510fe9c04566932cda56");
    assert!(challenges.check_proof(&hash, &response, &proof));
    assert!(!challenges.check_proof(&nt("other"), &response, &proof));
}

#[test]
fn a_domain_before_the_name_is_not_hashed() {
    let (authenticator, peer) = (octets(AUTHENTICATOR), octets(PEER));
    let named = |user| Challenges {
        authenticator: &authenticator,
        peer: &peer,
        user,
    };
    assert_eq!(named(b"BIGCO\\User").hash(), named(b"User").hash());
}

#[test]
fn rfc_2759_section_9_3_comes_out() {
    assert_eq!(
        hex::encode(nt("MyPw").expose()),
        "fc156af7edcd6c0edde3337d427f4eac"
    );
}

#[test]
fn version_1_answers_a_challenge() {
    let (challenge, hash) = (octets("b9634adc358b2ab3"), nt("bob"));
    let response = challenge_response(&challenge, hash.expose());
    assert_eq!(
        hex::encode(&response),
        "7a42408782f745ef90a86fd21b0d9294132750f4af66a419"
    );
    assert!(check_v1(&challenge, &hash, &response));
    assert!(!check_v1(&challenge, &nt("eve"), &response));
}

#[test]
fn the_lan_manager_hash_of_rfc_3079_comes_out() {
    assert_eq!(
        hex::encode(&lm_hash(&Secret::new("clientPass"))),
        "76a152936096d7830e2390227404afd2"
    );
}

#[test]
fn a_password_that_is_not_text_is_refused() {
    assert_eq!(
        NtHash::of(&Secret::new(&b"ab\xff"[..])),
        Err(NotText { offset: 2 })
    );
}

#[test]
fn a_proof_reads_as_it_prints() {
    let text = "S=407A5589115FD0D6209F510FE9C04566932CDA56 M=Welcome home";
    let success = Success::parse(text.as_bytes()).unwrap();
    assert_eq!(success.to_string(), text);
    assert_eq!(success.message.as_deref(), Some("Welcome home"));
    assert_eq!(Success::parse(b"M=x"), Err(SuccessError::NoProof));
    assert_eq!(Success::parse(b"S=12"), Err(SuccessError::BadProof));
}

#[test]
fn a_refusal_reads_as_it_prints() {
    let text = "E=648 R=1 C=00112233445566778899AABBCCDDEEFF V=3 M=Password expired=yes";
    let refusal = Refusal::parse(text.as_bytes()).unwrap();
    assert_eq!(refusal.to_string(), text);
    assert_eq!(refusal.code, ErrorCode::PASSWD_EXPIRED);
    assert_eq!(refusal.code.name(), Some("PASSWD_EXPIRED"));
    assert_eq!(refusal.message.as_deref(), Some("Password expired=yes"));
    let short = Refusal::parse(b"E=691 R=0").unwrap();
    assert_eq!((short.retry, short.challenge, short.version), (false, None, None));
    assert_eq!(Refusal::parse(b"R=1"), Err(RefusalError::NoCode));
    assert_eq!(
        Refusal::parse(b"E=69a"),
        Err(RefusalError::BadField { field: 'E' })
    );
}

#[test]
fn a_new_password_goes_there_and_comes_out() {
    let (old, new) = (Secret::new("old one"), Secret::new("näw öne"));
    let old = NtHash::of(&old).unwrap();
    let mut dice = |octets: &mut [u8]| octets.fill(0x5a);
    let block = encrypt_password(&new, &old, &mut dice).unwrap();
    let mut values = pieces(9, &block);
    assert_eq!(
        values.iter().map(Vec::len).collect::<Vec<_>>(),
        [247, 247, 34],
        "each fits into a Vendor-Specific attribute"
    );
    values.swap(0, 2);
    let joined = join(values.iter().map(Vec::as_slice)).unwrap();
    assert_eq!(joined, block);
    assert_eq!(decrypt_password(&joined, &old), Some(new.clone()));
    let new = NtHash::of(&new).unwrap();
    let encrypted = encrypt_hash(&old, &new);
    assert!(check_hash(&encrypted, &old, &new));
    assert!(!check_hash(&encrypted, &new, &old));
}

#[test]
fn a_block_opened_with_the_wrong_hash_is_no_password() {
    let mut dice = |octets: &mut [u8]| octets.fill(0x5a);
    let block = encrypt_password(&Secret::new("new"), &nt("old"), &mut dice).unwrap();
    assert_eq!(decrypt_password(&block, &nt("other")), None);
}

#[test]
fn a_changed_password_is_carried_in_68_octets() {
    let change = ChangeV2 {
        encrypted_hash: [1; 16],
        response: ResponseV2 {
            identifier: 4,
            flags: 0,
            peer_challenge: [2; 16],
            nt: [3; 24],
        },
    };
    let value = change.encode();
    assert_eq!(value.len(), 68);
    assert_eq!(ChangeV2::parse(&value), Ok(change));
    assert_eq!(super::change::encode_v1(4, &[1; 16], &[3; 24]).len(), 84);
}

#[test]
fn microsofts_attributes_are_found_and_made() {
    let value = vendor_value(26, &identified(7, "S=1")).unwrap();
    assert_eq!(hex::encode(&value), "000001371a0607533d31");
    let found: Vec<_> = vendor_attributes(&value).collect();
    assert_eq!(found, [(26, &b"\x07S=1"[..])]);
    assert_eq!(vendor_value(1, &[0; 248]), None);
    assert_eq!(vendor_attributes(b"\0\0\0\x09\x01\x03a").count(), 0);
}

proptest! {
    #[test]
    fn responses_read_as_they_are_written(identifier: u8, flags: u8, peer: [u8; 16], a: [u8; 24], b: [u8; 24]) {
        let v2 = ResponseV2 { identifier, flags, peer_challenge: peer, nt: a };
        prop_assert_eq!(ResponseV2::parse(&v2.encode()), Ok(v2));
        let v1 = ResponseV1 { identifier, lm: a, nt: b, uses_nt: flags & 1 == 1 };
        prop_assert_eq!(ResponseV1::parse(&v1.encode()), Ok(v1));
    }

    #[test]
    fn any_octets_are_read_without_a_panic(octets: Vec<u8>, block in proptest::array::uniform32(any::<u8>())) {
        let _ = ResponseV1::parse(&octets);
        let _ = ResponseV2::parse(&octets);
        let _ = ChangeV2::parse(&octets);
        let _ = Success::parse(&octets);
        let _ = Refusal::parse(&octets);
        let _ = join([octets.as_slice()]);
        let _ = vendor_attributes(&octets).count();
        let mut whole = [0; BLOCK];
        whole.iter_mut().zip(block.iter().cycle()).for_each(|(to, from)| *to = *from);
        let _ = decrypt_password(&whole, &NtHash::new([7; 16]));
    }

    #[test]
    fn a_refusal_survives_the_wire(code: u32, retry: bool, challenge: Option<[u8; 16]>, version: Option<u32>, message in proptest::option::of("[ -~]*")) {
        let refusal = Refusal {
            code: ErrorCode(code),
            retry,
            challenge: challenge.map(Vec::from),
            version,
            message,
        };
        prop_assert_eq!(Refusal::parse(refusal.to_string().as_bytes()), Ok(refusal));
    }
}
