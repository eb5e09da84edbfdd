//! How attributes stand inside attributes: Vendor-Specific in all the formats vendors use (RFC 2865 §5.26), nested
//! TLVs and the extended attributes (RFC 6929), values split over several attributes.
//!
//! ```text
//! 26   Len  Vendor-Id(4)  Type(t) Length(l) [Cont.] Value …              Vendor-Specific, format=t,l[,c]
//! 241  Len  Ext-Type  Value …                                            extended: 241 to 244
//! 245  Len  Ext-Type  Flags(M T)  Value …                                long extended: 245, 246
//! 241  Len  26  Vendor-Id(4)  Vendor-Type  Value …                       Extended-Vendor-Specific
//! ```
//!
//! Knows layouts, not which vendor uses which.

use super::{AttributeType, MAX_VALUE, Reader};

/// The flag in a long extended attribute, and in WiMAX's continuation octet, that says that the next attribute
/// goes on with this value (RFC 6929 §2.2).
pub const MORE: u8 = 0x80;
/// The flag in a long extended attribute that marks a packet cut in two (RFC 7499 §4.1).
pub const TRUNCATION: u8 = 0x40;
/// The Extended-Type that holds vendors' attributes (RFC 6929 §2.3).
pub const EXTENDED_VENDOR: u8 = 26;

/// The header of an attribute inside another: octets of its Type and Length, and whether a continuation octet
/// follows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Octets of the Type: 1, 2 or 4.
    pub type_octets: u8,
    /// Octets of the Length: 0 (one attribute fills the rest), 1 or 2.
    pub length_octets: u8,
    /// Whether an octet follows of which [`MORE`] says that the value goes on in the next attribute (RFC 5904 and
    /// the WiMAX Forum's specifications).
    pub continuation: bool,
}

impl Layout {
    /// One octet each: what RFC 2865 §5.26 recommends, and what RFC 6929 §2.1 has for TLVs.
    pub const TLV: Layout = Layout {
        type_octets: 1,
        length_octets: 1,
        continuation: false,
    };

    /// How many octets the header has.
    pub fn header(self) -> usize {
        usize::from(self.type_octets) + usize::from(self.length_octets) + usize::from(self.continuation)
    }

    /// The largest number the Type can say.
    pub fn max_type(self) -> u32 {
        match self.type_octets {
            1 => 0xff,
            2 => 0xffff,
            _ => u32::MAX,
        }
    }

    /// Appends the header of an attribute with `length` octets of value; `number` and `length` are known to fit.
    fn write_header(self, number: u32, length: usize, more: bool, out: &mut Vec<u8>) {
        let total = self.header() + length;
        match self.type_octets {
            1 => out.push(number as u8),
            2 => out.extend_from_slice(&(number as u16).to_be_bytes()),
            _ => out.extend_from_slice(&number.to_be_bytes()),
        }
        match self.length_octets {
            0 => {}
            1 => out.push(total as u8),
            _ => out.extend_from_slice(&(total as u16).to_be_bytes()),
        }
        if self.continuation {
            out.push(if more { MORE } else { 0 });
        }
    }
}

/// An attribute inside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubAttribute<'a> {
    /// Its Type.
    pub number: u32,
    /// Whether its value goes on in the next attribute.
    pub more: bool,
    /// Where its header begins, counted from the start of what holds it.
    pub at: usize,
    /// Where its value begins, counted likewise.
    pub value_at: usize,
    /// Its value.
    pub value: &'a [u8],
}

/// Inner attributes that do not fill what holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubAttributeError {
    /// Where the one that does not fit begins, counted from the start of what holds it.
    pub at: usize,
    /// What its Length says; 0 where not even the header is whole.
    pub length: usize,
    /// How many octets there are from `at` on.
    pub left: usize,
}

/// The walk over inner attributes. An error ends it.
#[derive(Clone, Debug)]
pub struct SubAttributes<'a> {
    reader: Reader<'a>,
    layout: Layout,
    failed: bool,
}

impl<'a> SubAttributes<'a> {
    /// A walk over `octets`, all of which are inner attributes.
    pub fn new(octets: &'a [u8], layout: Layout) -> Self {
        SubAttributes {
            reader: Reader::new(octets, 0),
            layout,
            failed: false,
        }
    }

    fn read(&mut self) -> Result<SubAttribute<'a>, SubAttributeError> {
        let (at, left) = (self.reader.offset(), self.reader.left());
        let cut = |length| SubAttributeError { at, length, left };
        let number = match self.layout.type_octets {
            1 => self.reader.u8().map(u32::from),
            2 => self.reader.u16().map(u32::from),
            _ => self.reader.u32(),
        }
        .map_err(|_| cut(0))?;
        let length = match self.layout.length_octets {
            0 => left,
            1 => usize::from(self.reader.u8().map_err(|_| cut(0))?),
            _ => usize::from(self.reader.u16().map_err(|_| cut(0))?),
        };
        let more = self.layout.continuation && self.reader.u8().map_err(|_| cut(length))? & MORE != 0;
        let value = length.checked_sub(self.layout.header()).ok_or(cut(length))?;
        let value_at = self.reader.offset();
        let value = self.reader.take(value).map_err(|_| cut(length))?;
        Ok(SubAttribute {
            number,
            more,
            at,
            value_at,
            value,
        })
    }
}

