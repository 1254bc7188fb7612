-- Penalties and rewards, for the statistics: few of all events, found by time, as ledger_event_counted finds the others.
CREATE INDEX ledger_event_sanction ON ledger_event (kind, at_ms, region, seq) WHERE
	kind = 'matter.penalise'
	OR kind = 'matter.reward';
