//! shim
use super::Field;
use super::mschap::attributes::{vendor_attributes, vendor_value};
use crate::codec::{AttributeType, Packet};
pub(super) fn microsoft(number: u8, value: &[u8]) -> Result<Field, ()> {
    vendor_value(number, value)
        .map(|value| (AttributeType::VENDOR_SPECIFIC, value))
        .ok_or(())
}
pub(super) fn find<'a>(packet: &Packet<'a>, wanted: u8) -> Option<&'a [u8]> {
    packet
        .all(AttributeType::VENDOR_SPECIFIC)
        .flat_map(|attribute| vendor_attributes(attribute.value()))
        .find(|(number, _)| *number == wanted)
        .map(|(_, value)| value)
}
