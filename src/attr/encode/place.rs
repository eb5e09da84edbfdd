//! Where an attribute stands: the envelope that its numbers mean.

use super::{EncodeErrorKind, Encoder};
use crate::attr::decode::vendor::layout;
use crate::codec::AttributeType;
use crate::codec::vendor::{EXTENDED_VENDOR, Envelope, Layout};
use crate::dictionary::{Key, Oid, Type};

impl Encoder<'_> {
    /// Whether a path is a mere space for attributes, so that each of them stands in a Vendor-Specific or extended
    /// attribute of its own.
    pub(super) fn is_space(&self, oid: Oid) -> bool {
        match oid.parts() {
            [26] | [26, _] => true,
            [first] | [first, 26] | [first, 26, _] => self.extended(*first).is_some(),
            _ => false,
        }
    }

    /// Whether a Type is extended, and if so, whether long.
    fn extended(&self, number: u32) -> Option<bool> {
        let entry = self.dictionary.child(Key::ROOT, number);
        match (number, entry.map(|entry| entry.kind())) {
            (241..=244, None) | (_, Some(Type::Extended)) => Some(false),
            (245..=246, None) | (_, Some(Type::LongExtended)) => Some(true),
            _ => None,
        }
    }

    /// The attribute of the packet that the path leads into, its envelope, and octets that stand before the value
    /// where the path ends at a vendor.
    pub(super) fn envelope(&self, oid: Oid) -> Result<(Oid, Envelope, Vec<u8>), EncodeErrorKind> {
        const WRONG: EncodeErrorKind = EncodeErrorKind::Unencodable;
        let octet = |number: u32| u8::try_from(number).map_err(|_| WRONG);
        let head = |count: usize| Oid::new(oid.parts().get(..count).unwrap_or(&[])).ok_or(WRONG);
        let parts = oid.parts();
        let number = AttributeType(octet(parts.first().copied().ok_or(WRONG)?)?);
        let plain = Envelope::Plain(number);
        match (parts, self.extended(u32::from(number.0))) {
            ([26], _) => Ok((oid, plain, Vec::new())),
            ([26, vendor], _) => Ok((oid, plain, vendor.to_be_bytes().to_vec())),
            ([26, vendor, child, ..], _) => {
                let layout = self
                    .dictionary
                    .vendor(*vendor)
                    .map_or(Layout::TLV, |vendor| layout(vendor.format()));
                if *child > layout.max_type() {
                    return Err(WRONG);
                }
                let envelope = Envelope::Vendor {
                    vendor: *vendor,
                    layout,
                    number: *child,
                };
                Ok((head(3)?, envelope, Vec::new()))
            }
            ([_], Some(_)) => Ok((oid, plain, Vec::new())),
            ([_, 26, vendor, child, ..], Some(long)) => {
                let envelope = Envelope::ExtendedVendor {
                    number,
                    long,
                    vendor: *vendor,
                    vendor_type: octet(*child)?,
                };
                Ok((head(4)?, envelope, Vec::new()))
            }
            ([_, extended, ..], Some(long)) => {
                let extended = octet(*extended)?;
                let envelope = if long {
                    Envelope::LongExtended(number, extended)
                } else {
                    Envelope::Extended(number, extended)
                };
                match parts {
                    [_, _, vendor] if extended == EXTENDED_VENDOR => {
                        Ok((oid, envelope, vendor.to_be_bytes().to_vec()))
                    }
                    _ => Ok((head(2)?, envelope, Vec::new())),
                }
            }
            _ => {
                let splits = matches!(
                    number,
                    AttributeType::EAP_MESSAGE | AttributeType::NAS_FILTER_RULE
                ) || self
                    .dictionary
                    .child(Key::ROOT, u32::from(number.0))
                    .is_some_and(|entry| entry.flags().concat);
                let envelope = if splits { Envelope::Concat(number) } else { plain };
                Ok((head(1)?, envelope, Vec::new()))
            }
        }
    }
}
