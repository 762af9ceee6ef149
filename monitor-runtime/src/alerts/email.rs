//! Alerts by e-mail, through an SMTP server.

use std::{fs, path::Path, sync::Arc, time::Duration};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor,
    address::Envelope,
    message::Mailbox,
    transport::smtp::{
        self,
        authentication::{Credentials, Mechanism},
        client::{Certificate, Tls, TlsParameters},
        commands::Auth,
    },
};
use tokio::time;

use super::{
    Alert,
    channel::{Attempt, Channel, Failure},
    email_settings::EmailSettings,
    environment::{SettingsError, Sourced},
    mail::mail,
    secret::Secret,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// One attempt at most, from the connection to the last answer. A server that
/// was cut off too early might have taken the mail, and the next attempt would
/// send it twice.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(30);
/// The port on which TLS begins with the connection; on all others the server
/// must offer STARTTLS.
const IMPLICIT_TLS_PORT: u16 = 465;
/// Alerts in one mail at most: all that could wait for long. How many kinds of them are shown
/// is the mail's own limit.
const MOST_IN_ONE: usize = 1_000;
/// As much of a server's answer as is repeated, in characters.
const ANSWER_MAX: usize = 300;

/// Sends mails with one account. The credentials never travel in the clear: a
/// server without STARTTLS, or with a certificate that does not hold, gets none.
pub(super) struct Email {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    to: Vec<Mailbox>,
    subject_prefix: String,
    /// Every form in which a server could repeat the credentials.
    secrets: Vec<Secret>,
}

impl Email {
    pub(super) fn new(settings: &EmailSettings) -> Result<Self, SettingsError> {
        let EmailSettings {
            user,
            password,
            from,
            to,
            subject_prefix,
            host,
            port,
            ca_file,
        } = settings;
        let credentials = Credentials::new(user.clone(), password.expose().to_owned());
        let secrets = secret_forms(&credentials, password);
        let mut tls = TlsParameters::builder(host.clone());
        if let Some(Sourced { value, origin }) = ca_file {
            let root = certificate(value).map_err(|reason| SettingsError::new(*origin, reason))?;
            tls = tls.add_root_certificate(root);
        }
        let tls = tls
            .build()
            .map_err(|error| SettingsError::new("SMTP_HOST", error.to_string()))?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(*port)
            .tls(match *port {
                IMPLICIT_TLS_PORT => Tls::Wrapper(tls),
                _ => Tls::Required(tls),
            })
            .credentials(credentials)
            .timeout(Some(CONNECT_TIMEOUT))
            .build();
        let mailbox = |text: &str, origin: &str| {
            text.parse()
                .map_err(|_| SettingsError::new(origin, format!("{text:?} is not a mail address")))
        };
        Ok(Self {
            transport,
            from: mailbox(&from.value, from.origin)?,
            to: to
                .value
                .iter()
                .map(|text| mailbox(text, to.origin))
                .collect::<Result<_, _>>()?,
            subject_prefix: subject_prefix.clone(),
            secrets,
        })
    }

    async fn send(&self, alerts: &[Arc<Alert>]) -> Result<(), Failure> {
        let mail = mail(alerts, &self.from, &self.to, &self.subject_prefix).map_err(|error| {
            Failure::Dead {
                reason: format!("no mail can be made of it: {error}"),
            }
        })?;
        let bytes = mail.formatted();
        let refused = match self.transmit(mail.envelope(), &bytes).await {
            // A server refuses the whole mail for one recipient that has left; the
            // others must hear of the alert all the same.
            Err(Refusal {
                failure: Failure::Dead { .. },
                of_mailbox: true,
            }) if self.to.len() > 1 => self.send_singly(&bytes).await,
            Err(refusal) => return Err(refusal.failure),
            Ok(()) => return Ok(()),
        };
        if refused.is_empty() {
            return Ok(());
        }
        let reached = self.to.len() - refused.len();
        Err(Failure::Dead {
            reason: format!(
                "{reached} of {} recipients reached; not {}",
                self.to.len(),
                refused.join("; not ")
            ),
        })
    }

    /// The same mail to each recipient on its own; gives those it did not reach.
    /// There is no second attempt for them, since it would go to the others again.
    async fn send_singly(&self, bytes: &[u8]) -> Vec<String> {
        let mut refused = Vec::new();
        for to in &self.to {
            let sent = match envelope(&self.from.email, &to.email) {
                Ok(envelope) => self.transmit(&envelope, bytes).await,
                Err(reason) => Err(Refusal::of(Failure::Dead { reason })),
            };
            if let Err(Refusal { failure, .. }) = sent {
                let (Failure::Retry { reason, .. } | Failure::Dead { reason }) = failure;
                refused.push(format!("{}: {reason}", to.email));
            }
        }
        refused
    }

    async fn transmit(&self, envelope: &Envelope, bytes: &[u8]) -> Result<(), Refusal> {
        let sending = self.transport.send_raw(envelope, bytes);
        match time::timeout(TOTAL_TIMEOUT, sending).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.judge(&error)),
            Err(_) => Err(Refusal::of(Failure::Retry {
                reason: format!("no answer within {} s", TOTAL_TIMEOUT.as_secs()),
                after: None,
            })),
        }
    }

    /// Tells answers that will be the same next time from those that may not be.
    fn judge(&self, error: &smtp::Error) -> Refusal {
        let text = error.to_string();
        let repeats_a_secret = self
            .secrets
            .iter()
            .any(|secret| text.contains(secret.expose()));
        let reason = if repeats_a_secret {
            match error.status() {
                Some(code) => format!("{code}, in an answer that repeats the credentials"),
                None => "an answer that repeats the credentials".to_owned(),
            }
        } else {
            text.chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .take(ANSWER_MAX)
                .collect()
        };
        // A client error is a server that cannot do what is needed: no STARTTLS,
        // no way to log in that is known.
        let failure = if error.is_permanent() || error.is_client() {
            Failure::Dead { reason }
        } else {
            Failure::Retry {
                reason,
                after: None,
            }
        };
        Refusal {
            failure,
            // 55x: the mailbox or what it may receive, and not the login.
            of_mailbox: error
                .status()
                .is_some_and(|code| code.to_string().starts_with("55")),
        }
    }
}

