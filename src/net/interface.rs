//! Frames as they pass an interface: Linux's packet socket, without libpcap. Knows no RADIUS; the kernel is asked for
//! UDP, and for TCP on some ports.

use std::io::IoSliceMut;
use std::os::fd::AsRawFd;
use std::time::{Duration, UNIX_EPOCH};

use nix::cmsg_space;
use nix::errno::Errno;
use nix::libc;
use nix::net::if_::{if_nameindex, if_nametoindex};
use nix::sys::socket::{ControlMessageOwned, LinkAddr, MsgFlags, recvmsg, setsockopt, sockopt};
use nix::sys::time::TimeSpec;
use socket2::{Domain, Protocol, SockFilter, Socket, Type};

use super::{Call, SocketError};

/// Octets kept of one frame: what an IP packet can have.
const ROOM: usize = 65_535;
/// The kernel's buffer for frames that wait, in octets.
const BACKLOG: usize = 8 << 20;
/// How long a packet is waited for, at most.
const PATIENCE: Duration = Duration::from_millis(200);

/// A socket that sees the IP packets of an interface, or of all.
#[derive(Debug)]
pub struct Interface {
    socket: Socket,
    index: Option<u32>,
    buffer: Vec<u8>,
    control: Vec<u8>,
    dropped: u32,
}

/// A packet from its IP header on, and when it passed.
#[derive(Clone, Copy, Debug)]
pub struct Passed<'a> {
    /// Since 1970, in UTC.
    pub since_epoch: Duration,
    /// The octets, as far as they were kept.
    pub octets: &'a [u8],
    /// How many there were.
    pub length: usize,
}

/// There is no interface of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoInterface {
    /// The interfaces that there are.
    pub known: Vec<String>,
}

/// Why an interface cannot be watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchError {
    /// There is none of this name.
    NoInterface(NoInterface),
    /// The system refuses.
    Socket(SocketError),
}

impl From<SocketError> for WatchError {
    fn from(error: SocketError) -> WatchError {
        WatchError::Socket(error)
    }
}

impl Interface {
    /// Watches the interface of this name, or all of them for `any`. TCP is seen on these ports.
    pub fn open(name: &str, ports: &[u16]) -> Result<Interface, WatchError> {
        let index = match name {
            "any" => None,
            name => Some(
                if_nametoindex(name).map_err(|_| WatchError::NoInterface(NoInterface { known: names() }))?,
            ),
        };
        // Cooked: frames come without their link header, whatever the link is.
        let every_protocol = i32::from((libc::ETH_P_ALL as u16).to_be());
        let failed = |error: std::io::Error| SocketError::new(Call::Open, None, &error);
        let socket =
            Socket::new(Domain::PACKET, Type::DGRAM, Some(Protocol::from(every_protocol))).map_err(failed)?;
        socket.attach_filter(&program(index, ports)).map_err(failed)?;
        // A smaller buffer than asked for is no error.
        let _ = socket.set_recv_buffer_size(BACKLOG);
        socket.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
        let option = |result: nix::Result<()>| result.map_err(|errno| failed(errno.into()));
        option(setsockopt(&socket, sockopt::ReceiveTimestampns, &true))?;
        option(setsockopt(&socket, sockopt::RxqOvfl, &1))?;
        Ok(Interface {
            socket,
            index,
            buffer: vec![0; ROOM],
            control: cmsg_space!(TimeSpec, u32),
            dropped: 0,
        })
    }

    /// The next packet, if one is there, or if `wait` comes in a while.
    pub fn receive(&mut self, wait: bool) -> Result<Option<Passed<'_>>, SocketError> {
        loop {
            match self.take(wait)? {
                // Came before the filter was there.
                Some((_, _, index)) if self.index.is_some_and(|wanted| wanted != index) => {}
                Some((since_epoch, length, _)) => {
                    return Ok(Some(Passed {
                        since_epoch,
                        octets: self.buffer.get(..length.min(ROOM)).unwrap_or(&[]),
                        length,
                    }));
                }
                None => return Ok(None),
            }
        }
    }

    /// Reads a packet into the buffer: when it passed, its length, and its interface.
    fn take(&mut self, wait: bool) -> Result<Option<(Duration, usize, u32)>, SocketError> {
        let mut slices = [IoSliceMut::new(&mut self.buffer)];
        let descriptor = self.socket.as_raw_fd();
        // With MSG_TRUNC the length is the packet's, whatever fits.
        let mut flags = MsgFlags::MSG_TRUNC;
        flags.set(MsgFlags::MSG_DONTWAIT, !wait);
        let received = match recvmsg::<LinkAddr>(descriptor, &mut slices, Some(&mut self.control), flags) {
            Ok(received) => received,
            Err(Errno::EAGAIN | Errno::EINTR) => return Ok(None),
            Err(errno) => return Err(SocketError::new(Call::Receive, None, &errno.into())),
        };
        let mut since_epoch = None;
        for message in received.cmsgs().into_iter().flatten() {
            match message {
                ControlMessageOwned::ScmTimestampns(time) => since_epoch = Some(Duration::from(time)),
                ControlMessageOwned::RxqOvfl(dropped) => self.dropped = dropped,
                _ => {}
            }
        }
        let length = received.bytes;
        let now = || UNIX_EPOCH.elapsed().unwrap_or_default();
        let index = received
            .address
            .and_then(|address| u32::try_from(address.ifindex()).ok());
        Ok(Some((
            since_epoch.unwrap_or_else(now),
            length,
            index.unwrap_or(0),
        )))
    }

    /// How many packets the kernel had no room for.
    pub fn dropped(&self) -> u32 {
        self.dropped
    }
}

