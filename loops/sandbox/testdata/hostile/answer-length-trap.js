// Ok with a proxy of an array whose length is what it likes: an object without keys.
// ok: {"a":{}}
function run() {
  return HttpLoop.Ok({ a: new Proxy([], { get: (array, key) => (key === "length" ? 2 ** 53 - 1 : 0) }) });
}