impl<'a> Iterator for SubAttributes<'a> {
    type Item = Result<SubAttribute<'a>, SubAttributeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.reader.is_empty() {
            return None;
        }
        let next = self.read();
        self.failed = next.is_err();
        Some(next)
    }
}

/// Everything around a value, from the packet inwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Envelope {
    /// Type and Length.
    Plain(AttributeType),
    /// The same, split over as many attributes as it takes (RFC 8044 §3.6).
    Concat(AttributeType),
    /// Vendor-Specific, with one attribute of the vendor's; split where the layout has a continuation octet.
    Vendor {
        /// The Private Enterprise Number.
        vendor: u32,
        /// How the vendor writes its attributes.
        layout: Layout,
        /// The vendor's Type.
        number: u32,
    },
    /// An extended attribute, 241 to 244.
    Extended(AttributeType, u8),
    /// A long extended attribute, 245 or 246; split where it takes several.
    LongExtended(AttributeType, u8),
    /// A vendor's attribute in an extended one.
    ExtendedVendor {
        /// 241 to 246.
        number: AttributeType,
        /// Whether that is a long extended one.
        long: bool,
        /// The Private Enterprise Number.
        vendor: u32,
        /// The Vendor-Type.
        vendor_type: u8,
    },
}

/// A value that its envelope cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow {
    /// How many octets the value has.
    pub length: usize,
    /// How many fit.
    pub max: usize,
}

impl Envelope {
    /// The Type of the attribute in the packet.
    pub fn number(&self) -> AttributeType {
        match *self {
            Envelope::Plain(number)
            | Envelope::Concat(number)
            | Envelope::Extended(number, _)
            | Envelope::LongExtended(number, _)
            | Envelope::ExtendedVendor { number, .. } => number,
            Envelope::Vendor { .. } => AttributeType::VENDOR_SPECIFIC,
        }
    }

    /// The longest value, in octets; `None` where it is split and only the packet is the limit.
    pub fn capacity(&self) -> Option<usize> {
        match self {
            Envelope::Plain(_) => Some(MAX_VALUE),
            Envelope::Vendor { layout, .. } if !layout.continuation => Some(MAX_VALUE - 4 - layout.header()),
            Envelope::Extended(..) => Some(MAX_VALUE - 1),
            Envelope::ExtendedVendor { long: false, .. } => Some(MAX_VALUE - 6),
            _ => None,
        }
    }

    /// Appends the whole attribute or attributes that hold `value`.
    ///
    /// # Errors
    ///
    /// A value longer than [`Envelope::capacity`]; nothing is appended then.
    pub fn write(&self, value: &[u8], out: &mut Vec<u8>) -> Result<(), Overflow> {
        if let Some(max) = self.capacity().filter(|max| value.len() > *max) {
            return Err(Overflow {
                length: value.len(),
                max,
            });
        }
        match *self {
            Envelope::Plain(number) => attribute(number, &[value], out),
            Envelope::Concat(number) => {
                pieces(value, MAX_VALUE, |piece, _| attribute(number, &[piece], out));
            }
            Envelope::Vendor {
                vendor,
                layout,
                number,
            } => {
                let room = MAX_VALUE - 4 - layout.header();
                pieces(value, room, |piece, more| {
                    let total = 2 + 4 + layout.header() + piece.len();
                    out.extend_from_slice(&[AttributeType::VENDOR_SPECIFIC.0, total as u8]);
                    out.extend_from_slice(&vendor.to_be_bytes());
                    layout.write_header(number, piece.len(), more, out);
                    out.extend_from_slice(piece);
                });
            }
            Envelope::Extended(number, extended) => attribute(number, &[&[extended], value], out),
            Envelope::LongExtended(number, extended) => long(number, extended, &[], value, out),
            Envelope::ExtendedVendor {
                number,
                long: is_long,
                vendor,
                vendor_type,
            } => {
                let [a, b, c, d] = vendor.to_be_bytes();
                let head = [a, b, c, d, vendor_type];
                if is_long {
                    long(number, EXTENDED_VENDOR, &head, value, out);
                } else {
                    attribute(number, &[&[EXTENDED_VENDOR], &head, value], out);
                }
            }
        }
        Ok(())
    }
}

/// Appends a TLV (RFC 6929 §2.3).
///
/// # Errors
///
/// A value of more than 253 octets; nothing is appended then.
pub fn write_tlv(number: u8, value: &[u8], out: &mut Vec<u8>) -> Result<(), Overflow> {
    if value.len() > MAX_VALUE {
        return Err(Overflow {
            length: value.len(),
            max: MAX_VALUE,
        });
    }
    attribute(AttributeType(number), &[value], out);
    Ok(())
}

/// Appends Type, Length and the parts, which are known to fit.
fn attribute(number: AttributeType, parts: &[&[u8]], out: &mut Vec<u8>) {
    let total = 2 + parts.iter().map(|part| part.len()).sum::<usize>();
    out.extend_from_slice(&[number.0, total as u8]);
    parts.iter().for_each(|part| out.extend_from_slice(part));
}

