// Code from text through the constructor of generators.
// reasons: contract
function run() { return Object.getPrototypeOf(function* () {}).constructor("yield 1")().next().value; }
