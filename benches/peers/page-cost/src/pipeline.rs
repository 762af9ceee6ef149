//! Pipelines with a page.

use std::hint::black_box;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use monitor_runtime::{Monitor, monitored};

use crate::threads;

/// The pause between two calls of the steady pipeline.
const PAUSE: Duration = Duration::from_millis(1);
const CALLS: u64 = 40_000_000;

macro_rules! stages {
    ($($stage:literal)*) => { [$({
        #[monitored(stage = $stage, records = |number| *number)]
        fn call(number: u64) -> u64 {
            black_box(number)
        }
        call as fn(u64) -> u64
    }),*] };
}

static FUNCTIONS: [fn(u64) -> u64; 100] = stages![
    "S-0" "S-1" "S-2" "S-3" "S-4" "S-5" "S-6" "S-7" "S-8" "S-9"
    "S-10" "S-11" "S-12" "S-13" "S-14" "S-15" "S-16" "S-17" "S-18" "S-19"
    "S-20" "S-21" "S-22" "S-23" "S-24" "S-25" "S-26" "S-27" "S-28" "S-29"
    "S-30" "S-31" "S-32" "S-33" "S-34" "S-35" "S-36" "S-37" "S-38" "S-39"
    "S-40" "S-41" "S-42" "S-43" "S-44" "S-45" "S-46" "S-47" "S-48" "S-49"
    "S-50" "S-51" "S-52" "S-53" "S-54" "S-55" "S-56" "S-57" "S-58" "S-59"
    "S-60" "S-61" "S-62" "S-63" "S-64" "S-65" "S-66" "S-67" "S-68" "S-69"
    "S-70" "S-71" "S-72" "S-73" "S-74" "S-75" "S-76" "S-77" "S-78" "S-79"
    "S-80" "S-81" "S-82" "S-83" "S-84" "S-85" "S-86" "S-87" "S-88" "S-89"
    "S-90" "S-91" "S-92" "S-93" "S-94" "S-95" "S-96" "S-97" "S-98" "S-99"
];

fn monitor() -> Monitor {
    let folder = std::env::temp_dir().join(format!("page-cost-{}", std::process::id()));
    let builder = Monitor::builder().logs(folder).console(io::sink());
    builder
        .serve(([127, 0, 0, 1], 0))
        .install()
        .expect("a free port")
}

/// Tells where the page is, and waits for a line.
fn ready(monitor: &Monitor) {
    println!("{}", monitor.serving().expect("a free port"));
    io::stdin().read_line(&mut String::new()).expect("a line");
}

/// Prints the page's share of one core.
pub(crate) fn steady(stages: usize, time: Duration) {
    let monitor = monitor();
    let functions = &FUNCTIONS[..stages];
    for function in functions {
        function(1);
    }
    ready(&monitor);
    let (before, started) = (threads::of_the_page(), Instant::now());
    for (number, function) in functions.iter().cycle().enumerate() {
        function(number as u64);
        thread::sleep(PAUSE);
        if started.elapsed() >= time {
            break;
        }
    }
    let used = threads::of_the_page() - before;
    println!("{}", used / started.elapsed().as_secs_f64());
    let folder = monitor.paths().log().parent().map(ToOwned::to_owned);
    drop(monitor);
    let _ = folder.map(std::fs::remove_dir_all);
}

#[monitored(stage = "LOOP", level = "off")]
fn short(number: u64) -> u64 {
    number.wrapping_mul(3)
}

/// Prints how many nanoseconds a call takes.
pub(crate) fn tight_loop() {
    let monitor = monitor();
    ready(&monitor);
    let started = Instant::now();
    for number in 0..CALLS {
        black_box(short(black_box(number)));
    }
    println!("{}", started.elapsed().as_nanos() as f64 / CALLS as f64);
    let folder = monitor.paths().log().parent().map(ToOwned::to_owned);
    drop(monitor);
    let _ = folder.map(std::fs::remove_dir_all);
}
