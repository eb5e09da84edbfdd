//! Exchanges over TLS and DTLS: the handshake as the server sees it, and the packets inside.

use std::sync::Arc;

use super::{Args, Stage, draft, job, server_says, show};
use crate::cli::plan::Plan;
use crate::cli::run;
use crate::client::{Care, Pace, Script};
use crate::codec::Secret;
use crate::demo::{SecuredError, SecuredScenario, SecuredServer};
use crate::dictionary::Dictionary;
use crate::outcome::Expectation;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;
use crate::report::words;

/// The plan of one exchange with this server.
fn plan(scenario: &SecuredScenario, server: &SecuredServer, args: &Args) -> Result<Plan, Diagnostic> {
    let dictionary = Dictionary::builtin();
    let draft = draft(scenario.name, scenario.attributes, &dictionary)?;
    let mut job = job(
        scenario.code,
        server.address(scenario.transport),
        Script::new(draft, []),
    );
    job.transport = scenario.transport;
    let client = server.client(scenario);
    job.security = Some(client.map_err(|error| words::secured_settings_error(&error, None))?);
    job.secret = Arc::new(Secret::new(scenario.transport.fixed_secret().unwrap_or_default()));
    Ok(Plan {
        jobs: vec![job],
        expectations: vec![vec![Expectation::Verdict(scenario.verdict)]],
        count: 1,
        pace: Pace::new(1, None),
        care: Care::default(),
        dictionary,
        method: None,
        save_chain: None,
        resume: false,
        show: show(args),
        dry_run: false,
        may_ask: false,
    })
}

/// Has the exchange; it fails too where another version of RADIUS was agreed on than should be, or no certificate
/// was shown.
pub fn perform(
    scenario: &SecuredScenario,
    stage: &Stage<'_>,
    output: &mut Output,
) -> Result<Exit, Diagnostic> {
    let server = SecuredServer::open(&stage.papers).map_err(|error| unopened(&error))?;
    let plan = plan(scenario, &server, stage.args)?;
    let exit = run::perform(&plan, &stage.runtime, output);
    let mut good = false;
    let seen = server.seen();
    for did in &seen.decided {
        output.print(&server_says(did));
    }
    for handshake in seen.shaken {
        good = handshake.radius == scenario.version && !handshake.chain.is_empty();
        output.print(&format!("server: {}", words::shaken(&handshake, "the client")));
    }
    Ok(if good { exit } else { exit.max(Exit::Broken) })
}

/// Why there is no server for it.
fn unopened(error: &SecuredError) -> Diagnostic {
    match error {
        SecuredError::Certificates(error) => words::throwaway_error(error),
        SecuredError::Settings(error) => words::secured_settings_error(error, None),
        SecuredError::Start(error) => words::start_error(error),
    }
}
