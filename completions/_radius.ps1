
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'radius' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'radius'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'radius' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('auth', 'auth', [CompletionResultType]::ParameterValue, 'May this user in? Access-Request until Accept or Reject')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'A test server: auth, acct, CoA, Status-Server, with faults on purpose')
            [CompletionResult]::new('trace', 'trace', [CompletionResultType]::ParameterValue, 'See every octet: captures, interfaces, pipes and hexadecimal text, decoded, checked and opened')
            [CompletionResult]::new('dict', 'dict', [CompletionResultType]::ParameterValue, 'What the dictionaries know: lookup, search, list, vendors, values, check, export')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'A server and a client in one process: whole exchanges, every packet shown')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the manual pages into a directory')
            [CompletionResult]::new('acct', 'acct', [CompletionResultType]::ParameterValue, 'Accounting: one record, or a whole session')
            [CompletionResult]::new('coa', 'coa', [CompletionResultType]::ParameterValue, 'Change a session''s authorization: CoA-Request (RFC 5176)')
            [CompletionResult]::new('disconnect', 'disconnect', [CompletionResultType]::ParameterValue, 'End a session: Disconnect-Request (RFC 5176)')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Is the server up, and how is it? Status-Server (RFC 5997)')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send any packet: from a file, from attributes, or raw octets')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'radius;auth' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'The file whose first line is the shared secret')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas')
            [CompletionResult]::new('--attr', '--attr', [CompletionResultType]::ParameterName, 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The Identifier of every request, 0 to 255')
            [CompletionResult]::new('--authenticator', '--authenticator', [CompletionResultType]::ParameterName, 'The Request Authenticator of every Access-Request and Status-Server, 32 hexadecimal digits')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'How long the first wait is: 500ms, 1s, 2m, or seconds')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the first wait is: 500ms, 1s, 2m, or seconds')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'How often a request is sent again; the first time is not counted')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is sent again; the first time is not counted')
            [CompletionResult]::new('--backoff', '--backoff', [CompletionResultType]::ParameterName, 'By what each wait is longer than the one before; 1 for a fixed interval')
            [CompletionResult]::new('--jitter', '--jitter', [CompletionResultType]::ParameterName, 'By what part each wait varies at random, 0 to 1')
            [CompletionResult]::new('--max-wait', '--max-wait', [CompletionResultType]::ParameterName, 'The longest wait')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Send each request N times')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Send each request N times')
            [CompletionResult]::new('--parallel', '--parallel', [CompletionResultType]::ParameterName, 'Keep N requests in flight')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send N requests a second')
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'The local address to send from, with a port if it matters')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'The CA that signs servers'' certificates, in PEM; repeatable. No CA of this system is trusted for RADIUS')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Our certificate in PEM, with those between it and its CA behind it')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key of --cert in PEM; it may stand in the same file')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'What CAs have revoked, in PEM; repeatable')
            [CompletionResult]::new('--server-name', '--server-name', [CompletionResultType]::ParameterName, 'The name or address that the server''s certificate must be for, where it is not HOST')
            [CompletionResult]::new('--nai-realm', '--nai-realm', [CompletionResultType]::ParameterName, 'The realm that the server''s certificate must be for, in the place of its name (NAIRealm, RFC 7585)')
            [CompletionResult]::new('--fingerprint', '--fingerprint', [CompletionResultType]::ParameterName, 'The server''s certificate must have this SHA-256, colons or not; repeatable. Without --ca that is enough')
            [CompletionResult]::new('--psk', '--psk', [CompletionResultType]::ParameterName, 'A pre-shared key in the place of certificates, over dtls://: the identity, a colon, and the key in hexadecimal')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Versions of TLS: 1.2, 1.3, or a range')
            [CompletionResult]::new('--radius-version', '--radius-version', [CompletionResultType]::ParameterName, 'Versions of RADIUS to offer (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result is printed: json is laid out to be read, ndjson is one line an exchange')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result is printed: json is laid out to be read, ndjson is one line an exchange')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Who wants in: User-Name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Who wants in: User-Name')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The password. Others can read it in the process list: a file or RADIUS_PASSWORD is better; on a terminal it is asked for. With --file and no --user, `-p N` is --parallel N, as elsewhere')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The password. Others can read it in the process list: a file or RADIUS_PASSWORD is better; on a terminal it is asked for. With --file and no --user, `-p N` is --parallel N, as elsewhere')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'The file whose first line is the password')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'How the user proves who it is')
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'How the user proves who it is')
            [CompletionResult]::new('--response', '--response', [CompletionResultType]::ParameterName, 'Answer an Access-Challenge with this; repeatable, one a round. On a terminal it is asked for')
            [CompletionResult]::new('--new-password', '--new-password', [CompletionResultType]::ParameterName, 'The password to set where the server says that the old one has expired (MS-CHAP). Others can read it in the process list: a file is better')
            [CompletionResult]::new('--new-password-file', '--new-password-file', [CompletionResultType]::ParameterName, 'The file whose first line is the password to set')
            [CompletionResult]::new('--anonymous-identity', '--anonymous-identity', [CompletionResultType]::ParameterName, 'The name that a tunnel (ttls-…, peap-…) shows outside in place of the user''s')
            [CompletionResult]::new('--eap-ca', '--eap-ca', [CompletionResultType]::ParameterName, 'The CAs to trust: a file, a directory of files, or `system`. Without any, the server''s certificates are shown and not checked, and a warning says so')
            [CompletionResult]::new('--eap-server-name', '--eap-server-name', [CompletionResultType]::ParameterName, 'The name that the server''s certificate must have, or that must be the end of it: example.org takes radius.example.org too')
            [CompletionResult]::new('--eap-fingerprint', '--eap-fingerprint', [CompletionResultType]::ParameterName, 'SHA-256 of the one server certificate to take, whoever signed it; colons do not matter')
            [CompletionResult]::new('--eap-crl', '--eap-crl', [CompletionResultType]::ParameterName, 'Certificates that their CAs took back: a revocation list in PEM or DER; repeatable')
            [CompletionResult]::new('--eap-cert', '--eap-cert', [CompletionResultType]::ParameterName, 'The user''s certificate with its chain, in PEM; or certificate and key in one PKCS#12 file')
            [CompletionResult]::new('--eap-key', '--eap-key', [CompletionResultType]::ParameterName, 'The key of --eap-cert, in PEM; where it is left out, the key is in the file of --eap-cert')
            [CompletionResult]::new('--eap-key-password-file', '--eap-key-password-file', [CompletionResultType]::ParameterName, 'The file whose first line is the password of the key; RADIUS_EAP_KEY_PASSWORD says it too, and on a terminal it is asked for')
            [CompletionResult]::new('--eap-tls', '--eap-tls', [CompletionResultType]::ParameterName, 'The TLS versions to agree on: 1.2, 1.3, or 1.2..1.3')
            [CompletionResult]::new('--eap-fragment-size', '--eap-fragment-size', [CompletionResultType]::ParameterName, 'The longest EAP packet to send, in octets; it is Framed-MTU too, which asks the server to keep to it')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Log in again N times, and ask the server to resume the TLS session of the time before')
            [CompletionResult]::new('--save-server-chain', '--save-server-chain', [CompletionResultType]::ParameterName, 'Write the server''s certificates to this file, in PEM')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--expect-exactly', '--expect-exactly', [CompletionResultType]::ParameterName, 'The answer may hold no attribute that no expectation names')
            [CompletionResult]::new('--require-message-authenticator', '--require-message-authenticator', [CompletionResultType]::ParameterName, 'Refuse (exit 4) an Access reply without a Message-Authenticator')
            [CompletionResult]::new('--no-message-authenticator', '--no-message-authenticator', [CompletionResultType]::ParameterName, 'Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'Use IPv4 only')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'Use IPv6 only')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Believe any server, whoever it is')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --output json')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Print every packet, both ways, with its octets')
            [CompletionResult]::new('--hex', '--hex', [CompletionResultType]::ParameterName, 'Print the octets of request and reply')
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Print each attribute''s octets beside its meaning')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print passwords and keys in clear; otherwise they are <hidden>')
            [CompletionResult]::new('--eap-methods', '--eap-methods', [CompletionResultType]::ParameterName, 'List the EAP methods that the server speaks for this name, one line a method; nobody logs in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;serve' {
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'Listen here; repeatable: udp://ADDR:PORT or tcp://ADDR:PORT, `*` for all addresses, ?role=auth|acct|coa|any where the port does not say it [default: the standard ports of loopback]')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Listen here; repeatable: udp://ADDR:PORT or tcp://ADDR:PORT, `*` for all addresses, ?role=auth|acct|coa|any where the port does not say it [default: the standard ports of loopback]')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The secret of every client; 0x… is hexadecimal [default: testing123 on loopback]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret of every client; 0x… is hexadecimal [default: testing123 on loopback]')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'The file whose first line is the secret of every client')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'A client and its secret; repeatable, the longest prefix counts')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'A user and the password; repeatable [default: alice:wonderland where nothing else decides]')
            [CompletionResult]::new('--users', '--users', [CompletionResultType]::ParameterName, 'A users file in FreeRADIUS''s format; repeatable')
            [CompletionResult]::new('--reply', '--reply', [CompletionResultType]::ParameterName, 'An attribute of every Access-Accept; repeatable')
            [CompletionResult]::new('--challenge', '--challenge', [CompletionResultType]::ParameterName, 'Ask for a second factor after a right password; CODE is the answer that is accepted [default CODE: 123456]')
            [CompletionResult]::new('--challenge-prompt', '--challenge-prompt', [CompletionResultType]::ParameterName, 'What the user is asked for then')
            [CompletionResult]::new('--reject-delay', '--reject-delay', [CompletionResultType]::ParameterName, 'How long an Access-Reject is held back, so that passwords cannot be guessed fast [default: 1s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'The server''s certificate for EAP, with its chain, in PEM [default: one made at the start, by a CA of its own]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Its private key, in PEM [default: in the same file]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'The CAs of clients'' certificates, in PEM')
            [CompletionResult]::new('--write-ca', '--write-ca', [CompletionResultType]::ParameterName, 'Write the certificate of the CA made at the start here, for clients to trust')
            [CompletionResult]::new('--coa', '--coa', [CompletionResultType]::ParameterName, 'How CoA-Request and Disconnect-Request are answered: auto (by the sessions that accounting began; NAK 406 before it said anything), sessions, ack, nak, or nak=CAUSE [default: auto]')
            [CompletionResult]::new('--proxy-to', '--proxy-to', [CompletionResultType]::ParameterName, 'Pass requests on to HOST, all or those of a realm; repeatable, several servers of a realm are asked one after the other. Port is that for authentication; accounting goes to the next [default: 1812]')
            [CompletionResult]::new('--proxy-secret', '--proxy-secret', [CompletionResultType]::ParameterName, 'The secret shared with them [default: the one of the clients]')
            [CompletionResult]::new('--acct-log', '--acct-log', [CompletionResultType]::ParameterName, 'Store accounting records in this file, each synced before it is acknowledged; SIGHUP opens it anew')
            [CompletionResult]::new('--acct-format', '--acct-format', [CompletionResultType]::ParameterName, 'How records are written: json (one object a line) or detail (FreeRADIUS''s format) [default: json]')
            [CompletionResult]::new('--duplicate-lifetime', '--duplicate-lifetime', [CompletionResultType]::ParameterName, 'How long replies are remembered for duplicates [default: 30s]')
            [CompletionResult]::new('--duplicate-entries', '--duplicate-entries', [CompletionResultType]::ParameterName, 'How many requests are remembered for duplicates [default: 32768]')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'How many connections there may be at once [default: 1024]')
            [CompletionResult]::new('--idle-timeout', '--idle-timeout', [CompletionResultType]::ParameterName, 'How long a connection may be idle [default: 15m]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads for each UDP address [default: one for each processor]')
            [CompletionResult]::new('--drop', '--drop', [CompletionResultType]::ParameterName, 'Lose this part of the requests: 0.1 or 10%')
            [CompletionResult]::new('--delay', '--delay', [CompletionResultType]::ParameterName, 'Hold every reply back')
            [CompletionResult]::new('--corrupt', '--corrupt', [CompletionResultType]::ParameterName, 'Spoil the Response Authenticator of this part of the replies')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Any fault, by rule; repeatable: drop, delay=TIME, duplicate[=N], reorder[=TIME], wrong-id, wrong-authenticator, no-ma, wrong-ma, truncate, overlong, other-port, reject; then ,rate=10% ,user=NAME ,client=CIDR ,nth=N ,every=N ,first=N')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'What the faults are thrown with: the same seed and the same requests meet the same faults [default: 0]')
            [CompletionResult]::new('--metrics', '--metrics', [CompletionResultType]::ParameterName, 'Serve counters in Prometheus''s text format here, over HTTP')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'All of this from a file; SIGHUP reads it anew')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--require-message-authenticator', '--require-message-authenticator', [CompletionResultType]::ParameterName, 'Discard Access-Requests without Message-Authenticator (CVE-2024-3596); a warning otherwise')
            [CompletionResult]::new('--limit-proxy-state', '--limit-proxy-state', [CompletionResultType]::ParameterName, 'Discard Access-Requests with Proxy-State, but without Message-Authenticator')
            [CompletionResult]::new('--accept-all', '--accept-all', [CompletionResultType]::ParameterName, 'Accept everybody')
            [CompletionResult]::new('--reject-all', '--reject-all', [CompletionResultType]::ParameterName, 'Reject everybody')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'One JSON object a request instead of a line')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Print every packet, both ways, with its octets')
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Print each attribute''s octets beside its meaning')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print passwords and keys in clear; otherwise they are <hidden>')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;trace' {
            [CompletionResult]::new('--hex', '--hex', [CompletionResultType]::ParameterName, 'The packet itself, in hexadecimal; without a value, print the octets of every packet')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Watch this interface, or `any`, until Ctrl-C (Linux, as root or with CAP_NET_RAW)')
            [CompletionResult]::new('--interface', '--interface', [CompletionResultType]::ParameterName, 'Watch this interface, or `any`, until Ctrl-C (Linux, as root or with CAP_NET_RAW)')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Stand between clients and a server: listen here (udp://:1812, tcp://127.0.0.1:1812), and hand on to --forward')
            [CompletionResult]::new('--forward', '--forward', [CompletionResultType]::ParameterName, 'The server behind the tap; its transport may be another one')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'A shared secret: checks the authenticators and opens what is hidden; of several the right one is found')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'A shared secret: checks the authenticators and opens what is hidden; of several the right one is found')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'The file whose first line is the shared secret')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The shared secret of the clients in a network')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Only packets like these: `code == Access-Reject and src == 10.0.0.0/8`, `User-Name =~ "^host/"`, `rtt > 100ms`, `retransmission or late`, `finding >= warning`, with and, or, not and brackets')
            [CompletionResult]::new('--first', '--first', [CompletionResultType]::ParameterName, 'Only the first N of them')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Not before this time: RFC 3339 (2026-01-31T12:00:00Z), or without a zone in UTC')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Not after this time')
            [CompletionResult]::new('--conversation', '--conversation', [CompletionResultType]::ParameterName, 'Only the packets of one conversation, by the number that --flow and JSON give it')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'One more port that carries RADIUS; on others only what cannot be anything else is taken')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a reply is waited for, in the capture''s time')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'The least severity that --lint fails on, and prints')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Comma-separated values: number, time, src, dst, transport, conversation, code, id, length, rtt, request, findings, or attributes, in this order')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'Write the packets as pcapng')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write the packets as pcapng')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How packets are printed: json is laid out to be read, ndjson is one line a packet')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How packets are printed: json is laid out to be read, ndjson is one line a packet')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--attributes', '--attributes', [CompletionResultType]::ParameterName, 'The octets are attributes, without a packet around them')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print passwords and keys in clear; otherwise they are <hidden>')
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Print each attribute''s octets beside its meaning')
            [CompletionResult]::new('--lint', '--lint', [CompletionResultType]::ParameterName, 'What the standards have against the packets; exit 1 when there is any of --fail-on')
            [CompletionResult]::new('--flow', '--flow', [CompletionResultType]::ParameterName, 'Each conversation as a ladder of arrows')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'Counts, losses and latencies instead of packets')
            [CompletionResult]::new('--replay-text', '--replay-text', [CompletionResultType]::ParameterName, 'Print requests as `radius send -f` reads them')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --output json')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;dict' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('lookup', 'lookup', [CompletionResultType]::ParameterValue, 'Everything about an attribute: by name, number, 26.9.1, or path')
            [CompletionResult]::new('search', 'search', [CompletionResultType]::ParameterValue, 'Attributes, vendors and values in whose names all words occur; the best first')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'All attributes, or those of one vendor')
            [CompletionResult]::new('vendors', 'vendors', [CompletionResultType]::ParameterValue, 'All vendors')
            [CompletionResult]::new('values', 'values', [CompletionResultType]::ParameterValue, 'The named values of an attribute')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Reports every fault of dictionary files with its place, and what is odd')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Writes everything that is known as a dictionary file, or as JSON')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'radius;dict;lookup' {
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;dict;search' {
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;dict;list' {
            [CompletionResult]::new('--vendor', '--vendor', [CompletionResultType]::ParameterName, 'Only this vendor''s, by name or number')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;dict;vendors' {
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;dict;values' {
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;dict;check' {
            [CompletionResult]::new('--dict-root', '--dict-root', [CompletionResultType]::ParameterName, 'The directory that $INCLUDE may not leave, instead of the file''s own')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--on-builtin', '--on-builtin', [CompletionResultType]::ParameterName, 'What the files may refer to besides themselves: the built-in dictionaries')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object a fault')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;dict;export' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;dict;help' {
            [CompletionResult]::new('lookup', 'lookup', [CompletionResultType]::ParameterValue, 'Everything about an attribute: by name, number, 26.9.1, or path')
            [CompletionResult]::new('search', 'search', [CompletionResultType]::ParameterValue, 'Attributes, vendors and values in whose names all words occur; the best first')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'All attributes, or those of one vendor')
            [CompletionResult]::new('vendors', 'vendors', [CompletionResultType]::ParameterValue, 'All vendors')
            [CompletionResult]::new('values', 'values', [CompletionResultType]::ParameterValue, 'The named values of an attribute')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Reports every fault of dictionary files with its place, and what is odd')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Writes everything that is known as a dictionary file, or as JSON')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'radius;dict;help;lookup' {
            break
        }
        'radius;dict;help;search' {
            break
        }
        'radius;dict;help;list' {
            break
        }
        'radius;dict;help;vendors' {
            break
        }
        'radius;dict;help;values' {
            break
        }
        'radius;dict;help;check' {
            break
        }
        'radius;dict;help;export' {
            break
        }
        'radius;dict;help;help' {
            break
        }
        'radius;demo' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print passwords and keys in clear; otherwise they are <hidden>')
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Print each attribute''s octets beside its meaning')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;completions' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write the completions of every shell into this directory instead, under the names that packagers use')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;man' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;acct' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'The file whose first line is the shared secret')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas')
            [CompletionResult]::new('--attr', '--attr', [CompletionResultType]::ParameterName, 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The Identifier of every request, 0 to 255')
            [CompletionResult]::new('--authenticator', '--authenticator', [CompletionResultType]::ParameterName, 'The Request Authenticator of every Access-Request and Status-Server, 32 hexadecimal digits')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'How long the first wait is: 500ms, 1s, 2m, or seconds')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the first wait is: 500ms, 1s, 2m, or seconds')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'How often a request is sent again; the first time is not counted')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is sent again; the first time is not counted')
            [CompletionResult]::new('--backoff', '--backoff', [CompletionResultType]::ParameterName, 'By what each wait is longer than the one before; 1 for a fixed interval')
            [CompletionResult]::new('--jitter', '--jitter', [CompletionResultType]::ParameterName, 'By what part each wait varies at random, 0 to 1')
            [CompletionResult]::new('--max-wait', '--max-wait', [CompletionResultType]::ParameterName, 'The longest wait')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Send each request N times')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Send each request N times')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send N requests a second')
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'The local address to send from, with a port if it matters')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'The CA that signs servers'' certificates, in PEM; repeatable. No CA of this system is trusted for RADIUS')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Our certificate in PEM, with those between it and its CA behind it')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key of --cert in PEM; it may stand in the same file')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'What CAs have revoked, in PEM; repeatable')
            [CompletionResult]::new('--server-name', '--server-name', [CompletionResultType]::ParameterName, 'The name or address that the server''s certificate must be for, where it is not HOST')
            [CompletionResult]::new('--nai-realm', '--nai-realm', [CompletionResultType]::ParameterName, 'The realm that the server''s certificate must be for, in the place of its name (NAIRealm, RFC 7585)')
            [CompletionResult]::new('--fingerprint', '--fingerprint', [CompletionResultType]::ParameterName, 'The server''s certificate must have this SHA-256, colons or not; repeatable. Without --ca that is enough')
            [CompletionResult]::new('--psk', '--psk', [CompletionResultType]::ParameterName, 'A pre-shared key in the place of certificates, over dtls://: the identity, a colon, and the key in hexadecimal')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Versions of TLS: 1.2, 1.3, or a range')
            [CompletionResult]::new('--radius-version', '--radius-version', [CompletionResultType]::ParameterName, 'Versions of RADIUS to offer (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result is printed: json is laid out to be read, ndjson is one line an exchange')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result is printed: json is laid out to be read, ndjson is one line an exchange')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'What is reported; without it, start, unless --attr or --file say Acct-Status-Type')
            [CompletionResult]::new('--session-id', '--session-id', [CompletionResultType]::ParameterName, 'Acct-Session-Id; a random one otherwise')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Whose session it is: User-Name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Whose session it is: User-Name')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'The time between the records of --session')
            [CompletionResult]::new('--updates', '--updates', [CompletionResultType]::ParameterName, 'How many Interim-Updates --session sends')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Keep N requests in flight')
            [CompletionResult]::new('--parallel', '--parallel', [CompletionResultType]::ParameterName, 'Keep N requests in flight')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--expect-exactly', '--expect-exactly', [CompletionResultType]::ParameterName, 'The answer may hold no attribute that no expectation names')
            [CompletionResult]::new('--require-message-authenticator', '--require-message-authenticator', [CompletionResultType]::ParameterName, 'Refuse (exit 4) an Access reply without a Message-Authenticator')
            [CompletionResult]::new('--no-message-authenticator', '--no-message-authenticator', [CompletionResultType]::ParameterName, 'Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'Use IPv4 only')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'Use IPv6 only')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Believe any server, whoever it is')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --output json')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Print every packet, both ways, with its octets')
            [CompletionResult]::new('--hex', '--hex', [CompletionResultType]::ParameterName, 'Print the octets of request and reply')
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Print each attribute''s octets beside its meaning')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print passwords and keys in clear; otherwise they are <hidden>')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'A whole session: Start, Interim-Updates, Stop')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;coa' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'The file whose first line is the shared secret')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas')
            [CompletionResult]::new('--attr', '--attr', [CompletionResultType]::ParameterName, 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The Identifier of every request, 0 to 255')
            [CompletionResult]::new('--authenticator', '--authenticator', [CompletionResultType]::ParameterName, 'The Request Authenticator of every Access-Request and Status-Server, 32 hexadecimal digits')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'How long the first wait is: 500ms, 1s, 2m, or seconds')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the first wait is: 500ms, 1s, 2m, or seconds')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'How often a request is sent again; the first time is not counted')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is sent again; the first time is not counted')
            [CompletionResult]::new('--backoff', '--backoff', [CompletionResultType]::ParameterName, 'By what each wait is longer than the one before; 1 for a fixed interval')
            [CompletionResult]::new('--jitter', '--jitter', [CompletionResultType]::ParameterName, 'By what part each wait varies at random, 0 to 1')
            [CompletionResult]::new('--max-wait', '--max-wait', [CompletionResultType]::ParameterName, 'The longest wait')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Send each request N times')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Send each request N times')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send N requests a second')
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'The local address to send from, with a port if it matters')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'The CA that signs servers'' certificates, in PEM; repeatable. No CA of this system is trusted for RADIUS')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Our certificate in PEM, with those between it and its CA behind it')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key of --cert in PEM; it may stand in the same file')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'What CAs have revoked, in PEM; repeatable')
            [CompletionResult]::new('--server-name', '--server-name', [CompletionResultType]::ParameterName, 'The name or address that the server''s certificate must be for, where it is not HOST')
            [CompletionResult]::new('--nai-realm', '--nai-realm', [CompletionResultType]::ParameterName, 'The realm that the server''s certificate must be for, in the place of its name (NAIRealm, RFC 7585)')
            [CompletionResult]::new('--fingerprint', '--fingerprint', [CompletionResultType]::ParameterName, 'The server''s certificate must have this SHA-256, colons or not; repeatable. Without --ca that is enough')
            [CompletionResult]::new('--psk', '--psk', [CompletionResultType]::ParameterName, 'A pre-shared key in the place of certificates, over dtls://: the identity, a colon, and the key in hexadecimal')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Versions of TLS: 1.2, 1.3, or a range')
            [CompletionResult]::new('--radius-version', '--radius-version', [CompletionResultType]::ParameterName, 'Versions of RADIUS to offer (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result is printed: json is laid out to be read, ndjson is one line an exchange')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result is printed: json is laid out to be read, ndjson is one line an exchange')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Whose session: User-Name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Whose session: User-Name')
            [CompletionResult]::new('--session-id', '--session-id', [CompletionResultType]::ParameterName, 'Which session: Acct-Session-Id')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Keep N requests in flight')
            [CompletionResult]::new('--parallel', '--parallel', [CompletionResultType]::ParameterName, 'Keep N requests in flight')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--expect-exactly', '--expect-exactly', [CompletionResultType]::ParameterName, 'The answer may hold no attribute that no expectation names')
            [CompletionResult]::new('--require-message-authenticator', '--require-message-authenticator', [CompletionResultType]::ParameterName, 'Refuse (exit 4) an Access reply without a Message-Authenticator')
            [CompletionResult]::new('--no-message-authenticator', '--no-message-authenticator', [CompletionResultType]::ParameterName, 'Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'Use IPv4 only')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'Use IPv6 only')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Believe any server, whoever it is')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --output json')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Print every packet, both ways, with its octets')
            [CompletionResult]::new('--hex', '--hex', [CompletionResultType]::ParameterName, 'Print the octets of request and reply')
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Print each attribute''s octets beside its meaning')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print passwords and keys in clear; otherwise they are <hidden>')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;disconnect' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'The file whose first line is the shared secret')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas')
            [CompletionResult]::new('--attr', '--attr', [CompletionResultType]::ParameterName, 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The Identifier of every request, 0 to 255')
            [CompletionResult]::new('--authenticator', '--authenticator', [CompletionResultType]::ParameterName, 'The Request Authenticator of every Access-Request and Status-Server, 32 hexadecimal digits')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'How long the first wait is: 500ms, 1s, 2m, or seconds')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the first wait is: 500ms, 1s, 2m, or seconds')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'How often a request is sent again; the first time is not counted')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is sent again; the first time is not counted')
            [CompletionResult]::new('--backoff', '--backoff', [CompletionResultType]::ParameterName, 'By what each wait is longer than the one before; 1 for a fixed interval')
            [CompletionResult]::new('--jitter', '--jitter', [CompletionResultType]::ParameterName, 'By what part each wait varies at random, 0 to 1')
            [CompletionResult]::new('--max-wait', '--max-wait', [CompletionResultType]::ParameterName, 'The longest wait')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Send each request N times')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Send each request N times')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send N requests a second')
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'The local address to send from, with a port if it matters')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'The CA that signs servers'' certificates, in PEM; repeatable. No CA of this system is trusted for RADIUS')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Our certificate in PEM, with those between it and its CA behind it')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key of --cert in PEM; it may stand in the same file')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'What CAs have revoked, in PEM; repeatable')
            [CompletionResult]::new('--server-name', '--server-name', [CompletionResultType]::ParameterName, 'The name or address that the server''s certificate must be for, where it is not HOST')
            [CompletionResult]::new('--nai-realm', '--nai-realm', [CompletionResultType]::ParameterName, 'The realm that the server''s certificate must be for, in the place of its name (NAIRealm, RFC 7585)')
            [CompletionResult]::new('--fingerprint', '--fingerprint', [CompletionResultType]::ParameterName, 'The server''s certificate must have this SHA-256, colons or not; repeatable. Without --ca that is enough')
            [CompletionResult]::new('--psk', '--psk', [CompletionResultType]::ParameterName, 'A pre-shared key in the place of certificates, over dtls://: the identity, a colon, and the key in hexadecimal')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Versions of TLS: 1.2, 1.3, or a range')
            [CompletionResult]::new('--radius-version', '--radius-version', [CompletionResultType]::ParameterName, 'Versions of RADIUS to offer (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result is printed: json is laid out to be read, ndjson is one line an exchange')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result is printed: json is laid out to be read, ndjson is one line an exchange')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Whose session: User-Name')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Whose session: User-Name')
            [CompletionResult]::new('--session-id', '--session-id', [CompletionResultType]::ParameterName, 'Which session: Acct-Session-Id')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Keep N requests in flight')
            [CompletionResult]::new('--parallel', '--parallel', [CompletionResultType]::ParameterName, 'Keep N requests in flight')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--expect-exactly', '--expect-exactly', [CompletionResultType]::ParameterName, 'The answer may hold no attribute that no expectation names')
            [CompletionResult]::new('--require-message-authenticator', '--require-message-authenticator', [CompletionResultType]::ParameterName, 'Refuse (exit 4) an Access reply without a Message-Authenticator')
            [CompletionResult]::new('--no-message-authenticator', '--no-message-authenticator', [CompletionResultType]::ParameterName, 'Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'Use IPv4 only')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'Use IPv6 only')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Believe any server, whoever it is')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --output json')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Print every packet, both ways, with its octets')
            [CompletionResult]::new('--hex', '--hex', [CompletionResultType]::ParameterName, 'Print the octets of request and reply')
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Print each attribute''s octets beside its meaning')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print passwords and keys in clear; otherwise they are <hidden>')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;status' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'The file whose first line is the shared secret')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas')
            [CompletionResult]::new('--attr', '--attr', [CompletionResultType]::ParameterName, 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The Identifier of every request, 0 to 255')
            [CompletionResult]::new('--authenticator', '--authenticator', [CompletionResultType]::ParameterName, 'The Request Authenticator of every Access-Request and Status-Server, 32 hexadecimal digits')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'How long the first wait is: 500ms, 1s, 2m, or seconds')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the first wait is: 500ms, 1s, 2m, or seconds')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'How often a request is sent again; the first time is not counted')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is sent again; the first time is not counted')
            [CompletionResult]::new('--backoff', '--backoff', [CompletionResultType]::ParameterName, 'By what each wait is longer than the one before; 1 for a fixed interval')
            [CompletionResult]::new('--jitter', '--jitter', [CompletionResultType]::ParameterName, 'By what part each wait varies at random, 0 to 1')
            [CompletionResult]::new('--max-wait', '--max-wait', [CompletionResultType]::ParameterName, 'The longest wait')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Send each request N times')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Send each request N times')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send N requests a second')
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'The local address to send from, with a port if it matters')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'The CA that signs servers'' certificates, in PEM; repeatable. No CA of this system is trusted for RADIUS')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Our certificate in PEM, with those between it and its CA behind it')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key of --cert in PEM; it may stand in the same file')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'What CAs have revoked, in PEM; repeatable')
            [CompletionResult]::new('--server-name', '--server-name', [CompletionResultType]::ParameterName, 'The name or address that the server''s certificate must be for, where it is not HOST')
            [CompletionResult]::new('--nai-realm', '--nai-realm', [CompletionResultType]::ParameterName, 'The realm that the server''s certificate must be for, in the place of its name (NAIRealm, RFC 7585)')
            [CompletionResult]::new('--fingerprint', '--fingerprint', [CompletionResultType]::ParameterName, 'The server''s certificate must have this SHA-256, colons or not; repeatable. Without --ca that is enough')
            [CompletionResult]::new('--psk', '--psk', [CompletionResultType]::ParameterName, 'A pre-shared key in the place of certificates, over dtls://: the identity, a colon, and the key in hexadecimal')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Versions of TLS: 1.2, 1.3, or a range')
            [CompletionResult]::new('--radius-version', '--radius-version', [CompletionResultType]::ParameterName, 'Versions of RADIUS to offer (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result is printed: json is laid out to be read, ndjson is one line an exchange')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result is printed: json is laid out to be read, ndjson is one line an exchange')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Ask again after this time, until --count is reached or Ctrl-C')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Keep N requests in flight')
            [CompletionResult]::new('--parallel', '--parallel', [CompletionResultType]::ParameterName, 'Keep N requests in flight')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--expect-exactly', '--expect-exactly', [CompletionResultType]::ParameterName, 'The answer may hold no attribute that no expectation names')
            [CompletionResult]::new('--require-message-authenticator', '--require-message-authenticator', [CompletionResultType]::ParameterName, 'Refuse (exit 4) an Access reply without a Message-Authenticator')
            [CompletionResult]::new('--no-message-authenticator', '--no-message-authenticator', [CompletionResultType]::ParameterName, 'Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'Use IPv4 only')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'Use IPv6 only')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Believe any server, whoever it is')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --output json')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Print every packet, both ways, with its octets')
            [CompletionResult]::new('--hex', '--hex', [CompletionResultType]::ParameterName, 'Print the octets of request and reply')
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Print each attribute''s octets beside its meaning')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print passwords and keys in clear; otherwise they are <hidden>')
            [CompletionResult]::new('--acct', '--acct', [CompletionResultType]::ParameterName, 'Ask on the accounting port, 1813')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'Ask for FreeRADIUS''s statistics too; shown when the server gives them')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;send' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'The file whose first line is the shared secret')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas')
            [CompletionResult]::new('--attr', '--attr', [CompletionResultType]::ParameterName, 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The Identifier of every request, 0 to 255')
            [CompletionResult]::new('--authenticator', '--authenticator', [CompletionResultType]::ParameterName, 'The Request Authenticator of every Access-Request and Status-Server, 32 hexadecimal digits')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'How long the first wait is: 500ms, 1s, 2m, or seconds')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the first wait is: 500ms, 1s, 2m, or seconds')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'How often a request is sent again; the first time is not counted')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is sent again; the first time is not counted')
            [CompletionResult]::new('--backoff', '--backoff', [CompletionResultType]::ParameterName, 'By what each wait is longer than the one before; 1 for a fixed interval')
            [CompletionResult]::new('--jitter', '--jitter', [CompletionResultType]::ParameterName, 'By what part each wait varies at random, 0 to 1')
            [CompletionResult]::new('--max-wait', '--max-wait', [CompletionResultType]::ParameterName, 'The longest wait')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Send each request N times')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Send each request N times')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Send N requests a second')
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'The local address to send from, with a port if it matters')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'The CA that signs servers'' certificates, in PEM; repeatable. No CA of this system is trusted for RADIUS')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Our certificate in PEM, with those between it and its CA behind it')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The key of --cert in PEM; it may stand in the same file')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'What CAs have revoked, in PEM; repeatable')
            [CompletionResult]::new('--server-name', '--server-name', [CompletionResultType]::ParameterName, 'The name or address that the server''s certificate must be for, where it is not HOST')
            [CompletionResult]::new('--nai-realm', '--nai-realm', [CompletionResultType]::ParameterName, 'The realm that the server''s certificate must be for, in the place of its name (NAIRealm, RFC 7585)')
            [CompletionResult]::new('--fingerprint', '--fingerprint', [CompletionResultType]::ParameterName, 'The server''s certificate must have this SHA-256, colons or not; repeatable. Without --ca that is enough')
            [CompletionResult]::new('--psk', '--psk', [CompletionResultType]::ParameterName, 'A pre-shared key in the place of certificates, over dtls://: the identity, a colon, and the key in hexadecimal')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Versions of TLS: 1.2, 1.3, or a range')
            [CompletionResult]::new('--radius-version', '--radius-version', [CompletionResultType]::ParameterName, 'Versions of RADIUS to offer (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How the result is printed: json is laid out to be read, ndjson is one line an exchange')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How the result is printed: json is laid out to be read, ndjson is one line an exchange')
            [CompletionResult]::new('--code', '--code', [CompletionResultType]::ParameterName, 'The packet''s Code: a name such as Access-Request, or a number 0 to 255; Packet-Type in a file goes before it')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'A whole packet in hexadecimal, sent as it is: nothing is added, computed or mended')
            [CompletionResult]::new('--append', '--append', [CompletionResultType]::ParameterName, 'Octets in hexadecimal to put behind the attributes, whatever they are')
            [CompletionResult]::new('--length', '--length', [CompletionResultType]::ParameterName, 'What the Length field says, whatever the length is')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Keep N requests in flight')
            [CompletionResult]::new('--parallel', '--parallel', [CompletionResultType]::ParameterName, 'Keep N requests in flight')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--expect-exactly', '--expect-exactly', [CompletionResultType]::ParameterName, 'The answer may hold no attribute that no expectation names')
            [CompletionResult]::new('--require-message-authenticator', '--require-message-authenticator', [CompletionResultType]::ParameterName, 'Refuse (exit 4) an Access reply without a Message-Authenticator')
            [CompletionResult]::new('--no-message-authenticator', '--no-message-authenticator', [CompletionResultType]::ParameterName, 'Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'Use IPv4 only')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'Use IPv6 only')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Believe any server, whoever it is')
            [CompletionResult]::new('--no-builtin-dict', '--no-builtin-dict', [CompletionResultType]::ParameterName, 'Do without the dictionaries that are built in')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --output json')
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Print every packet, both ways, with its octets')
            [CompletionResult]::new('--hex', '--hex', [CompletionResultType]::ParameterName, 'Print the octets of request and reply')
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Print each attribute''s octets beside its meaning')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print passwords and keys in clear; otherwise they are <hidden>')
            [CompletionResult]::new('--bad-message-authenticator', '--bad-message-authenticator', [CompletionResultType]::ParameterName, 'Spoil the Message-Authenticator')
            [CompletionResult]::new('--bad-authenticator', '--bad-authenticator', [CompletionResultType]::ParameterName, 'Spoil the Request Authenticator of packets where it is a digest')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print results only in the exit code; errors still go to standard error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'radius;help' {
            [CompletionResult]::new('auth', 'auth', [CompletionResultType]::ParameterValue, 'May this user in? Access-Request until Accept or Reject')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'A test server: auth, acct, CoA, Status-Server, with faults on purpose')
            [CompletionResult]::new('trace', 'trace', [CompletionResultType]::ParameterValue, 'See every octet: captures, interfaces, pipes and hexadecimal text, decoded, checked and opened')
            [CompletionResult]::new('dict', 'dict', [CompletionResultType]::ParameterValue, 'What the dictionaries know: lookup, search, list, vendors, values, check, export')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'A server and a client in one process: whole exchanges, every packet shown')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the manual pages into a directory')
            [CompletionResult]::new('acct', 'acct', [CompletionResultType]::ParameterValue, 'Accounting: one record, or a whole session')
            [CompletionResult]::new('coa', 'coa', [CompletionResultType]::ParameterValue, 'Change a session''s authorization: CoA-Request (RFC 5176)')
            [CompletionResult]::new('disconnect', 'disconnect', [CompletionResultType]::ParameterValue, 'End a session: Disconnect-Request (RFC 5176)')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Is the server up, and how is it? Status-Server (RFC 5997)')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send any packet: from a file, from attributes, or raw octets')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'radius;help;auth' {
            break
        }
        'radius;help;serve' {
            break
        }
        'radius;help;trace' {
            break
        }
        'radius;help;dict' {
            [CompletionResult]::new('lookup', 'lookup', [CompletionResultType]::ParameterValue, 'Everything about an attribute: by name, number, 26.9.1, or path')
            [CompletionResult]::new('search', 'search', [CompletionResultType]::ParameterValue, 'Attributes, vendors and values in whose names all words occur; the best first')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'All attributes, or those of one vendor')
            [CompletionResult]::new('vendors', 'vendors', [CompletionResultType]::ParameterValue, 'All vendors')
            [CompletionResult]::new('values', 'values', [CompletionResultType]::ParameterValue, 'The named values of an attribute')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Reports every fault of dictionary files with its place, and what is odd')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Writes everything that is known as a dictionary file, or as JSON')
            break
        }
        'radius;help;dict;lookup' {
            break
        }
        'radius;help;dict;search' {
            break
        }
        'radius;help;dict;list' {
            break
        }
        'radius;help;dict;vendors' {
            break
        }
        'radius;help;dict;values' {
            break
        }
        'radius;help;dict;check' {
            break
        }
        'radius;help;dict;export' {
            break
        }
        'radius;help;demo' {
            break
        }
        'radius;help;completions' {
            break
        }
        'radius;help;man' {
            break
        }
        'radius;help;acct' {
            break
        }
        'radius;help;coa' {
            break
        }
        'radius;help;disconnect' {
            break
        }
        'radius;help;status' {
            break
        }
        'radius;help;send' {
            break
        }
        'radius;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
