// A relying party over openid-client.
import assert from 'node:assert/strict'
import * as client from 'openid-client'
import { settings, open, done } from './party.js'

const { issuer, id, secret, redirect, loggedOut, strict } = settings

async function discover() {
  const execute = [client.allowInsecureRequests] // the test's provider has no TLS
  if (!strict) return client.discovery(new URL(issuer), id, secret, undefined, { execute })
  execute.push(client.enableNonRepudiationChecks)
  const metadata = { id_token_signed_response_alg: 'ES256', require_auth_time: true, default_max_age: 300 }
  return client.discovery(new URL(issuer), id, metadata, client.ClientSecretBasic(secret), { execute })
}

const config = await discover()
assert.equal(config.serverMetadata().supportsPKCE(), true)

const verifier = client.randomPKCECodeVerifier()
const checks = { pkceCodeVerifier: verifier, expectedState: client.randomState(), idTokenExpected: true }
const parameters = {
  redirect_uri: redirect, scope: 'openid profile email offline_access', state: checks.expectedState,
  code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
}
if (strict) {
  parameters.nonce = checks.expectedNonce = client.randomNonce()
  parameters.max_age = checks.maxAge = 300
}

const answer = await open(client.buildAuthorizationUrl(config, parameters), redirect)
const tokens = await client.authorizationCodeGrant(config, answer, checks)
const { sub } = tokens.claims()
const fresh = await client.refreshTokenGrant(config, tokens.refresh_token)
assert.notEqual(fresh.access_token, tokens.access_token)
assert.notEqual(fresh.refresh_token, tokens.refresh_token)

const info = await client.fetchUserInfo(config, fresh.access_token, sub)
assert.equal((await client.tokenIntrospection(config, fresh.access_token)).active, true)
await client.tokenRevocation(config, fresh.refresh_token)
assert.equal((await client.tokenIntrospection(config, fresh.access_token)).active, false)

const bye = { id_token_hint: tokens.id_token, post_logout_redirect_uri: loggedOut, state: 'bye-1' }
const left = await open(client.buildEndSessionUrl(config, bye), loggedOut)
assert.equal(new URL(left.url).searchParams.get('state'), 'bye-1')
done({ sub, email: info.email })
