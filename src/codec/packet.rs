//! The packet view: header fields and attributes of whatever octets came (RFC 2865 §3, §5).
//!
//! ```text
//!  0        1        2                 4                          20
//! +--------+--------+-----------------+---- … ----+----------- … -----------+
//! |  Code  | Ident. |     Length      | Authentic.|  Type Length Value …     |
//! +--------+--------+-----------------+---- … ----+----------- … -----------+
//! ```

use std::ops::Range;

use super::{AttributeType, Authenticator, Code, HEADER_LENGTH, MAX_LENGTH, Reader};

const LENGTH: Range<usize> = 2..4;

/// A view over the octets of one packet. It gives access and judges nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    header: &'a [u8; HEADER_LENGTH],
    received: &'a [u8],
}

/// Fewer octets than a header has: there is nothing to view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooShort {
    /// How many octets there were; less than [`HEADER_LENGTH`].
    pub received: usize,
}

impl<'a> Packet<'a> {
    /// A view over `octets`, which hold at least a header.
    pub fn parse(octets: &'a [u8]) -> Result<Packet<'a>, TooShort> {
        match octets.first_chunk() {
            Some(header) => Ok(Packet {
                header,
                received: octets,
            }),
            None => Err(TooShort {
                received: octets.len(),
            }),
        }
    }

    /// What kind of packet this says it is.
    pub fn code(&self) -> Code {
        Code(self.header[0])
    }

    /// The Identifier, by which a reply finds its request.
    pub fn identifier(&self) -> u8 {
        self.header[1]
    }

    /// What the Length field says, in octets; not what came.
    pub fn length(&self) -> usize {
        usize::from(u16::from_be_bytes([
            self.header[LENGTH.start],
            self.header[LENGTH.start + 1],
        ]))
    }

    /// The Request or Response Authenticator.
    pub fn authenticator(&self) -> &'a Authenticator {
        // A header is longer than 4 + 16 octets by definition; the fallback is never taken.
        self.header.last_chunk().unwrap_or(&[0; 16])
    }

    /// All the octets that came, padding included.
    pub fn received(&self) -> &'a [u8] {
        self.received
    }

    /// The octets of the packet: as many as Length says, or all that came where it says more (or less than a
    /// header).
    pub fn octets(&self) -> &'a [u8] {
        match self.length() {
            length if length < HEADER_LENGTH => self.received,
            length => self.received.get(..length).unwrap_or(self.received),
        }
    }

    /// Octets after Length, which a UDP receiver ignores (RFC 2865 §3).
    pub fn padding(&self) -> &'a [u8] {
        self.received.get(self.octets().len()..).unwrap_or(&[])
    }

    /// The octets of the attributes.
    pub fn body(&self) -> &'a [u8] {
        self.octets().get(HEADER_LENGTH..).unwrap_or(&[])
    }

    /// The attributes in their order; an error ends the walk, since nothing after it can be found.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes {
            reader: Reader::new(self.body(), HEADER_LENGTH),
            failed: false,
        }
    }

    /// The attributes of one type that can be reached.
    pub fn all(&self, wanted: AttributeType) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        self.attributes()
            .map_while(Result::ok)
            .filter(move |attribute| attribute.number() == wanted)
    }

    /// The first attribute of a type, if one can be reached.
    pub fn first(&self, wanted: AttributeType) -> Option<Attribute<'a>> {
        self.all(wanted).next()
    }

    /// Everything for which RFC 2865 §3 and §5 and RFC 3579 §3.2 have a receiver discard the packet, in the order
    /// of the octets; nothing for a well-formed one. `max` is the longest Length allowed, in octets:
    /// [`MAX_LENGTH`] but for streams that agreed on more (RFC 7930).
    pub fn malformations(&self, max: usize) -> Vec<Malformation> {
        let mut found = Vec::new();
        let (length, received) = (self.length(), self.received.len());
        if length < HEADER_LENGTH {
            found.push(Malformation::LengthBelowHeader { length });
        } else if length > received {
            found.push(Malformation::LengthBeyondOctets { length, received });
        }
        if length > max {
            found.push(Malformation::LengthAboveMaximum { length, max });
        }
        let mut message_authenticator = None;
        for attribute in self.attributes() {
            match attribute {
                Err(error) => found.push(Malformation::Attribute(error)),
                Ok(attribute) => attribute.judge(&mut message_authenticator, &mut found),
            }
        }
        found
    }

    /// Whether [`Packet::malformations`] finds nothing in a packet of at most [`MAX_LENGTH`] octets.
    pub fn is_well_formed(&self) -> bool {
        self.malformations(MAX_LENGTH).is_empty()
    }
}

/// One attribute as it stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    octets: &'a [u8],
    offset: usize,
}

impl<'a> Attribute<'a> {
    /// The Type octet.
    pub fn number(&self) -> AttributeType {
        AttributeType(self.octets.first().copied().unwrap_or(0))
    }

