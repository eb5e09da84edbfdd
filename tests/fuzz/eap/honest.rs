//! The honest machine of either side, and what they want before they talk.

use std::sync::{Arc, OnceLock};

use radius::auth::certificate::Identity;
use radius::auth::eap::build::{Credentials, login};
use radius::auth::eap::login::EapOptions;
use radius::auth::eap::packet::split;
use radius::auth::eap::server::{Server, ServerSettings};
use radius::auth::eap::tls::{ClientTls, Versions};
use radius::auth::server::Account;
use radius::auth::{Dice, Login, Method, Next, PlainOptions};
use radius::codec::{AttributeType, Builder, Code, Packet, Secret};
use rustls::pki_types::CertificateDer;

use crate::mutate::Mutator;
use crate::papers::Authority;
pub use crate::papers::methods;

/// The longest EAP packet that either machine sends, in octets.
pub const SIZE: usize = 600;

/// What all conversations share.
pub struct Papers {
    /// The CA that both trust.
    pub ca: CertificateDer<'static>,
    /// A server's certificate, for a server that is none of ours.
    pub server: Identity,
    alice: [Arc<ClientTls>; 2],
    settings: Arc<ServerSettings>,
}

/// They are made once.
pub fn papers() -> &'static Papers {
    static PAPERS: OnceLock<Papers> = OnceLock::new();
    PAPERS.get_or_init(|| {
        let authority = Authority::new();
        Papers {
            ca: authority.ca.ca.clone(),
            server: authority.server(),
            alice: [Versions::Tls12, Versions::Tls13].map(|versions| authority.alice(versions, true)),
            settings: authority.settings(methods(), SIZE),
        }
    })
}

/// One of them.
pub fn any_method(mutator: &mut Mutator) -> Method {
    let at = mutator.below(methods().count());
    methods().nth(at).unwrap()
}

/// A server that knows alice, whose password may have expired.
pub fn server(expired: bool) -> Server {
    let users = move |name: &[u8]| {
        let account = Account {
            expired,
            ..Account::with_password("wonderland")
        };
        (name == b"alice").then_some(account)
    };
    Server::new(Arc::clone(&papers().settings), Arc::new(users), None, SIZE)
}

/// Alice, as our client.
pub struct Alice {
    login: Box<dyn Login>,
}

impl Alice {
    /// Who logs in with a method, over one version of TLS.
    pub fn new(method: Method, tls13: bool) -> Alice {
        let credentials = Credentials {
            user: b"alice".to_vec(),
            anonymous: None,
            password: Secret::new("wonderland"),
            new_password: Some(Secret::new("looking glass")),
            tls: Some(Arc::clone(&papers().alice[usize::from(tls13)])),
            fragment: SIZE,
        };
        let login = login(
            method,
            &credentials,
            PlainOptions::default(),
            EapOptions::default(),
        );
        Alice {
            login: login.unwrap(),
        }
    }

    /// Her next EAP packet.
    pub fn says(&mut self, dice: &mut dyn Dice) -> Option<Vec<u8>> {
        let fields = self.login.request(None, dice).ok()?;
        let values = fields
            .into_iter()
            .filter(|(number, _)| *number == AttributeType::EAP_MESSAGE);
        Some(values.flat_map(|(_, value)| value).collect())
    }

    /// What she makes of an EAP packet in an Access-Challenge: whether she goes on.
    pub fn hears(&mut self, octets: &[u8], dice: &mut dyn Dice) -> bool {
        let mut builder = Builder::new(Code::ACCESS_CHALLENGE, 0, &[0; 16]).with_max(u16::MAX);
        for value in split(octets) {
            if builder.attribute(AttributeType::EAP_MESSAGE, value).is_err() {
                return false;
            }
        }
        let reply = builder.finish();
        let next = self.login.reply(&Packet::parse(&reply).unwrap(), None, dice);
        let _ = self.login.notes();
        match next {
            Next::Again => true,
            Next::Ask { .. } => {
                self.login.answer(Secret::new("wonderland"));
                true
            }
            Next::Accepted(_) => panic!("she is in by a challenge"),
            Next::Rejected(_) | Next::Broken(_) => false,
        }
    }
}
