//! Packets that were seen on their way, as text and as JSON: what `radius trace` prints of a capture.
//!
//! A capture has millions of packets, so that what every packet has is written straight into one buffer; the rest
//! goes the way of the [views](super::view), and a test holds both to the same JSON.

mod csv;
mod line;
mod ndjson;
mod replay;
#[cfg(test)]
mod tests;
mod view;

pub use csv::{Column, Csv};
pub use line::Lines;
pub use ndjson::Ndjson;
pub use replay::replay;
pub use view::{Packet, Trouble, Unanswered};

use super::view::Lens;
use crate::trace::capture::Time;

/// The numbers below a thousand, three digits each: text that need not be checked again to be text.
static DIGITS: &str = match std::str::from_utf8(&TRIPLES) {
    Ok(digits) => digits,
    Err(_) => "",
};

const TRIPLES: [u8; 3000] = {
    let mut digits = [b'0'; 3000];
    let mut number = 0;
    while number < 1000 {
        digits[3 * number] += (number / 100) as u8;
        digits[3 * number + 1] += (number / 10 % 10) as u8;
        digits[3 * number + 2] += (number % 10) as u8;
        number += 1;
    }
    digits
};

/// The last `width` digits, at most three, of a number below a thousand.
#[inline]
fn push_digits(out: &mut String, number: u64, width: usize) {
    let end = 3 * number as usize + 3;
    out.push_str(DIGITS.get(end - width..end).unwrap_or(""));
}

/// Digits of a number, without the machinery of `fmt`.
fn push_number(out: &mut String, number: u64) {
    if number < 1000 {
        let width = 1 + usize::from(number > 9) + usize::from(number > 99);
        return push_digits(out, number, width);
    }
    push_number(out, number / 1000);
    push_digits(out, number % 1000, 3);
}

/// A number with leading zeros, `WIDTH` digits.
fn push_padded<const WIDTH: usize>(out: &mut String, number: u64) {
    let mut left = WIDTH;
    let mut unit = 10_u64.pow(WIDTH as u32);
    while left > 0 {
        let width = if left.is_multiple_of(3) { 3 } else { left % 3 };
        left -= width;
        unit /= 10_u64.pow(width as u32);
        push_digits(out, number / unit % 1000, width);
    }
}

/// Whether text stands in quotes as it is: printable ASCII, neither a quote nor a backslash.
fn is_plain(text: &str) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    // All eight octets of a word at once; the highest bit of each says that it is odd.
    let plain = |octets: &[u8; 8]| {
        let word = u64::from_ne_bytes(*octets);
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let beyond = word | word.wrapping_add(ONES);
        let quote = zero(word ^ (ONES * u64::from(b'"')));
        let backslash = zero(word ^ (ONES * u64::from(b'\\')));
        (control | beyond | quote | backslash) & HIGH == 0
    };
    let octets = text.as_bytes();
    match octets.last_chunk() {
        // The last word overlaps the one before it.
        Some(last) => octets.as_chunks().0.iter().all(plain) && plain(last),
        None => octets
            .iter()
            .all(|octet| (0x20..0x7f).contains(octet) && !matches!(octet, b'"' | b'\\')),
    }
}

/// An address and a port.
fn push_endpoint(out: &mut String, endpoint: std::net::SocketAddr) {
    use std::fmt::Write as _;
    match endpoint {
        std::net::SocketAddr::V4(v4) => {
            push_ipv4(out, v4.ip().octets());
            out.push(':');
            push_number(out, u64::from(v4.port()));
        }
        other @ std::net::SocketAddr::V6(_) => {
            let _ = write!(out, "{other}");
        }
    }
}

fn push_ipv4(out: &mut String, octets: [u8; 4]) {
    for (at, octet) in octets.into_iter().enumerate() {
        if at > 0 {
            out.push('.');
        }
        push_number(out, u64::from(octet));
    }
}

const SECOND: u64 = 1_000_000_000;

/// Year, month and day of a day that is counted from 1970 (Howard Hinnant's days-from-civil, backwards).
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

/// A time as RFC 3339 has it, in UTC, to the nanosecond.
fn push_time(out: &mut String, time: Time) {
    let seconds = time.0 / SECOND;
    push_date(out, seconds / 86_400);
    out.push('T');
    push_clock(out, seconds % 86_400);
    out.push('.');
    push_padded::<9>(out, time.0 % SECOND);
    out.push('Z');
}

fn push_date(out: &mut String, days: u64) {
    let (year, month, day) = civil(days);
    push_padded::<4>(out, year);
    out.push('-');
    push_padded::<2>(out, month);
    out.push('-');
    push_padded::<2>(out, day);
}

fn push_clock(out: &mut String, seconds: u64) {
    push_padded::<2>(out, seconds / 3600);
    out.push(':');
    push_padded::<2>(out, seconds / 60 % 60);
    out.push(':');
    push_padded::<2>(out, seconds % 60);
}

/// A time as RFC 3339 has it.
pub(super) fn time_text(time: Time) -> String {
    let mut text = String::new();
    push_time(&mut text, time);
    text
}

/// The day of a time, in UTC.
pub(super) fn date_text(time: Time) -> String {
    let mut text = String::new();
    push_date(&mut text, time.0 / SECOND / 86_400);
    text
}

/// The time of day, in UTC, to the microsecond.
pub(super) fn clock_text(time: Time) -> String {
    let mut text = String::new();
    push_clock(&mut text, time.0 / SECOND % 86_400);
    text.push('.');
    push_padded::<6>(&mut text, time.0 % SECOND / 1000);
    text
}

/// Nanoseconds as milliseconds, to the microsecond.
pub(super) fn milliseconds(nanoseconds: u64) -> f64 {
    super::view::milliseconds(std::time::Duration::from_nanos(nanoseconds))
}
