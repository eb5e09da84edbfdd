//! Hidden values from one side of the proxy to the other: opened with one secret and hidden with another, or put in
//! clear, or taken from it. Then a value has another length, and so have the attributes around it.

use std::ops::Range;

use super::rewrite::{Side, Stuck};
use crate::attr::Attribute;
use crate::codec::{AttributeType, Packet, hide};
use crate::dictionary::{Dictionary, Encrypt};

/// From which side to which; a side without a secret has everything in clear.
#[derive(Clone, Copy)]
pub(super) struct Passage<'a> {
    pub(super) from: Option<Side<'a>>,
    pub(super) to: Option<Side<'a>>,
}

/// Other octets for a place in a packet.
pub(super) struct Edit {
    place: Range<usize>,
    value: Vec<u8>,
    /// Where the Length octets of the attributes around it stand.
    lengths: Vec<usize>,
}

/// The largest tag (RFC 2868 §3.1).
const MAX_TAG: u8 = 0x1f;

impl Edit {
    /// Puts the octets there; what stands behind moves.
    pub(super) fn apply(&self, octets: &mut Vec<u8>) -> Result<(), Stuck> {
        for at in &self.lengths {
            let Some(length) = octets.get_mut(*at) else {
                continue;
            };
            let changed = usize::from(*length) + self.value.len();
            let changed = changed
                .checked_sub(self.place.len())
                .ok_or(Stuck::Untranslatable)?;
            *length = u8::try_from(changed).map_err(|_| Stuck::TooLong)?;
        }
        octets.splice(self.place.clone(), self.value.iter().copied());
        Ok(())
    }
}

/// What must change for the passage, in the order of the packet.
///
/// # Errors
///
/// Something that stands in clear on one side only cannot be made so: it must not pass as it is.
pub(super) fn edits(
    packet: &Packet<'_>,
    attributes: &[Attribute<'_>],
    passage: Passage<'_>,
    dictionary: &Dictionary,
    salts: &mut u16,
    all: &mut Vec<Edit>,
) -> Result<(), Stuck> {
    if passage.from.is_none() && passage.to.is_none() {
        return Ok(());
    }
    for attribute in attributes {
        edits(packet, attribute.children(), passage, dictionary, salts, all)?;
        let Some(how) = attribute.hidden else { continue };
        *salts = salts.wrapping_add(1);
        match edit(packet, attribute, how, passage, dictionary, *salts) {
            Some(edit) => all.push(edit),
            // Hidden on both sides: what cannot be opened passes as it is: whoever sent it may know why.
            None if passage.from.is_some() && passage.to.is_some() => {}
            None => return Err(Stuck::Untranslatable),
        }
    }
    Ok(())
}

fn edit(
    packet: &Packet<'_>,
    attribute: &Attribute<'_>,
    how: Encrypt,
    passage: Passage<'_>,
    dictionary: &Dictionary,
    salt: u16,
) -> Option<Edit> {
    let (entry, end) = (attribute.entry?, attribute.span.end);
    let start = end.checked_sub(attribute.octets.len())?;
    if packet.octets().get(start..end)? != &*attribute.octets {
        // In fragments.
        return None;
    }
    let tagged = entry.flags().has_tag && how == Encrypt::TunnelPassword;
    // In clear, a tag that is none is the first letter of the text.
    let untagged =
        tagged && passage.from.is_none() && attribute.octets.first().is_none_or(|tag| *tag > MAX_TAG);
    let skip = usize::from(tagged && !untagged);
    let octets = attribute.octets.get(skip..)?;
    // Zeros at the end count where the value has a fixed length, as MS-CHAP-MPPE-Keys has; hidden again, it is as
    // long as it was.
    let fixed = match passage.to {
        Some(_) => Some(octets.len()),
        None => entry.octets(),
    };
    let plain = match passage.from {
        Some(side) => revealed(octets, how, fixed, side)?,
        None => octets.to_vec(),
    };
    let mut value = Vec::new();
    if untagged && passage.to.is_some() {
        value.push(0);
    }
    match passage.to {
        Some(side) => value.extend(hidden(&plain, how, salt, side)?),
        None => value.extend(plain),
    }
    let place = start + skip..end;
    let lengths = match value.len() == place.len() {
        true => Vec::new(),
        false => lengths_around(packet, attribute, start, dictionary)?,
    };
    Some(Edit {
        place,
        value,
        lengths,
    })
}

/// Where the Lengths of the attributes around a value stand, which begins at `start`: its own, and that of the
/// Vendor-Specific in which it stands. Deeper than that nothing is hidden that anybody uses.
fn lengths_around(
    packet: &Packet<'_>,
    attribute: &Attribute<'_>,
    start: usize,
    dictionary: &Dictionary,
) -> Option<Vec<usize>> {
    let mut outer = packet.attributes().map_while(Result::ok);
    let outer =
        outer.find(|outer| (outer.offset()..outer.offset() + outer.octets().len()).contains(&start))?;
    match attribute.oid.parts() {
        [_] => (outer.offset() + 2 == start).then(|| vec![outer.offset() + 1]),
        [26, pen, _] if outer.number() == AttributeType::VENDOR_SPECIFIC => {
            let format = dictionary.vendor(*pen)?.format();
            let simple = format.length_octets == 1 && !format.continuation;
            simple.then(|| vec![outer.offset() + 1, start - 1])
        }
        _ => None,
    }
}

/// `fixed` is how many octets the value has, where that is known.
fn revealed(octets: &[u8], how: Encrypt, fixed: Option<usize>, side: Side<'_>) -> Option<Vec<u8>> {
    let (secret, authenticator) = (side.secret, &side.authenticator);
    let mut plain = match how {
        Encrypt::UserPassword => hide::reveal_password(octets, secret, authenticator),
        Encrypt::TunnelPassword => hide::reveal_salted(octets, secret, authenticator),
        Encrypt::AscendSecret => hide::reveal_ascend(octets, secret, authenticator),
    }
    .ok()?;
    if let Some(fixed) = fixed.filter(|fixed| *fixed > plain.len() && how != Encrypt::TunnelPassword) {
        plain.resize(fixed, 0);
    }
    Some(plain)
}

fn hidden(plain: &[u8], how: Encrypt, salt: u16, side: Side<'_>) -> Option<Vec<u8>> {
    let (secret, authenticator) = (side.secret, &side.authenticator);
    match how {
        Encrypt::UserPassword => hide::hide_password(plain, secret, authenticator).ok(),
        Encrypt::TunnelPassword => hide::hide_salted(plain, salt, secret, authenticator).ok(),
        Encrypt::AscendSecret => hide::hide_ascend(plain, secret, authenticator)
            .ok()
            .map(|value| value.to_vec()),
    }
}
