//! Tables that fit the terminal.

use comfy_table::{ContentArrangement, Table, presets};

/// A table with these headings and rows, no wider than the terminal where there is one.
pub fn table(headings: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(headings.iter().map(|heading| heading.to_uppercase()));
    for row in rows {
        table.add_row(row);
    }
    let mut text: String = table.lines().map(|line| format!("{}\n", line.trim())).collect();
    if text.is_empty() {
        text.push('\n');
    }
    text
}
