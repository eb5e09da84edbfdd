//! A certificate with its key, as people keep them: PEM in one file or two, the key open or under a password (PKCS#8,
//! or OpenSSL's older way), or both in one PKCS#12.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use cbc::Decryptor;
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer,
};
use zeroize::Zeroizing;

use super::pbe::Wrapped;
use super::pem_text::{PemFault, certificates};
use crate::auth::digest::md5;
use crate::codec::{Secret, hex};

/// A chain, our own certificate first, and the key of the first.
pub struct Identity {
    /// The certificates.
    pub chain: Vec<CertificateDer<'static>>,
    /// The key.
    pub key: PrivateKeyDer<'static>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("chain", &self.chain.len())
            .finish_non_exhaustive()
    }
}

impl Clone for Identity {
    fn clone(&self) -> Identity {
        Identity {
            chain: self.chain.clone(),
            key: self.key.clone_key(),
        }
    }
}

/// Why there is no identity in what was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityError {
    /// There are no certificates.
    Certificates(PemFault),
    /// There is no private key.
    NoKey {
        /// The labels that were found instead.
        found: Vec<String>,
    },
    /// The key is under a password, and none was given.
    PasswordNeeded,
    /// The password does not open it.
    WrongPassword,
    /// It is encrypted in a way that is not known here.
    Encryption {
        /// Which way, where it says.
        name: Option<String>,
    },
    /// It is not PKCS#12, or there is no key with its certificate in it.
    Pkcs12,
}

impl Identity {
    /// Out of PEM; both may be the same octets. The certificates may be one in DER, too.
    pub fn from_pem(chain: &[u8], key: &[u8], password: Option<&Secret>) -> Result<Identity, IdentityError> {
        Ok(Identity {
            chain: certificates(chain).map_err(IdentityError::Certificates)?,
            key: private_key(key, password)?,
        })
    }

    /// Out of PKCS#12, with the chain as it stands in there.
    pub fn from_pkcs12(octets: &[u8], password: Option<&Secret>) -> Result<Identity, IdentityError> {
        let text = match password {
            Some(password) => {
                std::str::from_utf8(password.expose()).map_err(|_| IdentityError::WrongPassword)?
            }
            None => "",
        };
        let store =
            KeyStore::from_pkcs12(octets, text, Pkcs12ImportPolicy::Relaxed).map_err(|error| {
                match (error, password) {
                    (p12_keystore::error::Error::MacError(_), None) => IdentityError::PasswordNeeded,
                    (p12_keystore::error::Error::MacError(_), Some(_)) => IdentityError::WrongPassword,
                    _ => IdentityError::Pkcs12,
                }
            })?;
        let (_, found) = store.private_key_chain().ok_or(IdentityError::Pkcs12)?;
        let chain: Vec<_> = found
            .certs()
            .iter()
            .map(|certificate| CertificateDer::from(certificate.as_der().to_vec()))
            .collect();
        if chain.is_empty() {
            return Err(IdentityError::Pkcs12);
        }
        let key = PrivatePkcs8KeyDer::from(found.key().as_der().to_vec());
        Ok(Identity {
            chain,
            key: key.into(),
        })
    }
}

/// The first private key in PEM.
fn private_key(octets: &[u8], password: Option<&Secret>) -> Result<PrivateKeyDer<'static>, IdentityError> {
    let sections = pem::parse_many(octets).map_err(|_| IdentityError::Certificates(PemFault::NotPem))?;
    let found = sections.iter().map(|section| section.tag().to_owned()).collect();
    let section = sections
        .into_iter()
        .find(|section| section.tag().ends_with("PRIVATE KEY"))
        .ok_or(IdentityError::NoKey { found })?;
    let label = section.tag().to_owned();
    if label == "ENCRYPTED PRIVATE KEY" {
        return pkcs8_key(section.contents(), password);
    }
    // RFC 1421's headers, as OpenSSL wrote them before PKCS#8.
    let octets = match section.headers().get("DEK-Info") {
        Some(info) => {
            let info = info.to_owned();
            open_traditional(&info, section.contents(), password)?
        }
        None => section.into_contents(),
    };
    match label.as_str() {
        "PRIVATE KEY" => Ok(PrivatePkcs8KeyDer::from(octets).into()),
        "RSA PRIVATE KEY" => Ok(PrivatePkcs1KeyDer::from(octets).into()),
        "EC PRIVATE KEY" => Ok(PrivateSec1KeyDer::from(octets).into()),
        _ => Err(IdentityError::NoKey { found: vec![label] }),
    }
}

