//! What stands in options and in `serve.toml`, word by word: clients, users, times, rates. In a file, what has a short
//! form on the command line may be written in it too.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{fault, listen};
use crate::auth::eap::tls::Versions;
use crate::auth::{Method, UnknownMethod};
use crate::cli::values::{self, SecretText};
use crate::codec::Secret;
use crate::responder::clients::Network;
use crate::responder::coa::{ErrorCause, Manner};
use crate::responder::faults::Fault;

/// How accounting records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordFormat {
    /// One JSON object a line
    Json,
    /// FreeRADIUS's detail format
    Detail,
}

/// A client as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClientText {
    /// From where it asks.
    #[serde(deserialize_with = "network_text")]
    pub network: Network,
    /// Its secret.
    #[serde(deserialize_with = "own_secret")]
    pub secret: SecretText,
    /// What it is called.
    pub name: Option<String>,
    /// Whether it must send Message-Authenticator.
    pub require_message_authenticator: Option<bool>,
    /// Whether Proxy-State needs one.
    pub limit_proxy_state: Option<bool>,
}

/// A user as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserText {
    /// The name.
    pub name: String,
    /// The password.
    #[serde(deserialize_with = "password")]
    pub password: SecretText,
    /// The methods that may be used; any where there are none.
    #[serde(default, deserialize_with = "methods")]
    pub methods: Vec<Method>,
}

/// A second factor as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeText {
    /// The answer that is accepted.
    #[serde(deserialize_with = "password")]
    pub code: SecretText,
    /// What the user is asked.
    pub prompt: Option<String>,
}

/// A time as it is written: `500ms`, `1s`, or a number of seconds.
#[derive(Clone, Copy, Debug)]
pub struct Time(pub Duration);

/// What can be written as one text, as on the command line, or as a table.
trait Short: Sized {
    /// What is expected, for a message.
    const FORM: &'static str;

    fn short(text: &str) -> Result<Self, String>;
}

impl Short for ClientText {
    const FORM: &'static str = "CIDR=SECRET, or a table with network and secret";

    fn short(text: &str) -> Result<ClientText, String> {
        client(text)
    }
}

impl Short for UserText {
    const FORM: &'static str = "NAME:PASSWORD, or a table with name and password";

    fn short(text: &str) -> Result<UserText, String> {
        user(text)
    }
}

impl Short for ChallengeText {
    const FORM: &'static str = "the code, or a table with code and prompt";

    fn short(text: &str) -> Result<ChallengeText, String> {
        Ok(ChallengeText {
            code: SecretText(Secret::new(text.as_bytes())),
            prompt: None,
        })
    }
}

/// One that was written either way.
struct Either<T>(T);

impl<'de, T: Short + Deserialize<'de>> Deserialize<'de> for Either<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Either<T>, D::Error> {
        struct Read<T>(PhantomData<T>);
        impl<'de, T: Short + Deserialize<'de>> Visitor<'de> for Read<T> {
            type Value = Either<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(T::FORM)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Either<T>, E> {
                T::short(text).map(Either).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Either<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Either)
            }
        }
        deserializer.deserialize_any(Read(PhantomData))
    }
}

fn all_written<'de, D: Deserializer<'de>, T: Short + Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let all = Vec::<Either<T>>::deserialize(deserializer)?;
    Ok(all.into_iter().map(|Either(one)| one).collect())
}

/// Clients, as text or as tables.
pub fn clients<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ClientText>, D::Error> {
    all_written(deserializer)
}

/// Users, as text or as tables.
pub fn users<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<UserText>, D::Error> {
    all_written(deserializer)
}

/// A second factor, as text or as a table.
pub fn challenge<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ChallengeText>, D::Error> {
    Either::deserialize(deserializer).map(|Either(one)| Some(one))
}

pub fn listen_text(text: &str) -> Result<String, String> {
    listen::parse(text).map(|_| text.to_owned())
}

/// The octets of a secret: `0x…` is hexadecimal, everything else is itself.
pub fn shared_secret(text: &str) -> Result<SecretText, String> {
    let written = SecretText(Secret::new(text.as_bytes()));
    written
        .read("the secret")
        .map(SecretText)
        .map_err(|diagnostic| diagnostic.message)
}

