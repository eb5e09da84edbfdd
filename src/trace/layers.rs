//! What carries RADIUS in a captured frame: link layer, IP and UDP headers, read in place.
//!
//! Knows no RADIUS and keeps no state: fragments and segments are handed on as such. A frame that the capture cut
//! is read as far as it goes, and how much is missing is said.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::codec::{Reader, Short};

/// How a capture's frames begin (the registry at tcpdump.org, "link-layer header types").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkType(pub u32);

#[allow(missing_docs)] // The registry's names.
impl LinkType {
    pub const NULL: LinkType = LinkType(0);
    pub const ETHERNET: LinkType = LinkType(1);
    pub const RAW_BSD: LinkType = LinkType(12);
    pub const RAW_OPENBSD: LinkType = LinkType(14);
    pub const RAW: LinkType = LinkType(101);
    pub const LOOP: LinkType = LinkType(108);
    pub const LINUX_SLL: LinkType = LinkType(113);
    pub const IPV4: LinkType = LinkType(228);
    pub const IPV6: LinkType = LinkType(229);
    pub const LINUX_SLL2: LinkType = LinkType(276);

    /// Whether frames of this type can be read.
    pub fn is_known(self) -> bool {
        matches!(
            self,
            LinkType::NULL
                | LinkType::ETHERNET
                | LinkType::RAW_BSD
                | LinkType::RAW_OPENBSD
                | LinkType::RAW
                | LinkType::LOOP
                | LinkType::LINUX_SLL
                | LinkType::IPV4
                | LinkType::IPV6
                | LinkType::LINUX_SLL2
        )
    }
}

/// IP's number for TCP.
pub const TCP: u8 = 6;
/// IP's number for UDP.
pub const UDP: u8 = 17;

/// One IP packet, or one fragment of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpPacket<'a> {
    /// Where it comes from.
    pub source: IpAddr,
    /// Where it goes.
    pub destination: IpAddr,
    /// What it carries: [`UDP`], [`TCP`] or another number.
    pub protocol: u8,
    /// Set where this is not the whole packet.
    pub fragment: Option<Fragment>,
    /// What it carries, as far as it was captured.
    pub payload: &'a [u8],
    /// How many octets of the payload the capture cut off.
    pub missing: usize,
}

/// Which part of an IP packet this is (RFC 791 §3.1, RFC 8200 §4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The same in all fragments of one packet.
    pub identification: u32,
    /// Where it belongs in the payload, in octets.
    pub offset: usize,
    /// Whether others follow.
    pub more: bool,
}

/// One UDP datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Datagram<'a> {
    /// The port it comes from.
    pub source: u16,
    /// The port it goes to.
    pub destination: u16,
    /// What it carries, as far as it was captured.
    pub payload: &'a [u8],
    /// How many octets of the payload the capture cut off.
    pub missing: usize,
}

/// Why a frame is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// A link type that this program does not know.
    LinkType(LinkType),
    /// It carries something else than IP: the EtherType, or BSD's address family.
    NotIp(u16),
    /// It ends inside a header.
    Cut(Layer),
    /// A header contradicts itself.
    Bad(Layer),
}

/// A layer of headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // Their names say it.
pub enum Layer {
    Link,
    Ipv4,
    Ipv6,
    Udp,
    Tcp,
}

/// The IP packet in a frame.
pub fn network(link: LinkType, frame: &[u8]) -> Result<IpPacket<'_>, Unread> {
    let mut reader = Reader::new(frame, 0);
    let ethertype = match link {
        LinkType::ETHERNET => skip_then_u16(&mut reader, 12),
        LinkType::LINUX_SLL => skip_then_u16(&mut reader, 14),
        LinkType::LINUX_SLL2 => reader
            .u16()
            .and_then(|ethertype| reader.take(18).map(|_| ethertype)),
        // Four octets of address family, in the byte order of whoever captured; the IP header itself says more.
        LinkType::NULL | LinkType::LOOP => {
            reader.take(4).map_err(|_| Unread::Cut(Layer::Link))?;
            return ip(reader.rest());
        }
        link if link.is_known() => return ip(frame),
        link => return Err(Unread::LinkType(link)),
    };
    let ethertype = ethertype.map_err(|_| Unread::Cut(Layer::Link))?;
    behind_tags(ethertype, reader)
}

