//! One loop for everything that holds packets: frames or text in, packets with their links out, to a sink.

use super::capture::{Capture, CaptureError, Frame, Item, Time};
use super::conversations::Conversations;
use super::eap::Assembly;
use super::hextext::HexPacket;
use super::link::{Link, Linker, Request, Unanswered};
use super::memory::{Memory, digest};
use super::observe::Observed;
use super::packets::{Counts, Packets, Seen, Sighting, Trouble};
use super::secrets::Secrets;
use super::select::Selection;
use super::tls::keylog::KeyLog;
use super::types::Types;
use crate::codec::Code;
use crate::dictionary::Dictionary;
use crate::exchange::{Transport, Version};
use crate::lint;
use crate::net::SocketError;

/// The most Request Authenticators that are remembered, to find those that are used again.
const MAX_AUTHENTICATORS: usize = 16_384;

/// How to look at packets.
pub struct Settings {
    /// Ports that carry RADIUS, beside the registered ones.
    pub ports: Vec<u16>,
    /// The secrets of TLS connections.
    pub keylog: KeyLog,
    /// The secrets that may be right.
    pub secrets: Secrets,
    /// How long a reply is waited for after the last transmission, in nanoseconds.
    pub timeout: u64,
    /// Which packets are wanted.
    pub selection: Selection,
    /// Whether somebody will ask what the standards have against packets.
    pub lint: bool,
}

/// What the loop tells.
pub enum Event<'e, 'a> {
    /// A packet that is wanted.
    Packet(&'e Observed<'a>),
    /// A request that is wanted and has no reply.
    Unanswered(Unanswered),
    /// Something that could not be read.
    Trouble(Trouble),
}

/// Who wants to be told.
pub trait Sink {
    /// Takes the failure of a socket, which ends neither the watch nor the tap.
    fn failed(&mut self, _error: &SocketError) {}

    /// Takes an event; `false` to end early.
    fn event(&mut self, event: &Event<'_, '_>) -> bool;

    /// Nothing more is there for now: whoever gathers output shows it.
    fn pause(&mut self) {}
}

/// Looks at everything that passes.
pub struct Observer<'d> {
    packets: Packets,
    rest: Rest<'d>,
}

/// All but the way from frames to packets, so that both can be used at once.
struct Rest<'d> {
    dictionary: &'d Dictionary,
    secrets: Secrets,
    linker: Linker,
    conversations: Conversations,
    authenticators: Memory<u64, u64>,
    assembly: Assembly,
    selection: Selection,
    lint: bool,
    wanted: u64,
    done: bool,
}

