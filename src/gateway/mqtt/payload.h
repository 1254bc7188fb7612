/* What a message of MQTT says. There is no standard of the field for it; these forms are read, all bounded:
 *
 *   12.5                                                      a bare number: the item stands in the topic or its mapping
 *   {"time": "2026-11-02 09:00:00", "value": 12.5, "flag": "N"}         the same with its time
 *   {"time": 1793581200, "kind": "minute", "values": {"pm25": 12, "pm10": {"value": 30, "flag": "M"}}}
 *   {"ts": 1793581200000, "pm25": 12, "pm10": 30}                       flat
 *   {"time": …, "values": [{"item": "pm25", "value": 12}, …]}
 *   [ …, … ]                                                  a list of such, or SenML (RFC 8428)
 *
 * Times: seconds or milliseconds since 1970, or China's time as text (a zone "Z" or "+08:00" may follow). Pure. */
#ifndef BH_GATEWAY_MQTT_PAYLOAD_H
#define BH_GATEWAY_MQTT_PAYLOAD_H

#include "base/arena.h"
#include "sense/series.h"

enum { MQTT_PAYLOAD_MAX = 256 << 10, MQTT_VALUES_MAX = 5000, MQTT_CODE_MAX = 60, MQTT_TOPIC_MAX = 400 };

#define MQTT_FAULTS(X) X(NONE, "") X(EMPTY, "empty") X(LARGE, "large") X(JSON, "json") X(SHAPE, "shape") X(TIME, "time")
enum mqtt_fault {
#define X(id, name) MQTT_FAULT_##id,
	MQTT_FAULTS(X)
#undef X
	MQTT_FAULT_COUNT
};
const char *mqtt_fault_name(enum mqtt_fault f);

struct mqtt_value {
	str code;                  /* in the caller's bytes or the arena */
	struct decimal value;
	char flag;                 /* ' ': none */
	int64_t at_ms;             /* INT64_MIN: none was given */
	enum series_kind kind;
};
struct mqtt_values {
	struct mqtt_value *v;
	size_t n;
	int64_t words;             /* members that are no numbers */
};
/* `code` and `kind` are of values that name none. */
enum mqtt_fault mqtt_payload_read(struct arena *a, str text, str code, enum series_kind kind, struct mqtt_values *ret);
/* Of a topic of presence, which devices set as their last will: online, offline, 1, 0, true, false, or an object with one of
 * online, status, state, connected. False when it is none of these. */
bool mqtt_presence(struct arena *a, str text, bool *ret_online) MUST_USE;
/* The last level that is not empty. */
str mqtt_topic_code(str topic);
/* May people enter it? No control characters, + and # stand for whole levels, # is the last. */
bool mqtt_topic_valid(str topic);
bool mqtt_topic_fits(str pattern, str topic);

#endif
