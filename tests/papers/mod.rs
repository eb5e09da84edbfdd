//! What both sides of EAP want before they talk: a throwaway CA, certificates under it, settings. For the test programs
//! that hold the machines themselves.

#![allow(dead_code, reason = "not every test program wants all of it")]

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use radius::auth::Method;
use radius::auth::certificate::{Identity, NameRule, ServerCheckOptions, Throwaway, Trust};
use radius::auth::eap::server::ServerSettings;
use radius::auth::eap::tls::{ClientTls, ClientTlsOptions, ServerTls, ServerTlsOptions, Versions};
use rustls::time_provider::DefaultTimeProvider;

/// The name of every server here.
pub const HOST: &str = "radius.example.org";

/// A CA, and from when its certificates count.
pub struct Authority {
    pub ca: Throwaway,
    now: i64,
}

impl Authority {
    pub fn new() -> Authority {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let now = since.as_secs() as i64;
        let ca = Throwaway::new("a CA", now, 2).unwrap();
        Authority { ca, now }
    }

    /// A server's certificate.
    pub fn server(&self) -> Identity {
        self.ca.server(HOST, self.now, 2).unwrap()
    }

    /// A server with a certificate of its own, for these methods, whose longest EAP packet has `fragment` octets.
    pub fn settings(
        &self,
        methods: impl IntoIterator<Item = Method>,
        fragment: usize,
    ) -> Arc<ServerSettings> {
        let tls = ServerTls::new(ServerTlsOptions {
            identity: self.server(),
            client_anchors: vec![self.ca.ca.clone()],
            revocation_lists: Vec::new(),
            versions: Versions::Both,
            resume: true,
            clock: Arc::new(DefaultTimeProvider),
        });
        Arc::new(ServerSettings {
            methods: methods.into_iter().collect(),
            tls: Some(Arc::new(tls.unwrap())),
            fragment,
            name: HOST.to_owned(),
            prompt: "Password: ".to_owned(),
        })
    }

    /// Alice's TLS, with a certificate of hers.
    pub fn alice(&self, versions: Versions, resume: bool) -> Arc<ClientTls> {
        let tls = ClientTls::new(ClientTlsOptions {
            check: ServerCheckOptions {
                trust: Trust::Anchors(vec![self.ca.ca.clone()]),
                name: Some(NameRule::Suffix("example.org".to_owned())),
                ..ServerCheckOptions::default()
            },
            identity: Some(self.ca.client("alice", self.now, 2).unwrap()),
            versions,
            resume,
            clock: Arc::new(DefaultTimeProvider),
        });
        Arc::new(tls.unwrap())
    }
}

/// Every method of EAP.
pub fn methods() -> impl Iterator<Item = Method> {
    Method::all().filter(|method| method.outer().is_some())
}
