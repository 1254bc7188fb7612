#include "gateway/hj212/crc.h"

#include <string.h>

const char *hj212_crc_kind_name(enum hj212_crc_kind k)
{
	static const char *const names[] = { "none", "standard", "modbus", "swapped" };
	return names[k];
}

void hj212_crc_init(struct hj212_crc *t)
{
	for (unsigned b = 0; b < 256; b++) {
		unsigned crc = b;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xA001 : crc >> 1;
		t->table[b] = (uint16_t)crc;
		t->step[0][b] = (uint8_t)(crc >> 8);
	}
	for (int k = 1; k < 8; k++)
		for (unsigned b = 0; b < 256; b++)
			t->step[k][b] = t->step[0][t->step[k - 1][b]];
}

/* All bytes that stand at the same place of eight, one over the other. */
static void fold(const uint8_t *p, size_t n, uint8_t lane[static 8])
{
	uint64_t a = 0, b = 0, v[2];
	size_t i = 0;
	for (; i + sizeof v <= n; i += sizeof v) {
		memcpy(v, p + i, sizeof v);
		a ^= v[0];
		b ^= v[1];
	}
	a ^= b;
	for (; i + sizeof a <= n; i += sizeof a) {
		memcpy(v, p + i, sizeof a);
		a ^= v[0];
	}
	memcpy(lane, &a, sizeof a);
	for (size_t k = 0; i < n; i++, k++)
		lane[k] ^= p[i];
}

/* The register's high byte is all that goes on, the step is linear, and eight steps leave a byte as it was: what counts of the bytes
 * before the last one is the exclusive sum of those eight apart. */
uint16_t hj212_crc(const struct hj212_crc *t, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	uint8_t lane[8], s = 0;
	if (!n)
		return 0xFFFF;
	size_t before = n - 1;
	if (!before)
		return t->table[0xFF ^ *p];
	fold(p, before, lane);
	lane[0] ^= 0xFF; /* what the register begins with */
	for (size_t k = 0; k < 8; k++)
		s ^= t->step[(before - k - 1) & 7][lane[k]];
	return t->table[s ^ p[before]];
}

uint16_t hj212_crc_modbus(const struct hj212_crc *t, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	unsigned crc = 0xFFFF;
	while (n--)
		crc = crc >> 8 ^ t->table[(crc ^ *p++) & 0xFF];
	return (uint16_t)crc;
}

enum hj212_crc_kind hj212_crc_kind(const struct hj212_crc *t, str segment, uint16_t sent)
{
	if (hj212_crc(t, segment.p, segment.n) == sent)
		return HJ212_CRC_STANDARD;
	uint16_t modbus = hj212_crc_modbus(t, segment.p, segment.n);
	if (modbus == sent)
		return HJ212_CRC_MODBUS;
	return (uint16_t)(modbus << 8 | modbus >> 8) == sent ? HJ212_CRC_SWAPPED : HJ212_CRC_NONE;
}
