#!/usr/bin/env python3
"""A straightforward reader of HJ 212 packets, as somebody would write it in an afternoon: the peer of `make bench`.

    hj212.py FILE [SECONDS [printed]]      prints one JSON object; printed: with the check sum as the standard prints it, bit by
                                           bit, and not by a table
"""
import json
import sys
import time
from datetime import datetime
from decimal import Decimal, InvalidOperation

TABLE = []
for byte in range(256):
    crc = byte
    for _ in range(8):
        crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    TABLE.append(crc)


def check_sum(data):
    crc = 0xFFFF
    for byte in data:
        crc = TABLE[crc >> 8 ^ byte]
    return crc


def check_sum_as_printed(data):
    """The loop over bits as annex A of the standard has it."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ byte
        for _ in range(8):
            check = crc & 1
            crc >>= 1
            if check:
                crc ^= 0xA001
    return crc


def read(line, check_sum):
    """Readings of one packet: (item, field, value, flag); None when it is damaged."""
    length, segment, sent = int(line[2:6]), line[6:-4], int(line[-4:], 16)
    if line[:2] != b"##" or len(segment) != length or check_sum(segment) != sent:
        return None
    head, _, region = segment.decode("utf-8").partition("CP=&&")
    fields = dict(pair.split("=", 1) for pair in head.split(";") if "=" in pair)
    readings, flags, at = [], {}, None
    for group in region[:-2].split(";"):
        for pair in group.split(","):
            name, _, value = pair.partition("=")
            item, _, field = name.partition("-")
            if name == "DataTime":
                at = datetime.strptime(value, "%Y%m%d%H%M%S")
            elif field == "Flag":
                flags[item] = value
            else:
                try:
                    readings.append((item, field, Decimal(value)))
                except InvalidOperation:
                    pass
    return fields["MN"], at, [(item, field, value, flags.get(item, " ")) for item, field, value in readings]


def main():
    with open(sys.argv[1], "rb") as f:
        lines = f.read().split(b"\r\n")[:-1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
    summed = check_sum_as_printed if len(sys.argv) > 3 else check_sum
    packets = readings = 0
    begin = time.process_time()
    while time.process_time() - begin < seconds:
        got = read(lines[packets % len(lines)], summed)
        if got is None:
            sys.exit("a packet was not read")
        packets += 1
        readings += len(got[2])
    took = time.process_time() - begin
    print(json.dumps({"packets_per_s": packets / took, "readings": readings / packets}))


main()
