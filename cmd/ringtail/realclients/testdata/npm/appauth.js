// A native application over AppAuth-JS: it opens the system's browser and waits
// on a loopback port.
import assert from 'node:assert/strict'
import appauth from '@openid/appauth'
import node from '@openid/appauth/built/node_support/index.js'
import { settings, open, browser, done } from './party.js'

const { issuer, id, port, loggedOut } = settings
const redirect = `http://127.0.0.1:${port}`
const requestor = new node.NodeRequestor()
const tokens = new appauth.BaseTokenRequestHandler(requestor)

const found = await appauth.AuthorizationServiceConfiguration.fetchFromIssuer(issuer, requestor)
const notifier = new appauth.AuthorizationNotifier()
const handler = new node.NodeBasedHandler(port)
handler.setAuthorizationNotifier(notifier)
const ask = new appauth.AuthorizationRequest({
  client_id: id, redirect_uri: redirect, scope: 'openid profile email offline_access', response_type: appauth.AuthorizationRequest.RESPONSE_TYPE_CODE,
}, new node.NodeCrypto())
const answered = new Promise((resolve, reject) => {
  notifier.setAuthorizationListener((request, response, error) => (error ? reject(new Error(error.error)) : resolve(response)))
})
handler.performAuthorizationRequest(found, ask)
await browser()
const { code } = await answered

const token = (grant_type, more) => tokens.performTokenRequest(found, new appauth.TokenRequest({ client_id: id, redirect_uri: redirect, grant_type, ...more }))
const first = await token(appauth.GRANT_TYPE_AUTHORIZATION_CODE, { code, extras: { code_verifier: ask.internal.code_verifier } })
const fresh = await token(appauth.GRANT_TYPE_REFRESH_TOKEN, { refresh_token: first.refreshToken })
assert.notEqual(fresh.accessToken, first.accessToken)
assert.notEqual(fresh.refreshToken, first.refreshToken)

const info = await requestor.xhr({ url: found.userInfoEndpoint, method: 'GET', dataType: 'json', headers: { Authorization: `Bearer ${fresh.accessToken}` } })
const bye = new URL(found.endSessionEndpoint)
for (const [name, value] of Object.entries({ id_token_hint: fresh.idToken, post_logout_redirect_uri: loggedOut })) bye.searchParams.set(name, value)
await open(bye, loggedOut)
done({ sub: info.sub, email: info.email })
