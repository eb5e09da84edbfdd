//! Keys in every form that people keep them in, and what chains are refused for. The files were made with OpenSSL; the
//! password of all is `sesame`.

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, RevokedCertParams, SerialNumber, date_time_ymd,
};
use rustls::pki_types::UnixTime;

use super::*;
use crate::auth::eap::tls::provider;
use crate::codec::Secret;

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/data/certificates/", $name))
    };
}

fn open(key: &[u8], password: Option<&str>) -> Result<Identity, IdentityError> {
    let password = password.map(Secret::new);
    Identity::from_pem(file!("alice.pem"), key, password.as_ref())
}

/// That the key belongs to the certificate, which TLS would refuse otherwise.
fn belongs(identity: &Identity) {
    rustls::sign::CertifiedKey::from_der(identity.chain.clone(), identity.key.clone_key(), &provider())
        .unwrap()
        .keys_match()
        .unwrap();
}

#[test]
fn keys_open_whatever_they_are_wrapped_in() {
    for key in [&file!("sec1.pem")[..], file!("pkcs8.pem")] {
        belongs(&open(key, None).unwrap());
    }
    for key in [
        &file!("pbes2-aes.pem")[..],
        file!("pbes2-des3-sha1.pem"),
        file!("pbes1.pem"),
        file!("traditional-aes.pem"),
        file!("traditional-des3.pem"),
    ] {
        belongs(&open(key, Some("sesame")).unwrap());
        assert_eq!(open(key, None).unwrap_err(), IdentityError::PasswordNeeded);
        assert_eq!(
            open(key, Some("sesam")).unwrap_err(),
            IdentityError::WrongPassword
        );
    }
}

#[test]
fn a_scheme_that_is_not_known_is_told_by_name() {
    let pem = pem::parse(file!("pbes1.pem")).unwrap();
    for (last, name) in [
        (1, "pbeWithSHAAnd128BitRC4"),
        (6, "pbeWithSHAAnd40BitRC2-CBC"),
        (9, "1.2.840.113549.1.12.1.9"),
    ] {
        let mut octets = pem.contents().to_vec();
        // The last of the identifier 1.2.840.113549.1.12.1.3.
        assert_eq!(std::mem::replace(&mut octets[16], last), 3);
        let key = pem::encode(&pem::Pem::new(pem.tag(), octets));
        let error = open(key.as_bytes(), Some("sesame")).unwrap_err();
        let name = Some(name.to_owned());
        assert_eq!(error, IdentityError::Encryption { name });
    }
}

#[test]
fn pkcs12_opens_in_its_old_and_its_new_form() {
    let password = Secret::new("sesame");
    for octets in [&file!("modern.p12")[..], file!("legacy.p12")] {
        belongs(&Identity::from_pkcs12(octets, Some(&password)).unwrap());
        let wrong = Secret::new("sesam");
        assert_eq!(
            Identity::from_pkcs12(octets, Some(&wrong)).unwrap_err(),
            IdentityError::WrongPassword
        );
        assert_eq!(
            Identity::from_pkcs12(octets, None).unwrap_err(),
            IdentityError::PasswordNeeded
        );
    }
    belongs(&Identity::from_pkcs12(file!("empty.p12"), None).unwrap());
    assert_eq!(
        Identity::from_pkcs12(b"no", None).unwrap_err(),
        IdentityError::Pkcs12
    );
}

#[test]
fn what_is_no_certificate_or_key_says_what_it_is() {
    assert_eq!(
        certificates(file!("sec1.pem")),
        Err(PemFault::NothingOf {
            label: "CERTIFICATE",
            found: vec!["EC PRIVATE KEY".to_owned()]
        })
    );
    assert_eq!(certificates(b"hello"), Err(PemFault::NotPem));
    assert_eq!(
        open(file!("alice.pem"), None).unwrap_err(),
        IdentityError::NoKey {
            found: vec!["CERTIFICATE".to_owned()]
        }
    );
}

