"""An Apache of our own in a temporary folder, whose websites let in whom mod_auth_openidc knows.

Found on PATH or where Debian keeps it. Root runs it as `nobody`, because it refuses to serve as root.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

import requests

from .postgres import free_port

MODULES = Path("/usr/lib/apache2/modules")
NAMES = ["mpm_event", "authn_core", "authz_core", "authz_user", "headers", "dir", "auth_openidc"]
MISSING = (
    "Apache with mod_auth_openidc was found neither in /usr/sbin nor on PATH, with its modules in "
    f"{MODULES}: install it (Debian: apt-get install apache2-bin libapache2-mod-auth-openidc)"
)
SECONDS = 30

SERVER = """
ServerRoot "{folder}"
ServerName localhost
DefaultRuntimeDir "{folder}"
PidFile "{folder}/apache.pid"
Mutex file:{folder} default
ErrorLog "{folder}/error.log"
LogLevel warn auth_openidc:info
DocumentRoot "{folder}/pages"
DirectoryIndex index.html
OIDCCacheDir "{folder}/cache"
OIDCCacheType shm
"""

# `/inside` is for people; `/silently` is too, but shows nobody a page to sign in at; `/bye` is for everybody.
WEBSITE = """
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
  OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
  OIDCClientID {client_id}
  {more}
  OIDCRedirectURI {url}/callback
  OIDCCryptoPassphrase only-a-test
  OIDCCookie website-{port}
  OIDCStateCookiePrefix state-{port}-
  OIDCScope "openid email profile"
  OIDCPKCEMethod S256
  OIDCRemoteUserClaim sub
  OIDCInfoHook access_token refresh_token id_token userinfo
  OIDCHTMLErrorTemplate "{folder}/error.html"
  Header always set X-Remote-User "expr=%{{REMOTE_USER}}"
  <LocationMatch "^/(inside|silently|callback)">
    AuthType openid-connect
    Require valid-user
  </LocationMatch>
  <Location "/silently">
    OIDCPathAuthRequestParams prompt=none
  </Location>
</VirtualHost>
"""


class Website:
    """A virtual host at a port of its own. Its app client is made once its addresses are known."""

    def __init__(self, **directives):
        self.directives = directives
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.callback, self.bye, self.inside = f"{self.url}/callback", f"{self.url}/bye/", f"{self.url}/inside/"
        self.silently = f"{self.url}/silently/"

    def info(self, person):
        """What the module holds for the person who is signed in here."""
        answer = person.open(f"{self.callback}?info=json")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def sign_out(self, person):
        return person.open(f"{self.callback}?{urlencode({'logout': self.bye})}")

    def renew(self, person):
        """Has the module use its refresh token."""
        query = urlencode({"refresh": self.inside, "access_token": self.info(person)["access_token"]})
        return person.open(f"{self.callback}?{query}")

    def configuration(self, folder):
        directives = {**self.directives, **({"OIDCClientSecret": self.app.secret} if self.app.secret else {})}
        return WEBSITE.format(
            folder=folder,
            port=self.port,
            url=self.url,
            issuer=self.app.pool.issuer,
            client_id=self.app.id,
            more="\n  ".join(f"{name} {value}" for name, value in directives.items()),
        )


class Apache:
    def __init__(self, websites):
        program = shutil.which("apache2", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
        if program is None or not (MODULES / "mod_auth_openidc.so").exists():
            raise RuntimeError(MISSING)
        self.folder = Path(tempfile.mkdtemp(prefix="cognate-apache-"))
        for name in ["inside", "silently", "bye"]:
            (self.folder / "pages" / name).mkdir(parents=True)
            (self.folder / "pages" / name / "index.html").write_text(f"This is {name}.")
        (self.folder / "cache").mkdir()
        (self.folder / "error.html").write_text("%s: %s")
        loads = [f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in NAMES]
        parts = ["\n".join(loads), SERVER.format(folder=self.folder)]
        parts += [website.configuration(self.folder) for website in websites]
        (self.folder / "apache.conf").write_text("\n".join(parts))
        user = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        self.output = open(self.folder / "output", "ab")
        self.child = subprocess.Popen(
            [program, "-D", "FOREGROUND", "-f", str(self.folder / "apache.conf")],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
            **user,
        )
        deadline = time.monotonic() + SECONDS
        while not all(self.answers(website) for website in websites):
            if self.child.poll() is not None or time.monotonic() > deadline:
                log = self.log()
                self.stop()
                raise RuntimeError(f"Apache did not start:\n{log}")
            time.sleep(0.05)

    def answers(self, website):
        try:
            return requests.get(f"http://127.0.0.1:{website.port}/bye/", timeout=5).ok
        except requests.ConnectionError:
            return False

    def log(self):
        texts = [self.folder / name for name in ["output", "error.log"]]
        return "\n".join(text.read_text(errors="replace") for text in texts if text.exists())

    def stop(self):
        self.child.terminate()
        try:
            self.child.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.output.close()
        shutil.rmtree(self.folder)
