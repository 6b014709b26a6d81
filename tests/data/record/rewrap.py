#!/usr/bin/env python3
"""Puts the packets of a recorded capture (Ethernet, classic pcap) into a tunnel or behind tags.

usage: rewrap.py KIND IN.pcap OUT.pcap      KIND: vlan qinq mpls pppoe gre ip-in-ip 6in4 geneve

The inner packets are as they were recorded. The outer headers are written here: IPv4 from 192.0.2.10 to 198.51.100.20, or
back for what the server sent, with right checksums.
"""
import pathlib
import struct
import sys

CLIENT, SERVER = bytes([192, 0, 2, 10]), bytes([198, 51, 100, 20])


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def outer(frame, protocol, content, number):
    """The frame's addresses, then IPv4 around `content`; the lower MAC address is the client's."""
    to_server = frame[6:12] < frame[0:6]
    source, destination = (CLIENT, SERVER) if to_server else (SERVER, CLIENT)
    header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(content), number, 0x4000, 64, protocol, 0, source, destination)
    header = header[:10] + struct.pack(">H", checksum(header)) + header[12:]
    return frame[:12] + b"\x08\x00" + header + content


def wrap(kind, frame, number):
    addresses, network, packet = frame[:12], frame[12:14], frame[14:]
    if kind == "vlan":
        return addresses + struct.pack(">HH", 0x8100, 100) + network + packet
    if kind == "qinq":
        return addresses + struct.pack(">HHHH", 0x88A8, 200, 0x8100, 100) + network + packet
    if kind == "mpls":
        return addresses + struct.pack(">HII", 0x8847, 1000 << 12 | 64, 1001 << 12 | 0x100 | 64) + packet
    if kind == "pppoe":
        return addresses + struct.pack(">HBBHHH", 0x8864, 0x11, 0, 1, 2 + len(packet), 0x0021) + packet
    if kind == "gre":
        return outer(frame, 47, b"\x00\x00" + network + packet, number)
    if kind == "ip-in-ip":
        return outer(frame, 4, packet, number)
    if kind == "6in4":
        return outer(frame, 41, packet, number)
    if kind == "geneve":
        content = struct.pack(">BBHI", 0, 0, 0x6558, 42 << 8) + frame
        return outer(frame, 17, struct.pack(">HHHH", 49152, 6081, 8 + len(content), 0) + content, number)
    raise SystemExit(f"rewrap.py: unknown kind '{kind}'")


def main():
    kind, source, target = sys.argv[1:4]
    data = pathlib.Path(source).read_bytes()
    if data[:4] != b"\xd4\xc3\xb2\xa1" or struct.unpack_from("<I", data, 20)[0] != 1:
        raise SystemExit(f"rewrap.py: {source} is no little-endian Ethernet pcap")
    out, at, number = [data[:24]], 24, 0
    while at < len(data):
        seconds, micros, captured, _ = struct.unpack_from("<IIII", data, at)
        frame = wrap(kind, data[at + 16:at + 16 + captured], number)
        out.append(struct.pack("<IIII", seconds, micros, len(frame), len(frame)) + frame)
        at, number = at + 16 + captured, number + 1
    pathlib.Path(target).write_bytes(b"".join(out))
    print(f"{pathlib.Path(target).name}: {number} packets, {sum(map(len, out))} bytes")


if __name__ == "__main__":
    main()
