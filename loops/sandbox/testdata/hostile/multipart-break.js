// Line breaks and quotes in a multipart field's name.
// ok: {"broken":false}
function run() {
  const body = HttpLoop.callBuilder("POST", "https://a.example/").withMultipart({ "a\"\r\nX: y\r\n\r\nz": "v" }).bodyText();
  return HttpLoop.Ok({ broken: body.includes("\nX: y") });
}
