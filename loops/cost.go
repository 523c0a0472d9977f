package loops

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
)

// maxCost bounds what one order may cost, in any currency. A provider that says more says nothing that could be counted.
const maxCost = 1e9

// costText is a cost as text. The bounds keep all that ParseFloat reads beside decimals away from it.
var costText = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,12})?$`)

// CostOf takes what an order cost out of the Ok value of start or poll, in millionths of the provider's currency, rounded.
// told is false where the driver said nothing about it, or nothing that is a cost: a phone that rings must not be lost for
// that, and ValueFault tells it in a trial.
func CostOf(value map[string]any) (millionths int64, told bool) {
	var text string
	switch v := value[ValueCost].(type) {
	case json.Number:
		text = v.String()
	case string:
		if !costText.MatchString(v) {
			return 0, false
		}
		text = v
	}
	cost, err := strconv.ParseFloat(text, 64)
	if err != nil || !(cost >= 0 && cost <= maxCost) {
		return 0, false
	}
	return int64(math.Round(cost * 1e6)), true
}
