//! The arithmetic of EAP-pwd on P-256 (RFC 5931 §2.8), and its key derivation (§2.5). The one file that names the curve.

use p256::elliptic_curve::group::Group as _;
use p256::elliptic_curve::point::{AffineCoordinates as _, DecompressPoint as _};
use p256::elliptic_curve::{Field as _, PrimeField as _};
use p256::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};
use zeroize::Zeroizing;

use crate::auth::digest::hmac_sha256;
use crate::auth::{Dice, Keys, MethodFault, roll};

/// Its number (RFC 5931 §4, IKE's registry).
pub(super) const NUMBER: u16 = 19;
/// Octets of an element: both coordinates.
pub(super) const ELEMENT: usize = 64;
/// Octets of a scalar.
pub(super) const SCALAR: usize = 32;

/// An element of the group.
pub(super) type Point = ProjectivePoint;

/// H of RFC 5931 §2.4: HMAC-SHA-256 under a key of zeros.
pub(super) fn hash(parts: &[&[u8]]) -> [u8; 32] {
    hmac_sha256(&[0; 32], parts)
}

/// KDF of RFC 5931 §2.5; `N` octets.
fn stretch<const N: usize>(key: &[u8], label: &[u8]) -> Zeroizing<[u8; N]> {
    let bits = ((N * 8) as u16).to_be_bytes();
    let mut octets = Zeroizing::new([0; N]);
    let mut last: Vec<u8> = Vec::new();
    for (count, chunk) in (1_u16..).zip(octets.chunks_mut(32)) {
        let block = hmac_sha256(key, &[&last, &count.to_be_bytes(), label, &bits]);
        chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
        last = block.to_vec();
    }
    octets
}

/// The point that stands for a password (RFC 5931 §2.8.3.1): tried until the number is a coordinate. All tries are
/// made whenever the right one came, so that time does not tell the password.
pub(super) fn password_element(
    password: &[u8],
    token: &[u8; 4],
    peer: &[u8],
    server: &[u8],
) -> Option<ProjectivePoint> {
    const TRIES: u8 = 40;
    let mut found = None;
    for counter in 1..=u8::MAX {
        let seed = hash(&[token, peer, server, password, &[counter]]);
        let x = stretch::<32>(&seed, b"EAP-pwd Hunting And Pecking");
        let odd = seed.last().map_or(0, |last| last & 1);
        let point = AffinePoint::decompress(&FieldBytes::from(*x), odd.into());
        found = found.or(Option::<AffinePoint>::from(point));
        if counter >= TRIES && found.is_some() {
            break;
        }
    }
    found.map(ProjectivePoint::from)
}

/// What one side sends in Commit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Commit {
    pub(super) element: [u8; ELEMENT],
    pub(super) scalar: [u8; SCALAR],
}

/// What one side keeps of its Commit.
pub(super) struct Private {
    rand: Scalar,
    pub(super) commit: Commit,
}

fn random_scalar(dice: &mut dyn Dice) -> Scalar {
    loop {
        // Nearly every number of 256 bits is below the order; dice that never give one are no dice.
        let octets = Zeroizing::new(roll::<32>(dice));
        let scalar: Option<Scalar> = Scalar::from_repr(FieldBytes::from(*octets)).into();
        if let Some(scalar) = scalar.filter(|scalar| !bool::from(scalar.is_zero())) {
            return scalar;
        }
    }
}

fn octets_of(point: &ProjectivePoint) -> Option<[u8; ELEMENT]> {
    if bool::from(point.is_identity()) {
        return None;
    }
    let affine = point.to_affine();
    let mut octets = [0; ELEMENT];
    let (x, y) = (affine.x(), affine.y());
    octets
        .iter_mut()
        .zip(x.iter().chain(y.iter()))
        .for_each(|(to, from)| *to = *from);
    Some(octets)
}

impl Private {
    /// A Commit with the password's point (RFC 5931 §2.8.4.1).
    pub(super) fn new(pwe: &ProjectivePoint, dice: &mut dyn Dice) -> Private {
        loop {
            let (rand, mask) = (random_scalar(dice), random_scalar(dice));
            let scalar = rand + mask;
            if let Some(element) = octets_of(&-(*pwe * mask)) {
                let scalar = scalar.to_repr().into();
                let commit = Commit { element, scalar };
                return Private { rand, commit };
            }
        }
    }