fn skip_then_u16(reader: &mut Reader<'_>, skip: usize) -> Result<u16, Short> {
    reader.take(skip)?;
    reader.u16()
}

/// Steps over VLAN tags (802.1Q, 802.1ad and the older number for stacked ones), and over PPPoE.
fn behind_tags(mut ethertype: u16, mut reader: Reader<'_>) -> Result<IpPacket<'_>, Unread> {
    loop {
        ethertype = match ethertype {
            0x0800 | 0x86dd => return ip(reader.rest()),
            0x8100 | 0x88a8 | 0x9100 => {
                skip_then_u16(&mut reader, 2).map_err(|_| Unread::Cut(Layer::Link))?
            }
            0x8864 => match skip_then_u16(&mut reader, 6).map_err(|_| Unread::Cut(Layer::Link))? {
                0x0021 | 0x0057 => return ip(reader.rest()),
                other => return Err(Unread::NotIp(other)),
            },
            other => return Err(Unread::NotIp(other)),
        };
    }
}

/// The IP packet that begins with these octets; its version says which.
pub fn ip(octets: &[u8]) -> Result<IpPacket<'_>, Unread> {
    match octets.first().map(|first| first >> 4) {
        Some(4) => ipv4(octets),
        Some(6) => ipv6(octets),
        Some(_) => Err(Unread::Bad(Layer::Link)),
        None => Err(Unread::Cut(Layer::Link)),
    }
}

fn ipv4(octets: &[u8]) -> Result<IpPacket<'_>, Unread> {
    let header: &[u8; 20] = octets.first_chunk().ok_or(Unread::Cut(Layer::Ipv4))?;
    let [
        first,
        _,
        l0,
        l1,
        i0,
        i1,
        f0,
        f1,
        _,
        protocol,
        _,
        _,
        s @ ..,
        d0,
        d1,
        d2,
        d3,
    ] = *header;
    let header_length = usize::from(first & 15) * 4;
    let total = match usize::from(u16::from_be_bytes([l0, l1])) {
        // Left to the network card to fill in (segmentation offload): the frame is the packet.
        0 => octets.len(),
        total => total,
    };
    if header_length < 20 || total < header_length {
        return Err(Unread::Bad(Layer::Ipv4));
    }
    let (payload, missing) = part(octets, header_length, total).ok_or(Unread::Cut(Layer::Ipv4))?;
    let flags = u16::from_be_bytes([f0, f1]);
    let (more, offset) = (flags & 0x2000 != 0, usize::from(flags & 0x1fff) * 8);
    let identification = u32::from(u16::from_be_bytes([i0, i1]));
    Ok(IpPacket {
        source: Ipv4Addr::from(s).into(),
        destination: Ipv4Addr::new(d0, d1, d2, d3).into(),
        protocol,
        fragment: (more || offset > 0).then_some(Fragment {
            identification,
            offset,
            more,
        }),
        payload,
        missing,
    })
}