impl<'d> Observer<'d> {
    /// An observer that has seen nothing yet.
    pub fn new(settings: Settings, dictionary: &'d Dictionary) -> Observer<'d> {
        let mut secrets = settings.secrets;
        secrets.add_fixed();
        Observer {
            packets: Packets::new(&settings.ports, settings.keylog),
            rest: Rest {
                dictionary,
                secrets,
                linker: Linker::new(settings.timeout),
                conversations: Conversations::new(),
                authenticators: Memory::new(MAX_AUTHENTICATORS),
                assembly: Assembly::new(),
                selection: settings.selection,
                lint: settings.lint,
                wanted: 0,
                done: false,
            },
        }
    }

    /// Reads a capture to its end, or until the sink has had enough. What the capture is damaged with is given back
    /// after everything before it has been told.
    pub fn read(&mut self, capture: &mut Capture, sink: &mut dyn Sink) -> Result<(), CaptureError> {
        let ended = loop {
            match capture.next_item() {
                Ok(Some(Item::Frame(frame))) => {
                    if !self.frame(&frame, sink) {
                        return Ok(());
                    }
                }
                Ok(Some(Item::TlsSecrets(text))) => self.packets.add_secrets(text),
                Ok(Some(Item::Waiting)) => sink.pause(),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        self.finish(sink);
        ended
    }

    /// Takes a frame; `false` when no more are wanted.
    pub fn frame(&mut self, frame: &Frame<'_>, sink: &mut dyn Sink) -> bool {
        let rest = &mut self.rest;
        self.packets.frame(frame, &mut |seen| rest.seen(seen, sink));
        !rest.done
    }

    /// Takes a packet that was seen by other means than a capture; `false` when no more are wanted.
    pub fn packet(&mut self, sighting: Sighting<'_>, sink: &mut dyn Sink) -> bool {
        self.rest.sighting(sighting, sink);
        !self.rest.done
    }

    /// Time goes on without packets: tells of requests that are given up by now.
    pub fn tick(&mut self, now: Time, sink: &mut dyn Sink) {
        self.rest
            .linker
            .expire(now, &mut |request| tell_unanswered(request, sink));
    }

    /// Takes a packet that was found in a text; `number` counts them from 1. `false` when no more are wanted.
    pub fn text(&mut self, number: u64, packet: &HexPacket, sink: &mut dyn Sink) -> bool {
        let nowhere = || ([0, 0, 0, 0], 0).into();
        let sighting = Sighting {
            number,
            time: Time(0),
            source: packet.envelope.map_or_else(nowhere, |envelope| envelope.source),
            destination: packet
                .envelope
                .map_or_else(nowhere, |envelope| envelope.destination),
            transport: Transport::Udp,
            version: Version::V1_0,
            octets: &packet.octets,
            missing: 0,
            masked: false,
        };
        self.rest.sighting(sighting, sink);
        !self.rest.done
    }

    /// Tells of what was left without a reply: nothing more comes.
    pub fn finish(&mut self, sink: &mut dyn Sink) {
        let rest = &mut self.rest;
        self.packets.finish(&mut |seen| rest.seen(seen, sink));
        if !rest.done {
            rest.linker.finish(&mut |request| tell_unanswered(request, sink));
        }
    }

    /// What was counted on the way from frames to packets.
    pub fn counts(&self) -> Counts {
        self.packets.counts()
    }

    /// How many IP packets could not be put together from their fragments.
    pub fn incomplete(&self) -> u64 {
        self.packets.incomplete()
    }
}

fn tell_unanswered(request: Unanswered, sink: &mut dyn Sink) {
    if request.wanted {
        sink.event(&Event::Unanswered(request));
    }
}

impl Rest<'_> {
    fn seen(&mut self, seen: Seen<'_>, sink: &mut dyn Sink) {
        if self.done {
            return;
        }
        match seen {
            Seen::Packet(sighting) => self.sighting(sighting, sink),
            Seen::Trouble(trouble) => {
                if !self.selection.is_in_time(trouble.time) {
                    return;
                }
                self.done = !sink.event(&Event::Trouble(trouble));
            }
        }
    }

    fn sighting(&mut self, sighting: Sighting<'_>, sink: &mut dyn Sink) {
        if self.selection.is_over(sighting.time) {
            self.done = true;
            return;
        }
        let Rest {
            linker,
            conversations,
            secrets,
            assembly,
            ..
        } = self;
        let mut observed = Observed::new(sighting, self.dictionary);
        let mut request = None;
        if let Ok(packet) = observed.packet {
            let (link, known) = linker.take(&sighting, &packet, &mut |request| {
                tell_unanswered(request, sink);
            });
            observed.link = Some(link);
            let types = Types::of(packet);
            let sealed = sighting.version == Version::V1_0;
            let repeated =
                self.lint && sealed && is_repeated(&mut self.authenticators, &sighting, packet.code());
            join(
                &mut observed,
                &types,
                link,
                known.as_deref(),
                conversations,
                repeated,
            );
            if let Some(known) = known {
                known.conversation = observed.conversation;
                request = Some(known);
            }
            let (forth, fresh) = match link {
                Link::Request { transmission, .. } => (true, transmission == 1),
                Link::Reply { repeat, .. } => (false, repeat == 1),
                Link::Orphan => (false, true),
            };
            observed.eap = assembly.look(&types, observed.conversation, forth, fresh);
            let (client, authenticator) = match link {
                Link::Request { .. } => (sighting.source.ip(), None),
                _ => (
                    sighting.destination.ip(),
                    request.as_deref().and_then(|request| request.authenticator()),
                ),
            };
            // RADIUS/1.1 leaves all that to TLS (RFC 9765 §4).
            if sealed && !sighting.masked {
                observed.judged = secrets.judge(client, sighting.transport, &packet, authenticator);
            }
        }
        let is_reply = matches!(observed.link, Some(Link::Reply { .. }));
        observed.request = request.as_deref().filter(|_| is_reply);
        if !self.selection.wants(&observed) {
            return;
        }
        self.wanted += 1;
        let enough = self.selection.is_enough(self.wanted);
        self.done = !sink.event(&Event::Packet(&observed)) || enough;
        drop(observed);
        if let Some(request) = request {
            request.wanted = true;
        }
    }
}

/// Joins a packet to its conversation, and notes what is wrong among those before it.
fn join(
    observed: &mut Observed<'_>,
    types: &Types<'_>,
    link: Link,
    known: Option<&Request>,
    conversations: &mut Conversations,
    repeated: bool,
) {
    let (source, destination) = (observed.sighting.source.ip(), observed.sighting.destination.ip());
    let mut noted = Vec::new();
    let mut note = |broken: bool, rule| noted.extend(broken.then_some(rule));
    match link {
        Link::Request {
            transmission: 1,
            reuses,
            ..
        } => {
            let joined = conversations.request(observed.sighting.time, source, destination, types);
            observed.conversation = joined.conversation;
            note(reuses, &lint::IDENTIFIER_REUSED);
            note(joined.invented_state, &lint::STATE_INVENTED);
            note(joined.out_of_order, &lint::ACCT_SESSION_ORDER);
            note(joined.class_lost, &lint::CLASS_CHANGED);
            note(repeated, &lint::AUTHENTICATOR_REPEATED);
        }
        Link::Request { .. } => observed.conversation = known.map_or(0, |request| request.conversation),
        Link::Reply { differs, late, .. } => {
            observed.conversation = known.map_or(0, |request| request.conversation);
            conversations.reply(destination, source, types, observed.conversation);
            note(differs, &lint::DUPLICATE_REPLY_DIFFERS);
            note(late, &lint::REPLY_LATE);
        }
        Link::Orphan => observed.conversation = conversations.number(),
    }
    observed.noted = noted;
}

/// Whether the Request Authenticator was used for other octets before (RFC 2865 §3).
fn is_repeated(authenticators: &mut Memory<u64, u64>, sighting: &Sighting<'_>, code: Code) -> bool {
    if !matches!(code, Code::ACCESS_REQUEST | Code::STATUS_SERVER) {
        return false;
    }
    let Some(authenticator) = sighting.octets.get(4..20) else {
        return false;
    };
    let key = digest((), authenticator);
    let whole = digest((), sighting.octets);
    match authenticators.get_mut(&key) {
        Some(known) => *known != whole,
        None => {
            authenticators.put(key, whole);
            false
        }
    }
}
