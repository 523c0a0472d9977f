// JsArr.parse of ten million numbers.
// reasons: time memory
function run() { return JsArr.parse("[" + "1,".repeat(1e7) + "1]").size(); }
