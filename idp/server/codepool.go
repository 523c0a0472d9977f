package server

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ringtail-id/ringtail/factors/otp/pool"
	"github.com/ringtail-id/ringtail/idp/keyring"
	"github.com/ringtail-id/ringtail/idp/store"
)

// drawn is a code that a provider chose, on its way to be counted.
type drawn struct{ driver, phone, code string }

// maxDrawn bounds the codes that wait to be counted. Beyond it they aren't: a
// count of most codes shows a bad pool as well.
const maxDrawn = 256

// poolPurpose is the keyring's purpose for all that is hashed about pools.
const poolPurpose = "code pool"

func (s *Server) watchPools() (err error) {
	s.pools, err = pool.New(pool.Options{Store: s.options.Store, Hash: s.hash(poolPurpose), Now: s.options.Now, Log: s.options.Log})
	return err
}

// Pools is the watch of providers' codes for who reads its reports beside a
// running provider.
func Pools(data *store.Store, ring *keyring.Keyring) (*pool.Watch, error) {
	return pool.New(pool.Options{Store: data, Hash: func(parts ...string) string { return ring.Hash(poolPurpose, parts...) }})
}

// draw has a code counted in the background: a login never waits for it, nor
// fails with it.
func (s *Server) draw(driver, phone, code string) {
	select {
	case s.drawn <- drawn{driver: driver, phone: phone, code: code}:
	default:
	}
}

// countCodes counts codes until ctx ends.
func (s *Server) countCodes(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case d := <-s.drawn:
			if _, err := s.pools.Observe(ctx, d.driver, d.phone, d.code, len(d.code)); err != nil && ctx.Err() == nil {
				s.options.Log.Error("a provider's code wasn't counted", "driver", d.driver, "error", err)
			}
		}
	}
}

// CodePools tells how the codes look that providers choose, by the names of their
// drivers; nothing where flashCall is not in use.
func (s *Server) CodePools(ctx context.Context) ([]pool.Report, error) {
	if s.pools == nil {
		return nil, nil
	}
	return s.pools.Report(ctx)
}

// poolMetrics reads the reports whenever the metrics are asked for.
type poolMetrics struct {
	watch       *pool.Watch
	log         *slog.Logger
	bits, alarm *prometheus.Desc
}

func newPoolMetrics(watch *pool.Watch, log *slog.Logger) *poolMetrics {
	labels := []string{"driver"}
	return &poolMetrics{
		watch: watch, log: log,
		bits: prometheus.NewDesc("ringtail_code_pool_effective_bits",
			"Bits of the pool that the provider draws its codes from, estimated from pairs of equal codes.", labels, nil),
		alarm: prometheus.NewDesc("ringtail_code_pool_alarm",
			"1 where the provider's last codes were no fair draw, else 0.", labels, nil),
	}
}

// Describe implements prometheus.Collector.
func (m *poolMetrics) Describe(out chan<- *prometheus.Desc) {
	out <- m.bits
	out <- m.alarm
}

// Collect implements prometheus.Collector. Without a database the other metrics
// still come.
func (m *poolMetrics) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	reports, err := m.watch.Report(ctx)
	if err != nil {
		m.log.Error("metrics of code pools", "error", err)
		return
	}
	for _, r := range reports {
		alarm := 0.0
		if r.Alarmed() {
			alarm = 1
		}
		out <- prometheus.MustNewConstMetric(m.bits, prometheus.GaugeValue, r.Bits(), r.Driver)
		out <- prometheus.MustNewConstMetric(m.alarm, prometheus.GaugeValue, alarm, r.Driver)
	}
}
