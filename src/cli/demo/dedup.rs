//! The same request twice: decided about once, answered twice with the same octets.

use super::{Stage, draft, server_says};
use crate::attr::{BuildOptions, Placement};
use crate::codec::seal::check_reply;
use crate::codec::{Code, Packet, Secret};
use crate::demo::{SECRET, wire};
use crate::dictionary::Dictionary;
use crate::net::dice::Dice;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::human::{self, Direction};
use crate::report::output::Output;
use crate::report::view::Lens;
use crate::report::words;
use crate::responder::Did;

pub const NAME: &str = "dedup";
pub const STORY: &str =
    "the reply seems lost, the client asks again: one decision, two identical replies (RFC 5080 §2.2.2)";

const ATTRIBUTES: &str = "User-Name = alice, User-Password = wonderland, NAS-IP-Address = 192.168.1.10";

/// Asks twice with the same octets and shows what came.
pub fn perform(stage: &Stage<'_>, output: &mut Output) -> Result<Exit, Diagnostic> {
    let (dictionary, secret) = (Dictionary::builtin(), Secret::new(SECRET));
    let request = request(NAME, ATTRIBUTES, &secret, &dictionary)?;
    let Some(server) = stage.address(Code::ACCESS_REQUEST) else {
        return Ok(Exit::Local);
    };
    let replies = match stage.runtime.block_on(wire::ask(server, &request, 2)) {
        Ok(replies) => replies,
        Err(error) => {
            output.diagnose(&no_reply(&error));
            return Ok(Exit::NoReply);
        }
    };
    let lens = Lens {
        dictionary: &dictionary,
        secrets: stage.args.show_secrets,
        octets: true,
    };
    let (Ok(asked), [first, second]) = (Packet::parse(&request), replies.as_slice()) else {
        return Ok(Exit::Broken);
    };
    let Ok(answer) = Packet::parse(first) else {
        return Ok(Exit::Broken);
    };
    let peer = server.to_string();
    let sent = lens.packet(&asked, Some(&secret), None);
    let received = lens.packet(&answer, Some(&secret), Some(asked.authenticator()));
    output.print(&human::packet(Direction::Sent, &peer, &sent, stage.args.annotate));
    output.print(&human::packet(
        Direction::Received,
        &peer,
        &received,
        stage.args.annotate,
    ));
    output.print(&format!("→ the same {} octets again\n", request.len()));
    let identical = first == second;
    output.print(&match identical {
        true => format!("← the same {} octets again\n", second.len()),
        false => format!("← {} octets, and other ones\n", second.len()),
    });
    let decisions = stage.decided.take();
    for decision in &decisions {
        output.print(&server_says(&decision.did));
    }
    let did: Vec<&Did> = decisions.iter().map(|decision| &decision.did).collect();
    let once = matches!(did.as_slice(), [Did::Replied(..), Did::Resent(_)]);
    let sealed = check_reply(&answer, asked.authenticator(), &secret).hold();
    output.print(&format!(
        "{} for two requests, {}\n",
        match did.iter().filter(|did| matches!(did, Did::Replied(..))).count() {
            1 => "one decision".to_owned(),
            count => format!("{count} decisions"),
        },
        if identical {
            "two byte-identical replies"
        } else {
            "two different replies"
        }
    ));
    Ok(
        match once && identical && sealed && answer.code() == Code::ACCESS_ACCEPT {
            true => Exit::Success,
            false => Exit::Broken,
        },
    )
}

/// An Access-Request of alice's, sealed.
pub(super) fn request(
    name: &str,
    attributes: &str,
    secret: &Secret,
    dictionary: &Dictionary,
) -> Result<Vec<u8>, Diagnostic> {
    let draft = draft(name, attributes, dictionary)?;
    let mut dice = Dice::new();
    let (mut authenticator, mut identifier) = ([0; 16], [0; 1]);
    dice.fill(&mut authenticator);
    dice.fill(&mut identifier);
    let mut salts = || 0x8000;
    let options = BuildOptions {
        message_authenticator: Placement::First,
        ..BuildOptions::default()
    };
    draft
        .build(
            Code::ACCESS_REQUEST,
            identifier[0],
            &authenticator,
            secret,
            &mut salts,
            &options,
        )
        .map_err(|error| words::build_error(&error))
}

/// No reply came, which over loopback means that something is wrong here.
pub(super) fn no_reply(error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("no-reply", Exit::NoReply, format!("no reply came: {error}"))
}
