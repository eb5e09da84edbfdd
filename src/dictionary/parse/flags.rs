//! The type and the flags of a definition.

use super::super::fault::FaultKind;
use super::super::flag::{Encrypt, Flags, LengthPrefix, Precision};
use super::super::key::Key;
use super::super::kind::Type;
use super::super::lex::{Span, number32};
use super::super::suggest::nearest;
use super::{Line, Node, Parser};

/// Every flag that a definition may have.
const FLAGS: &[&str] = &[
    "has_tag",
    "encrypt",
    "array",
    "concat",
    "virtual",
    "secret",
    "internal",
    "clone",
    "counter",
    "enum",
    "flat",
    "key",
    "length",
    "offset",
    "precision",
    "ref",
    "subtype",
    "unsafe",
    "abinary",
    "extended",
    "long_extended",
    "long-extended",
];

/// A type and flags, as far as one line tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape<'t> {
    pub(super) kind: Type,
    /// Fixed octets, or bits of a `bit[n]`; 0 when neither.
    pub(super) length: u16,
    pub(super) flags: Flags,
    pub(super) subtype: Option<Type>,
    /// `auto`: the type is that of what `clone=` or `enum=` names.
    pub(super) auto: bool,
    pub(super) clone: Option<(&'t str, Span)>,
    pub(super) values: Option<(&'t str, Span)>,
    pub(super) reference: Option<(&'t str, Span)>,
    pub(super) chooser: Option<(&'t str, Span)>,
}

impl<'t> Shape<'t> {
    pub(super) fn of(kind: Type) -> Shape<'t> {
        Shape {
            kind,
            length: 0,
            flags: Flags::default(),
            subtype: None,
            auto: false,
            clone: None,
            values: None,
            reference: None,
            chooser: None,
        }
    }
}

impl Parser<'_> {
    /// The type in word `index`, `[n]` included.
    pub(super) fn shape<'t>(&mut self, line: &Line<'t>, index: usize, word: &'t str) -> Option<Shape<'t>> {
        let (name, length) = match word.split_once('[') {
            Some((name, rest)) => (name, Some(rest)),
            None => (word, None),
        };
        let auto = name.eq_ignore_ascii_case("auto");
        let Some(kind) = Type::spelt(name).or(auto.then_some(Type::Octets)) else {
            let near = nearest(name, Type::spellings().iter().map(|(name, _)| *name));
            self.fault(line, index, FaultKind::UnknownType { near });
            return None;
        };
        let mut shape = Shape {
            auto,
            ..Shape::of(kind)
        };
        if let Some(length) = length {
            let most = if kind == Type::Bit {
                64
            } else {
                u32::from(u16::MAX)
            };
            if !matches!(kind, Type::String | Type::Octets | Type::Struct | Type::Bit) {
                self.fault(line, index, FaultKind::LengthNotAllowed(kind));
                return None;
            }
            match length
                .strip_suffix(']')
                .and_then(number32)
                .filter(|length| (1..=most).contains(length))
            {
                Some(length) => shape.length = length as u16,
                None => {
                    self.fault(line, index, FaultKind::BadTypeLength);
                    return None;
                }
            }
        } else if kind == Type::Bit {
            self.fault(line, index, FaultKind::BadTypeLength);
            return None;
        }
        Some(shape)
    }

    /// The flags in word `index`, or the vendor that is named there (Livingston).
    pub(super) fn flags<'t>(
        &mut self,
        line: &Line<'t>,
        index: usize,
        word: &'t str,
        shape: &mut Shape<'t>,
        mut vendor: Option<&mut Option<Node>>,
    ) {
        let mut start = line.words.span(index).start;
        let single = !word.contains([',', '=']);
        for flag in word.split(',') {
            let span = Span {
                start,
                len: flag.len() as u32,
            };
            start += span.len + 1;
            let (name, value) = match flag.split_once('=') {
                Some((name, value)) => {
                    let at = Span {
                        start: span.start + name.len() as u32 + 1,
                        len: value.len() as u32,
                    };
                    (name, Some((value, at)))
                }
                None => (flag, None),
            };
            if let Some(known) = FLAGS.iter().find(|known| known.eq_ignore_ascii_case(name)) {
                self.flag(line, known, value, span, shape);
                continue;
            }
            if single
                && let Some(vendor) = vendor.as_deref_mut()
                && let Some(found) = self.quiet_vendor(flag)
            {
                *vendor = Some(found);
                continue;
            }
            // What other protocols flag means nothing here.
            if self.top_frame().root != Key::ROOT {
                continue;
            }
            let near = nearest(name, FLAGS.iter().copied()).map(str::to_owned);
            let near = near.or_else(|| if single { self.near_vendor(flag) } else { None });
            self.fault_at(line, span, FaultKind::UnknownFlag { near });
        }
    }

    fn flag<'t>(
        &mut self,
        line: &Line<'t>,
        flag: &'static str,
        value: Option<(&'t str, Span)>,
        span: Span,
        shape: &mut Shape<'t>,
    ) {
        let kind = shape.kind;
        let needs_value = matches!(
            flag,
            "encrypt" | "clone" | "enum" | "length" | "offset" | "precision" | "ref" | "subtype"
        );
        if needs_value && value.is_none_or(|(value, _)| value.is_empty()) {
            return self.fault_at(line, span, FaultKind::FlagNeedsValue(flag));
        }
        let allowed = match flag {
            "has_tag" => !kind.is_container(),
            "encrypt" | "concat" | "counter" | "enum" => !kind.is_container(),
            "clone" => shape.auto || matches!(kind, Type::Tlv | Type::Struct | Type::Union),
            "precision" | "subtype" => matches!(kind, Type::Date | Type::TimeDelta),
            "abinary" => matches!(kind, Type::Octets | Type::Abinary),
            "extended" => matches!(kind, Type::Tlv | Type::Extended | Type::LongExtended),
            "long_extended" | "long-extended" => matches!(kind, Type::Tlv | Type::LongExtended),
            "key" if value.is_none() => matches!(kind, Type::Uint8 | Type::Uint16 | Type::Uint32),
            _ => true,
        };
        if !allowed {
            return self.fault_at(line, span, FaultKind::FlagNotAllowed { flag, kind });
        }
        // Flags that only are there; a value other than 1 or yes is none they have.
        let text = value.map_or("", |(value, _)| value);
        let plain = matches!(text, "" | "1") || text.eq_ignore_ascii_case("yes");
        let flags = &mut shape.flags;
        let good = match flag {
            "has_tag" => plain && set(&mut flags.has_tag),
            "array" => plain && set(&mut flags.array),
            "concat" => plain && set(&mut flags.concat),
            "virtual" => plain && set(&mut flags.computed),
            "secret" => plain && set(&mut flags.secret),
            "internal" => plain && set(&mut flags.internal),
            "counter" => plain && set(&mut flags.counter),
            "flat" => plain && set(&mut flags.flat),
            "unsafe" => plain && set(&mut flags.unchecked),
            "key" => match value {
                None => set(&mut flags.key),
                Some(value) => put(&mut shape.chooser, Some(value)),
            },
            "encrypt" => put(&mut flags.encrypt, Encrypt::spelt(text)),
            "length" => {
                let prefix = match text.to_ascii_lowercase().as_str() {
                    "uint8" => Some(LengthPrefix::Uint8),
                    "uint16" => Some(LengthPrefix::Uint16),
                    _ => None,
                };
                put(&mut flags.length, prefix)
            }
            "offset" => match number32(text).and_then(|offset| u8::try_from(offset).ok()) {
                Some(offset) => {
                    flags.offset = offset;
                    true
                }
                None => false,
            },
            "precision" => match Precision::spelt(text) {
                Some(unit) => {
                    flags.precision = unit;
                    true
                }
                None => false,
            },
            "subtype" => {
                let number = Type::spelt(text).filter(|kind| {
                    let sized = kind.octets().is_some_and(|octets| matches!(octets, 2 | 4 | 8));
                    let number =
                        kind.is_signed() || matches!(kind, Type::Uint16 | Type::Uint32 | Type::Uint64);
                    sized && number
                });
                put(&mut shape.subtype, number)
            }
            "clone" => put(&mut shape.clone, value),
            "enum" => put(&mut shape.values, value),
            "ref" => put(&mut shape.reference, value),
            "abinary" => change(&mut shape.kind, Type::Abinary),
            "extended" => kind == Type::LongExtended || change(&mut shape.kind, Type::Extended),
            "long_extended" | "long-extended" => change(&mut shape.kind, Type::LongExtended),
            _ => true,
        };
        if !good {
            let at = value.map_or(span, |(_, at)| at);
            self.fault_at(line, at, FaultKind::BadFlagValue(flag));
        }
    }
}

fn set(flag: &mut bool) -> bool {
    *flag = true;
    true
}

fn put<T>(flag: &mut Option<T>, value: Option<T>) -> bool {
    let good = value.is_some();
    *flag = value;
    good
}

fn change(kind: &mut Type, to: Type) -> bool {
    *kind = to;
    true
}
