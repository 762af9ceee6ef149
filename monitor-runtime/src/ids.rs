//! Identifiers of runs and spans, in the form that W3C Trace Context gives to
//! trace ids (32 hex digits) and span ids (16).

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A run's id: 48 bits of milliseconds since 1970, then 80 random bits, so that ids
/// sort by time. The layout is that of RFC 9562's UUID version 7, its version and
/// variant bits included.
pub(crate) fn run_id(now: SystemTime) -> u128 {
    let millis = now
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis());
    let random = (u128::from(random()) << 64) | u128::from(random());
    let low = random & ((1 << 80) - 1);
    let version_and_variant = (0xf << 76) | (0x3 << 62);
    (millis << 80) | (low & !version_and_variant) | (0x7 << 76) | (0x2 << 62)
}

/// A span's id, unique in the process and, but for chance, beyond it. Never zero.
pub(crate) fn span_id() -> u64 {
    static SEED: LazyLock<u64> = LazyLock::new(random);
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let count = NEXT.fetch_add(1, Ordering::Relaxed);
    split_mix(SEED.wrapping_add(count.wrapping_mul(GOLDEN_GAMMA))).max(1)
}

/// 64 bits from the keys that the standard library draws from the system for its
/// hash maps: good for telling things apart, not for secrets.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

/// The step of SplitMix64: an odd number near 2^64 divided by the golden ratio.
pub(crate) const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of SplitMix64 (Steele, Lea, Flood, 2014): a bijection, so that
/// distinct counts stay distinct.
pub(crate) fn split_mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::time::Duration;

    #[test]
    fn run_ids_sort_by_time_and_carry_version_and_variant() {
        let at = |seconds| run_id(UNIX_EPOCH + Duration::from_secs(seconds));
        assert!(at(1_000) < at(1_001));
        let text = format!("{:032x}", at(1_770_000_000));
        assert_eq!(text.len(), 32);
        assert_eq!(&text[12..13], "7");
        assert!("89ab".contains(&text[16..17]));
        assert_ne!(at(5), at(5));
    }

    #[test]
    fn span_ids_are_distinct_and_never_zero() {
        let ids: HashSet<u64> = (0..10_000).map(|_| span_id()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(!ids.contains(&0));
    }
}
