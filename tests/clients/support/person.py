"""A person with a browser that runs no scripts: follows redirects, keeps cookies, fills the forms of the login pages.

Names below localhost, which not every resolver knows, are this machine.
"""

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests
import urllib3

from .pools import PASSWORD

SECONDS = 30


class NearConnection(urllib3.connection.HTTPConnection):
    def _new_conn(self):
        return urllib3.util.connection.create_connection(
            ("127.0.0.1", self.port), self.timeout, socket_options=self.socket_options
        )


class NearPool(urllib3.HTTPConnectionPool):
    ConnectionCls = NearConnection


class Near(requests.adapters.HTTPAdapter):
    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": NearPool}


class Forms(HTMLParser):
    """The forms of a page by their names: (action, fields)."""

    def __init__(self, page):
        super().__init__()
        self.found, self.fields = {}, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.fields = {}
            self.found[attributes.get("name")] = (attributes["action"], self.fields)
        elif tag == "input" and self.fields is not None:
            self.fields[attributes["name"]] = attributes.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.fields = None


class Person:
    def __init__(self, username, password=PASSWORD):
        self.username, self.password = username, password
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.browser.mount("http://", Near())

    def open(self, url, **options):
        """The page that an address leads to."""
        return self.browser.get(url, timeout=SECONDS, **options)

    def sign_in(self, url):
        """Signs in by the page that an address leads to; the page that comes then."""
        page = self.open(url)
        assert page.status_code == 200, f"no page to sign in at: {page.url}"
        forms = Forms(page.text).found
        assert "cognitoSignInForm" in forms, f"no page to sign in at: {page.url}"
        action, fields = forms["cognitoSignInForm"]
        entered = {**fields, "username": self.username, "password": self.password}
        return self.browser.post(urljoin(page.url, action), data=entered, timeout=SECONDS)
