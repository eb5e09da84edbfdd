//! Diagnostics: what happened, why if it is known, and what to do. Every error of every layer becomes words here,
//! and an exit code.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anstyle::Style;

use super::fold::hanging;
use super::theme::{BAD, HINT, WARNING, paint};

/// The exit codes of the program; part of its contract with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Accept, ACK, response, every expectation met; found and well formed.
    Success = 0,
    /// The server said no, an expectation was not met, nothing was found.
    No = 1,
    /// Usage, an unreadable file, a dictionary or attribute error: nothing was sent.
    Usage = 2,
    /// No reply: timeout, unreachable, refused.
    NoReply = 3,
    /// A reply came, but none that can be trusted.
    Untrusted = 4,
    /// The conversation broke.
    Broken = 5,
    /// This machine failed: port in use, disk full, permission.
    Local = 6,
}

/// One message to the person at the terminal, or the `error` object of the JSON output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind it is, for scripts: one word or two, joined by `-`.
    pub kind: &'static str,
    /// What happened.
    pub message: String,
    /// A part of a file, with a caret under the fault.
    pub excerpt: Option<Box<Excerpt>>,
    /// What to do, or what is likely; the most useful first.
    pub hints: Vec<String>,
    /// What the program ends with when this ends it.
    pub exit: Exit,
}

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It ends the work.
    Error,
    /// The work goes on.
    Warning,
}

/// A line of a text, and the part of it that is at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Where the text is from: a file, or an option of the command line.
    pub origin: String,
    /// Which line it is, from 1; `None` where there are no lines to count.
    pub line: Option<usize>,
    /// The line itself.
    pub text: String,
    /// The part at fault, in bytes of `text`.
    pub span: std::ops::Range<usize>,
    /// A word or two beside the caret.
    pub label: String,
}

impl Diagnostic {
    /// An error.
    pub fn error(kind: &'static str, exit: Exit, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            kind,
            message: message.into(),
            excerpt: None,
            hints: Vec::new(),
            exit,
        }
    }

    /// A warning; the work goes on.
    pub fn warning(kind: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(kind, Exit::Success, message)
        }
    }

    /// With one more thing to do or to know.
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hints.push(hint.into());
        self
    }

    /// With the place in a text.
    pub fn excerpt(mut self, excerpt: Excerpt) -> Diagnostic {
        self.excerpt = Some(Box::new(excerpt));
        self
    }

    /// The text for standard error, with styles.
    pub fn text(&self) -> String {
        self.folded(usize::MAX)
    }

    /// The same in lines of at most `width` characters; what is quoted stays whole.
    pub fn folded(&self, width: usize) -> String {
        let (style, label) = match self.severity {
            Severity::Error => (BAD, "error"),
            Severity::Warning => (WARNING, "warning"),
        };
        let mut out = match &self.excerpt {
            Some(excerpt) => excerpt.draw(self.severity, &self.message),
            None => labelled(style, label, &self.message, width),
        };
        for hint in &self.hints {
            out.push_str(&labelled(HINT, "hint", hint, width));
        }
        out
    }
}

/// A label and what it is about.
fn labelled(style: Style, label: &str, text: &str, width: usize) -> String {
    let text = hanging(text, label.len() + 2, width);
    format!("{}: {text}\n", paint(style, label))
}

impl Excerpt {
    /// The message with the line under it and a caret under the fault, as rustc draws them.
    fn draw(&self, severity: Severity, message: &str) -> String {
        let level = match severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let boundary = |at: &usize| self.text.is_char_boundary(*at);
        let length = self.text.len();
        let start = (0..=self.span.start.min(length))
            .rev()
            .find(boundary)
            .unwrap_or(0);
        let end = (self.span.end.clamp(start, length)..=length)
            .find(boundary)
            .unwrap_or(length);
        let mut caret = AnnotationKind::Primary.span(start..end);
        if !self.label.is_empty() {
            caret = caret.label(self.label.as_str());
        }
        let snippet = Snippet::source(self.text.as_str())
            .path(self.origin.as_str())
            .line_start(self.line.unwrap_or(1))
            .annotation(caret);
        let mut out = Renderer::styled().render(&[level.primary_title(message).element(snippet)]);
        out.push('\n');
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(diagnostic: &Diagnostic) -> String {
        anstream::adapter::strip_str(&diagnostic.text()).to_string()
    }

    #[test]
    fn an_error_says_what_where_and_what_to_do() {
        let diagnostic = Diagnostic::error("unknown-attribute", Exit::Usage, "unknown attribute `User-Nmae`")
            .excerpt(Excerpt {
                origin: "requests.txt".into(),
                line: Some(12),
                text: "User-Nmae = bob".into(),
                span: 0..9,
                label: "no dictionary has this name".into(),
            })
            .hint("did you mean `User-Name`?");
        assert_eq!(
            plain(&diagnostic),
            "error: unknown attribute `User-Nmae`\n\
             \x20 --> requests.txt:12:1\n\
             \x20  |\n\
             12 | User-Nmae = bob\n\
             \x20  | ^^^^^^^^^ no dictionary has this name\n\
             hint: did you mean `User-Name`?\n"
        );
    }

    #[test]
    fn the_fault_of_a_very_long_line_stays_in_sight() {
        let text = format!("{}fault{}", "x".repeat(500), "y".repeat(500));
        let excerpt = Excerpt {
            origin: "-a".into(),
            line: None,
            text,
            span: 500..505,
            label: String::new(),
        };
        let drawn = excerpt.draw(Severity::Error, "a fault");
        let lines: Vec<String> = anstream::adapter::strip_str(&drawn)
            .to_string()
            .lines()
            .map(str::to_owned)
            .collect();
        let shown = lines
            .iter()
            .position(|line| line.contains("fault") && line.contains('|'))
            .unwrap();
        let column = |line: &String, what: &str| line[..line.find(what).unwrap()].chars().count();
        assert_eq!(column(&lines[shown], "fault"), column(&lines[shown + 1], "^^^^^"));
        assert!(lines[shown].chars().count() < 200);
    }

    #[test]
    fn a_span_beyond_its_line_is_no_panic() {
        let excerpt = Excerpt {
            origin: "x".into(),
            line: Some(1),
            text: "é".into(),
            span: 1..90,
            label: String::new(),
        };
        assert!(excerpt.draw(Severity::Warning, "odd").contains("odd"));
    }
}
