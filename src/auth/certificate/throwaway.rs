//! A CA, a server's certificate and a client's, made at start and gone with the process: for test servers that were
//! given none.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use super::Identity;

/// Certificates cannot be made.
#[derive(Clone, Debug, PartialEq)]
pub struct ThrowawayError(pub rcgen::Error);

impl From<rcgen::Error> for ThrowawayError {
    fn from(error: rcgen::Error) -> ThrowawayError {
        ThrowawayError(error)
    }
}

/// A CA with its key, which makes certificates.
pub struct Throwaway {
    /// The CA's certificate: what clients must trust.
    pub ca: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl std::fmt::Debug for Throwaway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Throwaway").finish_non_exhaustive()
    }
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

impl Throwaway {
    /// A new CA. Keys are on P-256, so that a chain is short enough for one EAP packet. `days` is the validity from
    /// `now`, which is in seconds since 1970; a day before it counts too, for clocks that are behind.
    pub fn new(common_name: &str, now: i64, days: u32) -> Result<Throwaway, ThrowawayError> {
        let mut params = CertificateParams::default();
        params.distinguished_name = named(common_name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        validity(&mut params, now, days);
        let key = KeyPair::generate()?;
        let ca = params.self_signed(&key)?.der().clone();
        Ok(Throwaway {
            ca,
            issuer: Issuer::new(params, key),
        })
    }

    /// A server's certificate for a host name.
    pub fn server(&self, host: &str, now: i64, days: u32) -> Result<Identity, ThrowawayError> {
        self.server_for(host, &[host.to_owned()], now, days)
    }

    /// A server's certificate for all these host names and addresses.
    pub fn server_for(
        &self,
        common_name: &str,
        names: &[String],
        now: i64,
        days: u32,
    ) -> Result<Identity, ThrowawayError> {
        self.issue(ExtendedKeyUsagePurpose::ServerAuth, common_name, names, now, days)
    }

    /// A client's certificate for a user.
    pub fn client(&self, user: &str, now: i64, days: u32) -> Result<Identity, ThrowawayError> {
        self.client_for(user, &[], now, days)
    }

    /// A certificate with these host names and addresses for a client of a server over TLS.
    pub fn client_for(
        &self,
        common_name: &str,
        names: &[String],
        now: i64,
        days: u32,
    ) -> Result<Identity, ThrowawayError> {
        self.issue(ExtendedKeyUsagePurpose::ClientAuth, common_name, names, now, days)
    }

    fn issue(
        &self,
        usage: ExtendedKeyUsagePurpose,
        common_name: &str,
        names: &[String],
        now: i64,
        days: u32,
    ) -> Result<Identity, ThrowawayError> {
        let mut params = CertificateParams::new(names)?;
        params.extended_key_usages = vec![usage];
        params.distinguished_name = named(common_name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        validity(&mut params, now, days);
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Identity {
            chain: vec![certificate.der().clone(), self.ca.clone()],
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        })
    }
}

fn validity(params: &mut CertificateParams, now: i64, days: u32) {
    const DAY: i64 = 24 * 60 * 60;
    // Out of range only for clocks that are thousands of years off; rcgen's own dates stand then.
    if let (Ok(from), Ok(until)) = (
        time::OffsetDateTime::from_unix_timestamp(now - DAY),
        time::OffsetDateTime::from_unix_timestamp(now + i64::from(days) * DAY),
    ) {
        params.not_before = from;
        params.not_after = until;
    }
}
