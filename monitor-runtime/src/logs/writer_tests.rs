use super::*;
use crate::logs::sink::Memory;
use std::sync::Arc;
use std::thread;

fn line() -> Vec<u8> {
    b"{\"a\":1".to_vec()
}

fn numbers(text: &str) -> Vec<u64> {
    let number = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        value["seq"].as_u64().expect("a number")
    };
    text.lines().map(number).collect()
}

#[test]
fn lines_are_collected_until_one_is_urgent() {
    let memory = Memory::default();
    let writer = Writer::new(LogMode::Batched, Box::new(memory.clone()));
    for _ in 0..10 {
        writer.write(&mut line(), false, 0).expect("no fork");
    }
    assert_eq!(memory.text(), "");
    writer.write(&mut line(), true, 0).expect("no fork");
    assert_eq!(numbers(&memory.text()), (1..=11).collect::<Vec<_>>());
    writer.write(&mut line(), false, 0).expect("no fork");
    writer.tick();
    assert_eq!(numbers(&memory.text()).len(), 12);
    assert_eq!(writer.counts().0.emitted, 12);
}

#[test]
fn order_and_numbers_agree_in_every_mode_with_many_threads() {
    for mode in [LogMode::Direct, LogMode::Batched] {
        let memory = Memory::default();
        let writer = Arc::new(Writer::new(mode, Box::new(memory.clone())));
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                let writer = Arc::clone(&writer);
                thread::spawn(move || {
                    for n in 0..2_000 {
                        writer
                            .write(&mut line(), thread == 0 && n % 100 == 0, 0)
                            .expect("no fork");
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("no panic");
        }
        writer.flush(Duration::ZERO);
        assert_eq!(numbers(&memory.text()), (1..=16_000).collect::<Vec<_>>());
        let counts = writer.counts().0;
        assert_eq!((counts.emitted, counts.lost), (16_000, 0));
    }
}

/// A disk that takes nothing before it is told to.
struct Slow(Arc<(Mutex<bool>, std::sync::Condvar)>, Memory, Vec<News>);

impl LineSink for Slow {
    fn write(&mut self, lines: &[u8], now: u64) {
        let (open, changed) = &*self.0;
        let open = open.lock().expect("no panic");
        drop(changed.wait_while(open, |open| !*open));
        self.1.write(lines, now);
    }

    fn add_news(&mut self, news: News) {
        self.2.push(news);
    }

    fn news(&mut self) -> Option<News> {
        self.2.pop()
    }
}

#[test]
fn where_the_disk_is_slow_lines_are_dropped_and_counted_if_that_is_asked_for() {
    let (gate, memory) = (
        Arc::new((Mutex::new(false), std::sync::Condvar::new())),
        Memory::default(),
    );
    let slow = Slow(Arc::clone(&gate), memory.clone(), Vec::new());
    let writer = Arc::new(Writer::new(LogMode::BatchedDropping, Box::new(slow)));
    let own = Arc::clone(&writer);
    let stuck = thread::spawn(move || own.write(&mut line(), true, 0).expect("no fork"));
    // The thread has taken its line when nothing waits any more.
    while lock(&writer.front).emitted == 0 || !lock(&writer.front).lines.is_empty() {
        thread::yield_now();
    }
    let all = 200_000;
    for _ in 1..all {
        writer.write(&mut line(), false, 0).expect("no fork");
    }
    let waiting = lock(&writer.front).lines.len();
    assert!(waiting <= WAITING, "{waiting}");
    *gate.0.lock().expect("no panic") = true;
    gate.1.notify_all();
    stuck.join().expect("no panic");
    let news = writer.flush(Duration::ZERO);
    let counts = writer.counts().0;
    let written = memory.text().lines().count() as u64;
    assert!(matches!(news, Some(News::Lost { lines, .. }) if lines == counts.lost));
    assert_eq!((counts.emitted, written + counts.lost), (all, all));
    assert!(counts.lost > 0);
}
