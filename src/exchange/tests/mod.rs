//! Flows joined to a server over a virtual link, on a virtual clock.

mod link;
mod receive;
mod run;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::codec::seal::{seal_reply, seal_request};
use crate::codec::{AttributeType, Authenticator, Builder, Code, Packet, Secret};

const SECOND: Duration = Duration::from_secs(1);

fn secret() -> Arc<Secret> {
    Arc::new(Secret::new("testing123"))
}

fn server() -> SocketAddr {
    "192.0.2.1:1812".parse().unwrap()
}

/// A sealed request; User-Name tells `tag`, by which the server tells requests apart.
fn request(code: Code, identifier: u8, authenticator: Authenticator, tag: u64) -> Vec<u8> {
    let mut builder = Builder::new(code, identifier, &authenticator);
    builder.message_authenticator().unwrap();
    builder
        .attribute(AttributeType::USER_NAME, &tag.to_be_bytes())
        .unwrap();
    let mut octets = builder.finish();
    seal_request(&mut octets, &secret());
    octets
}

/// A sealed reply to `request` with these attributes.
fn reply_with(code: Code, request: &[u8], secret: &Secret, attributes: &[(AttributeType, &[u8])]) -> Vec<u8> {
    let request = Packet::parse(request).unwrap();
    let mut builder = Builder::new(code, request.identifier(), request.authenticator());
    for (number, value) in attributes {
        builder.attribute(*number, value).unwrap();
    }
    let mut octets = builder.finish();
    seal_reply(&mut octets, request.authenticator(), secret);
    octets
}

/// A sealed reply as a good server makes it.
fn reply(code: Code, request: &[u8], secret: &Secret) -> Vec<u8> {
    reply_with(
        code,
        request,
        secret,
        &[(AttributeType::MESSAGE_AUTHENTICATOR, &[0; 16])],
    )
}