impl Channel for Email {
    fn name(&self) -> &str {
        "email"
    }

    fn most_in_one(&self) -> usize {
        MOST_IN_ONE
    }

    /// One mail for all of them: with one each, a mail that fails would have the others sent
    /// again.
    fn deliver<'a>(&'a self, alerts: &'a [Arc<Alert>]) -> Attempt<'a> {
        Box::pin(self.send(alerts))
    }
}

/// A failure, and whether it may concern one recipient only.
struct Refusal {
    failure: Failure,
    of_mailbox: bool,
}

impl Refusal {
    fn of(failure: Failure) -> Self {
        Self {
            failure,
            of_mailbox: false,
        }
    }
}

fn envelope(from: &Address, to: &Address) -> Result<Envelope, String> {
    Envelope::new(Some(from.clone()), vec![to.clone()]).map_err(|error| error.to_string())
}

/// The password as it is, and as the ways to log in encode it.
fn secret_forms(credentials: &Credentials, password: &Secret) -> Vec<Secret> {
    let plain = Auth::new(Mechanism::Plain, credentials.clone(), None);
    let challenge = Some("Password:".to_owned());
    let login = Auth::new(Mechanism::Login, credentials.clone(), challenge);
    let encoded = [plain, login].into_iter().flatten().map(|command| {
        let command = command.to_string();
        Secret::new(command.trim_end().rsplit(' ').next().unwrap_or_default())
    });
    encoded.chain([password.clone()]).collect()
}

fn certificate(path: &Path) -> Result<Certificate, String> {
    let shown = path.display();
    let pem = fs::read(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let none = || format!("{shown} holds no certificate in PEM form");
    if !pem.windows(BEGIN.len()).any(|window| window == BEGIN) {
        return Err(none());
    }
    Certificate::from_pem(&pem).map_err(|_| none())
}

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

#[cfg(test)]
#[path = "email_tests.rs"]
mod tests;
