//! Values that the shared secret hides (RFC 2865 §5.2, RFC 2868 §3.5), opened when there is a secret.

use std::ops::Range;

use super::super::value::{Inside, Sealed, Value, ValueFault};
use super::stretch::Stretch;
use super::{Decoder, Known, MAX_TAG};
use crate::codec::hide::{self, RevealError};
use crate::dictionary::{Encrypt, Oid};

const BLOCK: usize = 16;

impl<'a> Decoder<'a, '_> {
    /// Tag and value of a hidden attribute.
    pub(super) fn hidden(
        &self,
        known: &Known<'a>,
        oid: Oid,
        how: Encrypt,
        stretch: Stretch<'a, '_>,
        span: &Range<usize>,
    ) -> (Option<u8>, Value<'a>) {
        // RFC 2868 §3.5: a tag stands before the salt, and the salt's first bit is set, so they cannot be confused.
        let (tag, hidden) = match stretch.get().first() {
            Some(tag) if known.flags.has_tag && *tag <= MAX_TAG => {
                (Some(*tag).filter(|tag| *tag != 0), stretch.after(1))
            }
            _ => (None, stretch),
        };
        if self.clear {
            return (tag, self.value(known, oid, hidden));
        }
        if let Err(error) = possible(how, hidden.get()) {
            return (tag, Value::Malformed(ValueFault::Hidden(error)));
        }
        let Some(opener) = self.opener else {
            return (tag, Value::Sealed(Sealed::NoSecret));
        };
        let (secret, authenticator) = (opener.secret, &opener.authenticator);
        let revealed = match how {
            Encrypt::UserPassword => hide::reveal_password(hidden.get(), secret, authenticator),
            Encrypt::TunnelPassword => hide::reveal_salted(hidden.get(), secret, authenticator),
            Encrypt::AscendSecret => hide::reveal_ascend(hidden.get(), secret, authenticator),
        };
        let mut plain = match revealed {
            Ok(plain) => plain,
            Err(error) => return (tag, Value::Sealed(Sealed::Reveal(error))),
        };
        // Where zeros are padding, a value of fixed length tells how many of them are its own.
        let fixed = known.entry.octets();
        if let Some(fixed) = fixed.filter(|fixed| *fixed > plain.len() && how != Encrypt::TunnelPassword) {
            plain.resize(fixed, 0);
        }
        let inside = Stretch::revealed(&plain, span);
        let value = match self.value(known, oid, inside) {
            Value::Malformed(ValueFault::Empty) => Value::Text("".into()),
            Value::Malformed(_) => Value::Sealed(Sealed::Inside(Inside { length: plain.len() })),
            value => value,
        };
        (tag, value)
    }
}

/// Whether the octets have the length of a hidden value.
fn possible(how: Encrypt, hidden: &[u8]) -> Result<(), RevealError> {
    let cipher = match how {
        Encrypt::TunnelPassword => hidden.get(2..).ok_or(RevealError::NoSalt)?,
        _ => hidden,
    };
    let length = cipher.len();
    let good = match how {
        Encrypt::AscendSecret => length == BLOCK,
        _ => length > 0 && length.is_multiple_of(BLOCK),
    };
    good.then_some(()).ok_or(RevealError::NotBlocks { length })
}
