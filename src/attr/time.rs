//! Dates and spans of time as text, both ways. A date without a zone is in UTC: nothing here asks this machine for
//! its own.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use crate::dictionary::Precision;

const NANOSECONDS: i128 = 1_000_000_000;
/// Every unit with its suffix and its length in nanoseconds.
const UNITS: &[(Precision, &str, i128)] = &[
    (Precision::Seconds, "s", NANOSECONDS),
    (Precision::Deciseconds, "ds", NANOSECONDS / 10),
    (Precision::Centiseconds, "cs", NANOSECONDS / 100),
    (Precision::Milliseconds, "ms", NANOSECONDS / 1000),
    (Precision::Microseconds, "us", 1000),
    (Precision::Nanoseconds, "ns", 1),
    (Precision::Minutes, "m", 60 * NANOSECONDS),
    (Precision::Hours, "h", 3600 * NANOSECONDS),
    (Precision::Days, "d", 86_400 * NANOSECONDS),
    (Precision::Weeks, "w", 604_800 * NANOSECONDS),
];
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Suffix and nanoseconds of a unit.
fn unit(precision: Precision) -> (&'static str, i128) {
    UNITS
        .iter()
        .find(|(known, ..)| *known == precision)
        .map_or(("s", NANOSECONDS), |(_, suffix, length)| (suffix, *length))
}

/// Writes a date as RFC 3339 has it; as a plain number when no calendar reaches that far.
pub(super) fn write_date(f: &mut fmt::Formatter<'_>, ticks: u64, precision: Precision) -> fmt::Result {
    let nanoseconds = i128::from(ticks) * unit(precision).1;
    match Timestamp::from_nanosecond(nanoseconds) {
        Ok(timestamp) => write!(f, "{timestamp}"),
        Err(_) => write!(f, "{ticks}"),
    }
}

/// Writes a span of time in the unit it is counted in; seconds without a suffix.
pub(super) fn write_duration(f: &mut fmt::Formatter<'_>, ticks: i64, precision: Precision) -> fmt::Result {
    match precision {
        Precision::Seconds => write!(f, "{ticks}"),
        _ => write!(f, "{ticks}{}", unit(precision).0),
    }
}

/// The ticks since 1970 that a text says: a plain number of them, RFC 3339, or `Nov 22 2026 12:00:00 UTC`.
pub(super) fn parse_date(text: &str, precision: Precision) -> Option<i128> {
    let text = text.trim();
    if let Ok(ticks) = text.parse::<i128>() {
        return Some(ticks);
    }
    let timestamp = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| in_utc(text.parse::<DateTime>().ok()?))
        .or_else(|| in_utc(text.parse::<Date>().ok()?.to_datetime(Time::midnight())))
        .or_else(|| words(text))?;
    whole(timestamp.as_nanosecond(), precision)
}

fn in_utc(datetime: DateTime) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(datetime).ok()
}

/// How many ticks that is, if it is a whole number of them.
fn whole(nanoseconds: i128, precision: Precision) -> Option<i128> {
    let length = unit(precision).1;
    (nanoseconds % length == 0).then_some(nanoseconds / length)
}

/// A date in words, their order as in C's `ctime`, in mail headers or as FreeRADIUS prints it.
fn words(text: &str) -> Option<Timestamp> {
    let (mut month, mut day, mut year, mut time, mut zone) = (None, None, None, None, None);
    for word in text.split([' ', '\t', ',']).filter(|word| !word.is_empty()) {
        let short = word.get(..3).unwrap_or(word).to_ascii_lowercase();
        if let Some(at) = MONTHS.iter().position(|name| *name == short) {
            set(&mut month, at as i8 + 1)?;
        } else if WEEKDAYS.contains(&short.as_str()) {
        } else if word.contains(':') && !word.starts_with(['+', '-']) {
            set(&mut time, clock(word)?)?;
        } else if let Some(offset) = offset(word) {
            set(&mut zone, offset)?;
        } else if word.len() == 4 {
            set(&mut year, word.parse::<i16>().ok()?)?;
        } else {
            set(&mut day, word.parse::<i8>().ok()?)?;
        }
    }
    let date = Date::new(year?, month?, day?).ok()?;
    let datetime = date.to_datetime(time.unwrap_or(Time::midnight()));
    let zone = TimeZone::fixed(zone.unwrap_or(Offset::UTC));
    Some(Zoned::timestamp(&datetime.to_zoned(zone).ok()?))
}

