use super::*;
use crate::exchange::Version;
use crate::net::{Bind, Call, Cause, SocketError, TcpListener};
use std::net::SocketAddr;
use std::time::Duration;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

const PATIENCE: Duration = Duration::from_secs(20);

fn acceptor(identity: &Identity, radius: RadiusVersions) -> Acceptor {
    Acceptor::new(ServerSettings {
        identity: identity.clone(),
        clients: Clients::Anyone,
        tls: TlsVersions::default(),
        radius,
    })
    .unwrap()
}

fn client(authority: &str, name: &str, radius: RadiusVersions) -> Client {
    Client::new(ClientSettings {
        trust: Trust {
            authorities: certificates(authority.as_bytes()).unwrap(),
            ..Trust::default()
        },
        identity: None,
        psk: None,
        name: name.to_owned(),
        tls: TlsVersions::default(),
        radius,
    })
    .unwrap()
}

type Ends = (Result<TlsLink, SocketError>, Result<TlsLink, SocketError>);

/// Both ends of one handshake on the loopback interface.
async fn meet(client: &Client, acceptor: &Acceptor) -> Ends {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let address = listener.local();
    let accepting = async {
        let (stream, peer) = listener.accept().await.unwrap();
        acceptor.accept(stream, peer, PATIENCE).await
    };
    tokio::join!(client.connect(address, Bind::default(), PATIENCE), accepting)
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn failure(error: &SocketError) -> Option<&Failure> {
    match &error.cause {
        Cause::Tls(failure) => Some(failure),
        _ => None,
    }
}

/// What RFC 9765 §3.3.4 has come of each pair of settings.
enum Cell {
    Agreed(Version),
    /// The server refuses with no_application_protocol.
    Alert,
    ServerCloses,
    ClientCloses,
}

#[test]
fn every_pair_of_settings_comes_to_what_rfc_9765_says() {
    use Cell::{Agreed, Alert, ClientCloses, ServerCloses};
    use RadiusVersions::{Both, Unset, V1_0, V1_1};
    let (old, new) = (Version::V1_0, Version::V1_1);
    let servers = [Unset, V1_0, Both, V1_1];
    let matrix = [
        (Unset, [Agreed(old), Agreed(old), Agreed(old), ServerCloses]),
        (V1_0, [Agreed(old), Agreed(old), Agreed(old), Alert]),
        (Both, [Agreed(old), Agreed(old), Agreed(new), Agreed(new)]),
        (V1_1, [ClientCloses, Alert, Agreed(new), Agreed(new)]),
    ];
    let (identity, authority) = throwaway(vec!["localhost".to_owned()]).unwrap();
    for (ours, row) in matrix {
        for (theirs, cell) in servers.into_iter().zip(row) {
            let (one, other) = block_on(meet(
                &client(&authority, "localhost", ours),
                &acceptor(&identity, theirs),
            ));
            let pair = format!("client {ours:?}, server {theirs:?}");
            match cell {
                Agreed(version) => {
                    assert_eq!(one.unwrap().version(), version, "{pair}");
                    assert_eq!(other.unwrap().version(), version, "{pair}");
                }
                Alert => {
                    let error = one.unwrap_err();
                    assert_eq!(
                        failure(&error),
                        Some(&Failure::Refused(super::Alert(120))),
                        "{pair}"
                    );
                    assert!(other.is_err(), "{pair}");
                }
                ServerCloses => {
                    let error = other.unwrap_err();
                    assert!(
                        matches!(failure(&error), Some(Failure::NoRadiusVersion { .. })),
                        "{pair}: {error:?}"
                    );
                }
                ClientCloses => {
                    let error = one.unwrap_err();
                    assert!(
                        matches!(failure(&error), Some(Failure::NoRadiusVersion { answered: None })),
                        "{pair}: {error:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_second_connection_resumes_the_first() {
    let (identity, authority) = throwaway(vec!["localhost".to_owned()]).unwrap();
    let client = client(&authority, "localhost", RadiusVersions::Both);
    let acceptor = acceptor(&identity, RadiusVersions::Both);
    block_on(async {
        let (one, other) = meet(&client, &acceptor).await;
        let (mut one, mut other) = (one.unwrap(), other.unwrap());
        assert!(!one.handshake().resumed);
        // Tickets come behind the handshake, and are read with the first packet.
        let packet =
            crate::codec::v11::builder(crate::codec::Code::STATUS_SERVER, crate::codec::v11::Token(1))
                .finish();
        let mut buffer = [0; 4096];
        std::future::poll_fn(|cx| {
            other.send(&packet, cx);
            std::task::Poll::Ready(())
        })
        .await;
        let length = std::future::poll_fn(|cx| one.poll_receive(cx, &mut buffer))
            .await
            .unwrap();
        assert_eq!(buffer[..length], packet);
        one.finish().await.unwrap();
        let (again, _) = meet(&client, &acceptor).await;
        let again = again.unwrap();
        assert!(again.handshake().resumed);
        assert_eq!(
            again.version(),
            Version::V1_1,
            "a resumed session keeps its version"
        );
    });
}

#[test]
fn a_wrong_name_is_distrusted_and_both_sides_know() {
    let (identity, authority) = throwaway(vec!["localhost".to_owned()]).unwrap();
    let client = client(&authority, "other.test", RadiusVersions::Both);
    let (one, other) = block_on(meet(&client, &acceptor(&identity, RadiusVersions::Both)));
    let error = one.unwrap_err();
    assert!(error.is_untrusted() && error.call == Call::Handshake);
    match failure(&error) {
        Some(Failure::Untrusted {
            why: Distrust::WrongName { wanted },
            chain,
        }) => {
            assert_eq!(wanted, "other.test");
            assert_eq!(chain[0].names, ["DNS:localhost"]);
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        failure(&other.unwrap_err()),
        Some(Failure::Refused(Alert(42 | 46 | 49)))
    ));
}

#[test]
fn a_client_without_a_certificate_is_refused_where_one_is_wanted() {
    let (identity, authority) = throwaway(vec!["localhost".to_owned()]).unwrap();
    let acceptor = Acceptor::new(ServerSettings {
        identity,
        clients: Clients::Of {
            authorities: certificates(authority.as_bytes()).unwrap(),
            revocations: Vec::new(),
            admission: None,
        },
        tls: TlsVersions::default(),
        radius: RadiusVersions::Both,
    })
    .unwrap();
    let client = client(&authority, "localhost", RadiusVersions::Both);
    block_on(async {
        let (one, other) = meet(&client, &acceptor).await;
        assert!(other.is_err());
        // The client is done before the server looks at what it did not show (RFC 8446 §4.4.2.4).
        let mut buffer = [0; 4096];
        let mut one = one.unwrap();
        let error = std::future::poll_fn(|cx| one.poll_receive(cx, &mut buffer))
            .await
            .unwrap_err();
        assert_eq!(failure(&error), Some(&Failure::Refused(Alert(116))));
    });
}

/// A CA that nobody knows, a server under it for these names, and the CA's certificate in PEM, for clients to trust.
fn throwaway(names: Vec<String>) -> Result<(Identity, String), SettingsError> {
    let broken = |error: rcgen::Error| SettingsError::Other(error.to_string());
    let authority_key = rcgen::KeyPair::generate().map_err(broken)?;
    let mut authority = rcgen::CertificateParams::new(Vec::new()).map_err(broken)?;
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    authority
        .distinguished_name
        .push(rcgen::DnType::CommonName, "radius throwaway CA");
    let authority_der = authority.self_signed(&authority_key).map_err(broken)?;
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().map_err(broken)?;
    let mut server = rcgen::CertificateParams::new(names).map_err(broken)?;
    server.extended_key_usages = vec![
        rcgen::ExtendedKeyUsagePurpose::ServerAuth,
        rcgen::ExtendedKeyUsagePurpose::ClientAuth,
    ];
    server
        .distinguished_name
        .push(rcgen::DnType::CommonName, "radius throwaway server");
    let der = server.signed_by(&key, &issuer).map_err(broken)?;
    let identity = Identity {
        chain: vec![der.der().clone(), authority_der.der().clone()],
        key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
    };
    Ok((identity, authority_der.pem()))
}
