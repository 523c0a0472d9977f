// A relying party over oauth4webapi, which does nothing unasked.
import assert from 'node:assert/strict'
import * as oauth from 'oauth4webapi'
import { settings, open, done } from './party.js'

const { issuer, id, secret, redirect, loggedOut, strict } = settings
const plain = { [oauth.allowInsecureRequests]: true } // the test's provider has no TLS

const found = new URL(issuer)
const as = await oauth.processDiscoveryResponse(found, await oauth.discoveryRequest(found, plain))
const party = strict ? { client_id: id, id_token_signed_response_alg: 'EdDSA', require_auth_time: true } : { client_id: id }
const auth = secret ? oauth.ClientSecretPost(secret) : oauth.None()

const verifier = oauth.generateRandomCodeVerifier()
const state = oauth.generateRandomState()
const nonce = oauth.generateRandomNonce()
const ask = new URL(as.authorization_endpoint)
for (const [name, value] of Object.entries({
  client_id: id, redirect_uri: redirect, response_type: 'code', scope: 'openid profile email offline_access', state, nonce,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  ...(strict ? { response_mode: 'form_post', max_age: '300' } : {}),
})) ask.searchParams.set(name, value)

const answer = await open(ask, redirect)
assert.equal(answer.method, strict ? 'POST' : 'GET')
const returned = strict ? await answer.formData().then((form) => new URLSearchParams([...form])) : new URL(answer.url)
const code = oauth.validateAuthResponse(as, party, returned, state)
const redeemed = await oauth.authorizationCodeGrantRequest(as, party, auth, code, redirect, verifier, plain)
const expected = { expectedNonce: nonce, requireIdToken: true, ...(strict ? { maxAge: 300 } : {}) }
const tokens = await oauth.processAuthorizationCodeResponse(as, party, redeemed, expected)
await oauth.validateApplicationLevelSignature(as, redeemed, plain)
const { sub } = oauth.getValidatedIdTokenClaims(tokens)

const fresh = await oauth.processRefreshTokenResponse(as, party,
  await oauth.refreshTokenGrantRequest(as, party, auth, tokens.refresh_token, plain))
assert.notEqual(fresh.access_token, tokens.access_token)
assert.notEqual(fresh.refresh_token, tokens.refresh_token)

const info = await oauth.processUserInfoResponse(as, party, sub, await oauth.userInfoRequest(as, party, fresh.access_token, plain))

const refused = await oauth.userInfoRequest(as, party, 'no-token', plain).then((r) => oauth.processUserInfoResponse(as, party, sub, r)).catch((e) => e)
assert.equal(refused.cause?.[0]?.scheme, 'bearer', 'a refusal has a challenge that the library can read')

const bye = new URL(as.end_session_endpoint)
for (const [name, value] of Object.entries({ id_token_hint: tokens.id_token, post_logout_redirect_uri: loggedOut, state: 'bye-1' })) {
  bye.searchParams.set(name, value)
}
const left = await open(bye, loggedOut)
assert.equal(new URL(left.url).searchParams.get('state'), 'bye-1')
done({ sub, email: info.email })
