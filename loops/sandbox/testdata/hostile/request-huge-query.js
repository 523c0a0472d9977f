// A query of a hundred thousand parameters.
// reasons: contract
function run() {
  const request = HttpLoop.callBuilder("GET", "https://a.example/");
  for (let n = 0; n < 1e5; n++) request.withQuery("k" + n, "v");
  return request;
}
