"""A RADIUS/TLS server on pyrad2: accepts everybody, and says back what it read. PORT VERSIONS CERTIFICATES."""

import asyncio
import sys

from pyrad2.constants import PacketType
from pyrad2.dictionary import Dictionary
from pyrad2.radsec.server import RadSecServer, RadiusVersion
from pyrad2.server import RemoteHost

DICTIONARY = """
ATTRIBUTE User-Name 1 string
ATTRIBUTE User-Password 2 octets
ATTRIBUTE CHAP-Password 3 octets
ATTRIBUTE Reply-Message 18 string
ATTRIBUTE NAS-Identifier 32 string
ATTRIBUTE Acct-Status-Type 40 integer
ATTRIBUTE Acct-Session-Id 44 string
ATTRIBUTE Event-Timestamp 55 integer
ATTRIBUTE CHAP-Challenge 60 octets
ATTRIBUTE Message-Authenticator 80 octets
"""


class Server(RadSecServer):
    async def handle_access_request(self, packet):
        reply = packet.create_reply()
        reply.code = PacketType.AccessAccept
        name = packet["User-Name"][0] if "User-Name" in packet.keys() else "nobody"
        password = packet["User-Password"][0] if "User-Password" in packet.keys() else b"nothing"
        chap = " with-challenge" if "CHAP-Challenge" in packet.keys() else ""
        reply["Reply-Message"] = f"{name} {password.decode('latin-1')}{chap}"
        return reply

    async def handle_accounting(self, packet):
        reply = packet.create_reply()
        reply.code = PacketType.AccountingResponse
        return reply


port, versions, certificates = int(sys.argv[1]), sys.argv[2], sys.argv[3]
names = {"1.0": RadiusVersion.V1_0, "1.1": RadiusVersion.V1_1}
with open("dictionary", "w") as file:
    file.write(DICTIONARY)
server = Server(
    listen_address="127.0.0.1",
    listen_port=port,
    hosts={"127.0.0.1": RemoteHost("127.0.0.1", b"radsec", "localhost")},
    dictionary=Dictionary("dictionary"),
    certfile=f"{certificates}/server.pem",
    keyfile=f"{certificates}/server.key",
    ca_certfile=f"{certificates}/ca.pem",
    radius_versions=tuple(names[version] for version in versions.split(",")),
)
asyncio.run(server.run())
