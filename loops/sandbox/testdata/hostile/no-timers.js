// Timers.
// reasons: contract
function run() { setTimeout(() => {}, 0); }
