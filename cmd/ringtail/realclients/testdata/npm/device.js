// A device without a browser over openid-client.
import assert from 'node:assert/strict'
import * as client from 'openid-client'
import { settings, open, approve, done } from './party.js'

const { issuer, id, secret, loggedOut } = settings
const config = await client.discovery(new URL(issuer), id, secret, secret ? undefined : client.None(), { execute: [client.allowInsecureRequests] })

const device = await client.initiateDeviceAuthorization(config, { scope: 'openid profile email offline_access' })
assert.ok(device.user_code)
await approve(device.verification_uri_complete)
const tokens = await client.pollDeviceAuthorizationGrant(config, device)
const { sub } = tokens.claims()

const fresh = await client.refreshTokenGrant(config, tokens.refresh_token)
assert.notEqual(fresh.access_token, tokens.access_token)
const info = await client.fetchUserInfo(config, fresh.access_token, sub)
await open(client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: loggedOut }), loggedOut)
done({ sub, email: info.email })
