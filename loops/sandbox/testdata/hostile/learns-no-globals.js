// Objects of the host among the globals.
// ok: {"strange":""}
const standard = `AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError
  Float32Array Float64Array Infinity Int16Array Int32Array Int8Array Iterator JSON Map Math NaN Number Object Promise Proxy RangeError
  ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array
  Uint8ClampedArray WeakMap WeakSet WeakRef FinalizationRegistry decodeURI decodeURIComponent encodeURI encodeURIComponent escape globalThis isFinite isNaN
  parseFloat parseInt undefined unescape HttpLoop JsArr JsObj clock crypto secrets tokens run GoError`.split(/\s+/);
function run() {
  const names = [];
  for (let o = globalThis; o && o !== Object.prototype; o = Object.getPrototypeOf(o)) names.push(...Reflect.ownKeys(o).map(String));
  return HttpLoop.Ok({ strange: names.filter((name) => !standard.includes(name) && !name.startsWith("Symbol(")).join(" ") });
}
