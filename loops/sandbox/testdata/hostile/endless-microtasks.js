// Microtasks that make microtasks.
// reasons: time memory
function run() {
  const again = () => Promise.resolve().then(again);
  again();
}
