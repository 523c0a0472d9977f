// A web server over Auth.js. It ends with the test.
import express from 'express'
import { ExpressAuth, getSession } from '@auth/express'
import { settings, ready } from './party.js'

const { issuer, id, secret, port } = settings
const app = express()
const config = {
  basePath: '/auth', trustHost: true, secret: 'a secret of the test, 32 characters',
  providers: [{
    id: 'ringtail', name: 'Ringtail', type: 'oidc', issuer, clientId: id, clientSecret: secret,
    idToken: false, // the person's claims are at the userinfo endpoint
    authorization: { params: { scope: 'openid profile email offline_access' } },
    checks: ['pkce', 'state', 'nonce'],
  }],
}
app.use('/auth', ExpressAuth(config))
app.get('/', async (request, response) => response.json(await getSession(request, config)))
app.listen(port, ready)
