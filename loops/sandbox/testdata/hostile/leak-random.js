// Randomness that can be told beforehand from an earlier run.
// ok: {"same":false}
function run() {
  const same = Math.random() === Math.random() || crypto.uuid() === crypto.uuid();
  return HttpLoop.Ok({ same });
}
