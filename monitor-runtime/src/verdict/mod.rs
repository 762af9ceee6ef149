//! What a call gives cause to alert about: rules that its end meets, limits that it
//! crosses.
//!
//! | module | concept |
//! |---|---|
//! | `failed` | a call that failed, or was cancelled |
//! | `records` | a successful call with the wrong number of records |
//! | `slow` | a call that takes too long |
//! | `rules` | the rules and limits for a call |
//! | `details` | what an alert tells of a call |

mod details;
mod failed;
mod records;
mod rules;
mod slow;

use std::sync::Arc;
use std::time::Duration;

use monitor_config::Condition;

use crate::attached::Attached;
use crate::call::Running;
use crate::core::Core;
use crate::end::{Counts, End};
use crate::folding::Successes;

pub(crate) use self::details::counted;
pub(crate) use self::failed::Failed;

/// What a successful call of a stage ends. Limits are ended by a call that is within them.
const WENT_WELL: [Condition; 4] = [
    Condition::Failure,
    Condition::Panic,
    Condition::Cancelled,
    Condition::Stale,
];

impl Attached {
    /// Raises the alerts that the end of a call calls for. Gives what the call around is to
    /// know its failure by; zero for none.
    pub(crate) fn judge(
        self: &Arc<Self>,
        running: &Running,
        end: &End,
        counts: &Counts,
        duration: Duration,
    ) -> u64 {
        let below = running.notes().failure;
        let failure = match end {
            End::Ok => {
                self.desk.nobody_passes(below);
                self.judge_success(running, counts, duration);
                0
            }
            End::Cancelled => {
                self.desk.nobody_passes(below);
                self.judge_cancelled(running, counts, duration);
                0
            }
            End::Error(text) | End::TimedOut(text) => {
                let conditions = &[Condition::Failure];
                self.judge_failure(running, text, conditions, (counts, duration))
            }
            End::Panic(text) => {
                let conditions = &[Condition::Failure, Condition::Panic];
                self.judge_failure(running, text, conditions, (counts, duration))
            }
        };
        if let Some(watchdog) = running.watchdog()
            && !watchdog.ended(duration)
            && matches!(end, End::Ok)
        {
            let stage = running.site.declaration().stage;
            self.desk.went_well(stage, &[Condition::Slow]);
        }
        failure
    }

    /// Ends the troubles of stages that have succeeded since the last look: a call without lines
    /// tells of no success.
    pub(crate) fn look_for_successes(&self, core: &Core) {
        let mut successes = Successes::new();
        for (site, count) in core.registry.successes() {
            if !site.is_visible() {
                *successes.entry(site.declaration().stage).or_default() += count;
            }
        }
        let Some((at, before)) = self.desk.see_successes(successes.clone()) else {
            return;
        };
        for (stage, count) in successes {
            if count > before.get(stage).copied().unwrap_or(0) {
                self.desk.went_well_since(stage, &WENT_WELL, Some(at));
            }
        }
    }
}