fn ipv6(octets: &[u8]) -> Result<IpPacket<'_>, Unread> {
    const CUT: Unread = Unread::Cut(Layer::Ipv6);
    let mut header = Reader::new(octets, 0);
    let cut = |_: Short| CUT;
    header.take(4).map_err(cut)?;
    let length = usize::from(header.u16().map_err(cut)?);
    let mut next = header.u8().map_err(cut)?;
    header.u8().map_err(cut)?;
    let source: &[u8; 16] = header.take_array().map_err(cut)?;
    let destination: &[u8; 16] = header.take_array().map_err(cut)?;
    let total = match length {
        0 => octets.len(),
        length => 40 + length,
    };
    let mut at = 40;
    let mut fragment = None;
    // Extension headers (RFC 8200 §4): each names the next and, but for the fragment header, its own length.
    loop {
        let extension = octets.get(at..);
        let pair = || extension.and_then(|octets| octets.first_chunk::<8>()).ok_or(CUT);
        match next {
            0 | 43 | 60 | 135 => {
                let [following, length, ..] = *pair()?;
                (next, at) = (following, at + (usize::from(length) + 1) * 8);
            }
            51 => {
                let [following, length, ..] = *pair()?;
                (next, at) = (following, at + (usize::from(length) + 2) * 4);
            }
            44 if fragment.is_none() => {
                let [following, _, o0, o1, identification @ ..] = *pair()?;
                let place = u16::from_be_bytes([o0, o1]);
                fragment = Some(Fragment {
                    identification: u32::from_be_bytes(identification),
                    offset: usize::from(place & 0xfff8),
                    more: place & 1 != 0,
                });
                (next, at) = (following, at + 8);
                if place & 0xfff8 != 0 {
                    break;
                }
            }
            _ => break,
        }
    }
    if total < at {
        return Err(Unread::Bad(Layer::Ipv6));
    }
    let (payload, missing) = part(octets, at, total).ok_or(CUT)?;
    Ok(IpPacket {
        source: Ipv6Addr::from(*source).into(),
        destination: Ipv6Addr::from(*destination).into(),
        protocol: next,
        // A fragment header may stand before a whole packet (RFC 6946).
        fragment: fragment.filter(|fragment| fragment.more || fragment.offset > 0),
        payload,
        missing,
    })
}

/// The octets from `start` to `end`, as far as they are there, and how many are not.
fn part(octets: &[u8], start: usize, end: usize) -> Option<(&[u8], usize)> {
    let there = end.min(octets.len());
    octets
        .get(start..there.max(start))
        .map(|part| (part, end.saturating_sub(there.max(start))))
}

