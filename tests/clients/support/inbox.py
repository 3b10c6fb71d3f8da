"""The messages that `cognate dev` keeps instead of sending."""

import requests


class Inbox:
    def __init__(self, endpoint):
        self.url = f"{endpoint}/dev/messages"

    def messages(self, to, channel=None):
        """Newest first."""
        query = {"to": to} | ({"channel": channel} if channel else {})
        answer = requests.get(self.url, params=query, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def newest(self, to):
        found = self.messages(to)
        assert found, f"no message to {to}"
        return found[0]

    def code(self, to):
        """The code of the newest message to this address."""
        return self.newest(to)["code"]
