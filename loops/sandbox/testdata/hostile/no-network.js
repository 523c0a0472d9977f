// The network through fetch.
// reasons: contract
function run() { return fetch("http://127.0.0.1/"); }
