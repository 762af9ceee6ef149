"""A real SMTP server for the tests: STARTTLS and a login are required.

It listens on a free loopback port and writes one JSON object a line to its
standard output: first {"port": …}, then {"event": "login", …} and
{"event": "message", …} as they happen. It ends when its standard input ends,
so that it cannot outlive the test that started it.
"""

import argparse
import asyncio
import json
import logging
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult


def say(**line):
    print(json.dumps(line), flush=True)


class Handler:
    def __init__(self, options):
        self.options = options
        self.failures_left = options.fail_times

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in self.options.unknown:
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.options.drop_after_data:
            say(event="dropped")
            server.transport.abort()
            return "250 never read"
        if self.options.fail and self.failures_left != 0:
            self.failures_left -= 1
            say(event="refused", answer=self.options.fail)
            return self.options.fail
        say(
            event="message",
            tls=session.ssl is not None,
            user=session.auth_data,
            sender=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            raw=envelope.content.decode("utf-8", "replace"),
        )
        return "250 OK"


def authenticator(options):
    def check(server, session, envelope, mechanism, login):
        user = login.login.decode()
        good = user == options.user and login.password.decode() == options.password
        say(event="login", mechanism=mechanism, user=user, good=good, tls=session.ssl is not None)
        if good:
            return AuthResult(success=True, auth_data=user)
        if options.echo_credentials:
            answer = f"535 5.7.8 rejected: {login.password.decode()}"
            return AuthResult(success=False, handled=False, message=answer)
        return AuthResult(success=False, handled=False)

    return check


async def hold(reader, writer):
    """Accepts a connection and never says a word."""
    say(event="connected")
    await reader.read()
    writer.close()


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--certificate", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--user", default="robot@example.org")
    parser.add_argument("--password", required=True)
    parser.add_argument("--fail", help="the answer to a message, such as '451 4.3.0 Try later'")
    parser.add_argument("--fail-times", type=int, default=-1, help="how often; then it accepts")
    parser.add_argument("--unknown", action="append", default=[], help="a recipient to refuse")
    parser.add_argument("--echo-credentials", action="store_true", help="repeat a wrong password")
    parser.add_argument("--no-starttls", action="store_true")
    parser.add_argument("--drop-after-data", action="store_true", help="break off where the answer is due")
    parser.add_argument("--hang", action="store_true", help="accept connections and stay silent")
    options = parser.parse_args()

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(options.certificate, options.key)
    handler = Handler(options)
    loop = asyncio.get_running_loop()

    def connection():
        return SMTP(
            handler,
            hostname="localhost",
            loop=loop,
            tls_context=None if options.no_starttls else context,
            require_starttls=not options.no_starttls,
            authenticator=authenticator(options),
            auth_required=True,
            auth_require_tls=not options.no_starttls,
        )

    if options.hang:
        server = await asyncio.start_server(hold, "127.0.0.1", 0)
    else:
        server = await loop.create_server(connection, "127.0.0.1", 0)
    say(port=server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    # Clients that go away and servers without TLS are what some tests are about.
    logging.getLogger("mail.log").addHandler(logging.NullHandler())
    warnings.simplefilter("ignore")
    asyncio.run(main())
