// The digits of a BigInt with a hundred thousand bits, again and again.
// reasons: time memory
function run() { for (;;) String(1n << 100000n); }
