//! Writes a model down as the two blobs of a layer.

use super::model::{Index, Model};
use super::row::{ALIAS, CHAIN, ENTRY, EXTRA, FILE, VALUE};
use super::table::{HEADER, SECTIONS};

/// The rows (header first) and the text of a layer.
pub(crate) fn pack(model: Model) -> (Vec<u8>, String) {
    let capacity = HEADER
        + model.entries.len() * (ENTRY + 24)
        + model.values.len() * (VALUE + 16)
        + model.aliases.len() * ALIAS
        + model.extras.len() * EXTRA
        + model.chains.len() * (CHAIN + 8)
        + model.files.len() * FILE;
    let mut rows = Vec::with_capacity(capacity);
    let mut sections = Vec::with_capacity(SECTIONS);
    rows.resize(HEADER, 0);
    let mut open = |rows: &Vec<u8>| sections.push(rows.len() as u32);

    open(&rows);
    model.entries.iter().for_each(|row| row.write(&mut rows));
    open(&rows);
    model.values.iter().for_each(|row| row.write(&mut rows));
    open(&rows);
    model.aliases.iter().for_each(|row| row.write(&mut rows));
    open(&rows);
    model.extras.iter().for_each(|row| row.write(&mut rows));
    open(&rows);
    model.chains.iter().for_each(|row| row.write(&mut rows));
    open(&rows);
    for (start, len) in &model.files {
        rows.extend_from_slice(&start.to_le_bytes());
        rows.extend_from_slice(&len.to_le_bytes());
    }
    for index in [
        &model.keys,
        &model.names,
        &model.numbers,
        &model.labels,
        &model.starts,
    ] {
        open(&rows);
        write_slots(index, &mut rows);
    }
    open(&rows);

    for (index, start) in sections.iter().enumerate() {
        rows[index * 4..index * 4 + 4].copy_from_slice(&start.to_le_bytes());
    }
    rows.shrink_to_fit();
    let mut text = model.text;
    text.shrink_to_fit();
    (rows, text)
}

fn write_slots(index: &Index, rows: &mut Vec<u8>) {
    index
        .slots()
        .for_each(|slot| rows.extend_from_slice(&slot.to_le_bytes()));
}
