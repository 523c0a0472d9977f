// Time that can be measured.
// ok: {"moved":false,"performance":"undefined","zone":0}
function run() {
  const began = Date.now();
  let x = 0;
  for (let n = 0; n < 2e5; n++) x += n;
  const moved = Date.now() !== began || clock.millis() !== began || +new Date() !== began;
  return HttpLoop.Ok({ moved, performance: typeof performance, zone: new Date().getTimezoneOffset() });
}
