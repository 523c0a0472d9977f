// 2n ** (2n ** 40n).
// reasons: time memory contract
function run() { return 2n ** (2n ** 40n) > 0n; }