/// `CIDR=SECRET`.
pub fn client(text: &str) -> Result<ClientText, String> {
    let (network, secret) = text
        .split_once('=')
        .ok_or("the form is CIDR=SECRET, such as 192.0.2.0/24=s3cret")?;
    Ok(ClientText {
        network: self::network(network)?,
        secret: shared_secret(secret)?,
        name: None,
        require_message_authenticator: None,
        limit_proxy_state: None,
    })
}

/// `NAME:PASSWORD`; the name ends at the first colon.
pub fn user(text: &str) -> Result<UserText, String> {
    let (name, password) = text.split_once(':').ok_or("the form is NAME:PASSWORD")?;
    if name.is_empty() {
        return Err("a user has a name".into());
    }
    Ok(UserText {
        name: name.to_owned(),
        password: SecretText(Secret::new(password.as_bytes())),
        methods: Vec::new(),
    })
}

pub fn eap_method(text: &str) -> Result<Method, String> {
    method(text).and_then(|method| match method.outer() {
        Some(_) => Ok(method),
        None => Err(format!("`{text}` is no method of EAP")),
    })
}

fn method(text: &str) -> Result<Method, String> {
    let unknown = |UnknownMethod| {
        let all: Vec<&str> = Method::all().map(Method::as_str).collect();
        format!("no such method; there are {}", all.join(", "))
    };
    text.parse().map_err(unknown)
}

pub fn network(text: &str) -> Result<Network, String> {
    use crate::responder::clients::NetworkError;
    text.parse().map_err(|error| match error {
        NetworkError::BadAddress => format!("`{text}` is no IPv4 or IPv6 network"),
        NetworkError::BadPrefix => format!("after the slash of `{text}` stands no number"),
        NetworkError::PrefixTooLong { prefix, max } => {
            format!("a prefix of {prefix} bits is longer than the address, which has {max}")
        }
    })
}

/// `auto`, `sessions`, `ack`, `nak`, `nak=CAUSE`.
pub fn manner(text: &str) -> Result<Manner, String> {
    match text {
        "auto" => Ok(Manner::Auto),
        "sessions" => Ok(Manner::Sessions),
        "ack" => Ok(Manner::Ack),
        "nak" => Ok(Manner::Nak(ErrorCause::ADMINISTRATIVELY_PROHIBITED)),
        _ => {
            let cause = text
                .strip_prefix("nak=")
                .ok_or("auto, sessions, ack, nak or nak=CAUSE")?;
            ErrorCause::named(cause)
                .map(Manner::Nak)
                .ok_or_else(|| format!("`{cause}` is no Error-Cause by name or number"))
        }
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Whole(u64),
            Part(f64),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Whole(seconds) => seconds.to_string(),
            Written::Part(seconds) => seconds.to_string(),
        };
        values::duration(&text)
            .map(Time)
            .map_err(serde::de::Error::custom)
    }
}

/// Reads a text and parses it.
fn text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).map_err(serde::de::Error::custom)
}

fn texts<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts
        .iter()
        .map(|text| parse(text).map_err(serde::de::Error::custom))
        .collect()
}

pub fn listen_texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    texts(deserializer, listen_text)
}

pub fn fault_texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Fault>, D::Error> {
    texts(deserializer, fault::parse)
}

/// A rate as text, `10%`, or as a number, `0.1`.
pub fn rate_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(f64),
        Text(String),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Number(number) => number.to_string(),
        Written::Text(text) => text,
    };
    fault::rate(&text).map(Some).map_err(serde::de::Error::custom)
}

pub fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretText>, D::Error> {
    text(deserializer, shared_secret).map(Some)
}

fn own_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretText, D::Error> {
    text(deserializer, shared_secret)
}

fn password<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretText, D::Error> {
    text(deserializer, |text| Ok(SecretText(Secret::new(text.as_bytes()))))
}

fn network_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Network, D::Error> {
    text(deserializer, network)
}

pub fn manner_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Manner>, D::Error> {
    text(deserializer, manner).map(Some)
}

pub fn eap_versions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Versions>, D::Error> {
    text(deserializer, crate::cli::eap::versions).map(Some)
}

fn methods<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Method>, D::Error> {
    named(deserializer, method)
}

pub fn eap_methods<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Method>, D::Error> {
    named(deserializer, eap_method)
}

fn named<'de, D: Deserializer<'de>>(
    deserializer: D,
    parse: fn(&str) -> Result<Method, String>,
) -> Result<Vec<Method>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    let parsed: Result<Vec<Method>, String> = names.iter().map(|name| parse(name)).collect();
    parsed.map_err(serde::de::Error::custom)
}
