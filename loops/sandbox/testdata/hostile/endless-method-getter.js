// A class whose method run is a getter that never returns.
// reasons: time contract
class Driver {
  constructor() { Object.defineProperty(this, "run", { get() { for (;;) {} } }); }
  run() {}
}