/// The UDP datagram in the payload of a whole IP packet, of which `missing` octets were cut off.
pub fn udp(payload: &[u8], missing: usize) -> Result<Datagram<'_>, Unread> {
    let [s0, s1, d0, d1, l0, l1, _, _] = *payload.first_chunk().ok_or(Unread::Cut(Layer::Udp))?;
    let length = match usize::from(u16::from_be_bytes([l0, l1])) {
        0 => payload.len() + missing,
        length => length,
    };
    if length < 8 || length > payload.len() + missing {
        return Err(Unread::Bad(Layer::Udp));
    }
    let (payload, missing) = part(payload, 8, length).ok_or(Unread::Cut(Layer::Udp))?;
    Ok(Datagram {
        source: u16::from_be_bytes([s0, s1]),
        destination: u16::from_be_bytes([d0, d1]),
        payload,
        missing,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::hex;
    use proptest::prelude::*;

    /// 10.0.0.1:1645 to 10.0.0.2:1812, carrying `abcd`.
    const IPV4_FRAME: &str = "4500002000010000401100000a0000010a000002066d0714000c000061626364";

    fn read(link: LinkType, text: &str) -> Result<IpAddr, Unread> {
        let octets = hex::decode(text).unwrap();
        let packet = network(link, &octets)?;
        let datagram = udp(packet.payload, packet.missing)?;
        assert_eq!((datagram.source, datagram.destination), (1645, 1812));
        assert_eq!((datagram.payload, datagram.missing), (&b"abcd"[..], 0));
        Ok(packet.source)
    }

    #[test]
    fn every_link_layer_leads_to_the_datagram() {
        let wanted = Ok(IpAddr::from([10, 0, 0, 1]));
        let mac = "00".repeat(12);
        let sll = "00".repeat(14);
        let sll2 = "00".repeat(18);
        for (link, text) in [
            (LinkType::RAW, IPV4_FRAME.to_owned()),
            (LinkType::IPV4, format!("{IPV4_FRAME}00000000")),
            (LinkType::ETHERNET, format!("{mac}0800{IPV4_FRAME}")),
            (LinkType::ETHERNET, format!("{mac}810000050800{IPV4_FRAME}0000")),
            (
                LinkType::ETHERNET,
                format!("{mac}88a80005810000060800{IPV4_FRAME}"),
            ),
            (
                LinkType::ETHERNET,
                format!("{mac}886411000001002200 21{IPV4_FRAME}").replace(' ', ""),
            ),
            (LinkType::LINUX_SLL, format!("{sll}0800{IPV4_FRAME}")),
            (LinkType::LINUX_SLL2, format!("0800{sll2}{IPV4_FRAME}")),
            (LinkType::NULL, format!("02000000{IPV4_FRAME}")),
            (LinkType::LOOP, format!("00000002{IPV4_FRAME}")),
        ] {
            assert_eq!(read(link, &text), wanted, "{link:?}");
        }
        assert_eq!(
            read(LinkType(147), IPV4_FRAME),
            Err(Unread::LinkType(LinkType(147)))
        );
        assert_eq!(
            read(LinkType::ETHERNET, &format!("{mac}0806{IPV4_FRAME}")),
            Err(Unread::NotIp(0x0806))
        );
    }

    #[test]
    fn ipv6_extension_headers_are_stepped_over_and_fragments_named() {
        let addresses = format!("{}01{}02", "00".repeat(15), "00".repeat(15));
        let udp = "066d0714000c000061626364";
        // Hop-by-hop, then destination options, then UDP.
        let whole = format!("60000000001c0040{addresses}3c000000000000001100000000000000{udp}");
        assert_eq!(read(LinkType::IPV6, &whole), Ok("::1".parse::<IpAddr>().unwrap()));
        let fragment = hex::decode(&format!(
            "60000000000c2c40{addresses}1100000100000007{}",
            "61626364"
        ))
        .unwrap();
        let packet = ip(&fragment).unwrap();
        assert_eq!(
            packet.fragment,
            Some(Fragment {
                identification: 7,
                offset: 0,
                more: true
            })
        );
        // A fragment header that says "the whole" is no fragment.
        let atomic = format!("6000000000142c40{addresses}1100000000000007{udp}");
        assert!(ip(&hex::decode(&atomic).unwrap()).unwrap().fragment.is_none());
    }

    #[test]
    fn a_cut_frame_says_how_much_is_missing() {
        let octets = hex::decode(IPV4_FRAME).unwrap();
        let packet = ip(&octets[..30]).unwrap();
        let datagram = udp(packet.payload, packet.missing).unwrap();
        assert_eq!((datagram.payload, datagram.missing), (&b"ab"[..], 2));
        assert_eq!(ip(&octets[..19]), Err(Unread::Cut(Layer::Ipv4)));
        let packet = ip(&octets[..27]).unwrap();
        assert_eq!(udp(packet.payload, packet.missing), Err(Unread::Cut(Layer::Udp)));
    }

    proptest! {
        #[test]
        fn no_octets_make_it_panic(link in 0u32..300, octets in prop::collection::vec(any::<u8>(), 0..120)) {
            for link in [LinkType(link), LinkType::ETHERNET, LinkType::RAW, LinkType::LINUX_SLL2] {
                if let Ok(packet) = network(link, &octets) {
                    let _ = udp(packet.payload, packet.missing);
                }
            }
        }

        #[test]
        fn no_ipv6_header_makes_it_panic(octets in prop::collection::vec(any::<u8>(), 40..120), next in prop::sample::select(vec![0u8, 43, 44, 51, 60])) {
            let mut octets = octets;
            octets[0] = 0x60;
            octets[6] = next;
            let _ = ip(&octets);
        }
    }
}
