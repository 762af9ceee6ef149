//! A writer of HTML that knows no way to put text in unescaped.

use std::fmt::{Display, Write as _};

/// A document as it grows.
#[derive(Debug, Default)]
pub(crate) struct Html(String);

impl Html {
    /// Markup of our own: only literals fit.
    pub(crate) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, escaped for content and for quoted attributes. Control characters and
    /// those that change the direction of the text around them become visible.
    pub(crate) fn text(&mut self, text: impl Display) -> &mut Self {
        let mut plain = String::new();
        let _ = write!(plain, "{text}");
        for c in plain.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                '\n' | '\t' => self.0.push(c),
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => self.0.push('\u{fffd}'),
                c if c.is_control() => self.0.push('\u{fffd}'),
                c => self.0.push(c),
            }
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

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn text_cannot_become_markup() {
        let mut html = Html::default();
        html.element("p", "<script>\"'&\u{202e}\u{7}</p>");
        assert_eq!(
            html.finish(),
            "<p>&lt;script&gt;&quot;&#39;&amp;\u{fffd}\u{fffd}&lt;/p&gt;</p>"
        );
    }
}
