// Loggers, and the contract's own values.

j.logger = new Obj();
const ofKind = (o, empty) => typeof o === "object" && o !== null && Object.getPrototypeOf(o) === Object.getPrototypeOf(empty);
j.isObj = (o) => ofKind(o, JsObj.empty);
j.isArr = (o) => ofKind(o, JsArr.empty);
// object gives the plain object of a map of texts.
j.object = (m) => {
  if (m === null) return null;
  const out = Object.create(null);
  for (const e of m.entries()) if (e.v !== null) out[j.str(e.k)] = e.v;
  return out;
};
// asInt is an int as Java has it: a larger number isn't cut but refused, with the word that takes it.
j.asInt = (o, key) => {
  const v = o.asInt(key);
  return v === null || v === (v | 0) ? v : fail(ex.ArithmeticException, "asInt(" + j.str(key) + "): " + v + " doesn't fit an int; use asLong");
};
j.asLong = (o, key) => {
  const text = o.asString(key);
  if (text === null) return null;
  return /^-?[0-9]{1,19}$/.test(text) && BigInt(text) === j.wrap(BigInt(text)) ? BigInt(text) : BigInt(o.asInt(key));
};
j.asDecimal = (o, key) => { const v = o.asDecimal(key); return v === null ? null : new D(v); };
j.some = (v) => (v === null ? [] : [v]);
