package settings

import (
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
)

// longestLife is how long a code may be entered at most: its validity begins when
// the phone rings, and some providers tell that late.
const longestLife = 10 * time.Minute

// Odds is what guessing is worth.
type Odds struct {
	// Codes is how many codes are equally likely.
	Codes float64
	otp.Chances
}

// CodeSettings are what the engine of codes reads of the settings of calls.
func CodeSettings(f conf.FlashCall) otp.Settings {
	return otp.Settings{
		CodeLength: f.CodeLength, Validity: f.Validity, AttemptsPerLogin: f.AttemptsPerLogin,
		TotalAttempts: f.TotalAttempts, Block: f.BlockFor, ResendAfter: f.ResendAfter,
		Limits: otp.Limits{
			NumberHour: f.Limits.NumberHour, NumberDay: f.Limits.NumberDay, AddressHour: f.Limits.AddressHour,
			NetworkHour: f.Limits.NetworkHour, PrefixHour: f.Limits.PrefixHour, CountryHour: f.Limits.CountryHour,
			SpendDay: f.Limits.SpendDay, Currency: f.Limits.Currency,
		},
	}
}

// OddsOf are those of the weakest route of the chain: codes that never begin with
// 0 are fewer, and another channel may be asked for before the wait of the first is
// over. A driver that isn't known counts as one whose codes may begin with 0.
func OddsOf(call conf.FlashCall, known []*loops.Driver) Odds {
	settings, zero := CodeSettings(call), true
	settings.Validity = longestLife
	for _, r := range call.Channels {
		if d := drivers.Find(known, r.Driver); d != nil {
			zero = zero && d.Manifest.LeadingZero
		}
		if r.Channel != call.Channels[0].Channel {
			settings.ResendAfter = 0
		}
	}
	codes := otp.Codes(call.CodeLength, zero)
	return Odds{Codes: codes, Chances: otp.Odds(settings, codes)}
}

// oddsView is what the page says about guessing.
type oddsView struct {
	Codes    string
	Rows     []oddsRow
	Warnings []otp.Warning
	// Fault is said where the settings as they were typed can't be worked out.
	Fault string
}

type oddsRow struct {
	Of             string
	Calls, Guesses int
	Chance         string
}

// oddsOf works out the form as it was typed.
func (p *formPage) oddsOf(known []*loops.Driver) *oddsView {
	var set []string
	for _, f := range p.fields() {
		if !f.Locked && f.Path != pathChannels {
			set = append(set, f.Path+"="+f.literal())
		}
	}
	set = append(set, pathChannels+"="+p.Chain.Value)
	s, _, err := conf.Load(conf.Options{Set: append(set, pathFactors+`=[[{method=password,enabled=true}],[]]`, "login.level=1")})
	if err != nil {
		return &oddsView{Fault: "It can be worked out when the settings above are right."}
	}
	call := s.Login.Methods.FlashCall
	odds := OddsOf(call, known)
	return &oddsView{
		Codes: strconv.FormatFloat(odds.Codes, 'f', 0, 64),
		Rows: []oddsRow{
			oddsLine("One login, one call", odds.Code), oddsLine("One login, new calls until it is blocked", odds.Block),
			oddsLine("One account, a day of steady guessing", odds.Day),
		},
		Warnings: otp.Warnings(otp.Offer{CodeLength: call.CodeLength, Foreign: foreign(call, known), Stronger: true}),
	}
}

// foreign are the chain's drivers whose provider chooses the code or checks it.
func foreign(call conf.FlashCall, known []*loops.Driver) []string {
	var names []string
	for _, r := range call.Channels {
		if d := drivers.Find(known, r.Driver); d != nil && d.Manifest.CodeOrigin != loops.CodeFromUs {
			names = append(names, r.Driver)
		}
	}
	return names
}

func oddsLine(of string, g otp.Guessing) oddsRow {
	return oddsRow{Of: of, Calls: g.Calls, Guesses: g.Guesses, Chance: percent(g.Chance)}
}

// percent writes a chance with two digits that count, and as one in so many.
func percent(chance float64) string {
	if chance <= 0 {
		return "none"
	}
	return strconv.FormatFloat(chance*100, 'g', 2, 64) + " %, 1 in " + strconv.FormatFloat(1/chance, 'f', 0, 64)
}
