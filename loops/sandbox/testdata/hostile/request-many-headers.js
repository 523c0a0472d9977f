// A million header names.
// reasons: contract time memory
function run() {
  const request = HttpLoop.callBuilder("GET", "https://a.example/");
  for (let n = 0; n < 1e6; n++) request.withHeader("X-" + n, "v");
  return request;
}
