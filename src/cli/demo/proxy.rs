//! A request through a proxy: four packets, and what the proxy changes on their way.

use super::dedup::{no_reply, request};
use super::{Stage, server_says};
use crate::codec::seal::check_reply;
use crate::codec::{AttributeType, Code, Packet, Secret};
use crate::demo::{RELAY_SECRET, Relay, SECRET, wire};
use crate::dictionary::Dictionary;
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::human::{self, Octets};
use crate::report::output::Output;
use crate::report::view::Lens;
use crate::report::words;

pub const NAME: &str = "proxy";
pub const STORY: &str = "another server answers: new Identifier, authenticator and secret, Proxy-State to and fro (RFC 2865 §2.3)";

const ATTRIBUTES: &str = "User-Name = alice, User-Password = wonderland, Proxy-State = 0x6f75727300";

/// Asks the proxy and shows what passes on both of its sides.
pub fn perform(stage: &Stage<'_>, output: &mut Output) -> Result<Exit, Diagnostic> {
    let dictionary = Dictionary::builtin();
    let (ours, theirs) = (Secret::new(RELAY_SECRET), Secret::new(SECRET));
    let request = request(NAME, ATTRIBUTES, &ours, &dictionary)?;
    let Some(server) = stage.address(Code::ACCESS_REQUEST) else {
        return Ok(Exit::Local);
    };
    let relay = Relay::start(server).map_err(|error| words::start_error(&error))?;
    let Some(address) = relay.address() else {
        return Ok(Exit::Local);
    };
    let reply = match stage.runtime.block_on(wire::ask(address, &request, 1)) {
        Ok(replies) => replies.concat(),
        Err(error) => {
            output.diagnose(&no_reply(&error));
            return Ok(Exit::NoReply);
        }
    };
    let decisions = stage.decided.take();
    let [decision] = decisions.as_slice() else {
        return Ok(Exit::Broken);
    };
    let passed = decision.replies.first().map_or(&[][..], |octets| octets.as_ref());
    let packets = [
        ("client → proxy", request.as_slice(), &ours),
        ("proxy → server", decision.request.as_slice(), &theirs),
        ("server → proxy", passed, &theirs),
        ("proxy → client", reply.as_slice(), &ours),
    ];
    let lens = Lens {
        dictionary: &dictionary,
        secrets: stage.args.show_secrets,
        octets: true,
    };
    let octets = Octets {
        hex: false,
        annotate: stage.args.annotate,
    };
    let mut parsed: Vec<Packet<'_>> = Vec::new();
    for (way, octets_of, secret) in packets {
        let Ok(packet) = Packet::parse(octets_of) else {
            return Ok(Exit::Broken);
        };
        // A reply's hidden attributes hang on the request of its own side.
        let asked = match parsed.as_slice() {
            [_, asked] => Some(asked.authenticator()),
            [asked, _, _] => Some(asked.authenticator()),
            _ => None,
        };
        let view = lens.packet(&packet, Some(secret), asked);
        output.print(&format!("{way}: {}", human::lone_packet(&view, octets)));
        parsed.push(packet);
    }
    output.print(&server_says(&decision.did));
    let [asked, passed_on, answer, told] = parsed.as_slice() else {
        return Ok(Exit::Broken);
    };
    let states = |packet: &Packet<'_>| -> Vec<Vec<u8>> {
        packet
            .all(AttributeType::PROXY_STATE)
            .map(|state| state.value().to_vec())
            .collect()
    };
    let right = told.code() == Code::ACCESS_ACCEPT
        && check_reply(told, asked.authenticator(), &ours).hold()
        && check_reply(answer, passed_on.authenticator(), &theirs).hold()
        && asked.authenticator() != passed_on.authenticator()
        && states(passed_on).len() == 2
        && states(answer) == states(passed_on)
        && states(told) == states(asked);
    Ok(if right { Exit::Success } else { Exit::Broken })
}
