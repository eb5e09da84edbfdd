//! Logins that find their own words: which method, who, and with what.

use std::sync::Arc;

use super::requests::Request;
use super::{Login, Purpose};
use crate::attr::{Draft, Part};
use crate::auth::eap::build::{self, Credentials};
use crate::auth::eap::login::EapOptions;
use crate::auth::eap::tls::ClientTls;
use crate::auth::mschap::attributes::{number, vendor_attributes};
use crate::auth::{Method, Need, PlainOptions, Unfit};
use crate::cli::files;
use crate::client::{Voice, Voices};
use crate::codec::{AttributeType, Secret};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::words;

/// What all logins of a run share.
pub struct Logins {
    method: Method,
    user: Option<String>,
    anonymous: Option<Vec<u8>>,
    new_password: Option<Secret>,
    tls: Option<Arc<ClientTls>>,
    plain: PlainOptions,
    eap: EapOptions,
    fragment: usize,
}

impl Logins {
    /// From the command line.
    pub fn new(login: &Login) -> Result<Logins, Diagnostic> {
        let method = login.method;
        login.eap.fits(method)?;
        let new_password = match (&login.new_password, &login.new_password_file) {
            (Some(password), _) => Some(password.clone()),
            (None, Some(path)) => Some(Secret::new(files::read_secret(path)?)),
            (None, None) => None,
        };
        if new_password.is_some() && !changes_passwords(method) {
            let what = format!("--new-password means nothing with --method {method}");
            return Err(Diagnostic::error("usage", Exit::Usage, what)
                .hint("only MS-CHAPv2 can set a new password, plain or in EAP"));
        }
        if login.mac_format.is_some() && method != Method::Mab {
            let what = format!("--mac-format means nothing with --method {method}");
            return Err(Diagnostic::error("usage", Exit::Usage, what));
        }
        Ok(Logins {
            method,
            user: login.user.clone(),
            anonymous: login.eap.anonymous_identity.clone().map(String::into_bytes),
            new_password,
            tls: match method.uses_tls() {
                true => Some(login.eap.tls()?),
                false => None,
            },
            plain: PlainOptions {
                mac_spelling: login.mac_format,
                ..PlainOptions::default()
            },
            eap: login.eap.options(),
            fragment: usize::from(login.eap.eap_fragment_size),
        })
    }

    /// Who finds the words of a request; `None` where its attributes say everything. The name is taken out of the
    /// request: the method says it, in every round.
    pub fn voices(
        &self,
        request: &mut Request,
        purpose: &Purpose,
        password: Option<&Secret>,
    ) -> Result<Option<Voices>, Diagnostic> {
        let method = match request.mschap {
            true => Method::Mschap,
            false => self.method,
        };
        if purpose.wrong.is_some() || matches!(method, Method::Pap | Method::Chap | Method::None) {
            return Ok(None);
        }
        let named = request
            .draft
            .parts()
            .iter()
            .find(|part| part.number() == AttributeType::USER_NAME)
            .and_then(Part::value)
            .map(<[u8]>::to_vec);
        let given = self.user.clone().map(String::into_bytes);
        let Some(user) = named.or(given) else {
            let what = format!("{method} needs a name: who logs in?");
            return Err(Diagnostic::error("no-user", Exit::Usage, what).hint("give it with -u NAME"));
        };
        request.draft.remove(AttributeType::USER_NAME);
        let password = request.password.clone().or_else(|| password.cloned());
        if password.is_none() && method.uses_password() {
            return Err(words::unfit(&Unfit::Missing(Need::Password)));
        }
        let credentials = Credentials {
            user,
            anonymous: self.anonymous.clone(),
            password: password.unwrap_or_else(|| Secret::new([])),
            new_password: self.new_password.clone(),
            tls: self.tls.clone(),
            fragment: self.fragment,
        };
        let plain = PlainOptions {
            challenge: match method {
                Method::Mschap | Method::Mschapv2 => take_challenge(&mut request.draft),
                _ => None,
            },
            ..self.plain.clone()
        };
        let eap = self.eap.clone();
        let make = move || build::login(method, &credentials, plain.clone(), eap.clone());
        // What cannot be made now cannot be made later either, and nothing has been sent yet.
        make().map_err(|why| words::unfit(&why))?;
        Ok(Some(Voices::new(move || make().map(Voice::Login))))
    }
}

/// What is to be said where the name outside of a tunnel and the one inside belong to different realms.
pub fn realms(login: &Login) -> Option<Diagnostic> {
    let realm = |name: &Option<String>| Some(name.as_deref()?.rsplit_once('@')?.1.to_owned());
    let (outer, inner) = (realm(&login.eap.anonymous_identity)?, realm(&login.user)?);
    (!outer.eq_ignore_ascii_case(&inner)).then(|| words::realms(&outer, &inner))
}

/// The MS-CHAP-Challenge that the user gives, taken out of the request: the method says it.
fn take_challenge(draft: &mut Draft) -> Option<Vec<u8>> {
    let given = |part: &Part| {
        let value = part
            .value()
            .filter(|_| part.number() == AttributeType::VENDOR_SPECIFIC)?;
        let (_, challenge) =
            vendor_attributes(value).find(|(number, _)| *number == number::MS_CHAP_CHALLENGE)?;
        Some(challenge.to_vec())
    };
    let challenge = draft.parts().iter().find_map(given);
    draft.retain(|part| given(part).is_none());
    challenge
}

/// Whether a method can set a new password.
fn changes_passwords(method: Method) -> bool {
    method == Method::Mschapv2
        || method == Method::EapMschapv2
        || method.inner_eap() == Some(Method::EapMschapv2)
}
