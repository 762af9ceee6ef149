//! CPU time of threads by their names, from `/proc/<pid>/task/<tid>/schedstat`: nanoseconds
//! (<https://docs.kernel.org/scheduler/sched-stats.html>), where ticks of 10 ms would miss most.

use std::fs;

/// In seconds, of the threads of this process that serve the page.
pub(crate) fn of_the_page() -> f64 {
    let threads = fs::read_dir("/proc/self/task").expect("Linux");
    threads
        .filter_map(|thread| {
            let folder = thread.ok()?.path();
            let name = fs::read_to_string(folder.join("comm")).ok()?;
            let is_of_page = ["monitor-serve", "monitor-client"].contains(&name.trim());
            let text = fs::read_to_string(folder.join("schedstat")).ok()?;
            let nanos: f64 = text.split(' ').next()?.parse().ok()?;
            is_of_page.then_some(nanos / 1e9)
        })
        .sum()
}
