// A proxy of a proxy, two hundred thousand deep, and a look through all of them.
// reasons: memory contract time
function run() {
  let p = {};
  for (let n = 0; n < 2e5; n++) p = new Proxy(p, {});
  return p.x;
}
