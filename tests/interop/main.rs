//! Interoperability: this crate and real RADIUS software, against each other.
//!
//! Each module holds the tests of a topic and gives them as `trials()`; a test names the programs it needs. Where one
//! is not installed the test is ignored, with the reason in its line, and the end says how many were left out:
//! libtest cannot do that at run time, so this binary has a harness of its own (libtest-mimic, same options and
//! output). With `RADIUS_REQUIRE_PEERS=1`, as `tests/run` has it, a missing program is a failure.

#[path = "../peer/mod.rs"]
mod peer;

/// The tests of a module: `trials![name needs [Tool, …], …]`, names being functions that panic on failure.
macro_rules! trials {
    ($($name:ident needs [$($tool:ident),* $(,)?]),* $(,)?) => {
        vec![$($crate::trial(module_path!(), stringify!($name), &[$($crate::peer::Tool::$tool),*], $name)),*]
    };
}

mod certificates;
mod client;
mod eap;
mod harness;
mod hostile;
mod keylog;
mod names;
mod radsec;
mod reverse;
mod serve;
mod serve_eap;
mod serve_radsec;
mod serving;
mod trace;

use std::collections::BTreeSet;
use std::panic;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use peer::Tool;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = [
        harness::trials(),
        certificates::trials(),
        client::trials(),
        eap::trials(),
        names::trials(),
        radsec::trials(),
        hostile::trials(),
        reverse::trials(),
        serve::trials(),
        serving::trials(),
        serve_eap::trials(),
        serve_radsec::trials(),
        trace::trials(),
        keylog::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    say_what_was_left_out();
    conclusion.exit_code()
}

/// The tools whose absence left tests out, one entry a test.
static LEFT_OUT: Mutex<Vec<Vec<Tool>>> = Mutex::new(Vec::new());

/// A test that is ignored where one of `needs` is not installed.
fn trial(module: &str, name: &str, needs: &'static [Tool], test: fn()) -> Trial {
    let topic = module.rsplit("::").next().unwrap_or(module);
    Trial::ignorable_test(format!("{topic}::{name}"), move || {
        let missing = peer::missing(needs);
        if missing.is_empty() {
            return panic::catch_unwind(test)
                .map(|()| Completion::Completed)
                .map_err(|payload| failure(&*payload));
        }
        let reason = peer::not_installed(&missing);
        if peer::must_fail(&missing) {
            return Err(Failed::from(format!(
                "{reason}; RADIUS_REQUIRE_PEERS forbids to leave the test out"
            )));
        }
        LEFT_OUT
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(missing);
        Ok(Completion::ignored_with(reason))
    })
}

/// A panic's words, and what the peers running now have logged last.
fn failure(payload: &(dyn std::any::Any + Send)) -> Failed {
    let words = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words");
    Failed::from(format!("{words}\n{}", peer::kept_logs()))
}

#[expect(clippy::print_stderr, reason = "the end of a test run is for people")]
fn say_what_was_left_out() {
    let left_out = LEFT_OUT.lock().unwrap_or_else(PoisonError::into_inner);
    if left_out.is_empty() {
        return;
    }
    let tools: BTreeSet<Tool> = left_out.iter().flatten().copied().collect();
    let tools: Vec<Tool> = tools.into_iter().collect();
    let tests = if left_out.len() == 1 {
        "test was"
    } else {
        "tests were"
    };
    // Under `tests/run` only what it could not install is missing, and it has said why.
    let remedy = if peer::required() {
        ""
    } else {
        " `tests/run` installs what is missing and runs all of them."
    };
    eprintln!(
        "interop: {} {tests} left out ({}).{remedy}\n",
        left_out.len(),
        peer::not_installed(&tools)
    );
}
