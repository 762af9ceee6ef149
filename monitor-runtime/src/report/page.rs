//! The page around its sections.

use std::fmt::Display;
use std::sync::LazyLock;

use super::html::Html;
#[cfg(feature = "serve")]
use super::html::Part;
use super::view::View;
use super::{compare, detail, events, facts, glance, head, sha256, stages, timeline};

const STYLE: &str = include_str!("style.css");

/// What a browser may do with the page: show it, with this style.
pub(super) static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = sha256::base64(&sha256::digest(STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
});

/// A part of the page that is replaced as a whole.
pub(super) struct Section {
    pub(super) id: &'static str,
    /// Its name in the list of sections; none for what stands above it.
    name: Option<&'static str>,
    pub(super) write: fn(&mut Html, &View),
}

pub(super) const SECTIONS: [Section; 10] = [
    section("head", None, head::write),
    section("glance", None, glance::write),
    section("stages", Some("Stages"), stages::write),
    section("timeline", Some("Timeline"), timeline::write),
    section("details", Some("Details"), detail::write),
    section("compare", Some("Earlier runs"), compare::write),
    section("errors", Some("Errors"), events::errors),
    section("alerts", Some("Alerts"), events::alerts),
    section("log", Some("Log"), events::log),
    section("process", Some("Process"), facts::write),
];

const fn section(
    id: &'static str,
    name: Option<&'static str>,
    write: fn(&mut Html, &View),
) -> Section {
    Section { id, name, write }
}

/// The report: a file that needs nothing else.
pub(crate) fn report(view: &View) -> String {
    let mut html = Html::default();
    let (icon, word, _) = view.signs();
    begin(&mut html, &format!("{icon} {} {word}", view.identity.name));
    html.raw("<meta http-equiv=\"Content-Security-Policy\"")
        .attribute("content", POLICY.as_str())
        .raw(">");
    body(&mut html, false, |html, index| {
        (SECTIONS[index].write)(html, view);
    });
    html.finish()
}

/// The page of a run that goes on, in the pieces that are replaced one by one.
#[cfg(feature = "serve")]
#[derive(Debug)]
pub(crate) struct Rendered {
    pub(crate) title: String,
    pub(crate) sections: Vec<(&'static str, Part)>,
}

/// Replaces what has changed.
#[cfg(feature = "serve")]
pub(crate) const SCRIPT: &str = include_str!("live.js");

/// The same for the live page, which may have its script and ask for what has changed.
#[cfg(feature = "serve")]
pub(crate) fn live_policy() -> String {
    let report = POLICY.as_str();
    format!("{report}; script-src 'self'; connect-src 'self'; frame-ancestors 'none'")
}

#[cfg(feature = "serve")]
impl Rendered {
    /// Of texts, for a test.
    #[cfg(test)]
    pub(crate) fn of_texts(title: &str, texts: [(&'static str, &str); 2]) -> Self {
        let part = |text: &str| {
            let mut html = Html::default();
            html.text(text);
            html.into_part()
        };
        Self {
            title: title.to_owned(),
            sections: texts.map(|(id, text)| (id, part(text))).into(),
        }
    }

    pub(crate) fn of_view(view: &View) -> Self {
        let section = |section: &Section| {
            let mut html = Html::default();
            (section.write)(&mut html, view);
            (section.id, html.into_part())
        };
        let (icon, word, _) = view.signs();
        Self {
            title: format!("{icon} {} {word}", view.identity.name),
            sections: SECTIONS.iter().map(section).collect(),
        }
    }

    /// The whole page.
    pub(crate) fn page(&self) -> String {
        let mut html = Html::default();
        begin(&mut html, &self.title);
        // Without a script the page is asked for again as a whole.
        html.raw("<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript><script src=\"live.js\" defer></script>");
        body(&mut html, true, |html, index| {
            html.part(&self.sections[index].1);
        });
        html.finish()
    }
}

fn begin(html: &mut Html, title: &str) {
    html.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .raw("<meta name=\"color-scheme\" content=\"light dark\">")
        // A report is sent around: what it links to must not learn where it lies.
        .raw("<meta name=\"referrer\" content=\"no-referrer\">");
    html.element("title", title);
}

/// The page around its sections.
fn body(html: &mut Html, is_live: bool, write: impl Fn(&mut Html, usize)) {
    html.raw("<style>")
        .raw(STYLE)
        .raw("</style></head><body><a class=\"skip\" href=\"#stages\">To the stages</a><main>\n");
    if is_live {
        html.raw("<p id=\"live\" role=\"status\"><noscript>Updated every 2 seconds</noscript></p>");
    }
    for (index, section) in SECTIONS.iter().enumerate() {
        if index == 2 {
            navigation(html);
        }
        html.raw("<section").attribute("id", section.id).raw(">");
        write(html, index);
        html.raw("</section>\n");
    }
    html.raw("</main></body></html>\n");
}

fn navigation(html: &mut Html) {
    html.raw("<nav aria-label=\"Sections\"><ul>");
    for section in &SECTIONS {
        if let Some(name) = section.name {
            html.raw("<li><a href=\"#")
                .raw(section.id)
                .raw("\">")
                .text(name)
                .raw("</a></li>");
        }
    }
    html.raw("</ul></nav>\n");
}

/// A table of text, and one of numbers: they are aligned differently.
pub(super) fn table(html: &mut Html, name: &'static str, columns: &[&'static str]) {
    html.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\"")
        .attribute("aria-label", name)
        .raw("><table class=\"text\">");
    columns_of(html, columns);
}

pub(super) fn numeric_table(html: &mut Html, name: impl Display, columns: &[&'static str]) {
    html.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\"")
        .attribute("aria-label", name)
        .raw("><table>");
    columns_of(html, columns);
}

pub(super) fn end_table(html: &mut Html) {
    html.raw("</tbody></table></div>");
}

fn columns_of(html: &mut Html, columns: &[&'static str]) {
    html.raw("<thead><tr>");
    for column in columns {
        html.raw("<th scope=\"col\">").text(column).raw("</th>");
    }
    html.raw("</tr></thead><tbody>\n");
}
