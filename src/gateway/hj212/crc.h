/* The check sum of HJ 212-2017 annex A. Only the high byte of the register goes on, so there are 256 different sums: one
 * damaged packet in 256 passes, and so does every one in which two whole eights of its bytes changed places. Treat it as a hint,
 * never as integrity. */
#ifndef BH_GATEWAY_HJ212_CRC_H
#define BH_GATEWAY_HJ212_CRC_H

#include "base/str.h"

enum hj212_crc_kind {
	HJ212_CRC_NONE,      /* none of the sums below */
	HJ212_CRC_STANDARD,
	HJ212_CRC_MODBUS,    /* plain Modbus CRC-16 */
	HJ212_CRC_SWAPPED,   /* the same with its bytes swapped */
	HJ212_CRC_COUNT
};
const char *hj212_crc_kind_name(enum hj212_crc_kind k);

/* Made once, read by all. */
struct hj212_crc {
	uint16_t table[256];       /* one byte, polynomial A001 */
	uint8_t step[8][256];      /* step[k][b]: what byte b is k+1 bytes later, high byte of the register only */
};
void hj212_crc_init(struct hj212_crc *t);

uint16_t hj212_crc(const struct hj212_crc *t, const void *p, size_t n);
uint16_t hj212_crc_modbus(const struct hj212_crc *t, const void *p, size_t n);
enum hj212_crc_kind hj212_crc_kind(const struct hj212_crc *t, str segment, uint16_t sent);

#endif
