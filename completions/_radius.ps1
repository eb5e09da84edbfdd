
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
            [CompletionResult]::new('trace', 'trace', [CompletionResultType]::ParameterValue, 'Decode and check a packet from hexadecimal text')
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
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--expect-exactly', '--expect-exactly', [CompletionResultType]::ParameterName, 'The answer may hold no attribute that no expectation names')
            [CompletionResult]::new('--require-message-authenticator', '--require-message-authenticator', [CompletionResultType]::ParameterName, 'Refuse (exit 4) an Access reply without a Message-Authenticator')
            [CompletionResult]::new('--no-message-authenticator', '--no-message-authenticator', [CompletionResultType]::ParameterName, 'Send Access-Requests without a Message-Authenticator, as clients did before CVE-2024-3596')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Build the packet and print it; send nothing')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'Use IPv4 only')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'Use IPv6 only')
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
        'radius;trace' {
            [CompletionResult]::new('--hex', '--hex', [CompletionResultType]::ParameterName, 'The packet itself, in hexadecimal')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The shared secret: checks the authenticators and opens what is hidden')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The shared secret: checks the authenticators and opens what is hidden')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'The file whose first line is the shared secret')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How packets are printed')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How packets are printed')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--dict', '--dict', [CompletionResultType]::ParameterName, 'More names: a dictionary in FreeRADIUS''s format, or a directory that holds one named `dictionary`; repeatable')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours; NO_COLOR is honoured too')
            [CompletionResult]::new('--attributes', '--attributes', [CompletionResultType]::ParameterName, 'The octets are attributes, without a packet around them')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Print passwords and keys in clear; otherwise they are <hidden>')
            [CompletionResult]::new('--annotate', '--annotate', [CompletionResultType]::ParameterName, 'Print each attribute''s octets beside its meaning')
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
            [CompletionResult]::new('trace', 'trace', [CompletionResultType]::ParameterValue, 'Decode and check a packet from hexadecimal text')
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
