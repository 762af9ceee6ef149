//! When calls began and ended, one inside another.
//!
//! Calls of one function at one place of the tree of calls share a lane. A lane counts all of
//! its calls; of the calls themselves those are kept that failed, waited or took longest.

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Duration;

/// How many calls are kept, after twice as many were collected.
const KEPT: usize = 600;
/// How many lanes there are at most, and how deep they lie.
const MOST_LANES: usize = 300;
const DEEPEST: usize = 12;
/// How many calls may be under way and be followed.
const MOST_OPEN: usize = 10_000;
/// How many waits of one call are kept.
const MOST_WAITS: usize = 16;

/// A function of a stage.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) stage: Cow<'static, str>,
    pub(crate) function: Cow<'static, str>,
}

/// How a call ended, or that it has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Ok,
    Failed,
    Cancelled,
    Running,
}

/// One place of the tree of calls.
#[derive(Clone, Debug)]
pub(crate) struct Lane {
    pub(crate) place: Place,
    pub(crate) parent: Option<usize>,
    pub(crate) depth: usize,
    /// Those that ended.
    pub(crate) calls: u64,
    pub(crate) failed: u64,
    pub(crate) retries: u64,
    pub(crate) total: Duration,
    pub(crate) waited: Duration,
}

/// One call, in time from the start of the run on.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) lane: usize,
    pub(crate) start: Duration,
    pub(crate) length: Duration,
    pub(crate) mark: Mark,
    /// Waits between attempts: when each began, and how long it is.
    pub(crate) waits: Vec<(Duration, Duration)>,
}

impl Span {
    fn is_telling(&self) -> bool {
        self.mark != Mark::Ok || !self.waits.is_empty()
    }
}

/// Those that failed, waited or took longest, of each lane its share: few calls of one must not
/// seem to be left out for the many of another.
fn most_telling(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| std::cmp::Reverse((span.is_telling(), span.length)));
    let mut seen: HashMap<usize, usize> = HashMap::new();
    for span in &spans {
        seen.insert(span.lane, 0);
    }
    let share = KEPT / seen.len().max(1);
    let mut is_in_share = |span: &Span| {
        let rank = seen.entry(span.lane).or_default();
        *rank += 1;
        *rank <= share
    };
    let (mut kept, rest): (Vec<Span>, Vec<Span>) =
        spans.into_iter().partition(|span| is_in_share(span));
    kept.extend(rest);
    kept.truncate(KEPT);
    kept
}

/// The calls of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spans {
    lanes: Vec<Lane>,
    known: HashMap<(Option<usize>, Place), usize>,
    open: HashMap<u64, Span>,
    ended: Vec<Span>,
}

impl Spans {
    /// A call with the span `id` begins inside that of the span `parent`.
    pub(crate) fn started(&mut self, id: u64, parent: u64, place: Place, at: Duration) {
        if self.open.len() >= MOST_OPEN {
            return;
        }
        let parent = self.open.get(&parent).map(|span| span.lane);
        if let Some(lane) = self.lane(parent, place) {
            let span = Span {
                lane,
                start: at,
                length: Duration::ZERO,
                mark: Mark::Running,
                waits: Vec::new(),
            };
            self.open.insert(id, span);
        }
    }

    /// A call waits before its next attempt.
    pub(crate) fn waits(&mut self, id: u64, at: Duration, wait: Duration) {
        if let Some(span) = self.open.get_mut(&id) {
            if let Some(lane) = self.lanes.get_mut(span.lane) {
                lane.retries += 1;
                lane.waited = lane.waited.saturating_add(wait);
            }
            if span.waits.len() < MOST_WAITS {
                span.waits.push((at, wait));
            }
        }
    }

    pub(crate) fn ended(&mut self, id: u64, length: Duration, mark: Mark) {
        let Some(mut span) = self.open.remove(&id) else {
            return;
        };
        (span.length, span.mark) = (length, mark);
        if let Some(lane) = self.lanes.get_mut(span.lane) {
            lane.calls += 1;
            lane.failed += u64::from(mark == Mark::Failed);
            lane.total = lane.total.saturating_add(length);
        }
        self.ended.push(span);
        if self.ended.len() >= 2 * KEPT {
            self.shorten();
        }
    }

    /// The run ended with what was under way.
    pub(crate) fn died(&mut self, at: Duration) {
        let open: Vec<(u64, Duration)> = (self.open.iter())
            .map(|(id, span)| (*id, at.saturating_sub(span.start)))
            .collect();
        for (id, length) in open {
            self.ended(id, length, Mark::Failed);
        }
    }

    fn shorten(&mut self) {
        let ended = std::mem::take(&mut self.ended);
        self.ended = most_telling(ended);
    }