/// Sets what may be said once.
fn set<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.is_none().then(|| *place = Some(value))
}

/// `12:00` or `12:00:00`.
fn clock(word: &str) -> Option<Time> {
    let mut parts = word.split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = match parts.next() {
        Some(second) => second?,
        None => 0,
    };
    parts
        .next()
        .is_none()
        .then(|| Time::new(hour, minute, second, 0).ok())?
}

/// `UTC`, `+0100`, `-05:30`.
fn offset(word: &str) -> Option<Offset> {
    if ["UTC", "GMT", "Z"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(word))
    {
        return Some(Offset::UTC);
    }
    let sign = match word.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = word
        .get(1..)?
        .chars()
        .filter(|character| *character != ':')
        .collect();
    let number: i32 = (digits.len() == 4).then(|| digits.parse().ok())??;
    Offset::from_seconds(sign * (number / 100 * 3600 + number % 100 * 60)).ok()
}

/// The ticks of a span: a plain number of them, or a number with a unit (`1.5s`, `250ms`) that makes whole ticks.
pub(super) fn parse_duration(text: &str, precision: Precision) -> Option<i128> {
    let text = text.trim();
    let digits = text
        .find(|character: char| character.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at_checked(digits)?;
    let length = match suffix {
        "" if number.contains('.') && precision != Precision::Seconds => return None,
        "" => unit(precision).1,
        _ => UNITS.iter().find(|(_, known, _)| *known == suffix)?.2,
    };
    let (negative, number) = match number.trim_end().strip_prefix('-') {
        Some(number) => (true, number),
        None => (false, number.trim_end()),
    };
    let (before, after) = number.split_once('.').unwrap_or((number, ""));
    let decimal = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
    if before.is_empty() || before.len() > 18 || after.len() > 9 || !decimal(before) || !decimal(after) {
        return None;
    }
    let scale = 10i128.pow(after.len() as u32);
    let scaled = before.parse::<i128>().ok()? * scale + after.parse::<i128>().unwrap_or(0);
    let nanoseconds = scaled * length;
    if nanoseconds % scale != 0 {
        return None;
    }
    let nanoseconds = nanoseconds / scale;
    whole(if negative { -nanoseconds } else { nanoseconds }, precision)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_every_spelling_in_use() {
        for text in [
            "1795348800",
            "2026-11-22T12:00:00Z",
            "2026-11-22T13:00:00+01:00",
            "2026-11-22T12:00:00",
            "2026-11-22 12:00:00",
            "Nov 22 2026 12:00:00 UTC",
            "Sun Nov 22 12:00:00 UTC 2026",
            "Sun, 22 Nov 2026 07:00:00 -0500",
            "22 November 2026 12:00",
        ] {
            assert_eq!(
                parse_date(text, Precision::Seconds),
                Some(1_795_348_800),
                "{text}"
            );
        }
        assert_eq!(parse_date("2026-11-22", Precision::Seconds), Some(1_795_305_600));
        assert_eq!(
            parse_date("2026-11-22T12:00:00.25Z", Precision::Milliseconds),
            Some(1_795_348_800_250)
        );
        for wrong in [
            "",
            "Nov",
            "Nov 22 2026 25:00",
            "Nov Dec 22 2026",
            "Feb 30 2026",
            "yesterday",
        ] {
            assert_eq!(parse_date(wrong, Precision::Seconds), None, "{wrong}");
        }
        assert_eq!(parse_date("2026-11-22T12:00:00.5Z", Precision::Seconds), None);
    }

    #[test]
    fn a_span_is_read_in_units_that_make_whole_ticks() {
        for (text, precision, ticks) in [
            ("5", Precision::Seconds, Some(5)),
            ("5", Precision::Centiseconds, Some(5)),
            ("1.5s", Precision::Centiseconds, Some(150)),
            ("-2m", Precision::Seconds, Some(-120)),
            ("250ms", Precision::Milliseconds, Some(250)),
            ("1ms", Precision::Seconds, None),
            ("1.5", Precision::Centiseconds, None),
            ("1x", Precision::Seconds, None),
            ("", Precision::Seconds, None),
        ] {
            assert_eq!(parse_duration(text, precision), ticks, "{text}");
        }
    }
}
