/* Any bytes as a message of MQTT, as a presence and as a topic: bounded, and nothing that came out is out of bounds. */
#include <stdlib.h>

#include "gateway/mqtt/payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct mqtt_values v;
	bool online;
	str in = { (const char *)data, size };
	enum mqtt_fault f = mqtt_payload_read(a, in, S("item"), SERIES_HOUR, &v);
	check(f < MQTT_FAULT_COUNT && v.n <= MQTT_VALUES_MAX && (!f || !v.n));
	for (size_t i = 0; i < v.n; i++)
		check(v.v[i].code.n > 0 && v.v[i].code.n <= MQTT_CODE_MAX && v.v[i].value.scale >= 0 && v.v[i].value.scale <= DECIMAL_DIGITS &&
		      v.v[i].kind <= SERIES_STATE);
	(void)!mqtt_presence(a, in, &online);
	if (mqtt_topic_valid(in)) {
		check(mqtt_topic_fits(in, in) && mqtt_topic_code(in).n <= in.n);
		check(mqtt_topic_fits(S("#"), in));
	}
	arena_free(a);
	return 0;
}