#[test]
fn a_chain_reads_as_it_is_written() {
    let chain = certificates(file!("alice.pem")).unwrap();
    assert_eq!(certificates(chain_to_pem(&chain).as_bytes()), Ok(chain.clone()));
    assert_eq!(certificates(&chain[0]), Ok(chain.clone()));
    let facts = CertificateFacts::of(&chain[0]).unwrap();
    assert_eq!(facts.common_name.as_deref(), Some("alice"));
    assert_eq!(facts.host_names(), ["alice"]);
    assert_eq!(facts.key, (KeyKind::Ec, 256));
    assert_eq!(facts.not_after - facts.not_before, 3650 * 86_400);
}

#[test]
fn a_suffix_ends_where_a_label_begins() {
    let suffix = NameRule::Suffix("example.org".to_owned());
    assert!(suffix.fits("example.org"));
    assert!(suffix.fits("Radius.Example.ORG"));
    assert!(!suffix.fits("badexample.org"));
    assert!(!suffix.fits("org"));
    let exact = NameRule::Exact("radius.example.org".to_owned());
    assert!(exact.fits("RADIUS.example.org"));
    assert!(!exact.fits("a.radius.example.org"));
}

const NOW: u64 = 1_800_000_000;

struct Ca {
    issuer: Issuer<'static, KeyPair>,
    der: CertificateDer<'static>,
}

fn ca() -> Ca {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate().unwrap();
    let der = params.self_signed(&key).unwrap().der().clone();
    let issuer = Issuer::new(params, key);
    Ca { issuer, der }
}

fn leaf(ca: &Ca, serial: u64) -> CertificateDer<'static> {
    let mut params = CertificateParams::new(["radius.example.org".to_owned()]).unwrap();
    params.serial_number = Some(SerialNumber::from(serial));
    let key = KeyPair::generate().unwrap();
    params.signed_by(&key, &ca.issuer).unwrap().der().clone()
}

fn judge(options: ServerCheckOptions, chain: &[CertificateDer<'_>]) -> Result<(), Reason> {
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(NOW));
    ServerCheck::new(options, &provider()).unwrap().judge(chain, now)
}

#[test]
fn a_revoked_certificate_is_refused_and_its_neighbour_is_not() {
    let ca = ca();
    let list = CertificateRevocationListParams {
        this_update: date_time_ymd(2026, 1, 1),
        next_update: date_time_ymd(2036, 1, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: vec![RevokedCertParams {
            serial_number: SerialNumber::from(7),
            revocation_time: date_time_ymd(2026, 1, 1),
            reason_code: None,
            invalidity_date: None,
        }],
        key_identifier_method: rcgen::KeyIdMethod::Sha256,
    };
    let list = list.signed_by(&ca.issuer).unwrap().der().clone();
    let options = || ServerCheckOptions {
        trust: Trust::Anchors(vec![ca.der.clone()]),
        revocation_lists: vec![list.clone()],
        ..ServerCheckOptions::default()
    };
    assert_eq!(judge(options(), &[leaf(&ca, 7)]), Err(Reason::Revoked));
    assert_eq!(judge(options(), &[leaf(&ca, 8)]), Ok(()));
    let written = pem::encode(&pem::Pem::new("X509 CRL", list.to_vec()));
    assert_eq!(revocation_lists(written.as_bytes()), Ok(vec![list]));
}

#[test]
fn a_certificate_may_be_trusted_itself() {
    let leaf = leaf(&ca(), 1);
    let options = ServerCheckOptions {
        trust: Trust::Anchors(vec![leaf.clone()]),
        ..ServerCheckOptions::default()
    };
    assert_eq!(judge(options, &[leaf]), Ok(()));
}

#[test]
fn a_pin_takes_that_one_certificate_and_no_other() {
    let (one, other) = (leaf(&ca(), 1), leaf(&ca(), 2));
    let options = || ServerCheckOptions {
        pin: Some(fingerprint(&one)),
        ..ServerCheckOptions::default()
    };
    assert_eq!(judge(options(), std::slice::from_ref(&one)), Ok(()));
    assert_eq!(judge(options(), &[other]), Err(Reason::PinMismatch));
}

#[test]
fn a_ca_in_place_of_a_server_is_bad() {
    let ca = ca();
    let other = self::ca();
    let options = ServerCheckOptions {
        trust: Trust::Anchors(vec![ca.der.clone()]),
        ..ServerCheckOptions::default()
    };
    assert!(judge(options, &[other.der]).is_err());
}
