//! `radius demo`: a server and a client in one process, every packet shown.

mod dedup;
mod logins;
mod proxy;
mod secured;

use std::net::SocketAddr;
use std::sync::Arc;

use clap::builder::PossibleValuesParser;
use tokio::runtime::Runtime;

use super::options::Format;
use super::plan::{Plan, Show};
use super::run;
use crate::attr::{BuildOptions, Draft, NoNames, Placement, parse_pairs};
use crate::client::{Care, Job, Pace, Script, Wrong};
use crate::codec::{Code, Packet, Secret};
use crate::demo::{
    Decided, LOGINS, LoginScenario, PROOFS, Papers, PapersError, SCENARIOS, SECRET, SECURED, Scenario,
    SecuredScenario, Server,
};
use crate::dictionary::Dictionary;
use crate::exchange::{Demands, Policy, Renewal, Transport};
use crate::net::Bind;
use crate::outcome::Expectation;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::human::{self, Octets};
use crate::report::output::Output;
use crate::report::theme::{BAD, GOOD, HEADING, paint};
use crate::report::view::Lens;
use crate::report::words;
use crate::responder::Did;

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
    exchanges
        .chain([dedup::NAME, proxy::NAME])
        .chain(PROOFS.iter().map(|scenario| scenario.name))
        .chain(SECURED.iter().map(|scenario| scenario.name))
        .chain(LOGINS.iter().map(|scenario| scenario.name))
}

/// What is shown.
enum Act {
    /// A packet and its answer in full.
    Exchange(&'static Scenario),
    /// The same packet twice.
    Dedup,
    /// A packet through a proxy.
    Proxy,
    /// A packet and its answer inside TLS or DTLS.
    Secured(&'static SecuredScenario),
    /// A login round by round.
    Login(&'static LoginScenario),
}

impl Act {
    fn named(name: &str) -> Option<Act> {
        let mut exchanges = SCENARIOS.iter().chain(PROOFS);
        let exchange = exchanges.find(|scenario| scenario.name == name);
        let login = LOGINS.iter().find(|scenario| scenario.name == name);
        let secured = SECURED.iter().find(|scenario| scenario.name == name);
        let other = secured.map(Act::Secured).or(login.map(Act::Login));
        match name {
            dedup::NAME => Some(Act::Dedup),
            proxy::NAME => Some(Act::Proxy),
            _ => exchange.map(Act::Exchange).or(other),
        }
    }

    fn title(&self) -> (&'static str, &'static str) {
        match self {
            Act::Exchange(scenario) => (scenario.name, scenario.story),
            Act::Secured(scenario) => (scenario.name, scenario.story),
            Act::Dedup => (dedup::NAME, dedup::STORY),
            Act::Proxy => (proxy::NAME, proxy::STORY),
            Act::Login(scenario) => (scenario.name, scenario.story),
        }
    }
}

/// What all acts play on.
struct Stage<'s> {
    args: &'s Args,
    runtime: Runtime,
    papers: Papers,
    /// Where Access-Requests, Accounting-Requests and dynamic authorization are served.
    addresses: [Option<SocketAddr>; 3],
    decided: Decided,
}

impl Stage<'_> {
    fn address(&self, code: Code) -> Option<SocketAddr> {
        let [auth, acct, coa] = self.addresses;
        match code {
            Code::ACCOUNTING_REQUEST => acct,
            Code::COA_REQUEST | Code::DISCONNECT_REQUEST => coa,
            _ => auth,
        }
    }

    fn play(&self, act: &Act, output: &mut Output) -> Result<Exit, Diagnostic> {
        // What was decided before is no part of this story.
        self.decided.take();
        let exit = match act {
            Act::Dedup => return dedup::perform(self, output),
            Act::Proxy => return proxy::perform(self, output),
            Act::Secured(scenario) => return secured::perform(scenario, self, output),
            Act::Exchange(scenario) if scenario.method.is_some() && !self.args.annotate => {
                return self.play_quietly(scenario, output);
            }
            Act::Exchange(scenario) => {
                let plan = plan(scenario, self)?;
                run::perform(&plan, &self.runtime, output)
            }
            Act::Login(scenario) => {
                let plan = logins::plan(
                    scenario,
                    self.address(Code::ACCESS_REQUEST),
                    &self.papers,
                    self.args,
                );
                if self.args.annotate {
                    run::perform(&plan, &self.runtime, output)
                } else {
                    logins::perform(&plan, &self.runtime, output)
                }
            }
        };
        if let Some(decision) = self.decided.take().last() {
            output.print(&server_says(&decision.did));
        }
        Ok(exit)
    }
}

impl Stage<'_> {
    /// An exchange whose octets would take more than a screen: only its attributes are shown.
    fn play_quietly(&self, scenario: &Scenario, output: &mut Output) -> Result<Exit, Diagnostic> {
        let mut plan = plan(scenario, self)?;
        plan.show.trace = false;
        plan.show.format = Format::None;
        let exit = run::perform(&plan, &self.runtime, output);
        let (dictionary, secret) = (&plan.dictionary, Secret::new(SECRET));
        let lens = Lens {
            dictionary,
            secrets: self.args.show_secrets,
            octets: false,
        };
        for decision in self.decided.take() {
            let Ok(asked) = Packet::parse(&decision.request) else {
                return Ok(Exit::Broken);
            };
            let view = lens.packet(&asked, Some(&secret), None);
            output.print(&format!(
                "client → server: {}",
                human::lone_packet(&view, Octets::default())
            ));
            for octets in &decision.replies {
                let Ok(reply) = Packet::parse(octets) else {
                    return Ok(Exit::Broken);
                };
                let view = lens.packet(&reply, Some(&secret), Some(asked.authenticator()));
                output.print(&format!(
                    "server → client: {}",
                    human::lone_packet(&view, Octets::default())
                ));
            }
            output.print(&server_says(&decision.did));
        }
        Ok(exit)
    }
}

