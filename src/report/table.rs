//! Tables that fit the terminal.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};

/// A table with these headings and rows, no wider than the terminal where there is one. A column in which nothing
/// stands is left out; where there is too little room, the last column gives way.
pub fn table(headings: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut rows: Vec<Vec<String>> = rows.into_iter().collect();
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(widest).collect();
    let used = |column: usize| rows.is_empty() || widths.get(column).is_none_or(|width| *width > 0);
    let kept: Vec<usize> = (0..headings.len()).filter(|column| used(*column)).collect();
    for row in &mut rows {
        *row = kept
            .iter()
            .map(|column| row.get_mut(*column).map(std::mem::take).unwrap_or_default())
            .collect();
    }
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(kept.iter().map(|column| headings[*column].to_uppercase()));
    for row in rows {
        table.add_row(row);
    }
    // The sum of what must not break has to leave room for the rest.
    let whole: usize = kept.iter().rev().skip(1).map(|column| widths[*column] + 2).sum();
    let room = table.width().map_or(usize::MAX, usize::from);
    for (place, column) in kept.iter().enumerate() {
        let Some(cells) = table.column_mut(place) else {
            continue;
        };
        cells.set_padding((0, 2));
        if place + 1 < kept.len() && whole + LEAST_LAST <= room {
            let width = widths[*column].max(headings[*column].len()) + 2;
            let width = u16::try_from(width).unwrap_or(u16::MAX);
            cells.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
        }
    }
    let mut text: String = table
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    if text.is_empty() {
        text.push('\n');
    }
    text
}

/// The least room that the last column is left with.
const LEAST_LAST: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_without_anything_in_it_is_left_out() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let text = table(
            &["name", "flags", "source"],
            [row(["A", "", "x:1"]), row(["Long-Name", "", "y:2"])],
        );
        assert_eq!(text, "NAME       SOURCE\nA          x:1\nLong-Name  y:2\n");
    }
}
