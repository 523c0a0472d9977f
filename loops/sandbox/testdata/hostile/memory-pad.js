// A text that is padded to two gibibytes.
// reasons: memory
function run() { return "a".padStart(2 ** 31, "xy").length; }
