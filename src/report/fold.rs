//! Text in lines that fit where they are shown.

/// A text in lines of at most `width` characters, broken between words where that is possible.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word = word;
        while let Some(line) = lines.last_mut() {
            let room = width.saturating_sub(line.chars().count() + usize::from(!line.is_empty()));
            if word.chars().count() <= room {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
                break;
            }
            if line.is_empty() {
                let end = word.char_indices().nth(width).map_or(word.len(), |(at, _)| at);
                let (now, later) = word.split_at(end);
                line.push_str(now);
                word = later;
            }
            lines.push(String::new());
        }
    }
    lines
}

/// A text behind a label of `indent` characters, in lines of at most `width` characters with the label's; what goes on
/// stands below the text. Where there is too little room for that, it stays as it is.
pub(super) fn hanging(text: &str, indent: usize, width: usize) -> String {
    /// Narrower columns read worse than broken lines.
    const LEAST: usize = 20;
    let room = width.saturating_sub(indent);
    if room < LEAST || text.lines().all(|line| line.chars().count() <= room) {
        return text.to_owned();
    }
    let lines: Vec<String> = text.lines().flat_map(|line| wrapped(line, room)).collect();
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_goes_on_below_the_text() {
        let text = "the server is open to BlastRADIUS; --require-message-authenticator refuses such replies";
        assert_eq!(hanging(text, 6, 200), text);
        assert_eq!(
            hanging(text, 6, 50),
            "the server is open to BlastRADIUS;\n      --require-message-authenticator refuses such\n      replies"
        );
        // Too narrow for anything.
        assert_eq!(hanging(text, 6, 20), text);
    }

    #[test]
    fn long_words_are_broken_and_short_ones_kept_whole() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
    }
}
