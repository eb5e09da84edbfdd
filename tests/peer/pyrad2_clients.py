"""pyrad2's clients: asks a server all they can ask, one line an answer. HOST AUTH ACCT COA SECRET."""

import asyncio
import io
import sys

from pyrad2.client import Client
from pyrad2.client_async import ClientAsync
from pyrad2.dictionary import Dictionary

DICTIONARY = """
ATTRIBUTE User-Name 1 string
ATTRIBUTE User-Password 2 string
ATTRIBUTE CHAP-Password 3 octets
ATTRIBUTE NAS-IP-Address 4 ipaddr
ATTRIBUTE Service-Type 6 integer
ATTRIBUTE Filter-Id 11 string
ATTRIBUTE Reply-Message 18 string
ATTRIBUTE State 24 octets
ATTRIBUTE NAS-Identifier 32 string
ATTRIBUTE Acct-Status-Type 40 integer
ATTRIBUTE Acct-Delay-Time 41 integer
ATTRIBUTE Acct-Session-Id 44 string
ATTRIBUTE CHAP-Challenge 60 octets
ATTRIBUTE EAP-Message 79 octets
ATTRIBUTE Message-Authenticator 80 octets
ATTRIBUTE Error-Cause 101 integer
"""


def say(what, reply):
    text = " ".join(reply["Reply-Message"]) if "Reply-Message" in reply.keys() else ""
    cause = str(reply["Error-Cause"][0]) if "Error-Cause" in reply.keys() else ""
    print(what, reply.code, text or cause, flush=True)


def log_in(client, password, auth_type="pap"):
    """The method's name is the user's and the password too: pyrad2 takes the first method that a server proposes for
    its own, and gives the password for an identity."""
    request = client.create_auth_packet(auth_type=auth_type)
    request["User-Name"] = "alice" if auth_type == "pap" else auth_type
    request["NAS-Identifier"] = "pyrad2"
    request["User-Password"] = request.pw_crypt(password) if auth_type == "pap" else password
    return request


def account(client, kind):
    request = client.create_acct_packet()
    request["User-Name"] = "alice"
    request["Acct-Status-Type"] = kind
    request["Acct-Session-Id"] = "s1"
    return request


def blocking(host, auth, acct, coa, secret, dictionary):
    client = Client(server=host, authport=auth, acctport=acct, coaport=coa, secret=secret, dict=dictionary)
    client.timeout = 5
    say("pap", client.send_packet(log_in(client, "hello")))
    say("wrong", client.send_packet(log_in(client, "no")))
    for method in ("eap-md5", "eap-gtc", "eap-mschapv2"):
        say(method, client.send_packet(log_in(client, method, auth_type=method)))
    say("status", client.send_status_packet())
    say("status-acct", client.send_status_packet(port="acct"))
    say("start", client.send_packet(account(client, 1)))
    change = client.create_coa_packet()
    change["User-Name"] = "alice"
    change["Filter-Id"] = "slow"
    say("coa", client.send_packet(change))
    for turn in ("disconnect", "disconnect-again"):
        # 40 is Disconnect-Request.
        end = client.create_coa_packet(code=40)
        end["User-Name"] = "alice"
        end["Acct-Session-Id"] = "s1"
        say(turn, client.send_packet(end))
    say("stop", client.send_packet(account(client, 2)))


async def concurrent(host, auth, acct, coa, secret, dictionary):
    client = ClientAsync(server=host, auth_port=auth, acct_port=acct, coa_port=coa, secret=secret, dict=dictionary, timeout=5)
    await client.initialize_transports(enable_auth=True, enable_acct=True)
    replies = await asyncio.gather(*[client.send_packet(log_in(client, "hello")) for _ in range(50)])
    print("async", sum(reply.code == 2 for reply in replies), flush=True)
    say("async-eap-md5", await client.send_packet(log_in(client, "eap-md5", auth_type="eap-md5")))
    say("async-start", await client.send_packet(account(client, 1)))
    await client.deinitialize_transports()


def main():
    host, *ports, secret = sys.argv[1:]
    dictionary = Dictionary(io.StringIO(DICTIONARY))
    arguments = (host, *map(int, ports), secret.encode(), dictionary)
    blocking(*arguments)
    asyncio.run(concurrent(*arguments))


main()
