"""A relying party over Authlib. One JSON value a line, each way: see testdata/npm/party.js."""
import json
import sys

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
from authlib.oidc.core import CodeIDToken

settings = json.loads(sys.argv[1])


def say(message):
    print(">>> " + json.dumps(message), flush=True)


def open_page(address, until):
    say({"open": address, "until": until})
    return json.loads(sys.stdin.readline())["url"]


class ShortAssertion(PrivateKeyJWT):
    """An assertion that lives for five minutes; Authlib's own live for an hour."""

    def sign(self, auth, token_endpoint):
        return private_key_jwt_sign(auth.client_secret, client_id=auth.client_id, token_endpoint=token_endpoint, alg=self.alg, expires_in=300)


found = requests.get(settings["issuer"] + "/.well-known/openid-configuration").json()
keys = JsonWebKey.import_key_set(requests.get(found["jwks_uri"]).json())
key = settings.get("key")
party = OAuth2Session(
    settings["id"], JsonWebKey.import_key(key) if key else settings["secret"], redirect_uri=settings["redirect"], code_challenge_method="S256",
    scope="openid profile email offline_access",
    token_endpoint_auth_method=PrivateKeyJWT.name if key else None, revocation_endpoint_auth_method=PrivateKeyJWT.name if key else None)
if key:
    party.register_client_auth_method(ShortAssertion(found["issuer"], alg=key["alg"]))


def id_token(token, nonce=None):
    claims = jwt.decode(token["id_token"], keys, claims_cls=CodeIDToken, claims_params={"nonce": nonce, "client_id": settings["id"], "access_token": token["access_token"]},
                        claims_options={"iss": {"essential": True, "value": found["issuer"]}, "aud": {"essential": True, "value": settings["id"]}})
    claims.validate()
    return claims


verifier, nonce = generate_token(48), generate_token()
address, state = party.create_authorization_url(found["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
answer = open_page(address, settings["redirect"])
first = party.fetch_token(found["token_endpoint"], authorization_response=answer, code_verifier=verifier, state=state)
sub = id_token(first, nonce)["sub"]
fresh = party.refresh_token(found["token_endpoint"], refresh_token=first["refresh_token"])
assert fresh["access_token"] != first["access_token"] and fresh["refresh_token"] != first["refresh_token"]
assert id_token(fresh)["sub"] == sub
info = party.get(found["userinfo_endpoint"]).json()
about = party.introspect_token(found["introspection_endpoint"], token=fresh["access_token"]).json()
assert about.get("active"), about
assert party.revoke_token(found["revocation_endpoint"], token=fresh["refresh_token"]).status_code == 200
bye = requests.Request("GET", found["end_session_endpoint"], params={"id_token_hint": first["id_token"], "post_logout_redirect_uri": settings["loggedOut"]}).prepare().url
open_page(bye, settings["loggedOut"])
say({"done": {"sub": info["sub"], "email": info["email"]}})
