//! Starting a run by hand.

use std::any::TypeId;
use std::env;
use std::fmt::Debug;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use monitor_config::{Config, LogConsole, LogMode};
use tracing_subscriber::Layer as _;
use tracing_subscriber::layer::SubscriberExt;

use crate::alerts::outbox::Outbox;
use crate::alerts::{Registered, Settings};
use crate::attached::Attached;
use crate::bars::Bars;
use crate::clock;
use crate::config::{self, Embedded, StartError};
use crate::core::CoreRef;
use crate::desk::AlertDesk;
use crate::finish;
use crate::history::History;
use crate::logs::filter::{self, EventFilter};
use crate::logs::layer::layer;
use crate::logs::settings::LogSettings;
use crate::logs::start::{self, Out, Start};
use crate::mask;
use crate::metrics::sampler::Sampler;
use crate::monitor::Monitor;
use crate::open_page::Page;
use crate::panics;
use crate::paths::Paths;
use crate::run::RunInfo;
use crate::runs::{self, Moments, Runs};
use crate::stale::Staleness;

/// Builds a [`Monitor`].
///
/// What is not said here comes from monitor.toml, if one is given, else from the
/// defaults; the environment comes before all of them.
#[must_use = "nothing is monitored before `install()`"]
#[derive(Default)]
pub struct Builder {
    embedded: Option<Embedded>,
    name: Option<String>,
    default_name: Option<String>,
    version: Option<String>,
    logs: Option<PathBuf>,
    console: Option<Box<dyn Write + Send>>,
    log: monitor_config::Log,
    keep_runs: Option<u64>,
    channels: Registered,
    serve: Option<SocketAddr>,
}

