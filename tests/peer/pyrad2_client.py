"""A RADIUS/TLS client on pyrad2: one login, and what came of it. PORT VERSIONS CERTIFICATES USER PASSWORD."""

import asyncio
import sys

from pyrad2.dictionary import Dictionary
from pyrad2.radsec.client import RadSecClient
from pyrad2.radsec.server import RadiusVersion

DICTIONARY = """
ATTRIBUTE User-Name 1 string
ATTRIBUTE User-Password 2 octets
ATTRIBUTE Reply-Message 18 string
ATTRIBUTE NAS-Identifier 32 string
ATTRIBUTE Message-Authenticator 80 octets
"""

port, versions, certificates, user, password = sys.argv[1:6]
names = {"1.0": RadiusVersion.V1_0, "1.1": RadiusVersion.V1_1}
with open("dictionary", "w") as file:
    file.write(DICTIONARY)


async def main():
    client = RadSecClient(
        server="127.0.0.1",
        port=int(port),
        dict=Dictionary("dictionary"),
        retries=1,
        certfile=f"{certificates}/client.pem",
        keyfile=f"{certificates}/client.key",
        certfile_server=f"{certificates}/ca.pem",
        radius_versions=tuple(names[version] for version in versions.split(",")),
    )
    for _ in range(3):
        request = client.create_auth_packet(User_Name=user)
        clear = "1.1" == versions
        request["User-Password"] = password.encode() if clear else request.pw_crypt(password)
        reply = await client.send_packet(request)
        print(f"code={None if reply is None else reply.code} error={client.last_error!r}")
    await client.close()


asyncio.run(main())