/// The names of all interfaces.
fn names() -> Vec<String> {
    let Ok(interfaces) = if_nameindex() else {
        return Vec::new();
    };
    interfaces
        .into_iter()
        .map(|interface| interface.name().to_string_lossy().into_owned())
        .collect()
}

// The few instructions of the classic packet filter that are needed here (linux/filter.h).
const LOAD_WORD: u16 = 0x20;
const LOAD_HALF: u16 = 0x28;
const LOAD_OCTET: u16 = 0x30;
const LOAD_HALF_INDEXED: u16 = 0x48;
const HEADER_LENGTH_TO_INDEX: u16 = 0xb1;
const JUMP_EQUAL: u16 = 0x15;
const JUMP_ANY_BIT: u16 = 0x45;
const RIGHT_SHIFT: u16 = 0x74;
const RETURN: u16 = 0x06;
/// Where the kernel's own facts about a frame are (`SKF_AD_OFF`).
const ANCILLARY: u32 = 0xffff_f000;
const PACKET_TYPE: u32 = ANCILLARY + 4;
const INTERFACE_INDEX: u32 = ANCILLARY + 8;
const HARDWARE_TYPE: u32 = ANCILLARY + 28;
const LOOPBACK: u32 = 772;
const OUTGOING: u32 = 4;
const TAKE: u32 = 0x4_0000;

/// An instruction, and where it jumps to by name.
enum Line {
    Do(u16, u32),
    /// Goes on below if it holds.
    If(u16, u32, Target),
    /// Jumps if it holds.
    Jump(u16, u32, Target),
    Here(Target),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Take,
    Leave,
    NotLoopback,
    Version6,
}

/// The filter: of this interface, not the outgoing half of loopback, UDP, fragments, and TCP on these ports.
fn program(index: Option<u32>, ports: &[u16]) -> Vec<SockFilter> {
    use Line::{Do, Here, If, Jump};
    let mut lines = Vec::new();
    if let Some(index) = index {
        lines.extend([
            Do(LOAD_WORD, INTERFACE_INDEX),
            If(JUMP_EQUAL, index, Target::Leave),
        ]);
    }
    // Loopback shows every packet twice, going out and coming in.
    lines.extend([
        Do(LOAD_HALF, HARDWARE_TYPE),
        If(JUMP_EQUAL, LOOPBACK, Target::NotLoopback),
        Do(LOAD_HALF, PACKET_TYPE),
        Jump(JUMP_EQUAL, OUTGOING, Target::Leave),
        Here(Target::NotLoopback),
        Do(LOAD_OCTET, 0),
        Do(RIGHT_SHIFT, 4),
        Jump(JUMP_EQUAL, 6, Target::Version6),
        If(JUMP_EQUAL, 4, Target::Leave),
        Do(LOAD_OCTET, 9),
        Jump(JUMP_EQUAL, 17, Target::Take),
        If(JUMP_EQUAL, 6, Target::Leave),
        Do(LOAD_HALF, 6),
        Jump(JUMP_ANY_BIT, 0x1fff, Target::Leave),
        Do(HEADER_LENGTH_TO_INDEX, 0),
    ]);
    for offset in [0, 2] {
        lines.push(Do(LOAD_HALF_INDEXED, offset));
        lines.extend(
            ports
                .iter()
                .map(|port| Jump(JUMP_EQUAL, u32::from(*port), Target::Take)),
        );
    }
    lines.extend([
        Do(RETURN, 0),
        Here(Target::Version6),
        Do(LOAD_OCTET, 6),
        // UDP, a fragment, extension headers before something.
        Jump(JUMP_EQUAL, 17, Target::Take),
        Jump(JUMP_EQUAL, 44, Target::Take),
        Jump(JUMP_EQUAL, 0, Target::Take),
        Jump(JUMP_EQUAL, 60, Target::Take),
        If(JUMP_EQUAL, 6, Target::Leave),
        Do(LOAD_HALF, 40),
    ]);
    lines.extend(
        ports
            .iter()
            .map(|port| Jump(JUMP_EQUAL, u32::from(*port), Target::Take)),
    );
    lines.push(Do(LOAD_HALF, 42));
    lines.extend(
        ports
            .iter()
            .map(|port| Jump(JUMP_EQUAL, u32::from(*port), Target::Take)),
    );
    lines.extend([
        Here(Target::Leave),
        Do(RETURN, 0),
        Here(Target::Take),
        Do(RETURN, TAKE),
    ]);
    assemble(&lines)
}

/// Instructions with the distances of their jumps.
fn assemble(lines: &[Line]) -> Vec<SockFilter> {
    let place = |target: Target| {
        let mut at = 0;
        for line in lines {
            match line {
                Line::Here(here) if *here == target => return at,
                Line::Here(_) => {}
                _ => at += 1,
            }
        }
        at
    };
    let mut filters: Vec<SockFilter> = Vec::new();
    for line in lines {
        // A jump counts from the instruction behind it; no program here is longer than it can reach.
        let distance = |target| u8::try_from(place(target) - filters.len() - 1).unwrap_or(u8::MAX);
        let filter = match *line {
            Line::Here(_) => continue,
            Line::Do(code, value) => SockFilter::new(code, 0, 0, value),
            Line::If(code, value, or) => SockFilter::new(code, 0, distance(or), value),
            Line::Jump(code, value, to) => SockFilter::new(code, distance(to), 0, value),
        };
        filters.push(filter);
    }
    filters
}
