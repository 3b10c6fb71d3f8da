"""Reads and verifies tokens as a relying party does: by the issuer's published documents alone."""

import jwt
import requests


def header(token):
    return jwt.get_unverified_header(token)


def claims(token):
    """The claims without any verification."""
    return jwt.decode(token, options={"verify_signature": False})


def keys(issuer):
    answer = requests.get(f"{issuer}/.well-known/jwks.json", timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()["keys"]


def key_of(token, issuer):
    (key,) = [key for key in keys(issuer) if key["kid"] == header(token)["kid"]]
    return jwt.PyJWK(key)


def verified(token, issuer, audience=None):
    """The claims, once signature, issuer, expiry and (ID tokens) audience hold."""
    options = {"require": ["exp", "iat", "iss", "sub"], "verify_aud": audience is not None}
    return jwt.decode(
        token, key_of(token, issuer), algorithms=["RS256"], issuer=issuer, audience=audience, options=options, leeway=2
    )