/// The server's side of the story, on a line.
fn server_says(did: &Did) -> String {
    match did {
        Did::Replied(code, why) => format!("server: {code} ({})\n", words::why(why)),
        Did::Resent(code) => format!("server: {code} again (a duplicate: the identical reply)\n"),
        Did::Discarded(discard) => format!("server: discarded ({})\n", words::discard(discard)),
        Did::Recording | Did::Forwarding => String::new(),
    }
}

/// Shows the exchanges; fails if any of them does not come to what it should.
pub fn run(args: Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    let runtime = run::runtime()?;
    let papers = Papers::new().map_err(|error| match error {
        PapersError::Certificates(error) => words::throwaway_error(&error),
        PapersError::Tls(error) => words::settings_error(&error),
    })?;
    let server = runtime
        .block_on(Server::open(&papers))
        .map_err(|error| words::no_port(&error))?;
    let served = [Code::ACCESS_REQUEST, Code::ACCOUNTING_REQUEST, Code::COA_REQUEST];
    let stage = Stage {
        args: &args,
        addresses: served.map(|code| server.address(code)),
        decided: server.decided(),
        papers,
        runtime,
    };
    let answering = stage.runtime.spawn(server.run());
    let wanted =
        |name: &&str| args.scenarios.is_empty() || args.scenarios.iter().any(|wanted| wanted == name);
    let mut worst = Exit::Success;
    for act in names().filter(wanted).filter_map(Act::named) {
        if output.is_closed() {
            // Nobody is left to be shown the rest.
            break;
        }
        let (name, story) = act.title();
        output.print(&format!("{}: {story}\n", paint(HEADING, name)));
        let exit = stage.play(&act, output)?;
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
fn plan(scenario: &Scenario, stage: &Stage<'_>) -> Result<Plan, Diagnostic> {
    let dictionary = Dictionary::builtin();
    let draft = draft(scenario.name, scenario.attributes, &dictionary)?;
    let mut script = Script::new(draft, []);
    if let Some(method) = scenario.method {
        script = script.spoken(logins::voices(method, None, &stage.papers));
    }
    Ok(Plan {
        jobs: vec![job(scenario.code, stage.address(scenario.code), script)],
        expectations: vec![vec![Expectation::Verdict(scenario.verdict)]],
        count: 1,
        pace: Pace::new(1, None),
        care: Care::default(),
        dictionary,
        method: scenario.method,
        save_chain: None,
        resume: false,
        show: show(stage.args),
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
        // The server tells of them, once and for both sides.
        handshakes: false,
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

fn draft(name: &str, text: &str, dictionary: &Dictionary) -> Result<Draft, Diagnostic> {
    let pairs = parse_pairs(text).map_err(|error| words::text_error(&error, name, None, text))?;
    let mut draft = Draft::new();
    for pair in &pairs {
        draft
            .push_pair(pair, dictionary, &NoNames)
            .map_err(|error| words::pair_error(&error, dictionary, name, None, text))?;
    }
    Ok(draft)
}
