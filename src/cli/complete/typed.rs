//! What is typed into a shell, and how it reads there: words, quotes, backslashes.

/// Inside which quotes a word breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// None.
    None,
    /// `'`
    Single,
    /// `"`
    Double,
}

/// A word without its quotes.
#[derive(Debug, PartialEq, Eq)]
pub struct Word {
    /// What the program would get.
    pub text: String,
    /// The quotes that are still open.
    pub quote: Quote,
}

/// A command line up to the cursor.
#[derive(Debug, PartialEq, Eq)]
pub struct Typed {
    /// Its words without quotes; the last is the one at the cursor, and may be empty.
    pub words: Vec<String>,
    /// The quotes that are open at the cursor.
    pub quote: Quote,
}

impl Typed {
    /// From the line up to the cursor.
    pub fn line(line: &str) -> Typed {
        let mut words = Vec::new();
        let mut rest = line.trim_start();
        loop {
            let (word, after) = first(rest);
            let quote = word.quote;
            words.push(word.text);
            match after {
                Some(after) => rest = after.trim_start(),
                None => return Typed { words, quote },
            }
        }
    }
}

/// One word, as it is typed.
pub fn word(typed: &str) -> Word {
    read(typed, false).0
}

/// The first word of a line, and what stands behind the blank that ends it.
fn first(line: &str) -> (Word, Option<&str>) {
    read(line, true)
}

/// Reads up to the end, or up to a blank outside of quotes.
fn read(typed: &str, to_blank: bool) -> (Word, Option<&str>) {
    let mut text = String::new();
    let mut quote = Quote::None;
    let mut characters = typed.char_indices();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (Quote::None, ' ' | '\t' | '\n') if to_blank => {
                return (Word { text, quote }, typed.get(at..));
            }
            (Quote::None, '\'') => quote = Quote::Single,
            (Quote::None, '"') => quote = Quote::Double,
            (Quote::Single, '\'') | (Quote::Double, '"') => quote = Quote::None,
            (Quote::None, '\\') => text.extend(characters.next().map(|(_, escaped)| escaped)),
            (Quote::Double, '\\') => match characters.next() {
                Some((_, escaped @ ('"' | '\\' | '$' | '`'))) => text.push(escaped),
                Some((_, other)) => text.extend(['\\', other]),
                None => {}
            },
            (_, character) => text.push(character),
        }
    }
    (Word { text, quote }, None)
}

/// `text` so that it reads as itself inside those quotes.
pub fn quoted(text: &str, quote: Quote) -> String {
    let plain = |character: char| character.is_alphanumeric() || "-_./+:@=,%^~…".contains(character);
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let escaped = match quote {
            // A single quote cannot stand in single quotes: out, escaped, and in again.
            Quote::Single if character == '\'' => {
                out.push_str("'\\''");
                continue;
            }
            Quote::Single => false,
            Quote::Double => "\"\\$`".contains(character),
            Quote::None => !plain(character),
        };
        if escaped {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(line: &str) -> (Vec<String>, Quote) {
        let typed = Typed::line(line);
        (typed.words, typed.quote)
    }

    #[test]
    fn a_line_is_read_as_a_shell_reads_it() {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            line("radius send -a 'Service-Type = Fra"),
            (
                owned(&["radius", "send", "-a", "Service-Type = Fra"]),
                Quote::Single
            )
        );
        assert_eq!(
            line(r#"radius -a "A=\"x\" \d"#),
            (owned(&["radius", "-a", r#"A="x" \d"#]), Quote::Double)
        );
        assert_eq!(
            line(r"radius -a A\ =\ b"),
            (owned(&["radius", "-a", "A = b"]), Quote::None)
        );
        assert_eq!(line("radius  "), (owned(&["radius", ""]), Quote::None));
        assert_eq!(line(""), (owned(&[""]), Quote::None));
        assert_eq!(line("a'b'\"c\""), (owned(&["abc"]), Quote::None));
    }

    #[test]
    fn what_is_quoted_reads_as_itself() {
        for text in ["Service-Type = Framed-User", "it's \"$5\" \\ `x`", "a;b|c&d(e)*?"] {
            assert_eq!(word(&quoted(text, Quote::None)).text, text);
            assert_eq!(word(&format!("'{}'", quoted(text, Quote::Single))).text, text);
            assert_eq!(word(&format!("\"{}\"", quoted(text, Quote::Double))).text, text);
        }
    }
}