    fn lane(&mut self, parent: Option<usize>, place: Place) -> Option<usize> {
        let depth = parent.map_or(0, |parent| self.lanes[parent].depth + 1);
        // A recursion goes on in the lane that it has reached.
        let parent = if depth > DEEPEST {
            self.lanes[parent?].parent
        } else {
            parent
        };
        let key = (parent, place);
        if let Some(lane) = self.known.get(&key) {
            return Some(*lane);
        }
        if self.lanes.len() == MOST_LANES {
            return None;
        }
        self.lanes.push(Lane {
            place: key.1.clone(),
            parent,
            depth: depth.min(DEEPEST),
            calls: 0,
            failed: 0,
            retries: 0,
            total: Duration::ZERO,
            waited: Duration::ZERO,
        });
        self.known.insert(key, self.lanes.len() - 1);
        Some(self.lanes.len() - 1)
    }

    /// When the call of `stage` began that has been under way for longest.
    pub(crate) fn oldest_open(&self, stage: &str) -> Option<Duration> {
        let is_of_stage = |span: &&Span| {
            let lane = self.lanes.get(span.lane);
            lane.is_some_and(|lane| lane.place.stage == stage)
        };
        let open = self.open.values().filter(is_of_stage);
        open.map(|span| span.start).min()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    /// The lanes with their calls, each below the one that it lies in; calls that are under
    /// way last until `now`.
    pub(crate) fn in_order(&self, now: Duration) -> Vec<(&Lane, Vec<Span>)> {
        let mut spans: Vec<Vec<Span>> = vec![Vec::new(); self.lanes.len()];
        let telling = most_telling(self.ended.clone());
        let open = self.open.values().take(KEPT).cloned().map(|span| Span {
            length: now.saturating_sub(span.start),
            ..span
        });
        for span in telling.into_iter().chain(open) {
            spans[span.lane].push(span);
        }
        let mut below: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
        for (index, lane) in self.lanes.iter().enumerate() {
            below.entry(lane.parent).or_default().push(index);
        }
        let mut ordered = Vec::new();
        let mut next: Vec<usize> = below.remove(&None).unwrap_or_default();
        next.reverse();
        while let Some(index) = next.pop() {
            let mut own = std::mem::take(&mut spans[index]);
            own.sort_by_key(|span| span.start);
            ordered.push((&self.lanes[index], own));
            next.extend(below.remove(&Some(index)).into_iter().flatten().rev());
        }
        ordered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(function: &'static str) -> Place {
        Place {
            stage: "NBA-17".into(),
            function: function.into(),
        }
    }

    #[test]
    fn few_calls_are_all_kept_beside_many() {
        let mut spans = Spans::default();
        for id in 1..=5_000 {
            let function = if id % 100 == 0 { "few" } else { "many" };
            spans.started(id, 0, place(function), ms(id));
            let length = if id % 100 == 0 { 1 } else { 50 };
            spans.ended(id, ms(length), Mark::Ok);
        }
        let lanes = spans.in_order(ms(6_000));
        let drawn: Vec<usize> = lanes.iter().map(|(_, spans)| spans.len()).collect();
        assert_eq!(drawn, [KEPT - 50, 50]);
    }

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn calls_lie_in_the_lane_of_what_they_are_in() {
        let mut spans = Spans::default();
        spans.started(1, 0, place("ingest"), ms(0));
        for id in 2..5 {
            spans.started(id, 1, place("fetch"), ms(id));
            spans.waits(id, ms(id), ms(1));
            spans.ended(id, ms(5), Mark::Failed);
        }
        spans.started(9, 0, place("clean"), ms(20));
        let lanes = spans.in_order(ms(30));
        let names = lanes.iter().map(|(lane, _)| &*lane.place.function);
        assert_eq!(names.collect::<Vec<_>>(), ["ingest", "fetch", "clean"]);
        assert_eq!((lanes[1].0.depth, lanes[1].0.calls), (1, 3));
        assert_eq!((lanes[1].0.failed, lanes[1].0.waited), (3, ms(3)));
        assert_eq!(lanes[1].1.len(), 3);
        assert_eq!(lanes[0].1[0].mark, Mark::Running);
        assert_eq!(lanes[0].1[0].length, ms(30));
    }

    #[test]
    fn a_million_calls_stay_few_and_those_that_tell_something_are_kept() {
        let mut spans = Spans::default();
        for id in 0..1_000_000 {
            spans.started(id, 0, place("fetch"), ms(id));
            let mark = if id == 77 { Mark::Failed } else { Mark::Ok };
            spans.ended(id, ms(id % 10), mark);
        }
        let lanes = spans.in_order(ms(1_000_000));
        assert_eq!(lanes[0].0.calls, 1_000_000);
        assert_eq!(lanes[0].1.len(), KEPT);
        assert!(lanes[0].1.iter().any(|span| span.mark == Mark::Failed));
    }

    #[test]
    fn recursion_ends_in_a_lane_and_lanes_end_at_their_number() {
        let mut spans = Spans::default();
        for id in 1..10_000 {
            spans.started(id, id - 1, place("deep"), ms(id));
        }
        assert!(spans.in_order(ms(0)).len() <= DEEPEST + 1);
        let mut spans = Spans::default();
        for id in 1..10_000_u64 {
            let place = Place {
                stage: format!("S-{id}").into(),
                function: "f".into(),
            };
            spans.started(id, 0, place, ms(id));
            spans.ended(id, ms(1), Mark::Ok);
        }
        assert_eq!(spans.in_order(ms(0)).len(), MOST_LANES);
    }
}