/// Cuts `value` into pieces of at most `room` octets, at least one, and says with each whether more follow.
fn pieces(value: &[u8], room: usize, mut each: impl FnMut(&[u8], bool)) {
    let mut rest = value;
    while let Some((piece, later)) = rest.split_at_checked(room).filter(|(_, later)| !later.is_empty()) {
        each(piece, true);
        rest = later;
    }
    each(rest, false);
}

/// Appends long extended attributes: `head` stands in the first fragment only (RFC 6929 §2.3).
fn long(number: AttributeType, extended: u8, head: &[u8], value: &[u8], out: &mut Vec<u8>) {
    const ROOM: usize = MAX_VALUE - 2;
    let (first, rest) = match value.split_at_checked(ROOM - head.len()) {
        Some((first, rest)) if !rest.is_empty() => (first, Some(rest)),
        _ => (value, None),
    };
    let flags = |more| if more { MORE } else { 0 };
    attribute(number, &[&[extended, flags(rest.is_some())], head, first], out);
    if let Some(rest) = rest {
        pieces(rest, ROOM, |piece, more| {
            attribute(number, &[&[extended, flags(more)], piece], out);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::hex;
    use super::*;
    use proptest::prelude::*;

    const WIMAX: Layout = Layout {
        type_octets: 1,
        length_octets: 1,
        continuation: true,
    };

    fn layout(type_octets: u8, length_octets: u8) -> Layout {
        Layout {
            type_octets,
            length_octets,
            continuation: false,
        }
    }

    fn written(envelope: Envelope, value: &[u8]) -> String {
        let mut out = Vec::new();
        envelope.write(value, &mut out).unwrap();
        hex::encode(&out)
    }

    fn vendor(vendor: u32, layout: Layout, number: u32) -> Envelope {
        Envelope::Vendor {
            vendor,
            layout,
            number,
        }
    }

    #[test]
    fn every_vendor_format_is_written_as_its_vendor_reads_it() {
        let number = 1u32.to_be_bytes();
        assert_eq!(
            written(vendor(9, Layout::TLV, 1), b"foo"),
            "1a0b000000090105666f6f"
        );
        assert_eq!(
            written(vendor(429, layout(4, 0), 0xbfbe), &1234u32.to_be_bytes()),
            "1a0e000001ad0000bfbe000004d2"
        );
        assert_eq!(
            written(vendor(4846, layout(2, 1), 2), &number),
            "1a0d000012ee00020700000001"
        );
        assert_eq!(
            written(vendor(8164, layout(2, 2), 2), b"foo"),
            "1a0d00001fe400020007666f6f"
        );
        assert_eq!(
            written(vendor(24757, WIMAX, 1), &[1, 5, b'1', b'.', b'0']),
            "1a0e000060b50108000105312e30"
        );
    }

    #[test]
    fn a_long_value_goes_on_in_fragments() {
        let mut value = vec![0xaa; 125];
        value.push(0xab);
        value.extend([0xbb; 125]);
        value.extend([0xcc; 15]);
        let text = hex::encode(&value);
        assert_eq!(
            written(Envelope::LongExtended(AttributeType(245), 4), &value),
            format!("f5ff0480{}f5130400{}", &text[..502], &text[502..])
        );
        let envelope = Envelope::ExtendedVendor {
            number: AttributeType(245),
            long: true,
            vendor: 1,
            vendor_type: 6,
        };
        assert_eq!(
            written(envelope, &value),
            format!("f5ff1a800000000106{}f5181a00{}", &text[..492], &text[492..])
        );
    }

    #[test]
    fn what_does_not_fit_is_refused_and_nothing_written() {
        let mut out = Vec::new();
        for (envelope, max) in [
            (Envelope::Plain(AttributeType(1)), 253),
            (vendor(9, Layout::TLV, 1), 247),
            (vendor(429, layout(4, 0), 1), 245),
            (Envelope::Extended(AttributeType(241), 1), 252),
        ] {
            assert_eq!(
                envelope.write(&vec![0; max + 1], &mut out),
                Err(Overflow { length: max + 1, max })
            );
            assert!(out.is_empty());
            envelope.write(&vec![0; max], &mut out).unwrap();
            assert_eq!((out.len(), out[1]), (255, 255));
            out.clear();
        }
    }

    proptest! {
        #[test]
        fn a_walk_over_anything_ends_and_stays_inside(
            octets in prop::collection::vec(any::<u8>(), 0..300),
            format in 0usize..5,
        ) {
            let layout = [Layout::TLV, layout(2, 1), layout(2, 2), layout(4, 0), WIMAX][format];
            let mut next = 0;
            for inner in SubAttributes::new(&octets, layout).flatten() {
                prop_assert_eq!(inner.at, next);
                prop_assert_eq!(&octets[inner.value_at..inner.value_at + inner.value.len()], inner.value);
                next = inner.value_at + inner.value.len();
            }
            prop_assert!(next <= octets.len());
        }
    }
}
