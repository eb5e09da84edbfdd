//! The encryption of private keys before PBES2: Triple DES under a key that PKCS#12 derives (RFC 7292 §B, appendix C).
//! The others of its age are known by name, to be told.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use cbc::Decryptor;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Decode, Reader, SliceReader};
use pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use crate::auth::digest::sha1;
use crate::codec::Secret;

/// What RFC 7292 §B.3 calls ID: what the derived octets are for.
const KEY: u8 = 1;
const IV: u8 = 2;

/// Octets that SHA-1 takes at once.
const BLOCK: usize = 64;

const NAMES: &[(&str, &str)] = &[
    ("1.2.840.113549.1.5.1", "pbeWithMD2AndDES-CBC"),
    ("1.2.840.113549.1.5.3", "pbeWithMD5AndDES-CBC"),
    ("1.2.840.113549.1.5.4", "pbeWithMD2AndRC2-CBC"),
    ("1.2.840.113549.1.5.6", "pbeWithMD5AndRC2-CBC"),
    ("1.2.840.113549.1.5.10", "pbeWithSHA1AndDES-CBC"),
    ("1.2.840.113549.1.5.11", "pbeWithSHA1AndRC2-CBC"),
    ("1.2.840.113549.1.12.1.1", "pbeWithSHAAnd128BitRC4"),
    ("1.2.840.113549.1.12.1.2", "pbeWithSHAAnd40BitRC4"),
    (TRIPLE_DES, "pbeWithSHAAnd3-KeyTripleDES-CBC"),
    ("1.2.840.113549.1.12.1.4", "pbeWithSHAAnd2-KeyTripleDES-CBC"),
    ("1.2.840.113549.1.12.1.5", "pbeWithSHAAnd128BitRC2-CBC"),
    ("1.2.840.113549.1.12.1.6", "pbeWithSHAAnd40BitRC2-CBC"),
];

const TRIPLE_DES: &str = "1.2.840.113549.1.12.1.3";

/// An EncryptedPrivateKeyInfo (RFC 5958 §3) whose scheme is older than PBES2, or unknown.
pub(super) struct Wrapped<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    octets: &'a [u8],
}

impl<'a> Wrapped<'a> {
    /// Reads the DER; none where it is something else.
    pub(super) fn read(octets: &'a [u8]) -> Option<Wrapped<'a>> {
        let mut reader = SliceReader::new(octets).ok()?;
        let wrapped = reader.sequence(|reader| -> Result<_, pkcs8::der::Error> {
            Ok(Wrapped {
                algorithm: AlgorithmIdentifierRef::decode(reader)?,
                octets: <&OctetStringRef>::decode(reader)?.as_bytes(),
            })
        });
        wrapped.ok()
    }

    /// The scheme by name, or by number where it has none.
    pub(super) fn scheme(&self) -> String {
        let number = self.algorithm.oid.to_string();
        let name = NAMES.iter().find(|(known, _)| *known == number);
        name.map_or(number, |(_, name)| (*name).to_owned())
    }

    /// Whether it can be opened here.
    pub(super) fn is_known(&self) -> bool {
        self.algorithm.oid.to_string() == TRIPLE_DES
    }

    /// The key inside; none where the password is another.
    pub(super) fn open(&self, password: &Secret) -> Option<Vec<u8>> {
        let parameters = self.algorithm.parameters?;
        let (salt, rounds) = parameters
            .sequence(|reader| -> Result<_, pkcs8::der::Error> {
                let salt = <&OctetStringRef>::decode(reader)?.as_bytes();
                Ok((salt, u32::decode(reader)?))
            })
            .ok()?;
        let text = std::str::from_utf8(password.expose()).ok()?;
        let units = text.encode_utf16().chain([0]);
        let password: Zeroizing<Vec<u8>> = Zeroizing::new(units.flat_map(u16::to_be_bytes).collect());
        let key = derive(KEY, &password, salt, rounds, 24);
        let iv = derive(IV, &password, salt, rounds, 8);
        let cipher = Decryptor::<des::TdesEde3>::new_from_slices(&key, &iv).ok()?;
        cipher.decrypt_padded_vec::<Pkcs7>(self.octets).ok()
    }
}

/// RFC 7292 §B.2 with SHA-1.
fn derive(id: u8, password: &[u8], salt: &[u8], rounds: u32, length: usize) -> Zeroizing<Vec<u8>> {
    let whole = |octets: &[u8]| -> Vec<u8> {
        let length = octets.len().next_multiple_of(BLOCK);
        octets.iter().copied().cycle().take(length).collect()
    };
    let mut input = Zeroizing::new([whole(salt), whole(password)].concat());
    let mut output = Zeroizing::new(Vec::with_capacity(length + 20));
    while output.len() < length {
        let mut block = sha1(&[&[id; BLOCK], &input]);
        for _ in 1..rounds {
            block = sha1(&[&block]);
        }
        output.extend_from_slice(&block);
        let added: Vec<u8> = block.iter().copied().cycle().take(BLOCK).collect();
        input.chunks_mut(BLOCK).for_each(|chunk| add(chunk, &added));
    }
    output.truncate(length);
    output
}

/// Adds a big-endian number and one; what goes beyond the octets is lost.
fn add(octets: &mut [u8], added: &[u8]) {
    let mut carry = 1;
    for (octet, added) in octets.iter_mut().zip(added).rev() {
        let sum = u16::from(*octet) + u16::from(*added) + carry;
        *octet = sum as u8;
        carry = sum >> 8;
    }
}
