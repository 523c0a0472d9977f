// A relying party over openid-client: as its readme has it, or with what the
// settings ask for beyond that.
import assert from 'node:assert/strict'
import * as client from 'openid-client'
import { settings, signingKey, open, done } from './party.js'

const { issuer, id, secret, redirect, loggedOut, alg, basic, par, signed, hybrid, formPost, nonRepudiation, exchange } = settings

const metadata = { client_secret: secret, require_auth_time: nonRepudiation }
if (alg) metadata.id_token_signed_response_alg = alg
// The library calls it Ed25519, by RFC 9864; the provider knows the older name.
const named = settings.key?.alg === 'EdDSA' ? { [client.modifyAssertion]: (header) => { header.alg = 'EdDSA' } } : undefined
const auth = settings.key ? client.PrivateKeyJwt(await signingKey(), named) : basic ? client.ClientSecretBasic(secret) : undefined
const execute = [client.allowInsecureRequests] // the test's provider has no TLS
const config = settings.register
  ? await client.dynamicClientRegistration(new URL(issuer), settings.register, auth, { execute, initialAccessToken: settings.token })
  : await client.discovery(new URL(issuer), id, metadata, auth, { execute })
assert.equal(config.serverMetadata().supportsPKCE(), true)
if (nonRepudiation) client.enableNonRepudiationChecks(config)
if (hybrid) client.useCodeIdTokenResponseType(config)

const verifier = client.randomPKCECodeVerifier()
const checks = { pkceCodeVerifier: verifier, expectedState: client.randomState(), idTokenExpected: true }
const parameters = {
  redirect_uri: redirect, scope: 'openid profile email offline_access', state: checks.expectedState,
  code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
}
if (nonRepudiation) parameters.max_age = checks.maxAge = 300
if (nonRepudiation || hybrid) parameters.nonce = checks.expectedNonce = client.randomNonce()
if (formPost) parameters.response_mode = 'form_post'

async function address() {
  if (!signed) return par ? client.buildAuthorizationUrlWithPAR(config, parameters) : client.buildAuthorizationUrl(config, parameters)
  const request = await client.buildAuthorizationUrlWithJAR(config, parameters, await signingKey())
  return par ? client.buildAuthorizationUrlWithPAR(config, request.searchParams) : request
}

const answer = await open(await address(), redirect)
assert.equal(answer instanceof Request, Boolean(formPost))
if (hybrid && !formPost) assert.match(answer.hash, /id_token=/)
const tokens = await client.authorizationCodeGrant(config, answer, checks)
const { sub } = tokens.claims()
const fresh = await client.refreshTokenGrant(config, tokens.refresh_token)
assert.notEqual(fresh.access_token, tokens.access_token)
assert.notEqual(fresh.refresh_token, tokens.refresh_token)

const info = await client.fetchUserInfo(config, fresh.access_token, sub)
assert.equal((await client.tokenIntrospection(config, fresh.access_token)).active, true)
if (exchange) { // for another resource, as the person whose token it is
  const other = await client.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:token-exchange', {
    subject_token: fresh.access_token, subject_token_type: 'urn:ietf:params:oauth:token-type:access_token', resource: exchange, scope: 'email',
  })
  assert.equal(other.issued_token_type, 'urn:ietf:params:oauth:token-type:access_token')
  const about = await client.tokenIntrospection(config, other.access_token)
  assert.deepEqual([about.active, about.sub, about.scope], [true, sub, 'email'])
}
await client.tokenRevocation(config, fresh.refresh_token)
assert.equal((await client.tokenIntrospection(config, fresh.access_token)).active, false)

const bye = { id_token_hint: tokens.id_token, post_logout_redirect_uri: loggedOut, state: 'bye-1' }
const left = await open(client.buildEndSessionUrl(config, bye), loggedOut)
assert.equal(left.searchParams.get('state'), 'bye-1')
done({ sub, email: info.email })
