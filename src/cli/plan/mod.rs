//! From arguments to a plan: everything that a run needs, complete before anything is sent.

mod defaults;
mod expectations;
mod login;
mod requests;
mod secrets;
pub(super) mod security;
mod server;

use std::sync::Arc;
use std::time::Duration;

pub use secrets::from_file as secret_from_file;

use super::acct::RecordType;
use super::dictionaries;
use super::eap::EapArgs;
use super::options::{ClientArgs, DictionaryArgs, Format};
use crate::auth::{MacSpelling, Method};
use crate::client::{Care, Job, Pace, Wrong};
use crate::codec::{Code, Secret};
use crate::dictionary::Dictionary;
use crate::outcome::Expectation;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;

/// What a command wants, apart from what all client commands share.
#[derive(Debug)]
pub struct Purpose {
    /// The Code of its requests, unless a file says another.
    pub code: Code,
    /// Whether it is on the accounting port although its Code is not.
    pub accounting_port: bool,
    /// Who logs in, and how.
    pub login: Option<Login>,
    /// What is reported.
    pub accounting: Option<Accounting>,
    /// Whose session is meant: User-Name and Acct-Session-Id.
    pub session: Option<(Option<String>, Option<String>)>,
    /// Whether FreeRADIUS's statistics are asked for.
    pub statistics: bool,
    /// In what ways packets are to be wrong.
    pub wrong: Option<Wrong>,
}

/// Who logs in, and how.
#[derive(Debug)]
pub struct Login {
    /// User-Name.
    pub user: Option<String>,
    /// The password, if the command line has it.
    pub password: Option<Secret>,
    /// The file that has it.
    pub password_file: Option<std::path::PathBuf>,
    /// How it is proved.
    pub method: Method,
    /// The password to set where the old one has expired.
    pub new_password: Option<Secret>,
    /// The file that has it.
    pub new_password_file: Option<std::path::PathBuf>,
    /// How `mab` spells the address.
    pub mac_format: Option<MacSpelling>,
    /// What EAP needs.
    pub eap: EapArgs,
    /// Answers to challenges.
    pub responses: Vec<Secret>,
}

/// What is reported.
#[derive(Debug)]
pub struct Accounting {
    /// Acct-Status-Type, where the command line says it.
    pub kind: Option<RecordType>,
    /// Acct-Session-Id.
    pub session_id: Option<String>,
    /// User-Name.
    pub user: Option<String>,
}

impl Purpose {
    /// Requests with this Code and nothing special.
    pub fn new(code: Code) -> Purpose {
        Purpose {
            code,
            accounting_port: false,
            login: None,
            accounting: None,
            session: None,
            statistics: false,
            wrong: None,
        }
    }

    /// To log in.
    pub fn with_login(self, login: Login) -> Purpose {
        Purpose {
            login: Some(login),
            ..self
        }
    }

    /// To report.
    pub fn with_accounting(self, accounting: Accounting) -> Purpose {
        Purpose {
            accounting: Some(accounting),
            ..self
        }
    }

    /// To act on a session.
    pub fn with_session(self, user: Option<String>, session_id: Option<String>) -> Purpose {
        Purpose {
            session: Some((user, session_id)),
            ..self
        }
    }

    /// To ask how the server is.
    pub fn with_status(self, accounting_port: bool, statistics: bool) -> Purpose {
        Purpose {
            accounting_port,
            statistics,
            ..self
        }
    }

    /// To send what is wrong.
    pub fn with_wrong(self, wrong: Wrong) -> Purpose {
        Purpose {
            wrong: Some(wrong),
            ..self
        }
    }
}

/// A run, complete.
pub struct Plan {
    /// The conversations of one pass, indexes from 0.
    pub jobs: Vec<Job>,
    /// What each of them must come to.
    pub expectations: Vec<Vec<Expectation>>,
    /// How often each is had.
    pub count: u64,
    /// How fast they start.
    pub pace: Pace,
    /// What becomes of connections besides.
    pub care: Care,
    /// Names for numbers.
    pub dictionary: Dictionary,
    /// The method of authentication, for an Access-Request.
    pub method: Option<Method>,
    /// The file that the server's certificates are written to.
    pub save_chain: Option<std::path::PathBuf>,
    /// Whether every login but the first is to resume a TLS session.
    pub resume: bool,
    /// How results are shown.
    pub show: Show,
    /// Whether packets are only built and printed.
    pub dry_run: bool,
    /// Whether somebody at the terminal may be asked for the answer to a challenge.
    pub may_ask: bool,
}

