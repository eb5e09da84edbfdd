//! Packets that were seen on their way, as text and as JSON: what `radius trace` prints of a capture.
//!
//! A capture has millions of packets, so that what every packet has is written straight into one buffer; the rest
//! goes the way of the [views](super::view), and a test holds both to the same JSON.

mod csv;
mod line;
mod ndjson;
mod repeated;
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

/// Text that stands in quotes as it is, in JSON as in what people read.
fn is_plain(text: &str) -> bool {
    let is_odd = |octet: u8| octet.wrapping_sub(b' ') > b'~' - b' ' || octet == b'"' || octet == b'\\';
    // Looked at to the end, so that many octets can be looked at together.
    !text.bytes().fold(false, |odd, octet| odd | is_odd(octet))
}

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

/// Nanoseconds as milliseconds to the microsecond, as JSON writes [`milliseconds`]: without the slow way round over
/// floating point.
fn push_milliseconds(out: &mut String, nanoseconds: u64) {
    let microseconds = nanoseconds / 1000 + u64::from(nanoseconds % 1000 >= 500);
    push_number(out, microseconds / 1000);
    out.push('.');
    push_padded::<3>(out, microseconds % 1000);
    let places = if microseconds.is_multiple_of(100) { 1 } else { 2 };
    if microseconds.is_multiple_of(10) {
        out.truncate(out.len() - (3 - places));
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
    push_second(out, time.0 / SECOND);
    push_nanoseconds(out, time);
}

/// Date and time of day, up to the point behind the seconds.
fn push_second(out: &mut String, second: u64) {
    push_date(out, second / 86_400);
    out.push('T');
    push_clock(out, second % 86_400);
    out.push('.');
}

/// What follows that point.
fn push_nanoseconds(out: &mut String, time: Time) {
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
