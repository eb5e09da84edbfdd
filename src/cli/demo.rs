//! `radius demo`: a server and a client in one process, every packet shown.

use std::sync::Arc;

use clap::builder::PossibleValuesParser;

use super::options::Format;
use super::plan::{Plan, Show};
use super::run;
use crate::attr::{BuildOptions, Draft, NoNames, Placement, parse_pairs};
use crate::client::{Job, Pace, Script, Wrong};
use crate::codec::{Code, Secret};
use crate::demo::{SCENARIOS, SECRET, Scenario, Server};
use crate::dictionary::Dictionary;
use crate::exchange::{Demands, Policy, Renewal, Transport};
use crate::net::Bind;
use crate::outcome::Expectation;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;
use crate::report::theme::{BAD, GOOD, HEADING, paint};
use crate::report::words;

/// Arguments of `radius demo`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which exchanges to show; all of them, in this order, where none is named
    #[arg(value_name = "SCENARIO", value_parser = PossibleValuesParser::new(SCENARIOS.iter().map(|scenario| scenario.name)))]
    scenarios: Vec<String>,
    /// Print passwords and keys in clear; otherwise they are <hidden>
    #[arg(long)]
    show_secrets: bool,
    /// Print each attribute's octets beside its meaning
    #[arg(long)]
    annotate: bool,
}

/// Shows the exchanges; fails if any of them does not come to what it should.
pub fn run(args: Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    let runtime = run::runtime()?;
    let server = runtime
        .block_on(Server::open())
        .map_err(|error| words::no_port(&error))?;
    let wanted = |scenario: &&Scenario| {
        args.scenarios.is_empty() || args.scenarios.iter().any(|name| name == scenario.name)
    };
    let mut plans = Vec::new();
    for scenario in SCENARIOS.iter().filter(wanted) {
        plans.push((scenario, plan(scenario, &server, &args)?));
    }
    let answering = runtime.spawn(server.run());
    let mut worst = Exit::Success;
    for (scenario, plan) in plans {
        if output.is_closed() {
            // Nobody is left to be shown the rest.
            break;
        }
        output.print(&format!(
            "{}: {}\n",
            paint(HEADING, scenario.name),
            scenario.story
        ));
        let exit = run::perform(&plan, &runtime, output);
        output.print(&match exit {
            Exit::Success => format!("{}\n\n", paint(GOOD, format_args!("✓ {}", scenario.name))),
            _ => format!("{}\n\n", paint(BAD, format_args!("✗ {}", scenario.name))),
        });
        worst = worst.max(exit);
    }
    answering.abort();
    Ok(worst)
}

/// The plan of one exchange with the server of the demonstration.
fn plan(scenario: &Scenario, server: &Server, args: &Args) -> Result<Plan, Diagnostic> {
    let dictionary = Dictionary::builtin();
    let draft = draft(scenario, &dictionary)?;
    let address = server.address(scenario.code);
    let message_authenticator = match scenario.code {
        Code::ACCESS_REQUEST | Code::STATUS_SERVER => Placement::First,
        _ => Placement::AsGiven,
    };
    let job = Job {
        index: 0,
        name: None,
        addresses: address.into_iter().collect(),
        transport: Transport::Udp,
        source: Bind::default(),
        secret: Arc::new(Secret::new(SECRET)),
        code: scenario.code,
        identifier: None,
        authenticator: None,
        options: BuildOptions {
            message_authenticator,
            ..BuildOptions::default()
        },
        wrong: Wrong::default(),
        policy: Policy::default(),
        demands: Demands {
            message_authenticator: true,
            ..Demands::default()
        },
        renewal: Renewal::Never,
        script: Script::new(draft, []),
    };
    Ok(Plan {
        jobs: vec![job],
        expectations: vec![vec![Expectation::Verdict(scenario.verdict)]],
        count: 1,
        pace: Pace::new(1, None),
        dictionary,
        method: None,
        save_chain: None,
        resume: false,
        show: Show {
            format: Format::Human,
            trace: true,
            hex: false,
            annotate: args.annotate,
            secrets: args.show_secrets,
        },
        dry_run: false,
        may_ask: false,
    })
}

fn draft(scenario: &Scenario, dictionary: &Dictionary) -> Result<Draft, Diagnostic> {
    let text = scenario.attributes;
    let pairs = parse_pairs(text).map_err(|error| words::text_error(&error, scenario.name, None, text))?;
    let mut draft = Draft::new();
    for pair in &pairs {
        draft
            .push_pair(pair, dictionary, &NoNames)
            .map_err(|error| words::pair_error(&error, dictionary, scenario.name, None, text))?;
    }
    Ok(draft)
}
