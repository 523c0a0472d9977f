// What the relying parties of this folder share: their settings, which come from
// the test, and the person, who sits at the other end of standard input and
// output. One JSON value a line, each way.
import { createInterface } from 'node:readline'

export const settings = JSON.parse(process.argv[2])

const kinds = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' }, PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, EdDSA: { name: 'Ed25519' },
}

// signingKey is the party's own key, as the libraries take it.
export async function signingKey() {
  const { alg, kid, use, ...jwk } = settings.key
  return { kid, key: await crypto.subtle.importKey('jwk', jwk, kinds[alg], false, ['sign']) }
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

// Lines of ours are marked: libraries log to standard output too.
const say = (message) => console.log('>>> ' + JSON.stringify(message))

// open sends the person to the address and returns what the browser then brings
// to an address that starts with until: the URL, or the Request with a form.
export async function open(address, until) {
  say({ open: String(address), until })
  const { url, body } = JSON.parse((await lines.next()).value)
  if (!body) return new URL(url)
  return new Request(url, { method: 'POST', body: new URLSearchParams(body) })
}

// approve waits until the person let a device in.
export async function approve(address) {
  say({ approve: String(address) })
  await lines.next()
}

// browser waits until the person answered what this program opened in the
// system's browser.
export async function browser() {
  say({ browser: true })
  await lines.next()
}

// ready tells that the server listens.
export function ready() {
  say({ ready: true })
}

// done tells what was reached and ends.
export function done(reached) {
  say({ done: reached })
  process.exit(0)
}
