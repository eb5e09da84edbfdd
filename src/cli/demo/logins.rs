//! Logins with EAP: shown round by round, as the two sides see it.

use std::fmt::Write as _;
use std::net::SocketAddr;

use tokio::runtime::Runtime;

use super::{Args, job, show};
use crate::attr::Draft;
use crate::auth::eap::build::{self, Credentials};
use crate::auth::eap::login::EapOptions;
use crate::auth::{KeyCheck, Method, PlainOptions};
use crate::cli::plan::Plan;
use crate::cli::run;
use crate::client::{Care, Pace, Script, Voice, Voices};
use crate::codec::{AttributeType, Code, Secret};
use crate::demo::{FRAGMENT, LoginScenario, Papers, USER};
use crate::dictionary::Dictionary;
use crate::outcome::{Event, Expectation, LoginEnd, Outcome, Sink, Verdict};
use crate::report::conversation::see;
use crate::report::diagnostic::Exit;
use crate::report::eap;
use crate::report::human::{self, Octets};
use crate::report::output::Output;
use crate::report::view::Lens;

/// The address that the access point says is its own.
const NAS: [u8; 4] = [192, 168, 1, 10];

/// The plan of a login at this address.
pub fn plan(scenario: &LoginScenario, address: Option<SocketAddr>, papers: &Papers, args: &Args) -> Plan {
    let mut draft = Draft::new();
    draft
        .push(AttributeType::NAS_IP_ADDRESS, &NAS)
        .expect("four octets fit into an attribute");
    let method = scenario.method;
    let script = Script::new(draft, []).spoken(voices(method, scenario.anonymous, papers));
    Plan {
        jobs: vec![job(Code::ACCESS_REQUEST, address, script)],
        expectations: vec![vec![Expectation::Verdict(Verdict::Accept)]],
        count: 1,
        pace: Pace::new(1, None),
        care: Care::default(),
        dictionary: Dictionary::builtin(),
        method: Some(method),
        save_chain: None,
        resume: false,
        show: show(args),
        dry_run: false,
        may_ask: false,
    }
}

/// What alice says, by a method.
pub fn voices(method: Method, anonymous: Option<&str>, papers: &Papers) -> Voices {
    let credentials = Credentials {
        user: USER.0.into(),
        anonymous: anonymous.map(Into::into),
        password: Secret::new(USER.1),
        new_password: None,
        tls: Some(papers.client.clone()),
        fragment: FRAGMENT,
    };
    let make = move || {
        let login = build::login(
            method,
            &credentials,
            PlainOptions::default(),
            EapOptions::default(),
        );
        login.map(Voice::Login)
    };
    Voices::new(make)
}

/// Has the login, and shows its rounds and its keys.
pub fn perform(plan: &Plan, runtime: &Runtime, output: &mut Output) -> Exit {
    let mut story = Story {
        plan,
        output,
        exit: Exit::Broken,
    };
    runtime.block_on(run::drive(
        (plan.pace.clone(), plan.care),
        &mut story,
        false,
        &mut plan.jobs.iter().cloned(),
        run::interrupted(),
    ));
    story.exit
}

struct Story<'s> {
    plan: &'s Plan,
    output: &'s mut Output,
    exit: Exit,
}

impl Story<'_> {
    fn finished(&mut self, outcome: &Outcome) {
        let mut text = String::new();
        if let Some(facts) = &outcome.login {
            text = eap::rounds(outcome, facts, self.plan.show.secrets);
            if let (true, Some(LoginEnd::Accepted(accepted))) = (self.plan.show.secrets, &facts.end)
                && let Some(keys) = &accepted.keys
            {
                let _ = writeln!(text, "  MSK 0x{}", crate::codec::hex::encode(&keys.msk[..]));
            }
        }
        let lens = Lens {
            dictionary: &self.plan.dictionary,
            secrets: self.plan.show.secrets,
            octets: false,
        };
        let expected = self.plan.expectations.first().map_or(&[][..], Vec::as_slice);
        let seen = see(outcome, &lens, None, expected);
        text.push_str(&human::result(&seen.exchange, Octets::default()));
        self.output.print(&text);
        self.exit = self.judge(outcome, seen.met);
        if let Some(error) = &seen.error {
            self.output.diagnose(error);
        }
    }

    /// An Accept, and the keys of both sides the same where the method makes some.
    fn judge(&self, outcome: &Outcome, met: bool) -> Exit {
        let makes_keys = self.plan.method.is_some_and(|method| method.makes_keys());
        let wanted = if makes_keys {
            KeyCheck::Match
        } else {
            KeyCheck::None
        };
        let end = outcome.login.as_ref().and_then(|facts| facts.end.as_ref());
        match end {
            Some(LoginEnd::Accepted(accepted)) if met && accepted.key_check == wanted => Exit::Success,
            Some(LoginEnd::Rejected(_)) => Exit::No,
            _ => Exit::Broken,
        }
    }
}

impl Sink for Story<'_> {
    fn event(&mut self, event: &Event<'_>) -> bool {
        if let Event::Finished(outcome) = event {
            self.finished(outcome);
        }
        !self.output.is_closed()
    }
}
