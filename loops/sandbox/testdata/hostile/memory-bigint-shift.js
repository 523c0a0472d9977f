// 1n shifted by 2**40.
// reasons: time memory contract
function run() { return 1n << (2n ** 40n) > 0n; }
