//! A tap between clients and a server, until Ctrl-C.

use std::str::FromStr;

use super::Args;
use super::printer::Printer;
use crate::cli::run;
use crate::cli::serve::listen::{self, Wanted};
use crate::dictionary::Dictionary;
use crate::net::{self, Family, Peer};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::output::Output;
use crate::report::words;
use crate::trace::driver::Observer;
use crate::trace::secrets::Secrets;
use crate::trace::tap::{Stand, Tap};

/// Relays between clients and a server and prints what passes.
pub(super) fn run(
    args: &Args,
    dictionary: &Dictionary,
    secrets: Secrets,
    wanted: &[Wanted],
    forward: &str,
    output: &mut Output,
) -> Result<Exit, Diagnostic> {
    let server = Peer::from_str(forward).map_err(|error| words::peer_error(forward, &error))?;
    let mut observer = Observer::new(args.settings(secrets, dictionary)?, dictionary);
    let runtime = run::runtime()?;
    let opened = runtime.block_on(async {
        let mut stands = Vec::new();
        for wanted in wanted.iter().filter(|wanted| !wanted.optional) {
            let address = wanted.listen.address;
            let servers = net::resolve(&server, address.port(), Family::Any)
                .await
                .map_err(|error| words::resolve_error(&error))?;
            stands.extend(servers.first().map(|server_address| Stand {
                listen: wanted.listen.transport,
                address,
                forward: server.transport,
                server: *server_address,
            }));
        }
        Tap::open(&stands)
            .await
            .map_err(|error| words::socket_error(&error))
    });
    let tap = opened?;
    for stand in tap.stands() {
        output.remark(&format!(
            "{}://{} → {}://{}; Ctrl-C ends it\n",
            stand.listen, stand.address, stand.forward, stand.server
        ));
    }
    let mut failures: Vec<Diagnostic> = Vec::new();
    let mut printer = Printer::new(args, dictionary, output)?;
    runtime.block_on(tap.run(
        &mut observer,
        &mut printer,
        &mut |error| {
            // The last ones are enough to know why.
            failures.truncate(MOST_FAILURES - 1);
            failures.insert(0, words::socket_error(error));
        },
        run::interrupted(),
    ));
    let (exit, _) = printer.finish(&observer.counts())?;
    for failure in failures.iter().rev() {
        output.diagnose(failure);
    }
    Ok(exit)
}

/// How many failures of sockets are told.
const MOST_FAILURES: usize = 5;

/// Where to listen, as `serve` reads it.
pub(super) fn listeners(text: &str) -> Result<Listeners, String> {
    listen::parse(text).map(Listeners)
}

/// Listeners of one argument.
#[derive(Clone, Debug)]
pub(super) struct Listeners(pub Vec<Wanted>);