impl Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("name", &self.name)
            .field("logs", &self.logs)
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// Uses the monitor.toml that [`embedded_config!`](crate::embedded_config) found
    /// when the program was compiled. The variable `MONITOR_CONFIG` may name another
    /// file when it runs.
    pub fn config(mut self, embedded: Option<Embedded>) -> Self {
        self.embedded = embedded;
        self
    }

    /// The pipeline's name, the `name` of each line. Otherwise that of monitor.toml,
    /// otherwise the executable's.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    pub(crate) fn default_name(mut self, name: &str) -> Self {
        self.default_name = Some(name.to_owned());
        self
    }

    /// The program's version, for the log and the report.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// The folder for all files, `logs` in the working directory unless said here or
    /// in monitor.toml. It is created.
    pub fn logs(mut self, folder: impl AsRef<Path>) -> Self {
        self.logs = Some(folder.as_ref().to_owned());
        self
    }

    /// Where console lines go, standard error unless said otherwise. Each line comes
    /// in one write. Useful to keep them apart from a progress bar, or off:
    /// `.console(std::io::sink())`.
    pub fn console<W: Write + Send + 'static>(mut self, out: W) -> Self {
        // Nothing is made for what goes nowhere.
        if TypeId::of::<W>() == TypeId::of::<io::Sink>() {
            self.log.console = Some(LogConsole::Off);
        } else {
            self.console = Some(Box::new(out));
        }
        self
    }

    /// When a line is in the kernel: [`LogMode::Direct`] unless said here or in monitor.toml.
    ///
    /// ```
    /// use monitor_runtime::{LogMode, Monitor};
    ///
    /// let builder = Monitor::builder().log_mode(LogMode::Batched);
    /// # drop(builder);
    /// ```
    pub fn log_mode(mut self, mode: LogMode) -> Self {
        self.log.mode = Some(mode);
        self
    }

    /// Has the disk take what was logged this often, so that it survives a loss of power.
    /// A failure is a line `log.not_synced`.
    pub fn sync_every(mut self, period: Duration) -> Self {
        self.log.sync_every = Some(period);
        self
    }

    /// Goes on in a new file when the log has so many bytes, and keeps so many full files,
    /// which are called `pipeline-<time>-<process>.json`. Without it, the log is one file.
    pub fn rotate_at(mut self, bytes: u64, keep: u64) -> Self {
        (self.log.rotate_at, self.log.keep) = (Some(bytes.max(1)), Some(keep));
        self
    }

    /// How many bytes a line may have, 256 KiB unless said otherwise and at least 1 KiB. A
    /// longer one is cut and tells its `original_length`.
    pub fn longest_line(mut self, bytes: u64) -> Self {
        self.log.longest_line = Some(bytes);
        self
    }

    /// Shows the lines of the file on the console, in place of lines for people.
    pub fn console_json(mut self) -> Self {
        self.log.console = Some(LogConsole::Json);
        self
    }

    /// How many records of runs are kept, this one's among them: 50 unless said here or in
    /// monitor.toml, and at least 1. That of a run that is under way is always kept.
    ///
    /// ```
    /// use monitor_runtime::Monitor;
    ///
    /// let builder = Monitor::builder().keep_runs(365);
    /// # drop(builder);
    /// ```
    pub fn keep_runs(mut self, number: u64) -> Self {
        self.keep_runs = Some(number);
        self
    }

    /// Delivers alerts by a channel of your own, too. It has critical alerts and warnings, unless
    /// monitor.toml has routes: then those that name it, which it declares by
    /// `channels = ["pager"]` in `[alerts]`. A name that is taken, and a route to a channel that
    /// was not registered, are errors at the start.
    ///
    /// ```
    /// use monitor_runtime::{AlertChannel, AlertMessage, Monitor, SendError};
    ///
    /// struct Pager;
    ///
    /// impl AlertChannel for Pager {
    ///     fn name(&self) -> &str {
    ///         "pager"
    ///     }
    ///
    ///     fn send(&self, alerts: &[AlertMessage<'_>]) -> Result<(), SendError> {
    ///         Err(SendError::permanent(format!("nobody to page for {} alerts", alerts.len())))
    ///     }
    /// }
    ///
    /// let builder = Monitor::builder().alert_channel(Pager);
    /// # drop(builder);
    /// ```
    #[cfg(feature = "channels")]
    pub fn alert_channel(mut self, channel: impl crate::alerts::AlertChannel) -> Self {
        self.channels.add(channel);
        self
    }

    /// Serves the live page there, or where `serve` in `[pipeline]` of monitor.toml says;
    /// nowhere without either. On any address but a loopback one, who looks has
    /// to know the secret in the variable `MONITOR_SERVE_TOKEN`: `http://…/?token=…`. A port
    /// that is taken is a warning in the log.
    ///
    /// ```
    /// use monitor_runtime::Monitor;
    ///
    /// let builder = Monitor::builder().serve(([127, 0, 0, 1], 9464));
    /// # drop(builder);
    /// ```
    #[cfg(feature = "serve")]
    pub fn serve(mut self, address: impl Into<SocketAddr>) -> Self {
        self.serve = Some(address.into());
        self
    }

    /// Starts the run. The guard finishes it: keep it until the end of `main`.
    ///
    /// # Errors
    ///
    /// When a monitor is installed already, when the configuration has a mistake
    /// (all of them are named), and when the folder or the log cannot be written.
    pub fn install(self) -> Result<Monitor, StartError> {
        let core = CoreRef::current();
        if !core.attached.is_empty() {
            return Err(StartError::one(
                "a monitor is installed already, and runs until its guard is dropped",
            ));
        }
        let config = config::read(self.embedded)?;
        let run = RunInfo::new(self.effective_name(&config), self.version.clone());
        let settings =
            Settings::resolve(&config.alerts, &run.name, self.channels.clone(), &|name| {
                env::var_os(name)
            })
            .map_err(|errors| StartError::new(errors.iter().map(ToString::to_string).collect()))?;
        let page = self.page(&config)?;
        let folder = self
            .logs
            .clone()
            .or_else(|| config.pipeline.logs.clone().map(PathBuf::from))
            .unwrap_or_else(|| PathBuf::from("logs"));
        let unwritable = |path: &Path, error| {
            StartError::one(format!("{} cannot be written: {error}", path.display()))
        };
        let redacted = config.pipeline.redact.iter();
        mask::learn(
            redacted
                .filter_map(|name| env::var(name).ok())
                .chain(settings.secrets()),
        );
        let paths = Paths::in_folder(&folder).map_err(|error| unwritable(&folder, error))?;
        let filter = filter::resolve(config.log.filter.as_deref())?;
        let in_force = filter.to_string();
        let log_settings = LogSettings::of(&self.log, &config.log);
        let start = Start {
            name: run.name.clone(),
            path: paths.log().to_owned(),
            settings: log_settings.clone(),
            filter: filter.clone(),
        };
        let id = run.id_text();
        let is_text = log_settings.console == LogConsole::Text;
        let bars = (self.console.is_none() && is_text)
            .then(Bars::on_terminal)
            .flatten();
        let out = match (self.console, &bars) {
            (Some(out), _) => Out::Other(out),
            (None, Some(bars)) => Out::Stderr(bars.console()),
            (None, None) => Out::Stderr(Box::new(io::stderr())),
        };
        let log = start
            .open(&id, out)
            .map_err(|error| unwritable(paths.log(), error))?;
        let log = Arc::new(log);
        let history = Arc::new(History::default());
        let outbox = Outbox::open(paths.alerts(), &id);
        let desk = AlertDesk::open(
            &settings,
            id,
            Arc::clone(&log),
            Arc::clone(&history),
            outbox,
        )
        .map_err(StartError::new)?;
        core.budgets.configure(config.budgets.unwrap_or_default());
        let keep_runs = self.keep_runs.or(config.pipeline.keep_runs);
        let runs = Runs::in_folder(paths.runs().to_owned(), keep_runs.unwrap_or(runs::KEPT));
        let attached = Arc::new(Attached {
            run,
            log,
            history,
            desk,
            alerts: settings.clone(),
            paths,
            runs,
            stages: config.stages.unwrap_or_default(),
        });
        if !core.attached.fill(Arc::clone(&attached)) {
            return Err(StartError::one(
                "a monitor was installed at the same moment",
            ));
        }
        attached.recall_troubles();
        attached.history.begin(&core.snapshot());
        let (without_success, recorded) = attached.runs.begin(&core, &attached);
        panics::watch();
        // Where the program has a subscriber of its own, that one stays; `layer()`
        // can be part of it.
        let subscriber =
            tracing_subscriber::registry().with(layer().with_filter(EventFilter(filter)));
        let _ = tracing::subscriber::set_global_default(subscriber);
        finish::started(&attached, &settings.describe(), &log_settings, &in_force);
        if let Err(error) = recorded {
            finish::not_recorded(&attached, &error);
        }
        attached.runs.look_back(&attached);
        let is_living = |run: &str| attached.runs.is_living(run);
        attached.desk.take_over(is_living);
        let page = page.and_then(|page| page.open(&core, &attached));
        let bars = bars.and_then(|bars| bars.draw(core.clone()));
        Ok(Monitor::new(
            (page, bars),
            start::keeper(&attached.log, &log_settings),
            sampler(&core, &attached, &without_success),
            core,
            attached,
        ))
    }

    /// The live page that was asked for.
    fn page(&self, config: &Config) -> Result<Option<Page>, StartError> {
        let address = self.serve.or(config.pipeline.serve);
        let page = address.map(Page::configured).transpose();
        page.map_err(StartError::one)
    }

    fn effective_name(&self, config: &Config) -> String {
        let executable = || {
            let path = env::current_exe().ok()?;
            Some(path.file_stem()?.to_string_lossy().into_owned())
        };
        self.name
            .clone()
            .or_else(|| config.pipeline.name.clone())
            .or_else(|| self.default_name.clone())
            .or_else(executable)
            .unwrap_or_else(|| "pipeline".to_owned())
    }
}

/// How long the sampler waits: what it writes is at most a second old, its own time included.
const SAMPLED: Duration = Duration::from_millis(900);
/// The first pause: should the run die soon, its record knows the stages all the same.
const SAMPLED_FIRST: Duration = Duration::from_millis(50);

fn sampler(core: &CoreRef, attached: &Arc<Attached>, without_success: &Moments) -> Option<Sampler> {
    let (core, attached) = (core.clone(), Arc::clone(attached));
    let now = (Instant::now(), SystemTime::now());
    let mut staleness = Staleness::new(&core, &attached, without_success, now);
    attached.begin_error_rates(&core);
    attached.look_for_successes(&core);
    let sample = move || {
        staleness.check(&core, &attached, Instant::now());
        attached.look_for_successes(&core);
        attached.judge_error_rates(&core);
        attached.desk.look_at_the_time();
        attached.log.tick();
        clock::refine();
        // What cannot be written is tried again, and told of at the end.
        let _ = finish::save(&core, &attached, None);
    };
    // Without a thread the file is written at the end only.
    Sampler::start("monitor-metrics", SAMPLED_FIRST, SAMPLED, sample).ok()
}