    /// The coordinate that both sides arrive at, k of RFC 5931 §2.8.4.2.
    pub(super) fn shared(
        &self,
        pwe: &ProjectivePoint,
        theirs: &Commit,
    ) -> Result<Zeroizing<[u8; 32]>, MethodFault> {
        // Our own Commit, sent back, would prove nothing.
        if *theirs == self.commit {
            return Err(MethodFault::NotInGroup);
        }
        let (element, scalar) = theirs.parse().ok_or(MethodFault::NotInGroup)?;
        let shared = octets_of(&((*pwe * scalar + element) * self.rand)).ok_or(MethodFault::NotInGroup)?;
        Ok(Zeroizing::new(shared.first_chunk().copied().unwrap_or([0; 32])))
    }
}

impl Commit {
    /// A point of the curve, and a number between one and the order (RFC 5931 §2.8.5.2).
    fn parse(&self) -> Option<(ProjectivePoint, Scalar)> {
        let scalar: Option<Scalar> = Scalar::from_repr(FieldBytes::from(self.scalar)).into();
        let scalar = scalar.filter(|scalar| !bool::from(scalar.is_zero()) && *scalar != Scalar::ONE)?;
        let x: [u8; 32] = *self.element.first_chunk()?;
        let y: [u8; 32] = *self.element.last_chunk()?;
        let point: Option<AffinePoint> =
            AffinePoint::from_coordinates(&FieldBytes::from(x), &FieldBytes::from(y)).into();
        Some((point?.into(), scalar))
    }

    fn parts(&self) -> [&[u8]; 2] {
        [&self.element, &self.scalar]
    }
}

/// Group, random function and PRF as the hashes take them: group 19, function 1, HMAC-SHA-256.
pub(super) const SUITE: [u8; 4] = [0, 19, 1, 1];

/// What one side confirms: `first` is its own Commit, `second` the other's.
pub(super) fn confirm(shared: &[u8; 32], first: &Commit, second: &Commit) -> [u8; 32] {
    let [first_element, first_scalar] = first.parts();
    let [second_element, second_scalar] = second.parts();
    let parts = [
        shared.as_slice(),
        first_element,
        first_scalar,
        second_element,
        second_scalar,
        &SUITE,
    ];
    hash(&parts)
}

/// MSK, EMSK and Session-Id (RFC 5931 §2.8.5.3).
pub(super) fn keys(shared: &[u8; 32], peer: (&Commit, &[u8; 32]), server: (&Commit, &[u8; 32])) -> Keys {
    let master = Zeroizing::new(hash(&[shared, peer.1, server.1]));
    let mut session_id = vec![super::KIND.0];
    session_id.extend(hash(&[&SUITE, &peer.0.scalar, &server.0.scalar]));
    let material = stretch::<128>(&*master, &session_id);
    Keys::from_material(&material, session_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dice() -> impl FnMut(&mut [u8]) {
        let mut count = 0_u8;
        move |octets: &mut [u8]| {
            for octet in octets {
                count = count.wrapping_mul(5).wrapping_add(113);
                *octet = count;
            }
        }
    }

    #[test]
    fn both_sides_arrive_at_the_same_number() {
        let mut dice = dice();
        let pwe = password_element(b"hello", &[1, 2, 3, 4], b"bob", b"server").unwrap();
        let (peer, server) = (Private::new(&pwe, &mut dice), Private::new(&pwe, &mut dice));
        assert_eq!(
            peer.shared(&pwe, &server.commit),
            server.shared(&pwe, &peer.commit)
        );
    }

    #[test]
    fn another_password_arrives_elsewhere() {
        let mut dice = dice();
        let point = |password| password_element(password, &[1, 2, 3, 4], b"bob", b"server").unwrap();
        let (one, other) = (point(b"hello"), point(b"hallo"));
        let (peer, server) = (Private::new(&one, &mut dice), Private::new(&other, &mut dice));
        assert_ne!(
            peer.shared(&one, &server.commit),
            server.shared(&other, &peer.commit)
        );
    }

    #[test]
    fn what_is_no_point_is_refused() {
        let mut dice = dice();
        let pwe = password_element(b"hello", &[1, 2, 3, 4], b"bob", b"server").unwrap();
        let private = Private::new(&pwe, &mut dice);
        let mut commit = Private::new(&pwe, &mut dice).commit;
        commit.element[63] ^= 1;
        assert_eq!(private.shared(&pwe, &commit), Err(MethodFault::NotInGroup));
        let order = Commit {
            scalar: [0xff; 32],
            ..Private::new(&pwe, &mut dice).commit
        };
        assert_eq!(private.shared(&pwe, &order), Err(MethodFault::NotInGroup));
        assert_eq!(
            private.shared(&pwe, &private.commit),
            Err(MethodFault::NotInGroup)
        );
    }
}
