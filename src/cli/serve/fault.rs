//! Faults on purpose, as they are written: `drop`, `delay=200ms`, `drop,rate=10%,user=alice`, `reject,nth=3`.

use std::str::FromStr;
use std::time::Duration;

use crate::cli::values;
use crate::responder::faults::{Fault, Kind, Nth};

/// How long a reply is held back where nothing says it.
const REORDER: Duration = Duration::from_millis(50);

/// What may be asked for.
pub const KINDS: &str = "drop, delay=TIME, duplicate[=N], reorder[=TIME], wrong-id, wrong-authenticator, no-ma, wrong-ma, \
                         truncate, overlong, other-port, reject";

/// The fault that a text asks for.
pub fn parse(text: &str) -> Result<Fault, String> {
    let mut parts = text.split(',').map(str::trim);
    let first = parts.next().unwrap_or("");
    let (name, value) = match first.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (first, None),
    };
    let time = |otherwise: Option<Duration>| match (value, otherwise) {
        (Some(value), _) => values::duration(value),
        (None, Some(otherwise)) => Ok(otherwise),
        (None, None) => Err(format!("`{name}` needs a time: {name}=200ms")),
    };
    let kind = match name {
        "drop" => Kind::Drop,
        "delay" => Kind::Delay(time(None)?),
        "duplicate" => Kind::Duplicate(match value {
            Some(value) => number(value)?,
            None => 1,
        }),
        "reorder" => Kind::Reorder(time(Some(REORDER))?),
        "wrong-id" => Kind::WrongIdentifier,
        "wrong-authenticator" | "corrupt" => Kind::WrongAuthenticator,
        "no-ma" => Kind::NoMessageAuthenticator,
        "wrong-ma" => Kind::WrongMessageAuthenticator,
        "truncate" => Kind::Truncate,
        "overlong" => Kind::Overlong,
        "other-port" => Kind::OtherPort,
        "reject" => Kind::Reject,
        _ => return Err(format!("`{name}` is no fault: {KINDS}")),
    };
    let takes_value = matches!(kind, Kind::Delay(_) | Kind::Duplicate(_) | Kind::Reorder(_));
    if value.is_some() && !takes_value {
        return Err(format!("`{name}` takes no value"));
    }
    let mut fault = Fault::always(kind);
    for part in parts {
        let (name, value) = part.split_once('=').ok_or_else(|| {
            format!("`{part}` is no rule: rate, user, client, nth, every or first, with = and a value")
        })?;
        match name {
            "rate" => fault.rate = rate(value)?,
            "user" => fault.user = Some(value.as_bytes().to_vec()),
            "client" => {
                let network = value.parse();
                fault.client = Some(network.map_err(|_| format!("`{value}` is no address or network"))?);
            }
            "nth" => fault.nth = Some(Nth::Only(number(value)?)),
            "every" => fault.nth = Some(Nth::Every(number(value)?)),
            "first" => fault.nth = Some(Nth::First(number(value)?)),
            _ => {
                return Err(format!(
                    "`{name}` is no rule: rate, user, client, nth, every or first"
                ));
            }
        }
    }
    Ok(fault)
}

/// How often: `0.1` or `10%`.
pub fn rate(text: &str) -> Result<f64, String> {
    let (text, scale) = match text.strip_suffix('%') {
        Some(text) => (text, 0.01),
        None => (text, 1.0),
    };
    f64::from_str(text)
        .ok()
        .map(|rate| rate * scale)
        .filter(|rate| (0.0..=1.0).contains(rate))
        .ok_or_else(|| "a rate from 0 to 1, or 0% to 100%".into())
}

fn number<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is no number that fits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_asked_for_by_the_name_that_it_is_shown_with() {
        for text in KINDS.split(", ") {
            let text = text
                .replace("=TIME", "=1s")
                .replace(['[', ']'], "")
                .replace("=N", "=1");
            let name = text.split('=').next().unwrap();
            assert_eq!(parse(&text).unwrap().kind.name(), name);
        }
    }

    #[test]
    fn a_fault_has_a_kind_and_rules() {
        assert_eq!(parse("drop"), Ok(Fault::always(Kind::Drop)));
        assert_eq!(
            parse("delay=200ms, rate=10%,user=alice,client=10.0.0.0/8,nth=3"),
            Ok(Fault {
                kind: Kind::Delay(Duration::from_millis(200)),
                rate: 0.1,
                user: Some(b"alice".to_vec()),
                client: Some("10.0.0.0/8".parse().unwrap()),
                nth: Some(Nth::Only(3)),
            })
        );
        assert_eq!(
            parse("reorder").map(|fault| fault.kind),
            Ok(Kind::Reorder(REORDER))
        );
        for text in [
            "",
            "x",
            "delay",
            "drop=1",
            "drop,rate=2",
            "drop,x=1",
            "drop,user",
            "duplicate=300",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
