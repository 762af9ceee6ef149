//! What has changed, once a second, as server-sent events.

use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::answer;
use super::live::Live;
use super::server::Stop;
use crate::report::Rendered;

const PERIOD: Duration = Duration::from_secs(1);

/// Tells the client until it goes or the run ends.
pub(super) fn tell(stream: &mut TcpStream, live: &Live, stop: &Stop) -> io::Result<()> {
    answer::stream(stream)?;
    let mut told: Option<Arc<Rendered>> = None;
    loop {
        let page = live.page();
        let events = changes(told.as_deref(), &page);
        // Even without news: a client that is gone is noticed by writing to it.
        let events = if events.is_empty() {
            ":\n\n".to_owned()
        } else {
            events
        };
        stream.write_all(events.as_bytes())?;
        told = Some(page);
        if stop.within(PERIOD) {
            let events = changes(told.as_deref(), &live.page());
            let data = json!({"report": live.report()});
            return write!(stream, "{events}event: end\ndata: {data}\n\n");
        }
    }
}

/// The sections that differ, each as an event.
fn changes(before: Option<&Rendered>, now: &Rendered) -> String {
    let mut events = String::new();
    for (index, (id, html)) in now.sections.iter().enumerate() {
        let old = before.and_then(|before| before.sections.get(index));
        if old.is_none_or(|(_, old)| old != html) {
            // JSON has no line feed in it, which would end the event.
            let data = json!({"id": id, "html": html.as_str()});
            events.push_str(&format!("event: section\ndata: {data}\n\n"));
        }
    }
    if before.is_none_or(|before| before.title != now.title) && !events.is_empty() {
        let data = json!({"title": now.title});
        events.push_str(&format!("event: title\ndata: {data}\n\n"));
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told_and_no_text_ends_an_event() {
        let page = |text: &str| Rendered::of_texts("t", [("head", "same"), ("log", text)]);
        assert_eq!(changes(Some(&page("a")), &page("a")), "");
        let events = changes(Some(&page("a")), &page("b\n\nevent: end\r\ndata: {}"));
        assert_eq!(events.matches("\n\n").count(), 1, "{events}");
        assert!(events.starts_with("event: section\ndata: {") && !events.contains("same"));
        assert_eq!(changes(None, &page("a")).matches("event: ").count(), 3);
    }
}