fn pkcs8_key(octets: &[u8], password: Option<&Secret>) -> Result<PrivateKeyDer<'static>, IdentityError> {
    let password = password.ok_or(IdentityError::PasswordNeeded)?;
    let wrapped = Wrapped::read(octets).ok_or(IdentityError::Encryption { name: None })?;
    let unknown = || IdentityError::Encryption {
        name: Some(wrapped.scheme()),
    };
    if wrapped.is_known() {
        let opened = wrapped.open(password).ok_or(IdentityError::WrongPassword)?;
        return Ok(PrivatePkcs8KeyDer::from(opened).into());
    }
    let info = pkcs8::EncryptedPrivateKeyInfoRef::try_from(octets).map_err(|_| unknown())?;
    let opened = info.decrypt(password.expose()).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::UnsupportedAlgorithm { oid }) => {
            IdentityError::Encryption {
                name: Some(oid.to_string()),
            }
        }
        pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::NoPbes1CryptSupport) => unknown(),
        _ => IdentityError::WrongPassword,
    })?;
    Ok(PrivatePkcs8KeyDer::from(opened.as_bytes().to_vec()).into())
}

/// `DEK-Info: AES-256-CBC,00112233…`: the key is MD5 over password and the first eight octets of the IV, as often as
/// it takes (OpenSSL's EVP_BytesToKey).
fn open_traditional(info: &str, octets: &[u8], password: Option<&Secret>) -> Result<Vec<u8>, IdentityError> {
    let password = password.ok_or(IdentityError::PasswordNeeded)?;
    let unknown = || IdentityError::Encryption {
        name: Some(info.to_owned()),
    };
    let (name, iv) = info.split_once(',').ok_or_else(unknown)?;
    let iv = hex::decode(iv.trim()).map_err(|_| unknown())?;
    let salt = iv.get(..8).ok_or_else(unknown)?;
    let key = |length| derive(password, salt, length);
    let plain = match name.trim() {
        "AES-128-CBC" => decrypt::<Decryptor<aes::Aes128>>(&key(16), &iv, octets),
        "AES-192-CBC" => decrypt::<Decryptor<aes::Aes192>>(&key(24), &iv, octets),
        "AES-256-CBC" => decrypt::<Decryptor<aes::Aes256>>(&key(32), &iv, octets),
        "DES-EDE3-CBC" => decrypt::<Decryptor<des::TdesEde3>>(&key(24), &iv, octets),
        _ => return Err(unknown()),
    };
    // Padding betrays most wrong passwords, and the first octet of a key the rest.
    plain
        .filter(|plain| plain.first() == Some(&0x30))
        .ok_or(IdentityError::WrongPassword)
}

fn derive(password: &Secret, salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(48));
    let mut last: Vec<u8> = Vec::new();
    while key.len() < length {
        last = md5(&[&last, password.expose(), salt]).to_vec();
        key.extend_from_slice(&last);
    }
    key.truncate(length);
    key
}

fn decrypt<C: BlockModeDecrypt + KeyIvInit>(key: &[u8], iv: &[u8], octets: &[u8]) -> Option<Vec<u8>> {
    C::new_from_slices(key, iv)
        .ok()?
        .decrypt_padded_vec::<Pkcs7>(octets)
        .ok()
}
