//! Requests as text that `radius send -f` sends again: `NAME = VALUE`, one a line, an empty line between packets.

use std::fmt::Write as _;

use crate::attr::{Attribute, Value};
use crate::codec::AttributeType;
use crate::trace::observe::Observed;

/// Appends a request; replies and retransmissions are passed over.
pub fn replay(out: &mut String, observed: &Observed<'_>, secrets: bool) {
    use crate::trace::link::Link;
    let Ok(packet) = &observed.packet else { return };
    if !matches!(observed.link, Some(Link::Request { transmission: 1, .. })) {
        return;
    }
    let sighting = &observed.sighting;
    let _ = match sighting.is_placed() {
        true => writeln!(
            out,
            "# frame {} from {} to {}",
            sighting.number, sighting.source, sighting.destination
        ),
        false => writeln!(out, "# packet {}", sighting.number),
    };
    let _ = writeln!(out, "Packet-Type = {}", packet.code());
    for attribute in &observed.tree().attributes {
        pair(out, attribute, secrets);
    }
    out.push('\n');
}

fn pair(out: &mut String, attribute: &Attribute<'_>, secrets: bool) {
    // It is made anew for the new packet.
    if attribute.oid.parts() == [u32::from(AttributeType::MESSAGE_AUTHENTICATOR.0)] {
        return;
    }
    let hidden = attribute.secret && !secrets;
    let sealed = matches!(attribute.value, Value::Sealed(_));
    if hidden {
        let _ = writeln!(out, "# {} is not shown: --show-secrets does", attribute.name());
    } else if sealed {
        let _ = writeln!(
            out,
            "# {} cannot be opened: -s with the right secret does",
            attribute.name()
        );
    } else {
        let _ = writeln!(out, "{}", attribute.pair(true));
    }
}
