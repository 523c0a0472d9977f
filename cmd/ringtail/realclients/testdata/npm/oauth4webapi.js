// A relying party over oauth4webapi, which does nothing unasked.
import assert from 'node:assert/strict'
import * as oauth from 'oauth4webapi'
import { settings, signingKey, open, done } from './party.js'

const { issuer, id, secret, redirect, loggedOut, alg, formPost, maxAge, par, signed, hybrid, resource } = settings
const plain = { [oauth.allowInsecureRequests]: true } // the test's provider has no TLS

const found = new URL(issuer)
const as = await oauth.processDiscoveryResponse(found, await oauth.discoveryRequest(found, plain))
const party = { client_id: id, require_auth_time: Boolean(maxAge) }
if (alg) party.id_token_signed_response_alg = alg
const key = settings.key && await signingKey()
const auth = key ? oauth.PrivateKeyJwt(key) : secret ? oauth.ClientSecretPost(secret) : oauth.None()

const verifier = oauth.generateRandomCodeVerifier()
const state = oauth.generateRandomState()
const nonce = oauth.generateRandomNonce()
const ask = new URLSearchParams({
  client_id: id, redirect_uri: redirect, response_type: hybrid ? 'code id_token' : 'code', scope: 'openid profile email offline_access', state, nonce,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  ...(formPost && { response_mode: 'form_post' }), ...(maxAge && { max_age: String(maxAge) }), ...(resource && { resource }),
})

async function address() {
  let sent = ask
  if (signed) sent = new URLSearchParams({ client_id: id, request: await oauth.issueRequestObject(as, party, ask, key) })
  if (par) {
    const pushed = await oauth.processPushedAuthorizationResponse(as, party, await oauth.pushedAuthorizationRequest(as, party, auth, sent, plain))
    sent = new URLSearchParams({ client_id: id, request_uri: pushed.request_uri })
  }
  return `${as.authorization_endpoint}?${sent}`
}

async function checked(answer) {
  if (hybrid) return oauth.validateCodeIdTokenResponse(as, party, answer, nonce, state, maxAge, plain)
  if (!formPost) return oauth.validateAuthResponse(as, party, answer, state)
  return oauth.validateAuthResponse(as, party, new URLSearchParams([...await answer.formData()]), state)
}

const code = await checked(await open(await address(), redirect))
const redeemed = await oauth.authorizationCodeGrantRequest(as, party, auth, code, redirect, verifier, plain)
const tokens = await oauth.processAuthorizationCodeResponse(as, party, redeemed, { expectedNonce: nonce, requireIdToken: true, maxAge })
await oauth.validateApplicationLevelSignature(as, redeemed, plain)
const { sub } = oauth.getValidatedIdTokenClaims(tokens)

const fresh = await oauth.processRefreshTokenResponse(as, party,
  await oauth.refreshTokenGrantRequest(as, party, auth, tokens.refresh_token, plain))
assert.notEqual(fresh.access_token, tokens.access_token)
assert.notEqual(fresh.refresh_token, tokens.refresh_token)

if (resource) { // what the resource server does with a token of RFC 9068
  const request = new Request(resource, { headers: { authorization: `Bearer ${fresh.access_token}` } })
  const claims = await oauth.validateJwtAccessToken(as, request, resource, plain)
  assert.equal(claims.sub, sub)
  assert.equal(claims.client_id, id)
}

const info = await oauth.processUserInfoResponse(as, party, sub, await oauth.userInfoRequest(as, party, fresh.access_token, plain))

const refused = await oauth.userInfoRequest(as, party, 'no-token', plain).then((r) => oauth.processUserInfoResponse(as, party, sub, r)).catch((e) => e)
assert.equal(refused.cause?.[0]?.scheme, 'bearer', 'a refusal has a challenge that the library can read')

const bye = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: loggedOut, state: 'bye-1' })
const left = await open(`${as.end_session_endpoint}?${bye}`, loggedOut)
assert.equal(left.searchParams.get('state'), 'bye-1')
done({ sub, email: info.email })
