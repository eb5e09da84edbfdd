# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_radius_global_optspecs
    string join \n color= v/verbose q/quiet h/help V/version
end

function __fish_radius_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_radius_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_radius_using_subcommand
    set -l cmd (__fish_radius_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c radius -n "__fish_radius_needs_command" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_needs_command" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_needs_command" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_needs_command" -s h -l help -d 'Print help'
complete -c radius -n "__fish_radius_needs_command" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_needs_command" -f -a "auth" -d 'May this user in? Access-Request until Accept or Reject'
complete -c radius -n "__fish_radius_needs_command" -f -a "serve" -d 'A test server: auth, acct, CoA, Status-Server, with faults on purpose'
complete -c radius -n "__fish_radius_needs_command" -f -a "trace" -d 'See every octet: captures, interfaces, pipes and hexadecimal text, decoded, checked and opened'
complete -c radius -n "__fish_radius_needs_command" -f -a "dict" -d 'What the dictionaries know: lookup, search, list, vendors, values, check, export'
complete -c radius -n "__fish_radius_needs_command" -f -a "demo" -d 'A server and a client in one process: whole exchanges, every packet shown'
complete -c radius -n "__fish_radius_needs_command" -f -a "completions" -d 'Print the completions of a shell'
complete -c radius -n "__fish_radius_needs_command" -f -a "man" -d 'Write the manual pages into a directory'
complete -c radius -n "__fish_radius_needs_command" -f -a "acct" -d 'Accounting: one record, or a whole session'
complete -c radius -n "__fish_radius_needs_command" -f -a "coa" -d 'Change a session\'s authorization: CoA-Request (RFC 5176)'
complete -c radius -n "__fish_radius_needs_command" -f -a "disconnect" -d 'End a session: Disconnect-Request (RFC 5176)'
complete -c radius -n "__fish_radius_needs_command" -f -a "status" -d 'Is the server up, and how is it? Status-Server (RFC 5997)'
complete -c radius -n "__fish_radius_needs_command" -f -a "send" -d 'Send any packet: from a file, from attributes, or raw octets'
complete -c radius -n "__fish_radius_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c radius -n "__fish_radius_using_subcommand auth" -s s -l secret -d 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l secret-file -d 'The file whose first line is the shared secret' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -s a -l attr -d 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -s f -l file -d 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -s e -l expect -d 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l id -d 'The Identifier of every request, 0 to 255' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l authenticator -d 'The Request Authenticator of every Access-Request and Status-Server, 32 hexadecimal digits' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -s t -l timeout -d 'How long the first wait is: 500ms, 1s, 2m, or seconds' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -s r -l retries -d 'How often a request is sent again; the first time is not counted' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l backoff -d 'By what each wait is longer than the one before; 1 for a fixed interval' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l jitter -d 'By what part each wait varies at random, 0 to 1' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l max-wait -d 'The longest wait' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -s c -l count -d 'Send each request N times' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l parallel -d 'Keep N requests in flight' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l rate -d 'Send N requests a second' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l bind -d 'The local address to send from, with a port if it matters' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l ca -d 'The CA that signs servers\' certificates, in PEM; repeatable. No CA of this system is trusted for RADIUS' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -l cert -d 'Our certificate in PEM, with those between it and its CA behind it' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -l key -d 'The key of --cert in PEM; it may stand in the same file' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -l crl -d 'What CAs have revoked, in PEM; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -l server-name -d 'The name or address that the server\'s certificate must be for, where it is not HOST' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l nai-realm -d 'The realm that the server\'s certificate must be for, in the place of its name (NAIRealm, RFC 7585)' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l fingerprint -d 'The server\'s certificate must have this SHA-256, colons or not; repeatable. Without --ca that is enough' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l psk -d 'A pre-shared key in the place of certificates, over dtls://: the identity, a colon, and the key in hexadecimal' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l tls -d 'Versions of TLS: 1.2, 1.3, or a range' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l radius-version -d 'Versions of RADIUS to offer (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -s o -l output -d 'How the result is printed: json is laid out to be read, ndjson is one line an exchange' -r -f -a "human\t'For people'
json\t'One JSON object an exchange, laid out to be read'
ndjson\t'One JSON object an exchange, one a line'
none\t'Nothing: the exit code says it'"
complete -c radius -n "__fish_radius_using_subcommand auth" -s u -l user -d 'Who wants in: User-Name' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -s p -l password -d 'The password. Others can read it in the process list: a file or RADIUS_PASSWORD is better; on a terminal it is asked for. With --file and no --user, `-p N` is --parallel N, as elsewhere' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l password-file -d 'The file whose first line is the password' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -s m -l method -d 'How the user proves who it is' -r -f -a "pap\t'User-Password, hidden with the shared secret (RFC 2865 §5.2)'
chap\t'CHAP-Password over a random challenge (RFC 2865 §2.2)'
mschap\t'MS-CHAP (RFC 2433)'
mschapv2\t'MS-CHAPv2, with the server\'s proof (RFC 2759)'
mab\t'The user is a MAC address, and its own password'
none\t'No proof at all, or what --attr and --file bring'
eap-md5\t'EAP with a hash of the password (RFC 3748 §5.4)'
eap-gtc\t'EAP with the password in clear (RFC 3748 §5.6)'
eap-mschapv2\t'EAP with MS-CHAPv2'
eap-tls\t'EAP with certificates on both sides (RFC 5216, RFC 9190)'
eap-pwd\t'EAP with a password that nobody can guess offline (RFC 5931)'
ttls-pap\t'PAP in a TLS tunnel (RFC 5281)'
ttls-chap\t'CHAP in a TLS tunnel'
ttls-mschap\t'MS-CHAP in a TLS tunnel'
ttls-mschapv2\t'MS-CHAPv2 in a TLS tunnel'
ttls-eap-md5\t'EAP-MD5 in a TTLS tunnel'
ttls-eap-gtc\t'EAP-GTC in a TTLS tunnel'
ttls-eap-mschapv2\t'EAP-MSCHAPv2 in a TTLS tunnel'
ttls-eap-tls\t'EAP-TLS in a TTLS tunnel'
peap-mschapv2\t'EAP-MSCHAPv2 in a PEAP tunnel: what most networks with passwords use'
peap-gtc\t'EAP-GTC in a PEAP tunnel'
peap-md5\t'EAP-MD5 in a PEAP tunnel'
peap-tls\t'EAP-TLS in a PEAP tunnel'"
complete -c radius -n "__fish_radius_using_subcommand auth" -l mac-format -d 'How `mab` spells the address, for User-Name and password; as it is given otherwise' -r -f -a "plain\t'0a1b2c3d4e5f'
upper\t'0A1B2C3D4E5F'
hyphens\t'0A-1B-2C-3D-4E-5F'
lower-hyphens\t'0a-1b-2c-3d-4e-5f'
colons\t'0a:1b:2c:3d:4e:5f'
dots\t'0a1b.2c3d.4e5f'"
complete -c radius -n "__fish_radius_using_subcommand auth" -l response -d 'Answer an Access-Challenge with this; repeatable, one a round. On a terminal it is asked for' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l new-password -d 'The password to set where the server says that the old one has expired (MS-CHAP). Others can read it in the process list: a file is better' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l new-password-file -d 'The file whose first line is the password to set' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -l anonymous-identity -d 'The name that a tunnel (ttls-…, peap-…) shows outside in place of the user\'s' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l eap-ca -d 'The CAs to trust: a file, a directory of files, or `system`. Without any, the server\'s certificates are shown and not checked, and a warning says so' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -l eap-server-name -d 'The name that the server\'s certificate must have, or that must be the end of it: example.org takes radius.example.org too; =radius.example.org takes that name alone' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l eap-fingerprint -d 'SHA-256 of the one server certificate to take, whoever signed it; colons do not matter' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l eap-crl -d 'Certificates that their CAs took back: a revocation list in PEM or DER; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -l eap-cert -d 'The user\'s certificate with its chain, in PEM; or certificate and key in one PKCS#12 file' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -l eap-key -d 'The key of --eap-cert, in PEM; where it is left out, the key is in the file of --eap-cert' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -l eap-key-password-file -d 'The file whose first line is the password of the key; RADIUS_EAP_KEY_PASSWORD says it too, and on a terminal it is asked for' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -l eap-tls -d 'The TLS versions to agree on: 1.2, 1.3, or 1.2..1.3' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l eap-fragment-size -d 'The longest EAP packet to send, in octets; it is Framed-MTU too, which asks the server to keep to it' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l eap-rounds -d 'Give up after so many Access-Requests of one login' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l resume -d 'Log in again N times, and ask the server to resume the TLS session of the time before' -r
complete -c radius -n "__fish_radius_using_subcommand auth" -l save-server-chain -d 'Write the server\'s certificates to this file, in PEM' -r -F
complete -c radius -n "__fish_radius_using_subcommand auth" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand auth" -l expect-exactly -d 'The answer may hold no attribute that no expectation names'
complete -c radius -n "__fish_radius_using_subcommand auth" -l require-message-authenticator -d 'Refuse (exit 4) an Access reply without a Message-Authenticator'
complete -c radius -n "__fish_radius_using_subcommand auth" -l no-message-authenticator -d 'Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596'
complete -c radius -n "__fish_radius_using_subcommand auth" -s n -l dry-run -d 'Build the packet and print it; send nothing'
complete -c radius -n "__fish_radius_using_subcommand auth" -s 4 -d 'Use IPv4 only'
complete -c radius -n "__fish_radius_using_subcommand auth" -s 6 -d 'Use IPv6 only'
complete -c radius -n "__fish_radius_using_subcommand auth" -l insecure -d 'Believe any server, whoever it is'
complete -c radius -n "__fish_radius_using_subcommand auth" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand auth" -l json -d 'The same as --output json'
complete -c radius -n "__fish_radius_using_subcommand auth" -l trace -d 'Print every packet, both ways, with its octets'
complete -c radius -n "__fish_radius_using_subcommand auth" -l hex -d 'Print the octets of request and reply'
complete -c radius -n "__fish_radius_using_subcommand auth" -l annotate -d 'Print each attribute\'s octets beside its meaning'
complete -c radius -n "__fish_radius_using_subcommand auth" -l show-secrets -d 'Print passwords and keys in clear; otherwise they are <hidden>'
complete -c radius -n "__fish_radius_using_subcommand auth" -l eap-methods -d 'List the EAP methods that the server speaks for this name, one line a method; nobody logs in'
complete -c radius -n "__fish_radius_using_subcommand auth" -l eap-start -d 'Begin with EAP-Start, so that the server asks who it is'
complete -c radius -n "__fish_radius_using_subcommand auth" -l eap-key-name -d 'Ask for EAP-Key-Name, and compare it with the Session-Id that the login derives'
complete -c radius -n "__fish_radius_using_subcommand auth" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand auth" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand auth" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c radius -n "__fish_radius_using_subcommand auth" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand serve" -s l -l listen -d 'Listen here; repeatable: udp://ADDR:PORT, tcp://, tls:// or dtls://, `*` for all addresses, ?role=auth|acct|coa|any where the port does not say it [default: the standard ports of loopback, UDP and TCP]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -s s -l secret -d 'The secret of every client; 0x… is hexadecimal [default: testing123 on loopback]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l secret-file -d 'The file whose first line is the secret of every client' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -l client -d 'A client and its secret; repeatable, the longest prefix counts' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l user -d 'A user and the password; repeatable [default: alice:wonderland where nothing else decides]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l users -d 'A users file in FreeRADIUS\'s format; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -l reply -d 'An attribute of every Access-Accept; repeatable' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l challenge -d 'Ask for a second factor after a right password; CODE is the answer that is accepted [default CODE: 123456]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l challenge-prompt -d 'What the user is asked for then' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l reject-delay -d 'How long an Access-Reject is held back, so that passwords cannot be guessed fast [default: 1s]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l cert -d 'The server\'s certificate for EAP, with its chain, in PEM [default: one made at the start, by a CA of its own]' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -l key -d 'Its private key, in PEM [default: in the same file]' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -l ca -d 'The CAs of clients\' certificates, in PEM' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -l write-ca -d 'Write the certificate of the CA made at the start here, for clients to trust' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -l write-client -d 'Write a client\'s certificate and key, signed by the CA made at the start, here: for eap-tls and its like, and for tls:// and dtls://, whose clients then need one' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -l eap-method -d 'A method to speak, and no other; repeatable, the first is proposed first. Users may be limited further by their EAP-Type [default: all of them]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l eap-tls -d 'The TLS versions to agree on: 1.2, 1.3, or 1.2..1.3 [default: 1.2..1.3]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l eap-fragment-size -d 'The longest EAP packet to send, in octets, where Framed-MTU says no less [default: 1020]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l coa -d 'How CoA-Request and Disconnect-Request are answered: auto (by the sessions that accounting began; NAK 406 before it said anything), sessions, ack, nak, or nak=CAUSE [default: auto]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l proxy-to -d 'Pass requests on to HOST, all or those of a realm; repeatable, several servers of a realm are asked one after the other. Port is that for authentication; accounting goes to the next [default: 1812]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l proxy-secret -d 'The secret shared with them [default: the one of the clients]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l acct-log -d 'Store accounting records in this file, each synced before it is acknowledged; SIGHUP opens it anew' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -l acct-format -d 'How records are written: json (one object a line) or detail (FreeRADIUS\'s format) [default: json]' -r -f -a "json\t'One JSON object a line'
detail\t'FreeRADIUS\'s detail format'"
complete -c radius -n "__fish_radius_using_subcommand serve" -l duplicate-lifetime -d 'How long replies are remembered for duplicates [default: 30s]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l duplicate-entries -d 'How many requests are remembered for duplicates [default: 32768]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l max-connections -d 'How many connections there may be at once [default: 1024]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l idle-timeout -d 'How long a connection may be idle [default: 15m]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l tls-cert -d 'The server\'s certificate for tls:// and dtls://, with its chain, in PEM [default: that of --cert, or one made at the start, by the same CA]' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -l tls-key -d 'Its private key, in PEM [default: in the same file]' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -l tls-ca -d 'The CAs of clients\' certificates, in PEM; repeatable [default: those of --ca; without, and without --write-client, clients need no certificate]' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -l tls-crl -d 'What these CAs have revoked, in PEM; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -l tls-client -d 'A client over TLS and DTLS, known by its certificate: a DNS name or an address in it (Subject Alternative Name), NAIRealm:…, or its SHA-256; repeatable. With one, nobody else comes in' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l tls-secret -d 'The secret over TLS and DTLS [default: radsec, radius/dtls]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l tls -d 'Versions of TLS: 1.2, 1.3, or a range [default: 1.2..1.3]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l radius-version -d 'Versions of RADIUS to agree on (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out [default: 1.0,1.1]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l handshake-timeout -d 'How long a handshake may take [default: 10s]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l max-handshakes -d 'How many clients may shake hands at once [default: 128]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l threads -d 'Threads for each UDP address [default: one for each processor]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l drop -d 'Lose this part of the requests: 0.1 or 10%' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l delay -d 'Hold every reply back' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l corrupt -d 'Spoil the Response Authenticator of this part of the replies' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l fault -d 'Any fault, by rule; repeatable: drop, delay=TIME, duplicate[=N], reorder[=TIME], wrong-id, wrong-authenticator, no-ma, wrong-ma, truncate, overlong, other-port, reject; then ,rate=10% ,user=NAME ,client=CIDR ,nth=N ,every=N ,first=N' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l seed -d 'What the faults are thrown with: the same seed and the same requests meet the same faults [default: 0]' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l metrics -d 'Serve counters in Prometheus\'s text format here, over HTTP' -r
complete -c radius -n "__fish_radius_using_subcommand serve" -l config -d 'All of this from a file; SIGHUP reads it anew' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand serve" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand serve" -l require-message-authenticator -d 'Discard Access-Requests without Message-Authenticator (CVE-2024-3596); a warning otherwise'
complete -c radius -n "__fish_radius_using_subcommand serve" -l limit-proxy-state -d 'Discard Access-Requests with Proxy-State, but without Message-Authenticator'
complete -c radius -n "__fish_radius_using_subcommand serve" -l accept-all -d 'Accept everybody'
complete -c radius -n "__fish_radius_using_subcommand serve" -l reject-all -d 'Reject everybody'
complete -c radius -n "__fish_radius_using_subcommand serve" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand serve" -l json -d 'One JSON object a request instead of a line'
complete -c radius -n "__fish_radius_using_subcommand serve" -l trace -d 'Print every packet, both ways, with its octets'
complete -c radius -n "__fish_radius_using_subcommand serve" -l annotate -d 'Print each attribute\'s octets beside its meaning'
complete -c radius -n "__fish_radius_using_subcommand serve" -l show-secrets -d 'Print passwords and keys in clear; otherwise they are <hidden>'
complete -c radius -n "__fish_radius_using_subcommand serve" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand serve" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c radius -n "__fish_radius_using_subcommand serve" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand trace" -l hex -d 'The packet itself, in hexadecimal; without a value, print the octets of every packet' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -s i -l interface -d 'Watch this interface, or `any`, until Ctrl-C (Linux, as root or with CAP_NET_RAW)' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -l listen -d 'Stand between clients and a server: listen here (udp://:1812, tcp://127.0.0.1:1812), and hand on to --forward' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -l forward -d 'The server behind the tap; its transport may be another one' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -s s -l secret -d 'A shared secret: checks the authenticators and opens what is hidden; of several the right one is found' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -l secret-file -d 'The file whose first line is the shared secret' -r -F
complete -c radius -n "__fish_radius_using_subcommand trace" -l client -d 'The shared secret of the clients in a network' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -l filter -d 'Only packets like these: `code == Access-Reject and src == 10.0.0.0/8`, `User-Name =~ "^host/"`, `rtt > 100ms`, `retransmission or late`, `finding >= warning`, with and, or, not and brackets' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -l first -d 'Only the first N of them' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -l from -d 'Not before this time: RFC 3339 (2026-01-31T12:00:00Z), or without a zone in UTC' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -l until -d 'Not after this time' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -l conversation -d 'Only the packets of one conversation, by the number that --flow and JSON give it' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -l port -d 'One more port that carries RADIUS; on others only what cannot be anything else is taken' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -l timeout -d 'How long a reply is waited for, in the capture\'s time' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -l fail-on -d 'The least severity that --lint fails on, and prints' -r -f -a "info\t''
warning\t''
error\t''"
complete -c radius -n "__fish_radius_using_subcommand trace" -l csv -d 'Comma-separated values: number, time, src, dst, transport, conversation, code, id, length, rtt, request, findings, or attributes, in this order' -r
complete -c radius -n "__fish_radius_using_subcommand trace" -s w -l write -d 'Write the packets as pcapng' -r -F
complete -c radius -n "__fish_radius_using_subcommand trace" -s o -l output -d 'How packets are printed: json is laid out to be read, ndjson is one line a packet' -r -f -a "human\t'For people'
json\t'One JSON object an exchange, laid out to be read'
ndjson\t'One JSON object an exchange, one a line'
none\t'Nothing: the exit code says it'"
complete -c radius -n "__fish_radius_using_subcommand trace" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand trace" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand trace" -l attributes -d 'The octets are attributes, without a packet around them'
complete -c radius -n "__fish_radius_using_subcommand trace" -l show-secrets -d 'Print passwords and keys in clear; otherwise they are <hidden>'
complete -c radius -n "__fish_radius_using_subcommand trace" -l annotate -d 'Print each attribute\'s octets beside its meaning'
complete -c radius -n "__fish_radius_using_subcommand trace" -l lint -d 'What the standards have against the packets; exit 1 when there is any of --fail-on'
complete -c radius -n "__fish_radius_using_subcommand trace" -l flow -d 'Each conversation as a ladder of arrows'
complete -c radius -n "__fish_radius_using_subcommand trace" -l stats -d 'Counts, losses and latencies instead of packets'
complete -c radius -n "__fish_radius_using_subcommand trace" -l replay-text -d 'Print requests as `radius send -f` reads them'
complete -c radius -n "__fish_radius_using_subcommand trace" -l json -d 'The same as --output json'
complete -c radius -n "__fish_radius_using_subcommand trace" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand trace" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand trace" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand trace" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c radius -n "__fish_radius_using_subcommand trace" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand dict; and not __fish_seen_subcommand_from lookup search list vendors values check export help" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand dict; and not __fish_seen_subcommand_from lookup search list vendors values check export help" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand dict; and not __fish_seen_subcommand_from lookup search list vendors values check export help" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand dict; and not __fish_seen_subcommand_from lookup search list vendors values check export help" -s h -l help -d 'Print help'
complete -c radius -n "__fish_radius_using_subcommand dict; and not __fish_seen_subcommand_from lookup search list vendors values check export help" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand dict; and not __fish_seen_subcommand_from lookup search list vendors values check export help" -f -a "lookup" -d 'Everything about an attribute: by name, number, 26.9.1, or path'
complete -c radius -n "__fish_radius_using_subcommand dict; and not __fish_seen_subcommand_from lookup search list vendors values check export help" -f -a "search" -d 'Attributes, vendors and values in whose names all words occur; the best first'
complete -c radius -n "__fish_radius_using_subcommand dict; and not __fish_seen_subcommand_from lookup search list vendors values check export help" -f -a "list" -d 'All attributes, or those of one vendor'
complete -c radius -n "__fish_radius_using_subcommand dict; and not __fish_seen_subcommand_from lookup search list vendors values check export help" -f -a "vendors" -d 'All vendors'
complete -c radius -n "__fish_radius_using_subcommand dict; and not __fish_seen_subcommand_from lookup search list vendors values check export help" -f -a "values" -d 'The named values of an attribute'
complete -c radius -n "__fish_radius_using_subcommand dict; and not __fish_seen_subcommand_from lookup search list vendors values check export help" -f -a "check" -d 'Reports every fault of dictionary files with its place, and what is odd'
complete -c radius -n "__fish_radius_using_subcommand dict; and not __fish_seen_subcommand_from lookup search list vendors values check export help" -f -a "export" -d 'Writes everything that is known as a dictionary file, or as JSON'
complete -c radius -n "__fish_radius_using_subcommand dict; and not __fish_seen_subcommand_from lookup search list vendors values check export help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from lookup" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from lookup" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from lookup" -l json -d 'Print JSON'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from lookup" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from lookup" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from lookup" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from lookup" -s h -l help -d 'Print help'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from lookup" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from search" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from search" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from search" -l json -d 'Print JSON'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from search" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from search" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from search" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from search" -s h -l help -d 'Print help'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from search" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from list" -l vendor -d 'Only this vendor\'s, by name or number' -r
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from list" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from list" -l json -d 'Print JSON'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from list" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from vendors" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from vendors" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from vendors" -l json -d 'Print JSON'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from vendors" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from vendors" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from vendors" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from vendors" -s h -l help -d 'Print help'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from vendors" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from values" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from values" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from values" -l json -d 'Print JSON'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from values" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from values" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from values" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from values" -s h -l help -d 'Print help'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from values" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from check" -l dict-root -d 'The directory that $INCLUDE may not leave, instead of the file\'s own' -r -f -a "(__fish_complete_directories)"
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from check" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from check" -l on-builtin -d 'What the files may refer to besides themselves: the built-in dictionaries'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON object a fault'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from export" -l format -d 'How' -r -f -a "freeradius\t'Text that FreeRADIUS and this program read'
json\t'One JSON object'"
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from export" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from export" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from export" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from help" -f -a "lookup" -d 'Everything about an attribute: by name, number, 26.9.1, or path'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from help" -f -a "search" -d 'Attributes, vendors and values in whose names all words occur; the best first'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from help" -f -a "list" -d 'All attributes, or those of one vendor'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from help" -f -a "vendors" -d 'All vendors'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from help" -f -a "values" -d 'The named values of an attribute'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from help" -f -a "check" -d 'Reports every fault of dictionary files with its place, and what is odd'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from help" -f -a "export" -d 'Writes everything that is known as a dictionary file, or as JSON'
complete -c radius -n "__fish_radius_using_subcommand dict; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c radius -n "__fish_radius_using_subcommand demo" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand demo" -l show-secrets -d 'Print passwords and keys in clear; otherwise they are <hidden>'
complete -c radius -n "__fish_radius_using_subcommand demo" -l annotate -d 'Print each attribute\'s octets beside its meaning'
complete -c radius -n "__fish_radius_using_subcommand demo" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand demo" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand demo" -s h -l help -d 'Print help'
complete -c radius -n "__fish_radius_using_subcommand demo" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand completions" -l dir -d 'Write the completions of every shell into this directory instead, under the names that packagers use' -r -F
complete -c radius -n "__fish_radius_using_subcommand completions" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand completions" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand completions" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand completions" -s h -l help -d 'Print help'
complete -c radius -n "__fish_radius_using_subcommand completions" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand man" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand man" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand man" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand man" -s h -l help -d 'Print help'
complete -c radius -n "__fish_radius_using_subcommand man" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand acct" -s s -l secret -d 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l secret-file -d 'The file whose first line is the shared secret' -r -F
complete -c radius -n "__fish_radius_using_subcommand acct" -s a -l attr -d 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -s f -l file -d 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold' -r -F
complete -c radius -n "__fish_radius_using_subcommand acct" -s e -l expect -d 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l id -d 'The Identifier of every request, 0 to 255' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l authenticator -d 'The Request Authenticator of every Access-Request and Status-Server, 32 hexadecimal digits' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -s t -l timeout -d 'How long the first wait is: 500ms, 1s, 2m, or seconds' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -s r -l retries -d 'How often a request is sent again; the first time is not counted' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l backoff -d 'By what each wait is longer than the one before; 1 for a fixed interval' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l jitter -d 'By what part each wait varies at random, 0 to 1' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l max-wait -d 'The longest wait' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -s c -l count -d 'Send each request N times' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l rate -d 'Send N requests a second' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l bind -d 'The local address to send from, with a port if it matters' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l ca -d 'The CA that signs servers\' certificates, in PEM; repeatable. No CA of this system is trusted for RADIUS' -r -F
complete -c radius -n "__fish_radius_using_subcommand acct" -l cert -d 'Our certificate in PEM, with those between it and its CA behind it' -r -F
complete -c radius -n "__fish_radius_using_subcommand acct" -l key -d 'The key of --cert in PEM; it may stand in the same file' -r -F
complete -c radius -n "__fish_radius_using_subcommand acct" -l crl -d 'What CAs have revoked, in PEM; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand acct" -l server-name -d 'The name or address that the server\'s certificate must be for, where it is not HOST' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l nai-realm -d 'The realm that the server\'s certificate must be for, in the place of its name (NAIRealm, RFC 7585)' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l fingerprint -d 'The server\'s certificate must have this SHA-256, colons or not; repeatable. Without --ca that is enough' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l psk -d 'A pre-shared key in the place of certificates, over dtls://: the identity, a colon, and the key in hexadecimal' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l tls -d 'Versions of TLS: 1.2, 1.3, or a range' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l radius-version -d 'Versions of RADIUS to offer (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand acct" -s o -l output -d 'How the result is printed: json is laid out to be read, ndjson is one line an exchange' -r -f -a "human\t'For people'
json\t'One JSON object an exchange, laid out to be read'
ndjson\t'One JSON object an exchange, one a line'
none\t'Nothing: the exit code says it'"
complete -c radius -n "__fish_radius_using_subcommand acct" -l type -d 'What is reported; without it, start, unless --attr or --file say Acct-Status-Type' -r -f -a "start\t'A session begins'
stop\t'A session ended'
interim\t'A session goes on (Interim-Update)'
on\t'The NAS has started (Accounting-On)'
off\t'The NAS is about to stop (Accounting-Off)'"
complete -c radius -n "__fish_radius_using_subcommand acct" -l session-id -d 'Acct-Session-Id; a random one otherwise' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -s u -l user -d 'Whose session it is: User-Name' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l interval -d 'The time between the records of --session' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l updates -d 'How many Interim-Updates --session sends' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -s p -l parallel -d 'Keep N requests in flight' -r
complete -c radius -n "__fish_radius_using_subcommand acct" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand acct" -l expect-exactly -d 'The answer may hold no attribute that no expectation names'
complete -c radius -n "__fish_radius_using_subcommand acct" -l require-message-authenticator -d 'Refuse (exit 4) an Access reply without a Message-Authenticator'
complete -c radius -n "__fish_radius_using_subcommand acct" -l no-message-authenticator -d 'Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596'
complete -c radius -n "__fish_radius_using_subcommand acct" -s n -l dry-run -d 'Build the packet and print it; send nothing'
complete -c radius -n "__fish_radius_using_subcommand acct" -s 4 -d 'Use IPv4 only'
complete -c radius -n "__fish_radius_using_subcommand acct" -s 6 -d 'Use IPv6 only'
complete -c radius -n "__fish_radius_using_subcommand acct" -l insecure -d 'Believe any server, whoever it is'
complete -c radius -n "__fish_radius_using_subcommand acct" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand acct" -l json -d 'The same as --output json'
complete -c radius -n "__fish_radius_using_subcommand acct" -l trace -d 'Print every packet, both ways, with its octets'
complete -c radius -n "__fish_radius_using_subcommand acct" -l hex -d 'Print the octets of request and reply'
complete -c radius -n "__fish_radius_using_subcommand acct" -l annotate -d 'Print each attribute\'s octets beside its meaning'
complete -c radius -n "__fish_radius_using_subcommand acct" -l show-secrets -d 'Print passwords and keys in clear; otherwise they are <hidden>'
complete -c radius -n "__fish_radius_using_subcommand acct" -l session -d 'A whole session: Start, Interim-Updates, Stop'
complete -c radius -n "__fish_radius_using_subcommand acct" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand acct" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand acct" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c radius -n "__fish_radius_using_subcommand acct" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand coa" -s s -l secret -d 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l secret-file -d 'The file whose first line is the shared secret' -r -F
complete -c radius -n "__fish_radius_using_subcommand coa" -s a -l attr -d 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -s f -l file -d 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold' -r -F
complete -c radius -n "__fish_radius_using_subcommand coa" -s e -l expect -d 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l id -d 'The Identifier of every request, 0 to 255' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l authenticator -d 'The Request Authenticator of every Access-Request and Status-Server, 32 hexadecimal digits' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -s t -l timeout -d 'How long the first wait is: 500ms, 1s, 2m, or seconds' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -s r -l retries -d 'How often a request is sent again; the first time is not counted' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l backoff -d 'By what each wait is longer than the one before; 1 for a fixed interval' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l jitter -d 'By what part each wait varies at random, 0 to 1' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l max-wait -d 'The longest wait' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -s c -l count -d 'Send each request N times' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l rate -d 'Send N requests a second' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l bind -d 'The local address to send from, with a port if it matters' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l ca -d 'The CA that signs servers\' certificates, in PEM; repeatable. No CA of this system is trusted for RADIUS' -r -F
complete -c radius -n "__fish_radius_using_subcommand coa" -l cert -d 'Our certificate in PEM, with those between it and its CA behind it' -r -F
complete -c radius -n "__fish_radius_using_subcommand coa" -l key -d 'The key of --cert in PEM; it may stand in the same file' -r -F
complete -c radius -n "__fish_radius_using_subcommand coa" -l crl -d 'What CAs have revoked, in PEM; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand coa" -l server-name -d 'The name or address that the server\'s certificate must be for, where it is not HOST' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l nai-realm -d 'The realm that the server\'s certificate must be for, in the place of its name (NAIRealm, RFC 7585)' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l fingerprint -d 'The server\'s certificate must have this SHA-256, colons or not; repeatable. Without --ca that is enough' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l psk -d 'A pre-shared key in the place of certificates, over dtls://: the identity, a colon, and the key in hexadecimal' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l tls -d 'Versions of TLS: 1.2, 1.3, or a range' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l radius-version -d 'Versions of RADIUS to offer (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand coa" -s o -l output -d 'How the result is printed: json is laid out to be read, ndjson is one line an exchange' -r -f -a "human\t'For people'
json\t'One JSON object an exchange, laid out to be read'
ndjson\t'One JSON object an exchange, one a line'
none\t'Nothing: the exit code says it'"
complete -c radius -n "__fish_radius_using_subcommand coa" -s u -l user -d 'Whose session: User-Name' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l session-id -d 'Which session: Acct-Session-Id' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -s p -l parallel -d 'Keep N requests in flight' -r
complete -c radius -n "__fish_radius_using_subcommand coa" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand coa" -l expect-exactly -d 'The answer may hold no attribute that no expectation names'
complete -c radius -n "__fish_radius_using_subcommand coa" -l require-message-authenticator -d 'Refuse (exit 4) an Access reply without a Message-Authenticator'
complete -c radius -n "__fish_radius_using_subcommand coa" -l no-message-authenticator -d 'Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596'
complete -c radius -n "__fish_radius_using_subcommand coa" -s n -l dry-run -d 'Build the packet and print it; send nothing'
complete -c radius -n "__fish_radius_using_subcommand coa" -s 4 -d 'Use IPv4 only'
complete -c radius -n "__fish_radius_using_subcommand coa" -s 6 -d 'Use IPv6 only'
complete -c radius -n "__fish_radius_using_subcommand coa" -l insecure -d 'Believe any server, whoever it is'
complete -c radius -n "__fish_radius_using_subcommand coa" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand coa" -l json -d 'The same as --output json'
complete -c radius -n "__fish_radius_using_subcommand coa" -l trace -d 'Print every packet, both ways, with its octets'
complete -c radius -n "__fish_radius_using_subcommand coa" -l hex -d 'Print the octets of request and reply'
complete -c radius -n "__fish_radius_using_subcommand coa" -l annotate -d 'Print each attribute\'s octets beside its meaning'
complete -c radius -n "__fish_radius_using_subcommand coa" -l show-secrets -d 'Print passwords and keys in clear; otherwise they are <hidden>'
complete -c radius -n "__fish_radius_using_subcommand coa" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand coa" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand coa" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c radius -n "__fish_radius_using_subcommand coa" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s s -l secret -d 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l secret-file -d 'The file whose first line is the shared secret' -r -F
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s a -l attr -d 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s f -l file -d 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold' -r -F
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s e -l expect -d 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l id -d 'The Identifier of every request, 0 to 255' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l authenticator -d 'The Request Authenticator of every Access-Request and Status-Server, 32 hexadecimal digits' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s t -l timeout -d 'How long the first wait is: 500ms, 1s, 2m, or seconds' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s r -l retries -d 'How often a request is sent again; the first time is not counted' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l backoff -d 'By what each wait is longer than the one before; 1 for a fixed interval' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l jitter -d 'By what part each wait varies at random, 0 to 1' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l max-wait -d 'The longest wait' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s c -l count -d 'Send each request N times' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l rate -d 'Send N requests a second' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l bind -d 'The local address to send from, with a port if it matters' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l ca -d 'The CA that signs servers\' certificates, in PEM; repeatable. No CA of this system is trusted for RADIUS' -r -F
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l cert -d 'Our certificate in PEM, with those between it and its CA behind it' -r -F
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l key -d 'The key of --cert in PEM; it may stand in the same file' -r -F
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l crl -d 'What CAs have revoked, in PEM; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l server-name -d 'The name or address that the server\'s certificate must be for, where it is not HOST' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l nai-realm -d 'The realm that the server\'s certificate must be for, in the place of its name (NAIRealm, RFC 7585)' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l fingerprint -d 'The server\'s certificate must have this SHA-256, colons or not; repeatable. Without --ca that is enough' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l psk -d 'A pre-shared key in the place of certificates, over dtls://: the identity, a colon, and the key in hexadecimal' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l tls -d 'Versions of TLS: 1.2, 1.3, or a range' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l radius-version -d 'Versions of RADIUS to offer (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s o -l output -d 'How the result is printed: json is laid out to be read, ndjson is one line an exchange' -r -f -a "human\t'For people'
json\t'One JSON object an exchange, laid out to be read'
ndjson\t'One JSON object an exchange, one a line'
none\t'Nothing: the exit code says it'"
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s u -l user -d 'Whose session: User-Name' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l session-id -d 'Which session: Acct-Session-Id' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s p -l parallel -d 'Keep N requests in flight' -r
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l expect-exactly -d 'The answer may hold no attribute that no expectation names'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l require-message-authenticator -d 'Refuse (exit 4) an Access reply without a Message-Authenticator'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l no-message-authenticator -d 'Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s n -l dry-run -d 'Build the packet and print it; send nothing'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s 4 -d 'Use IPv4 only'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s 6 -d 'Use IPv6 only'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l insecure -d 'Believe any server, whoever it is'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l json -d 'The same as --output json'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l trace -d 'Print every packet, both ways, with its octets'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l hex -d 'Print the octets of request and reply'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l annotate -d 'Print each attribute\'s octets beside its meaning'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -l show-secrets -d 'Print passwords and keys in clear; otherwise they are <hidden>'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c radius -n "__fish_radius_using_subcommand disconnect" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand status" -s s -l secret -d 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l secret-file -d 'The file whose first line is the shared secret' -r -F
complete -c radius -n "__fish_radius_using_subcommand status" -s a -l attr -d 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas' -r
complete -c radius -n "__fish_radius_using_subcommand status" -s f -l file -d 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold' -r -F
complete -c radius -n "__fish_radius_using_subcommand status" -s e -l expect -d 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l id -d 'The Identifier of every request, 0 to 255' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l authenticator -d 'The Request Authenticator of every Access-Request and Status-Server, 32 hexadecimal digits' -r
complete -c radius -n "__fish_radius_using_subcommand status" -s t -l timeout -d 'How long the first wait is: 500ms, 1s, 2m, or seconds' -r
complete -c radius -n "__fish_radius_using_subcommand status" -s r -l retries -d 'How often a request is sent again; the first time is not counted' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l backoff -d 'By what each wait is longer than the one before; 1 for a fixed interval' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l jitter -d 'By what part each wait varies at random, 0 to 1' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l max-wait -d 'The longest wait' -r
complete -c radius -n "__fish_radius_using_subcommand status" -s c -l count -d 'Send each request N times' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l rate -d 'Send N requests a second' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l bind -d 'The local address to send from, with a port if it matters' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l ca -d 'The CA that signs servers\' certificates, in PEM; repeatable. No CA of this system is trusted for RADIUS' -r -F
complete -c radius -n "__fish_radius_using_subcommand status" -l cert -d 'Our certificate in PEM, with those between it and its CA behind it' -r -F
complete -c radius -n "__fish_radius_using_subcommand status" -l key -d 'The key of --cert in PEM; it may stand in the same file' -r -F
complete -c radius -n "__fish_radius_using_subcommand status" -l crl -d 'What CAs have revoked, in PEM; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand status" -l server-name -d 'The name or address that the server\'s certificate must be for, where it is not HOST' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l nai-realm -d 'The realm that the server\'s certificate must be for, in the place of its name (NAIRealm, RFC 7585)' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l fingerprint -d 'The server\'s certificate must have this SHA-256, colons or not; repeatable. Without --ca that is enough' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l psk -d 'A pre-shared key in the place of certificates, over dtls://: the identity, a colon, and the key in hexadecimal' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l tls -d 'Versions of TLS: 1.2, 1.3, or a range' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l radius-version -d 'Versions of RADIUS to offer (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out' -r
complete -c radius -n "__fish_radius_using_subcommand status" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand status" -s o -l output -d 'How the result is printed: json is laid out to be read, ndjson is one line an exchange' -r -f -a "human\t'For people'
json\t'One JSON object an exchange, laid out to be read'
ndjson\t'One JSON object an exchange, one a line'
none\t'Nothing: the exit code says it'"
complete -c radius -n "__fish_radius_using_subcommand status" -l watch -d 'Ask again after this time, until --count is reached or Ctrl-C' -r
complete -c radius -n "__fish_radius_using_subcommand status" -s p -l parallel -d 'Keep N requests in flight' -r
complete -c radius -n "__fish_radius_using_subcommand status" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand status" -l expect-exactly -d 'The answer may hold no attribute that no expectation names'
complete -c radius -n "__fish_radius_using_subcommand status" -l require-message-authenticator -d 'Refuse (exit 4) an Access reply without a Message-Authenticator'
complete -c radius -n "__fish_radius_using_subcommand status" -l no-message-authenticator -d 'Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596'
complete -c radius -n "__fish_radius_using_subcommand status" -s n -l dry-run -d 'Build the packet and print it; send nothing'
complete -c radius -n "__fish_radius_using_subcommand status" -s 4 -d 'Use IPv4 only'
complete -c radius -n "__fish_radius_using_subcommand status" -s 6 -d 'Use IPv6 only'
complete -c radius -n "__fish_radius_using_subcommand status" -l insecure -d 'Believe any server, whoever it is'
complete -c radius -n "__fish_radius_using_subcommand status" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand status" -l json -d 'The same as --output json'
complete -c radius -n "__fish_radius_using_subcommand status" -l trace -d 'Print every packet, both ways, with its octets'
complete -c radius -n "__fish_radius_using_subcommand status" -l hex -d 'Print the octets of request and reply'
complete -c radius -n "__fish_radius_using_subcommand status" -l annotate -d 'Print each attribute\'s octets beside its meaning'
complete -c radius -n "__fish_radius_using_subcommand status" -l show-secrets -d 'Print passwords and keys in clear; otherwise they are <hidden>'
complete -c radius -n "__fish_radius_using_subcommand status" -l acct -d 'Ask on the accounting port, 1813'
complete -c radius -n "__fish_radius_using_subcommand status" -l stats -d 'Ask for FreeRADIUS\'s statistics too; shown when the server gives them'
complete -c radius -n "__fish_radius_using_subcommand status" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand status" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c radius -n "__fish_radius_using_subcommand status" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand send" -s s -l secret -d 'The shared secret; 0x… is hexadecimal. Others can read it in the process list: a file or RADIUS_SECRET is better; on a terminal it is asked for' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l secret-file -d 'The file whose first line is the shared secret' -r -F
complete -c radius -n "__fish_radius_using_subcommand send" -s a -l attr -d 'An attribute, `NAME = VALUE`; repeatable, in order; several may be joined by commas' -r
complete -c radius -n "__fish_radius_using_subcommand send" -s f -l file -d 'Requests from a file: packets of NAME = VALUE lines with a blank line between, # comments; `-` is stdin. After a colon, a file with what each answer must hold' -r -F
complete -c radius -n "__fish_radius_using_subcommand send" -s e -l expect -d 'What the answer must be: accept, reject, challenge, ack, nak, response, none, or NAME OP VALUE with OP one of == != < <= > >= =~ !~ =* (present) !* (absent); repeatable' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l id -d 'The Identifier of every request, 0 to 255' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l authenticator -d 'The Request Authenticator of every Access-Request and Status-Server, 32 hexadecimal digits' -r
complete -c radius -n "__fish_radius_using_subcommand send" -s t -l timeout -d 'How long the first wait is: 500ms, 1s, 2m, or seconds' -r
complete -c radius -n "__fish_radius_using_subcommand send" -s r -l retries -d 'How often a request is sent again; the first time is not counted' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l backoff -d 'By what each wait is longer than the one before; 1 for a fixed interval' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l jitter -d 'By what part each wait varies at random, 0 to 1' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l max-wait -d 'The longest wait' -r
complete -c radius -n "__fish_radius_using_subcommand send" -s c -l count -d 'Send each request N times' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l rate -d 'Send N requests a second' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l bind -d 'The local address to send from, with a port if it matters' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l ca -d 'The CA that signs servers\' certificates, in PEM; repeatable. No CA of this system is trusted for RADIUS' -r -F
complete -c radius -n "__fish_radius_using_subcommand send" -l cert -d 'Our certificate in PEM, with those between it and its CA behind it' -r -F
complete -c radius -n "__fish_radius_using_subcommand send" -l key -d 'The key of --cert in PEM; it may stand in the same file' -r -F
complete -c radius -n "__fish_radius_using_subcommand send" -l crl -d 'What CAs have revoked, in PEM; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand send" -l server-name -d 'The name or address that the server\'s certificate must be for, where it is not HOST' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l nai-realm -d 'The realm that the server\'s certificate must be for, in the place of its name (NAIRealm, RFC 7585)' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l fingerprint -d 'The server\'s certificate must have this SHA-256, colons or not; repeatable. Without --ca that is enough' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l psk -d 'A pre-shared key in the place of certificates, over dtls://: the identity, a colon, and the key in hexadecimal' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l tls -d 'Versions of TLS: 1.2, 1.3, or a range' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l radius-version -d 'Versions of RADIUS to offer (ALPN, RFC 9765): 1.0, 1.1, 1.0,1.1, or none to leave ALPN out' -r
complete -c radius -n "__fish_radius_using_subcommand send" -s D -l dict -d 'More names: a dictionary in FreeRADIUS\'s format, or a directory that holds one named `dictionary`; repeatable' -r -F
complete -c radius -n "__fish_radius_using_subcommand send" -s o -l output -d 'How the result is printed: json is laid out to be read, ndjson is one line an exchange' -r -f -a "human\t'For people'
json\t'One JSON object an exchange, laid out to be read'
ndjson\t'One JSON object an exchange, one a line'
none\t'Nothing: the exit code says it'"
complete -c radius -n "__fish_radius_using_subcommand send" -l code -d 'The packet\'s Code: a name such as Access-Request, or a number 0 to 255; Packet-Type in a file goes before it' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l raw -d 'A whole packet in hexadecimal, sent as it is: nothing is added, computed or mended' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l append -d 'Octets in hexadecimal to put behind the attributes, whatever they are' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l length -d 'What the Length field says, whatever the length is' -r
complete -c radius -n "__fish_radius_using_subcommand send" -s p -l parallel -d 'Keep N requests in flight' -r
complete -c radius -n "__fish_radius_using_subcommand send" -l color -d 'When to use colours; NO_COLOR is honoured too' -r -f -a "auto\t''
always\t''
never\t''"
complete -c radius -n "__fish_radius_using_subcommand send" -l expect-exactly -d 'The answer may hold no attribute that no expectation names'
complete -c radius -n "__fish_radius_using_subcommand send" -l require-message-authenticator -d 'Refuse (exit 4) an Access reply without a Message-Authenticator'
complete -c radius -n "__fish_radius_using_subcommand send" -l no-message-authenticator -d 'Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596'
complete -c radius -n "__fish_radius_using_subcommand send" -s n -l dry-run -d 'Build the packet and print it; send nothing'
complete -c radius -n "__fish_radius_using_subcommand send" -s 4 -d 'Use IPv4 only'
complete -c radius -n "__fish_radius_using_subcommand send" -s 6 -d 'Use IPv6 only'
complete -c radius -n "__fish_radius_using_subcommand send" -l insecure -d 'Believe any server, whoever it is'
complete -c radius -n "__fish_radius_using_subcommand send" -l no-builtin-dict -d 'Do without the dictionaries that are built in'
complete -c radius -n "__fish_radius_using_subcommand send" -l json -d 'The same as --output json'
complete -c radius -n "__fish_radius_using_subcommand send" -l trace -d 'Print every packet, both ways, with its octets'
complete -c radius -n "__fish_radius_using_subcommand send" -l hex -d 'Print the octets of request and reply'
complete -c radius -n "__fish_radius_using_subcommand send" -l annotate -d 'Print each attribute\'s octets beside its meaning'
complete -c radius -n "__fish_radius_using_subcommand send" -l show-secrets -d 'Print passwords and keys in clear; otherwise they are <hidden>'
complete -c radius -n "__fish_radius_using_subcommand send" -l bad-message-authenticator -d 'Spoil the Message-Authenticator'
complete -c radius -n "__fish_radius_using_subcommand send" -l bad-authenticator -d 'Spoil the Request Authenticator of packets where it is a digest'
complete -c radius -n "__fish_radius_using_subcommand send" -s v -l verbose -d 'Say more'
complete -c radius -n "__fish_radius_using_subcommand send" -s q -l quiet -d 'Print results only in the exit code; errors still go to standard error'
complete -c radius -n "__fish_radius_using_subcommand send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c radius -n "__fish_radius_using_subcommand send" -s V -l version -d 'Print version'
complete -c radius -n "__fish_radius_using_subcommand help; and not __fish_seen_subcommand_from auth serve trace dict demo completions man acct coa disconnect status send help" -f -a "auth" -d 'May this user in? Access-Request until Accept or Reject'
complete -c radius -n "__fish_radius_using_subcommand help; and not __fish_seen_subcommand_from auth serve trace dict demo completions man acct coa disconnect status send help" -f -a "serve" -d 'A test server: auth, acct, CoA, Status-Server, with faults on purpose'
complete -c radius -n "__fish_radius_using_subcommand help; and not __fish_seen_subcommand_from auth serve trace dict demo completions man acct coa disconnect status send help" -f -a "trace" -d 'See every octet: captures, interfaces, pipes and hexadecimal text, decoded, checked and opened'
complete -c radius -n "__fish_radius_using_subcommand help; and not __fish_seen_subcommand_from auth serve trace dict demo completions man acct coa disconnect status send help" -f -a "dict" -d 'What the dictionaries know: lookup, search, list, vendors, values, check, export'
complete -c radius -n "__fish_radius_using_subcommand help; and not __fish_seen_subcommand_from auth serve trace dict demo completions man acct coa disconnect status send help" -f -a "demo" -d 'A server and a client in one process: whole exchanges, every packet shown'
complete -c radius -n "__fish_radius_using_subcommand help; and not __fish_seen_subcommand_from auth serve trace dict demo completions man acct coa disconnect status send help" -f -a "completions" -d 'Print the completions of a shell'
complete -c radius -n "__fish_radius_using_subcommand help; and not __fish_seen_subcommand_from auth serve trace dict demo completions man acct coa disconnect status send help" -f -a "man" -d 'Write the manual pages into a directory'
complete -c radius -n "__fish_radius_using_subcommand help; and not __fish_seen_subcommand_from auth serve trace dict demo completions man acct coa disconnect status send help" -f -a "acct" -d 'Accounting: one record, or a whole session'
complete -c radius -n "__fish_radius_using_subcommand help; and not __fish_seen_subcommand_from auth serve trace dict demo completions man acct coa disconnect status send help" -f -a "coa" -d 'Change a session\'s authorization: CoA-Request (RFC 5176)'
complete -c radius -n "__fish_radius_using_subcommand help; and not __fish_seen_subcommand_from auth serve trace dict demo completions man acct coa disconnect status send help" -f -a "disconnect" -d 'End a session: Disconnect-Request (RFC 5176)'
complete -c radius -n "__fish_radius_using_subcommand help; and not __fish_seen_subcommand_from auth serve trace dict demo completions man acct coa disconnect status send help" -f -a "status" -d 'Is the server up, and how is it? Status-Server (RFC 5997)'
complete -c radius -n "__fish_radius_using_subcommand help; and not __fish_seen_subcommand_from auth serve trace dict demo completions man acct coa disconnect status send help" -f -a "send" -d 'Send any packet: from a file, from attributes, or raw octets'
complete -c radius -n "__fish_radius_using_subcommand help; and not __fish_seen_subcommand_from auth serve trace dict demo completions man acct coa disconnect status send help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c radius -n "__fish_radius_using_subcommand help; and __fish_seen_subcommand_from dict" -f -a "lookup" -d 'Everything about an attribute: by name, number, 26.9.1, or path'
complete -c radius -n "__fish_radius_using_subcommand help; and __fish_seen_subcommand_from dict" -f -a "search" -d 'Attributes, vendors and values in whose names all words occur; the best first'
complete -c radius -n "__fish_radius_using_subcommand help; and __fish_seen_subcommand_from dict" -f -a "list" -d 'All attributes, or those of one vendor'
complete -c radius -n "__fish_radius_using_subcommand help; and __fish_seen_subcommand_from dict" -f -a "vendors" -d 'All vendors'
complete -c radius -n "__fish_radius_using_subcommand help; and __fish_seen_subcommand_from dict" -f -a "values" -d 'The named values of an attribute'
complete -c radius -n "__fish_radius_using_subcommand help; and __fish_seen_subcommand_from dict" -f -a "check" -d 'Reports every fault of dictionary files with its place, and what is odd'
complete -c radius -n "__fish_radius_using_subcommand help; and __fish_seen_subcommand_from dict" -f -a "export" -d 'Writes everything that is known as a dictionary file, or as JSON'
