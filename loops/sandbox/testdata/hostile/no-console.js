// The console.
// reasons: contract
function run() { console.log(secrets.token); }
