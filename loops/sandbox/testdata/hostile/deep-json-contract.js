// JsArr.parse of ten million brackets: an unreadable answer, as from a provider.
// failure: bad_answer
function run() { JsArr.parse("[".repeat(1e7)); }