    /// The value: 0 to 253 octets.
    pub fn value(&self) -> &'a [u8] {
        self.octets.get(2..).unwrap_or(&[])
    }

    /// Type, Length and Value.
    pub fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// Where the Type octet stands, counted from the start of the packet.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Notes what makes the whole packet malformed; `first` is the offset of the Message-Authenticator seen so far.
    fn judge(&self, first: &mut Option<usize>, found: &mut Vec<Malformation>) {
        let offset = self.offset;
        match self.number() {
            AttributeType(0) => found.push(Malformation::TypeZero { offset }),
            AttributeType::MESSAGE_AUTHENTICATOR => {
                if self.octets.len() != 18 {
                    found.push(Malformation::MessageAuthenticatorLength {
                        offset,
                        length: self.octets.len(),
                    });
                }
                match *first {
                    Some(first) => found.push(Malformation::SecondMessageAuthenticator { offset, first }),
                    None => *first = Some(offset),
                }
            }
            _ => {}
        }
    }
}

/// The walk over a packet's attributes.
#[derive(Clone, Debug)]
pub struct Attributes<'a> {
    reader: Reader<'a>,
    failed: bool,
}

impl<'a> Attributes<'a> {
    /// A walk over attributes that stand outside a packet, or at another place of it: `octets` begin at `offset`
    /// of the whole.
    pub fn new(octets: &'a [u8], offset: usize) -> Self {
        Attributes {
            reader: Reader::new(octets, offset),
            failed: false,
        }
    }

    /// The octets that the walk has not reached.
    pub fn rest(&self) -> &'a [u8] {
        self.reader.clone().rest()
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Result<Attribute<'a>, AttributeError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.reader.is_empty() {
            return None;
        }
        let offset = self.reader.offset();
        let left = self.reader.left();
        let mut ahead = self.reader.clone();
        let length = match ahead.take_array() {
            Ok([_, length]) => usize::from(*length),
            Err(_) => {
                self.failed = true;
                return Some(Err(AttributeError::Cut { offset }));
            }
        };
        Some(match self.reader.take(length) {
            Ok(octets) if length >= 2 => Ok(Attribute { octets, offset }),
            Ok(_) => {
                self.failed = true;
                Err(AttributeError::LengthBelowTwo { offset, length })
            }
            Err(_) => {
                self.failed = true;
                Err(AttributeError::Overrun { offset, length, left })
            }
        })
    }
}

/// Why the attributes do not fill the packet exactly (RFC 2865 §5). Offsets count from the start of the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeError {
    /// One octet is left where an attribute needs two.
    Cut {
        /// Where that octet stands.
        offset: usize,
    },
    /// An attribute's Length is 0 or 1, so that the walk could not go on.
    LengthBelowTwo {
        /// Where the attribute begins.
        offset: usize,
        /// Its Length octet.
        length: usize,
    },
    /// An attribute's Length reaches beyond the packet.
    Overrun {
        /// Where the attribute begins.
        offset: usize,
        /// Its Length octet.
        length: usize,
        /// How many octets there are from `offset` on.
        left: usize,
    },
}

impl AttributeError {
    /// Where the fault stands, counted from the start of the packet.
    pub fn offset(&self) -> usize {
        match *self {
            AttributeError::Cut { offset }
            | AttributeError::LengthBelowTwo { offset, .. }
            | AttributeError::Overrun { offset, .. } => offset,
        }
    }
}

/// What makes a receiver discard a packet before any secret is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformation {
    /// Length is less than the header's 20 octets.
    LengthBelowHeader {
        /// What Length says.
        length: usize,
    },
    /// Length says more octets than came.
    LengthBeyondOctets {
        /// What Length says.
        length: usize,
        /// How many came.
        received: usize,
    },
    /// Length is more than the transport allows.
    LengthAboveMaximum {
        /// What Length says.
        length: usize,
        /// What is allowed.
        max: usize,
    },
    /// The attributes do not fill the packet.
    Attribute(AttributeError),
    /// An attribute of type 0, which is never assigned.
    TypeZero {
        /// Where it begins.
        offset: usize,
    },
    /// A Message-Authenticator that is not 18 octets long (RFC 3579 §3.2).
    MessageAuthenticatorLength {
        /// Where it begins.
        offset: usize,
        /// Its Length octet.
        length: usize,
    },
    /// More than one Message-Authenticator.
    SecondMessageAuthenticator {
        /// Where the second begins.
        offset: usize,
        /// Where the first begins.
        first: usize,
    },
}

impl Malformation {
    /// Where the fault stands, counted from the start of the packet.
    pub fn offset(&self) -> usize {
        match *self {
            Malformation::LengthBelowHeader { .. }
            | Malformation::LengthBeyondOctets { .. }
            | Malformation::LengthAboveMaximum { .. } => LENGTH.start,
            Malformation::Attribute(error) => error.offset(),
            Malformation::TypeZero { offset }
            | Malformation::MessageAuthenticatorLength { offset, .. }
            | Malformation::SecondMessageAuthenticator { offset, .. } => offset,
        }
    }
}
