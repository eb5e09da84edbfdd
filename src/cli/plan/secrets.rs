//! Shared secret and password: from the command line, a file, the environment, or the terminal.

use std::path::Path;

use super::Login;
use super::requests::Request;
use super::server::Server;
use crate::cli::files;
use crate::cli::options::SecretArgs;
use crate::cli::values::SecretText;
use crate::codec::{AttributeType, Secret};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::words;

/// The shared secret.
pub fn shared(args: &SecretArgs, server: &Server) -> Result<Secret, Diagnostic> {
    if let Some(secret) = &args.secret {
        return secret.read("--secret");
    }
    if let Some(path) = &args.secret_file {
        return from_file(path);
    }
    if let Ok(text) = std::env::var("RADIUS_SECRET")
        && !text.is_empty()
    {
        return SecretText(Secret::new(text.into_bytes())).read("RADIUS_SECRET");
    }
    if let Some(fixed) = server.fixed_secret() {
        return Ok(Secret::new(fixed));
    }
    match files::ask("Shared secret: ") {
        Some(Ok(secret)) if !secret.is_empty() => Ok(secret),
        Some(Err(error)) => Err(words::cannot_ask("the shared secret", &error)),
        _ => Err(
            Diagnostic::error("no-secret", Exit::Usage, "there is no shared secret")
                .hint("give it with --secret-file FILE, in RADIUS_SECRET, or with -s SECRET"),
        ),
    }
}

/// The shared secret that the first line of a file says.
pub fn from_file(path: &Path) -> Result<Secret, Diagnostic> {
    let line = Secret::new(files::read_secret(path)?);
    SecretText(line).read(&path.display().to_string())
}

/// The password that `auth` needs; `None` where the requests bring their own proof, or need none.
pub fn password(
    login: &mut Login,
    requests: &[Request],
    from_file: bool,
) -> Result<Option<Secret>, Diagnostic> {
    if let Some(password) = login.password.take() {
        return Ok(Some(password));
    }
    if let Some(path) = &login.password_file {
        return Ok(Some(Secret::new(files::read_secret(path)?)));
    }
    if let Ok(text) = std::env::var("RADIUS_PASSWORD") {
        return Ok(Some(Secret::new(text.into_bytes())));
    }
    let proofs = [
        AttributeType::USER_PASSWORD,
        AttributeType::CHAP_PASSWORD,
        AttributeType::STATE,
        AttributeType::EAP_MESSAGE,
    ];
    let proved = |request: &Request| {
        request.password.is_some() || proofs.iter().any(|proof| request.draft.has(*proof))
    };
    let needless = !login.method.uses_password() || from_file || requests.iter().all(proved);
    if needless {
        return Ok(None);
    }
    let prompt = match &login.user {
        Some(user) => format!("Password of {user}: "),
        None => "Password: ".to_owned(),
    };
    match files::ask(&prompt) {
        Some(Ok(password)) => Ok(Some(password)),
        Some(Err(error)) => Err(words::cannot_ask("the password", &error)),
        None => Err(Diagnostic::error("no-password", Exit::Usage, "there is no password")
            .hint("give it with --password-file FILE, in RADIUS_PASSWORD, or with -p PASSWORD; --method none sends none")),
    }
}
