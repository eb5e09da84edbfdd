//! What a request gets that nobody had to write: who asks, what is reported, how the user proves who it is.

use std::time::{Duration, UNIX_EPOCH};

use super::requests::Request;
use super::{Accounting, Login, Purpose};
use crate::attr::BuildError;
use crate::auth::Method;
use crate::cli::acct::RecordType;
use crate::client::{Job, Script};
use crate::codec::{AttributeType, Code, Secret, hex};
use crate::net::clock;
use crate::net::dice::Dice;
use crate::report::diagnostic::Diagnostic;
use crate::report::words;

/// NAS-Identifier of requests that name no NAS otherwise (RFC 2865 §4.1 and RFC 2866 §4.1 want one).
const NAS_IDENTIFIER: &str = "radius";
/// Acct-Session-Time (RFC 2866 §5.7).
const ACCT_SESSION_TIME: AttributeType = AttributeType(46);
/// Acct-Terminate-Cause (RFC 2866 §5.10).
const ACCT_TERMINATE_CAUSE: AttributeType = AttributeType(49);
/// Acct-Terminate-Cause = User-Request.
const USER_REQUEST: u32 = 1;
/// FreeRADIUS-Statistics-Type = All, as a Vendor-Specific of 11344 (FreeRADIUS).
const ALL_STATISTICS: [u8; 10] = [0, 0, 0x2c, 0x50, 127, 6, 0, 0, 0, 0x1f];

/// Adds to a request what it lacks. A request from a file is only given what its command line names: such files say
/// exactly what is to be sent.
pub fn complete(
    request: &mut Request,
    purpose: &Purpose,
    password: Option<&Secret>,
    from_file: bool,
    dice: &mut Dice,
) -> Result<(), Diagnostic> {
    let added = add(request, purpose, password, from_file, dice);
    added.map_err(|error| words::build_error(&error))
}

fn add(
    request: &mut Request,
    purpose: &Purpose,
    password: Option<&Secret>,
    from_file: bool,
    dice: &mut Dice,
) -> Result<(), BuildError> {
    let code = request.code.unwrap_or(purpose.code);
    if let Some(login) = &purpose.login
        && code == Code::ACCESS_REQUEST
    {
        log_in(request, login, password)?;
    }
    if let Some(accounting) = &purpose.accounting
        && code == Code::ACCOUNTING_REQUEST
    {
        account(request, accounting, from_file, dice)?;
    }
    if let Some((user, session_id)) = &purpose.session {
        add_text(request, AttributeType::USER_NAME, user.as_deref())?;
        add_text(request, AttributeType::ACCT_SESSION_ID, session_id.as_deref())?;
    }
    if purpose.statistics {
        request
            .draft
            .push(AttributeType::VENDOR_SPECIFIC, &ALL_STATISTICS)?;
    }
    let describes_itself = purpose.login.is_some() || purpose.accounting.is_some();
    if describes_itself && !from_file && !names_nas(request) {
        request
            .draft
            .push(AttributeType::NAS_IDENTIFIER, NAS_IDENTIFIER.as_bytes())?;
    }
    // Without it a request could be replayed (RFC 5176 §6.3), and an event would have no time (RFC 2869 §5.3).
    let timed = purpose.session.is_some() || purpose.accounting.is_some();
    if timed && !from_file && !request.draft.has(AttributeType::EVENT_TIMESTAMP) {
        request
            .draft
            .push(AttributeType::EVENT_TIMESTAMP, &wall_seconds().to_be_bytes())?;
    }
    Ok(())
}

