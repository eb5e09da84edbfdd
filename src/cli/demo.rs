//! `radius demo`: a server and a client in one process, every packet shown.

mod logins;

use std::net::SocketAddr;
use std::sync::Arc;

use clap::builder::PossibleValuesParser;

use super::options::Format;
use super::plan::{Plan, Show};
use super::run;
use crate::attr::{BuildOptions, Draft, NoNames, Placement, parse_pairs};
use crate::client::{Job, Pace, Script, Wrong};
use crate::codec::{Code, Secret};
use crate::demo::{LOGINS, LoginScenario, Papers, PapersError, SCENARIOS, SECRET, Scenario, Server};
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
    #[arg(value_name = "SCENARIO", value_parser = PossibleValuesParser::new(names()))]
    scenarios: Vec<String>,
    /// Print passwords and keys in clear; otherwise they are <hidden>
    #[arg(long)]
    show_secrets: bool,
    /// Print each attribute's octets beside its meaning
    #[arg(long)]
    annotate: bool,
}

/// The names of all that there is to be shown, in their order.
fn names() -> impl Iterator<Item = &'static str> {
    let exchanges = SCENARIOS.iter().map(|scenario| scenario.name);
    exchanges.chain(LOGINS.iter().map(|scenario| scenario.name))
}

/// What is shown: a packet and its answer in full, or a login round by round.
enum Act {
    Exchange(&'static Scenario),
    Login(&'static LoginScenario),
}

impl Act {
    fn named(name: &str) -> Option<Act> {
        let exchange = SCENARIOS.iter().find(|scenario| scenario.name == name);
        let login = LOGINS.iter().find(|scenario| scenario.name == name);
        exchange.map(Act::Exchange).or(login.map(Act::Login))
    }

    fn title(&self) -> (&'static str, &'static str) {
        match self {
            Act::Exchange(scenario) => (scenario.name, scenario.story),
            Act::Login(scenario) => (scenario.name, scenario.story),
        }
    }
}

/// Shows the exchanges; fails if any of them does not come to what it should.
pub fn run(args: Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    let runtime = run::runtime()?;
    let papers = Papers::new().map_err(|error| match error {
        PapersError::Certificates(error) => words::throwaway_error(&error),
        PapersError::Tls(error) => words::eap_settings_error(&error),
    })?;
    let server = runtime
        .block_on(Server::open(&papers))
        .map_err(|error| words::no_port(&error))?;
    let decided = server.decided();
    let wanted =
        |name: &&str| args.scenarios.is_empty() || args.scenarios.iter().any(|wanted| wanted == name);
    let mut plans = Vec::new();
    for act in names().filter(wanted).filter_map(Act::named) {
        let plan = match &act {
            Act::Exchange(scenario) => plan(scenario, &server, &args)?,
            Act::Login(scenario) => {
                logins::plan(scenario, server.address(Code::ACCESS_REQUEST), &papers, &args)
            }
        };
        plans.push((act, plan));
    }
    let answering = runtime.spawn(server.run());
    let mut worst = Exit::Success;
    for (act, plan) in plans {
        if output.is_closed() {
            // Nobody is left to be shown the rest.
            break;
        }
        let (name, story) = act.title();
        output.print(&format!("{}: {story}\n", paint(HEADING, name)));
        let exit = match act {
            Act::Login(_) if !args.annotate => logins::perform(&plan, &runtime, &decided, output),
            Act::Exchange(_) | Act::Login(_) => run::perform(&plan, &runtime, output),
        };
        output.print(&match exit {
            Exit::Success => format!("{}\n\n", paint(GOOD, format_args!("✓ {name}"))),
            _ => format!("{}\n\n", paint(BAD, format_args!("✗ {name}"))),
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
    Ok(Plan {
        jobs: vec![job(scenario.code, address, Script::new(draft, []))],
        expectations: vec![vec![Expectation::Verdict(scenario.verdict)]],
        count: 1,
        pace: Pace::new(1, None),
        dictionary,
        method: None,
        save_chain: None,
        resume: false,
        show: show(args),
        dry_run: false,
        may_ask: false,
    })
}

fn show(args: &Args) -> Show {
    Show {
        format: Format::Human,
        trace: true,
        hex: false,
        annotate: args.annotate,
        secrets: args.show_secrets,
    }
}

/// A conversation with the server of the demonstration.
fn job(code: Code, address: Option<SocketAddr>, script: Script) -> Job {
    let message_authenticator = match code {
        Code::ACCESS_REQUEST | Code::STATUS_SERVER => Placement::First,
        _ => Placement::AsGiven,
    };
    Job {
        index: 0,
        name: None,
        addresses: address.into_iter().collect(),
        transport: Transport::Udp,
        security: None,
        source: Bind::default(),
        secret: Arc::new(Secret::new(SECRET)),
        code,
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
        script,
    }
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
