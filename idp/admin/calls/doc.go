// Package calls is the section of the console and of the API that shows what calls
// were placed, what became of them and what they cost, warns of what is unusual, and
// switches off what must not be called any more.
//
// It owns what is made of the figures: periods, comparisons with the days before,
// forecasts and alarms; the charts; the kill switches, as the settings
// login.methods.flashCall.stopped; the metrics of calls; and the job that settles
// calls that are over and sweeps old ones (Service.Run). It does not own how calls are
// counted (ledger), that a switch holds (factors/flashcall), how settings are saved
// (idp/settings), or how the codes that providers choose look (factors/otp/pool).
//
// Log keys: alarm, country, prefix, driver, currency, calls, value, usual, error.
package calls
