//! Egress-VLANID: whether frames are tagged, and the VLAN's number, in one integer (RFC 4675 §2.1).

/// Its Type.
pub(in crate::attr) const EGRESS_VLANID: u32 = 56;
const KINDS: [(&str, u64); 2] = [("tagged-", 0x31), ("untagged-", 0x32)];
const MAX_VLAN: u64 = 0xfff;

/// The number as `tagged-100` or `untagged-100`; `None` where it says something else.
pub(in crate::attr) fn text(number: u64) -> Option<String> {
    let (name, _) = KINDS.iter().find(|(_, kind)| *kind == number >> 24)?;
    let vlan = number & 0x00ff_ffff;
    (vlan <= MAX_VLAN).then(|| format!("{name}{vlan}"))
}

/// The number that such a text says.
pub(in crate::attr) fn number(text: &str) -> Option<u64> {
    KINDS.iter().find_map(|(name, kind)| {
        let vlan: u64 = text.strip_prefix(name)?.parse().ok()?;
        (vlan <= MAX_VLAN).then_some(kind << 24 | vlan)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vlan_reads_as_it_prints() {
        assert_eq!(number("tagged-100"), Some(0x3100_0064));
        assert_eq!(text(0x3200_0fff).as_deref(), Some("untagged-4095"));
        assert_eq!(text(0x3100_1000), None);
        assert_eq!(number("tagged-4096"), None);
    }
}
