// A promise that is resolved with a promise, two hundred thousand deep.
// reasons: memory contract time
async function run() {
  let p = Promise.resolve(1);
  for (let n = 0; n < 2e5; n++) p = p.then(() => p);
  await p;
}
