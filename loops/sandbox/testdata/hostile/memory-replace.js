// replaceAll that makes each character a long text.
// reasons: time memory
function run() { return "a".repeat(1e4).replaceAll("a", "b".repeat(1e5)).length; }
