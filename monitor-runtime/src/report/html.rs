//! A writer of HTML that knows no way to put text in unescaped.

use std::fmt::{Display, Write as _};

/// How much of a text is shown: one of a megabyte would hide all others.
const LONGEST: usize = 1_500;

/// A document as it grows.
#[derive(Debug, Default)]
pub(crate) struct Html(String);

impl Html {
    /// Markup of our own: only literals fit.
    pub(crate) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, escaped for content and for quoted attributes, and cut with a mark where it is
    /// long. Control characters and those that change the direction of the text around them
    /// become visible.
    pub(crate) fn text(&mut self, text: impl Display) -> &mut Self {
        let mut escaped = Escaped {
            out: &mut self.0,
            shown: 0,
            hidden: 0,
        };
        let _ = write!(escaped, "{text}");
        let hidden = escaped.hidden;
        if hidden > 0 {
            let _ = write!(self.0, " … and {hidden} more bytes");
        }
        self
    }

    /// `<tag>text</tag>`
    pub(crate) fn element(&mut self, tag: &'static str, text: impl Display) -> &mut Self {
        self.raw("<")
            .raw(tag)
            .raw(">")
            .text(text)
            .raw("</")
            .raw(tag)
            .raw(">")
    }

    /// `<tag class="class">text</tag>`
    pub(crate) fn classed(
        &mut self,
        tag: &'static str,
        class: &'static str,
        text: impl Display,
    ) -> &mut Self {
        self.raw("<")
            .raw(tag)
            .raw(" class=\"")
            .raw(class)
            .raw("\">")
            .text(text)
            .raw("</")
            .raw(tag)
            .raw(">")
    }

    /// ` name="value"`
    pub(crate) fn attribute(&mut self, name: &'static str, value: impl Display) -> &mut Self {
        self.raw(" ").raw(name).raw("=\"").text(value).raw("\"")
    }

    /// A coordinate: what is not finite is zero, and three decimals are more than a screen has.
    pub(crate) fn number(&mut self, number: f64) -> &mut Self {
        let number = if number.is_finite() { number } else { 0.0 };
        let rounded = (number * 10.0).round() / 10.0;
        let _ = write!(self.0, "{rounded}");
        self
    }

    /// What another writer has made.
    #[cfg(feature = "serve")]
    pub(super) fn part(&mut self, part: &Part) -> &mut Self {
        self.0.push_str(&part.0);
        self
    }

    #[cfg(feature = "serve")]
    pub(super) fn into_part(self) -> Part {
        Part(self.0)
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// A piece of a page. Only a writer makes one, so that it can be taken in as it is.
#[cfg(feature = "serve")]
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part(String);

#[cfg(feature = "serve")]
impl Part {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Takes in text and escapes it on the way, up to its limit.
struct Escaped<'a> {
    out: &'a mut String,
    shown: usize,
    hidden: usize,
}

impl std::fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for c in text.chars() {
            if self.shown >= LONGEST {
                self.hidden += c.len_utf8();
                continue;
            }
            self.shown += c.len_utf8();
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                '\n' | '\t' => self.out.push(c),
                '\u{200b}'..='\u{200f}'
                | '\u{061c}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}' => self.out.push('\u{fffd}'),
                c if c.is_control() => self.out.push('\u{fffd}'),
                c => self.out.push(c),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        let mut html = Html::default();
        html.element("p", "<script>\"'&\u{202e}\u{7}</p>");
        assert_eq!(
            html.finish(),
            "<p>&lt;script&gt;&quot;&#39;&amp;\u{fffd}\u{fffd}&lt;/p&gt;</p>"
        );
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let mut html = Html::default();
        html.text("<".repeat(1_000_000));
        let text = html.finish();
        assert!(
            text.ends_with("&lt; … and 998500 more bytes"),
            "{}",
            text.len()
        );
        assert!(text.len() < 5 * LONGEST);
    }

    #[test]
    fn a_coordinate_is_a_number() {
        let mut html = Html::default();
        html.number(1.25)
            .raw(" ")
            .number(f64::NAN)
            .raw(" ")
            .number(2.0);
        assert_eq!(html.finish(), "1.3 0 2");
    }
}
