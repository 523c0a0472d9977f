// The builder's functions, called on what is no builder.
// reasons: contract
function run() {
  const builder = HttpLoop.callBuilder("GET", "https://a.example/");
  const { withHeader } = Object.getPrototypeOf(builder);
  return Reflect.apply(withHeader, Object.create(builder), ["A", "b"]);
}