/// User-Name first, then the proof, then what `-a` and the file say. Where a method finds its own words, they come
/// with every request.
fn log_in(request: &mut Request, login: &Login, password: Option<&Secret>) -> Result<(), BuildError> {
    if request.voices.is_some() {
        return Ok(());
    }
    let given = std::mem::take(&mut request.draft);
    if let Some(user) = login
        .user
        .as_deref()
        .filter(|_| !given.has(AttributeType::USER_NAME))
    {
        request.draft.push(AttributeType::USER_NAME, user.as_bytes())?;
    }
    let proved = [
        AttributeType::USER_PASSWORD,
        AttributeType::CHAP_PASSWORD,
        AttributeType::EAP_MESSAGE,
    ]
    .iter()
    .any(|proof| given.has(*proof));
    if let Some(password) = request.password.as_ref().or(password).filter(|_| !proved) {
        match login.method {
            Method::Pap => request.draft.push_password(password)?,
            Method::Chap => request.draft.push_chap(None, password.clone()),
            _ => {}
        }
    }
    for part in given.parts() {
        request.draft.push_part(part.clone());
    }
    Ok(())
}

fn account(
    request: &mut Request,
    accounting: &Accounting,
    from_file: bool,
    dice: &mut Dice,
) -> Result<(), BuildError> {
    let given = std::mem::take(&mut request.draft);
    let kind = accounting.kind.or((!from_file).then_some(RecordType::Start));
    if let Some(kind) = kind.filter(|_| !given.has(AttributeType::ACCT_STATUS_TYPE)) {
        request
            .draft
            .push(AttributeType::ACCT_STATUS_TYPE, &kind.number().to_be_bytes())?;
    }
    let session_id = accounting
        .session_id
        .clone()
        .or_else(|| (!from_file).then(|| random_session_id(dice)));
    if let Some(session_id) = session_id.filter(|_| !given.has(AttributeType::ACCT_SESSION_ID)) {
        request
            .draft
            .push(AttributeType::ACCT_SESSION_ID, session_id.as_bytes())?;
    }
    if let Some(user) = accounting
        .user
        .as_deref()
        .filter(|_| !given.has(AttributeType::USER_NAME))
    {
        request.draft.push(AttributeType::USER_NAME, user.as_bytes())?;
    }
    for part in given.parts() {
        request.draft.push_part(part.clone());
    }
    Ok(())
}

/// The records of a whole session, made from its Start: `updates` Interim-Updates and a Stop, `interval` apart.
pub fn session(start: &Job, interval: Duration, updates: u32) -> Result<Vec<Job>, BuildError> {
    let last = u64::from(updates) + 1;
    (0..=last)
        .map(|index| {
            let kind = match index {
                0 => RecordType::Start,
                index if index == last => RecordType::Stop,
                _ => RecordType::Interim,
            };
            let elapsed = interval.mul_f64(index as f64).as_secs();
            let mut draft = start.script.draft().clone();
            draft.set(AttributeType::ACCT_STATUS_TYPE, &kind.number().to_be_bytes())?;
            draft.set(
                AttributeType::EVENT_TIMESTAMP,
                &(wall_seconds() + elapsed as u32).to_be_bytes(),
            )?;
            if index > 0 {
                draft.set(ACCT_SESSION_TIME, &(elapsed as u32).to_be_bytes())?;
            }
            if index == last {
                draft.set(ACCT_TERMINATE_CAUSE, &USER_REQUEST.to_be_bytes())?;
            }
            Ok(Job {
                index,
                script: Script::new(draft, []),
                ..start.clone()
            })
        })
        .collect()
}

fn add_text(request: &mut Request, number: AttributeType, text: Option<&str>) -> Result<(), BuildError> {
    match text.filter(|_| !request.draft.has(number)) {
        Some(text) => request.draft.push(number, text.as_bytes()),
        None => Ok(()),
    }
}

fn names_nas(request: &Request) -> bool {
    [
        AttributeType::NAS_IP_ADDRESS,
        AttributeType::NAS_IDENTIFIER,
        AttributeType::NAS_IPV6_ADDRESS,
    ]
    .iter()
    .any(|number| request.draft.has(*number))
}

fn random_session_id(dice: &mut Dice) -> String {
    let mut octets = [0; 8];
    dice.fill(&mut octets);
    hex::encode(&octets)
}

/// Seconds since 1970, as Event-Timestamp counts them; they end in 2106.
fn wall_seconds() -> u32 {
    let since = clock::wall().duration_since(UNIX_EPOCH).unwrap_or_default();
    u32::try_from(since.as_secs()).unwrap_or(u32::MAX)
}
