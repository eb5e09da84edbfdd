//! The rows of a layer, and how they lie in its blob: little-endian, each kind of one size, offsets only.

/// Octets of a row of each kind.
pub(crate) const ENTRY: usize = 48;
pub(crate) const VALUE: usize = 32;
pub(crate) const ALIAS: usize = 28;
pub(crate) const EXTRA: usize = 36;
pub(crate) const CHAIN: usize = 16;
pub(crate) const FILE: usize = 8;

/// Row flags above those of [`super::kind::Flags`].
pub(crate) mod mark {
    /// Belongs to another protocol than RADIUS.
    pub(crate) const FOREIGN: u32 = 1 << 18;
    /// A named value set, no attribute.
    pub(crate) const SET: u32 = 1 << 19;
    /// Not defined by any line, but implied by one (Vendor-Specific, when only a vendor was defined).
    pub(crate) const IMPLIED: u32 = 1 << 20;
    /// Its local name counts among its siblings only (FreeRADIUS 4).
    pub(crate) const LOCAL: u32 = 1 << 21;
    /// Is found by its whole name at the top, wherever it stands.
    pub(crate) const FLAT: u32 = 1 << 22;
    /// Its whole name was made from its parent's and its own.
    pub(crate) const MADE: u32 = 1 << 23;
}

/// A row of the entry section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct EntryRow {
    pub(crate) key: u64,
    pub(crate) parent: u64,
    pub(crate) number: u32,
    /// Where the name starts in the text.
    pub(crate) text: u32,
    pub(crate) name_len: u8,
    /// Where the local name starts, counted from the name's start.
    pub(crate) local_start: u8,
    pub(crate) local_len: u8,
    pub(crate) kind: u8,
    pub(crate) flags: u32,
    /// Fixed octets, or bits of a `bit[n]`; 0 when neither.
    pub(crate) length: u16,
    pub(crate) file: u16,
    pub(crate) line: u32,
    /// The next child of the same parent in this layer, index + 1.
    pub(crate) next: u32,
    /// Index + 1 of the extra row.
    pub(crate) extra: u32,
}

/// A row of the value section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ValueRow {
    /// The key of the attribute (or set) the value belongs to.
    pub(crate) owner: u64,
    pub(crate) number: u64,
    pub(crate) text: u32,
    pub(crate) name_len: u8,
    /// Octets of data text after the name, for values that are no number.
    pub(crate) data_len: u8,
    pub(crate) file: u16,
    pub(crate) line: u32,
    /// The next value of the same owner in this layer, index + 1.
    pub(crate) next: u32,
}

/// A row of the alias section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AliasRow {
    pub(crate) scope: u64,
    pub(crate) target: u64,
    pub(crate) text: u32,
    pub(crate) name_len: u8,
    pub(crate) file: u16,
    pub(crate) line: u32,
}

/// What few entries have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ExtraRow {
    /// Whose values it has; 0 for its own.
    pub(crate) values: u64,
    /// Where `ref=` leads; 0 when that is not known.
    pub(crate) reference: u64,
    /// The key member that chooses its branch; 0 for none.
    pub(crate) chooser: u64,
    /// The text of `ref=`.
    pub(crate) text: u32,
    pub(crate) text_len: u16,
    /// `subtype=`, as a type's discriminant.
    pub(crate) subtype: u8,
}

/// The lists that start at a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChainRow {
    pub(crate) key: u64,
    /// Index + 1.
    pub(crate) child: u32,
    /// Index + 1.
    pub(crate) value: u32,
}

/// `N` octets of `rows` at `at`. Rows are written by [`super::pack`] alone, so offsets are right.
#[inline]
fn at<const N: usize>(rows: &[u8], at: usize) -> [u8; N] {
    let mut octets = [0; N];
    octets.copy_from_slice(&rows[at..at + N]);
    octets
}

#[inline]
pub(crate) fn u64_at(rows: &[u8], offset: usize) -> u64 {
    u64::from_le_bytes(at(rows, offset))
}

#[inline]
pub(crate) fn u32_at(rows: &[u8], offset: usize) -> u32 {
    u32::from_le_bytes(at(rows, offset))
}

#[inline]
fn u16_at(rows: &[u8], offset: usize) -> u16 {
    u16::from_le_bytes(at(rows, offset))
}

/// Single fields of an entry's row, for those who look at every attribute of every packet.
pub(crate) mod field {
    use super::ENTRY;

