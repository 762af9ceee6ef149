//! A call that takes too long.

use std::time::Duration;

use monitor_config::Condition;
use monitor_config::duration::display;

use crate::alerts::Cause;
use crate::core::Core;
use crate::details::Details;
use crate::fields::{FieldValue, seconds};
use crate::logs::record::{Data, LineLevel, Record};
use crate::watchdog::Overdue;

impl Core {
    /// A call lasts longer than it should; it has ended where its duration is known.
    pub(crate) fn call_is_slow(&self, call: &Overdue, duration: Option<Duration>) {
        let Some(attached) = self.attached.get() else {
            return;
        };
        let declaration = call.site.declaration();
        let mut data = vec![("limit", FieldValue::F64(seconds(call.limit)))];
        data.extend(duration.map(|took| ("duration", FieldValue::F64(seconds(took)))));
        let record = Record {
            parent_span: call.parent_span,
            ..Record::new(
                LineLevel::Warning,
                "call.slow",
                Data::Fields(&data, &call.fields),
            )
            .from(call.origin)
        };
        attached.log.emit(declaration.module, &record);
        let (stage, limit) = (declaration.stage, display(call.limit));
        let message = match duration {
            Some(took) => format!(
                "{stage} was slow: it took {}, the limit is {limit}",
                display(took)
            ),
            None => format!("{stage} is slow: it has been running for more than {limit}"),
        };
        let on = Condition::Slow;
        let Some(rule) = attached.rule_of_limit(call.site, call.outermost, on, call.origin) else {
            return;
        };
        let mut details = Details::of(&call.fields);
        details.put("limit", seconds(call.limit));
        if let Some(took) = duration {
            details.put("duration", seconds(took));
        }
        let details = attached.complete(details, self, stage, Some(call.site));
        let cause = Cause::new(&rule, on, stage, "", (message, details), call.origin);
        attached.desk.tell(&cause);
    }
}
