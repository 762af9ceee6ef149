//! Threads that do something again and again: write `logs/metrics.json`, look for stages
//! that have not succeeded for too long, write the lines that were collected.

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Calls a function once a period until it is stopped.
#[derive(Debug)]
pub(crate) struct Sampler {
    stop: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Sampler {
    /// The first pause is `first`, each next one twice as long, up to `period`.
    pub(crate) fn start(
        name: &str,
        first: Duration,
        period: Duration,
        mut sample: impl FnMut() + Send + 'static,
    ) -> io::Result<Self> {
        let stop = Arc::new((Mutex::new(false), Condvar::new()));
        let stopped = Arc::clone(&stop);
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let mut next = first;
                loop {
                    sample();
                    let pause = next.min(period);
                    next = pause.saturating_mul(2);
                    let (flag, changed) = &*stopped;
                    let flag = flag.lock().unwrap_or_else(PoisonError::into_inner);
                    let (flag, _) = changed
                        .wait_timeout_while(flag, pause, |stop| !*stop)
                        .unwrap_or_else(PoisonError::into_inner);
                    if *flag {
                        return;
                    }
                }
            })?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Sampler {
    fn drop(&mut self) {
        let (flag, changed) = &*self.stop;
        *flag.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
