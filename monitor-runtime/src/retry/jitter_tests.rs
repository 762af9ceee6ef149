use super::*;

const DRAWS: u32 = 100_000;
const LONGEST: Duration = Duration::from_secs(8);

fn draws(seed: u64) -> Vec<f64> {
    let jitter = Jitter::seeded(seed);
    (0..DRAWS)
        .map(|_| jitter.full(LONGEST).as_secs_f64() / LONGEST.as_secs_f64())
        .collect()
}

#[test]
fn full_jitter_is_uniform_and_never_above_the_longest_wait() {
    for seed in [0, 1, 7, 0xdead_beef] {
        let draws = draws(seed);
        let mean = draws.iter().sum::<f64>() / f64::from(DRAWS);
        let squares = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
        let variance = squares / f64::from(DRAWS - 1);
        // Five standard errors of each, for a uniform distribution from 0 to 1.
        assert!(
            (mean - 0.5).abs() < 5.0 * (1.0 / 12.0 / f64::from(DRAWS)).sqrt(),
            "{mean}"
        );
        assert!(
            (variance - 1.0 / 12.0).abs() < 5.0 * (1.0 / 180.0 / f64::from(DRAWS)).sqrt(),
            "{variance}"
        );
        assert!(draws.iter().all(|x| (0.0..=1.0).contains(x)));
        // Kolmogorov-Smirnov, at one in a thousand.
        let mut sorted = draws.clone();
        sorted.sort_by(f64::total_cmp);
        let n = f64::from(DRAWS);
        let distance = sorted
            .iter()
            .enumerate()
            .map(|(i, x)| (x - i as f64 / n).abs().max((x - (i + 1) as f64 / n).abs()))
            .fold(0.0, f64::max);
        assert!(distance < 1.95 / n.sqrt(), "{distance}");
    }
}

#[test]
fn nothing_piles_up_at_the_cap_or_anywhere_else() {
    let mut draws = draws(42);
    assert!(draws.iter().filter(|x| **x >= 0.999).count() < 200);
    draws.sort_by(f64::total_cmp);
    let repeated = draws.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!(repeated <= 2, "{repeated}");
}

#[test]
fn the_same_seed_gives_the_same_waits() {
    let jitter = Jitter::seeded(5);
    let first: Vec<Duration> = (0..10).map(|_| jitter.full(LONGEST)).collect();
    jitter.seed(5);
    let second: Vec<Duration> = (0..10).map(|_| jitter.full(LONGEST)).collect();
    assert_eq!(first, second);
    assert_ne!(first[0], Jitter::seeded(6).full(LONGEST));
}

#[test]
fn the_shortest_and_the_longest_durations_are_no_trouble() {
    let jitter = Jitter::seeded(1);
    assert_eq!(jitter.full(Duration::ZERO), Duration::ZERO);
    for _ in 0..1_000 {
        assert!(jitter.full(Duration::from_nanos(3)) <= Duration::from_nanos(3));
        assert!(jitter.full(Duration::MAX) <= Duration::MAX);
    }
}