/// How results are shown.
#[derive(Clone, Copy, Debug)]
pub struct Show {
    /// For whom.
    pub format: Format,
    /// Every packet as it goes.
    pub trace: bool,
    /// The octets of request and reply.
    pub hex: bool,
    /// Each attribute's octets beside its meaning.
    pub annotate: bool,
    /// Passwords and keys in clear.
    pub secrets: bool,
    /// What handshakes came to.
    pub handshakes: bool,
}

/// Makes the plan of a command.
pub fn make(args: ClientArgs, mut purpose: Purpose, output: &mut Output) -> Result<Plan, Diagnostic> {
    let dictionary = dictionary(&args.dictionary, output)?;
    let mut requests = requests::read(&args.request, &purpose, &dictionary)?;
    let host = server::Server::parse(&args.host.0)?;
    let secret = Arc::new(secrets::shared(&args.secret, &host)?);
    let method = purpose.login.as_ref().map(|login| login.method);
    let from_file = !args.request.files.is_empty();
    let password = match &mut purpose.login {
        Some(login) => secrets::password(login, &requests, from_file)?,
        None => None,
    };
    let logins = match &purpose.login {
        Some(login) => Some(login::Logins::new(login)?),
        None => None,
    };
    if let Some(warning) = purpose.login.as_ref().and_then(login::realms) {
        output.diagnose(&warning);
    }
    let (save_chain, resume) = match &purpose.login {
        Some(login) => (login.eap.save_server_chain.clone(), login.eap.resume),
        None => (None, None),
    };
    let responses = purpose
        .login
        .as_mut()
        .map(|login| std::mem::take(&mut login.responses))
        .unwrap_or_default();
    let mut dice = crate::net::dice::Dice::new();
    for request in &mut requests {
        if let Some(logins) = &logins
            && request.code.unwrap_or(purpose.code) == Code::ACCESS_REQUEST
        {
            request.voices = logins.voices(request, &purpose, password.as_ref())?;
        }
        defaults::complete(request, &purpose, password.as_ref(), from_file, &mut dice)?;
    }
    let expectations = expectations::all(&args.request, &requests, &dictionary)?;
    let security = security::Security::read(&args.tls, host.peer(), output)?;
    let mut resolver = server::Resolver::new(&host, &args.link, security, &purpose);
    let mut jobs = Vec::with_capacity(requests.len());
    for (index, request) in requests.into_iter().enumerate() {
        let place = resolver.place(&request)?;
        jobs.push(request.job(index as u64, place, &args, &purpose, &secret, &responses));
    }
    let care = args.connection.care(jobs.iter().map(|job| job.transport))?;
    let show = Show {
        format: args.output.format(),
        trace: args.output.trace,
        hex: args.output.hex,
        annotate: args.output.annotate,
        secrets: args.output.show_secrets,
        handshakes: args.output.trace,
    };
    let parallel = args.volume.parallel as usize;
    let count = match resume {
        Some(_) if args.volume.count > 1 || parallel > 1 => {
            let what =
                "--resume logs in one time after the other, and goes with neither --count nor --parallel";
            return Err(Diagnostic::error("usage", Exit::Usage, what));
        }
        Some(again) => again + 1,
        None => args.volume.count,
    };
    Ok(Plan {
        may_ask: parallel == 1 && jobs.len() == 1 && count == 1,
        jobs,
        expectations,
        count,
        save_chain,
        resume: resume.is_some(),
        pace: Pace::new(parallel, args.volume.rate),
        care,
        dictionary,
        method,
        show,
        dry_run: args.request.dry_run,
    })
}

/// Makes the plan of a whole accounting session: Start, `updates` Interim-Updates and Stop, `interval` apart.
pub fn make_session(
    args: ClientArgs,
    purpose: Purpose,
    interval: Duration,
    updates: u32,
    output: &mut Output,
) -> Result<Plan, Diagnostic> {
    let mut plan = make(args, purpose, output)?;
    let Some(start) = plan.jobs.pop() else {
        return Ok(plan);
    };
    let met = plan.expectations.pop().unwrap_or_default();
    plan.jobs = defaults::session(&start, interval, updates)
        .map_err(|error| crate::report::words::build_error(&error))?;
    plan.expectations = vec![met; plan.jobs.len()];
    // One after the other, so that no record overtakes another.
    plan.pace = Pace::new(1, Some(1.0 / interval.as_secs_f64().max(1e-6)));
    Ok(plan)
}

fn dictionary(args: &DictionaryArgs, output: &mut Output) -> Result<Dictionary, Diagnostic> {
    dictionaries::load(args, output)
}
