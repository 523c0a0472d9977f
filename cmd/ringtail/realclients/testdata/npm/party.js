// What the relying parties of this folder share: their settings, which come from
// the test, and the person, who sits at the other end of standard input and
// output. One JSON value a line, each way.
import { createInterface } from 'node:readline'

export const settings = JSON.parse(process.argv[2])

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

// open sends the person to the address and returns the Request that the browser
// then makes at an address that starts with until.
export async function open(address, until) {
  console.log(JSON.stringify({ open: String(address), until }))
  const { url, body } = JSON.parse((await lines.next()).value)
  if (!body) return new Request(url)
  return new Request(url, { method: 'POST', body: new URLSearchParams(body) })
}

// done tells what was reached and ends.
export function done(reached) {
  console.log(JSON.stringify({ done: reached }))
  process.exit(0)
}