    #[inline]
    pub(crate) fn key(row: &[u8; ENTRY]) -> u64 {
        u64::from_le_bytes([row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]])
    }

    #[inline]
    pub(crate) fn number(row: &[u8; ENTRY]) -> u32 {
        u32::from_le_bytes([row[16], row[17], row[18], row[19]])
    }

    #[inline]
    pub(crate) fn text(row: &[u8; ENTRY]) -> u32 {
        u32::from_le_bytes([row[20], row[21], row[22], row[23]])
    }

    #[inline]
    pub(crate) fn name_len(row: &[u8; ENTRY]) -> u8 {
        row[24]
    }

    #[inline]
    pub(crate) fn kind(row: &[u8; ENTRY]) -> u8 {
        row[27]
    }

    #[inline]
    pub(crate) fn flags(row: &[u8; ENTRY]) -> u32 {
        u32::from_le_bytes([row[28], row[29], row[30], row[31]])
    }

    #[inline]
    pub(crate) fn length(row: &[u8; ENTRY]) -> u16 {
        u16::from_le_bytes([row[32], row[33]])
    }

    #[inline]
    pub(crate) fn extra(row: &[u8; ENTRY]) -> u32 {
        u32::from_le_bytes([row[44], row[45], row[46], row[47]])
    }
}

impl EntryRow {
    #[inline]
    pub(crate) fn read(rows: &[u8; ENTRY]) -> EntryRow {
        EntryRow {
            key: field::key(rows),
            parent: u64_at(rows, 8),
            number: field::number(rows),
            text: field::text(rows),
            name_len: field::name_len(rows),
            local_start: rows[25],
            local_len: rows[26],
            kind: rows[27],
            flags: field::flags(rows),
            length: field::length(rows),
            file: u16_at(rows, 34),
            line: u32_at(rows, 36),
            next: u32_at(rows, 40),
            extra: u32_at(rows, 44),
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.to_le_bytes());
        out.extend_from_slice(&self.parent.to_le_bytes());
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.text.to_le_bytes());
        out.extend_from_slice(&[self.name_len, self.local_start, self.local_len, self.kind]);
        out.extend_from_slice(&self.flags.to_le_bytes());
        out.extend_from_slice(&self.length.to_le_bytes());
        out.extend_from_slice(&self.file.to_le_bytes());
        out.extend_from_slice(&self.line.to_le_bytes());
        out.extend_from_slice(&self.next.to_le_bytes());
        out.extend_from_slice(&self.extra.to_le_bytes());
    }
}

impl ValueRow {
    pub(crate) fn read(rows: &[u8]) -> ValueRow {
        ValueRow {
            owner: u64_at(rows, 0),
            number: u64_at(rows, 8),
            text: u32_at(rows, 16),
            name_len: rows[20],
            data_len: rows[21],
            file: u16_at(rows, 22),
            line: u32_at(rows, 24),
            next: u32_at(rows, 28),
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.owner.to_le_bytes());
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.text.to_le_bytes());
        out.extend_from_slice(&[self.name_len, self.data_len]);
        out.extend_from_slice(&self.file.to_le_bytes());
        out.extend_from_slice(&self.line.to_le_bytes());
        out.extend_from_slice(&self.next.to_le_bytes());
    }
}

impl AliasRow {
    pub(crate) fn read(rows: &[u8]) -> AliasRow {
        AliasRow {
            scope: u64_at(rows, 0),
            target: u64_at(rows, 8),
            text: u32_at(rows, 16),
            line: u32_at(rows, 20),
            file: u16_at(rows, 24),
            name_len: rows[26],
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.scope.to_le_bytes());
        out.extend_from_slice(&self.target.to_le_bytes());
        out.extend_from_slice(&self.text.to_le_bytes());
        out.extend_from_slice(&self.line.to_le_bytes());
        out.extend_from_slice(&self.file.to_le_bytes());
        out.extend_from_slice(&[self.name_len, 0]);
    }
}

impl ExtraRow {
    pub(crate) fn read(rows: &[u8]) -> ExtraRow {
        ExtraRow {
            values: u64_at(rows, 0),
            reference: u64_at(rows, 8),
            chooser: u64_at(rows, 16),
            text: u32_at(rows, 24),
            text_len: u16_at(rows, 28),
            subtype: rows[30],
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.values.to_le_bytes());
        out.extend_from_slice(&self.reference.to_le_bytes());
        out.extend_from_slice(&self.chooser.to_le_bytes());
        out.extend_from_slice(&self.text.to_le_bytes());
        out.extend_from_slice(&self.text_len.to_le_bytes());
        out.extend_from_slice(&[self.subtype, 0, 0, 0, 0, 0]);
    }
}

impl ChainRow {
    pub(crate) fn read(rows: &[u8]) -> ChainRow {
        ChainRow {
            key: u64_at(rows, 0),
            child: u32_at(rows, 8),
            value: u32_at(rows, 12),
        }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.to_le_bytes());
        out.extend_from_slice(&self.child.to_le_bytes());
        out.extend_from_slice(&self.value.to_le_bytes());
    }
}
