//! Certificates for TLS, DTLS and EAP, made by openssl once for a test process. Knows what each certificate is
//! for; the peers read them as files.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use super::Tool;
use super::process::{Scratch, run};

/// A directory of certificates and keys in PEM: a CA, a server and a client under it, and another CA that nobody
/// trusts.
pub struct Certificates {
    scratch: Scratch,
}

/// Names for every certificate: peers on the loopback interface are checked by their address.
const NAMES: &str = "IP:127.0.0.1,IP:::1,DNS:localhost";

impl Certificates {
    /// The certificates of this test process; made at the first call, in about a second.
    ///
    /// # Panics
    /// When openssl is missing or fails.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Certificates> = OnceLock::new();
        SHARED.get_or_init(Self::make)
    }

    fn make() -> Self {
        let certificates = Self {
            scratch: Scratch::new("certificates"),
        };
        certificates.authority("ca", "radius test CA");
        certificates.authority("stranger-ca", "a CA that nobody trusts");
        certificates.issue("ca", "server", "server.radsec.test", 365);
        certificates.issue("ca", "client", "client.radsec.test", 365);
        certificates.issue("stranger-ca", "stranger", "stranger.radsec.test", 365);
        certificates
    }

    /// Makes a self-signed CA: `name.pem` and `name.key`.
    pub fn authority(&self, name: &str, common_name: &str) {
        self.openssl(
            &format!(
                "req -x509 -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.pem -days 365 \
             -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -subj"
            ),
            &format!("/CN={common_name}"),
        );
    }

    /// Makes a certificate signed by `authority`, valid from now for `days`: `name.pem` and `name.key`. It serves
    /// for both ends of a connection, on 127.0.0.1, ::1, localhost and its common name.
    pub fn issue(&self, authority: &str, name: &str, common_name: &str, days: u32) {
        self.openssl(
            &format!("req -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj"),
            &format!("/CN={common_name}"),
        );
        self.scratch.write(
            &format!("{name}.ext"),
            &format!(
                "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature,keyEncipherment\n\
                 extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName={NAMES},DNS:{common_name}\n"
            ),
        );
        self.openssl(
            &format!(
                "x509 -req -in {name}.csr -CA {authority}.pem -CAkey {authority}.key -CAcreateserial \
                 -days {days} -out {name}.pem -extfile"
            ),
            &format!("{name}.ext"),
        );
    }

    /// The path of a file here: `ca.pem`, `server.key`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// The directory itself.
    pub fn directory(&self) -> PathBuf {
        self.scratch.path().to_owned()
    }

    /// Makes a certificate signed by `authority` that was valid in other years: `name.pem` and `name.key`. `from` and
    /// `until` are dates like `20200101000000Z`.
    pub fn issue_between(&self, authority: &str, name: &str, common_name: &str, from: &str, until: &str) {
        self.issue(authority, name, common_name, 1);
        self.register(authority);
        self.openssl(
            &format!(
                "ca -batch -notext -config {authority}.cnf -in {name}.csr -out {name}.pem -startdate {from} \
                 -enddate {until} -extfile"
            ),
            &format!("{name}.ext"),
        );
    }

    /// Revokes certificates of `authority`, and writes its list: `name.crl`.
    pub fn revoke(&self, authority: &str, certificates: &[&str], name: &str) {
        self.register(authority);
        for certificate in certificates {
            self.openssl(
                &format!("ca -config {authority}.cnf -revoke"),
                &format!("{certificate}.pem"),
            );
        }
        self.openssl(
            &format!("ca -config {authority}.cnf -crldays 30 -gencrl -out"),
            &format!("{name}.crl"),
        );
    }

    /// Begins the register of a CA anew, as `openssl ca` wants one.
    fn register(&self, authority: &str) {
        self.scratch.write(&format!("{authority}.index"), "");
        self.scratch.write(&format!("{authority}.number"), "1000\n");
        self.scratch.write(
            &format!("{authority}.cnf"),
            &format!(
                "[ca]\ndefault_ca=it\n[it]\ndatabase={authority}.index\nserial={authority}.number\n\
                 crlnumber={authority}.number\ncertificate={authority}.pem\nprivate_key={authority}.key\n\
                 default_md=sha256\nnew_certs_dir=.\nunique_subject=no\npolicy=any\n[any]\ncommonName=supplied\n"
            ),
        );
    }

    /// Runs openssl with words separated by blanks, and a last argument that may contain some.
    ///
    /// # Panics
    /// When it fails.
    pub fn openssl(&self, arguments: &str, last: &str) {
        let mut command = Command::new(Tool::Openssl.path());
        command
            .current_dir(self.scratch.path())
            .args(arguments.split_whitespace())
            .arg(last);
        let finished = run(&mut command, b"", Duration::from_secs(60));
        assert!(
            finished.status.success(),
            "openssl {arguments} {last}:\n{}",
            finished.stderr
        );
    }
}
