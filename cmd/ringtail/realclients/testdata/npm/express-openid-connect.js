// A web server over express-openid-connect. It ends with the test.
import express from 'express'
import oidc from 'express-openid-connect'
import { settings, ready } from './party.js'

const { issuer, id, secret, port, more } = settings
const app = express()

// memory is a store of express-session's kind.
const memory = () => {
  const kept = new Map()
  return {
    get: (id, done) => done(null, kept.get(id)),
    set: (id, value, done) => { kept.set(id, value); done(null) },
    destroy: (id, done) => { kept.delete(id); done(null) },
  }
}
if (more?.backchannelLogout) more.backchannelLogout = { store: memory() }

app.use(oidc.auth({
  issuerBaseURL: issuer, baseURL: `http://localhost:${port}`, clientID: id, clientSecret: secret, secret: 'a secret of the test, 32 characters',
  idpLogout: true, authRequired: false, routes: { postLogoutRedirect: '/bye' },
  authorizationParams: { response_type: 'code', scope: 'openid profile email offline_access' },
  ...more,
  ...(more?.clientAssertionSigningKey ? { clientSecret: undefined } : {}),
}))

app.get('/', oidc.requiresAuth(), (request, response) => response.send('behind the login'))
app.get('/bye', (request, response) => response.send('signed out'))
app.get('/known', (request, response) => response.json({ known: request.oidc.isAuthenticated() }))

// refreshed tells what the library knows after it renewed its tokens.
app.get('/refreshed', oidc.requiresAuth(), async (request, response) => {
  const before = request.oidc.accessToken.access_token
  const fresh = await request.oidc.accessToken.refresh()
  const info = await request.oidc.fetchUserInfo()
  response.json({ sub: request.oidc.idTokenClaims.sub, email: info.email, changed: before !== fresh.access_token })
})
app.listen(port, ready)
