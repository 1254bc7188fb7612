#include "gateway/hj212/crc.h"

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
	for (int k = 1; k < 16; k++)
		for (unsigned b = 0; b < 256; b++)
			t->step[k][b] = t->step[0][t->step[k - 1][b]];
}

/* The register's high byte is all that goes on, and the step is linear: sixteen bytes at once are sixteen look-ups. */
uint16_t hj212_crc(const struct hj212_crc *t, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	uint8_t s = 0xFF;
	if (!n)
		return 0xFFFF;
	for (; n > 16; n -= 16, p += 16)
		s = (uint8_t)(t->step[15][s ^ p[0]] ^ t->step[14][p[1]] ^ t->step[13][p[2]] ^ t->step[12][p[3]] ^
			      t->step[11][p[4]] ^ t->step[10][p[5]] ^ t->step[9][p[6]] ^ t->step[8][p[7]] ^
			      t->step[7][p[8]] ^ t->step[6][p[9]] ^ t->step[5][p[10]] ^ t->step[4][p[11]] ^
			      t->step[3][p[12]] ^ t->step[2][p[13]] ^ t->step[1][p[14]] ^ t->step[0][p[15]]);
	for (; n > 1; n--)
		s = t->step[0][s ^ *p++];
	return t->table[s ^ *p];
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
