"""Sessions as packets of one capture file (raw IP packets)."""
import struct

TO_SERVER, TO_CLIENT = 0, 1
SEGMENT = 1400


def checksum(data):
    """RFC 1071. Modulo 65535 a number is the sum of its 16-bit words, whatever their count."""
    if len(data) % 2:
        data += b"\0"
    return 0xFFFF - int.from_bytes(data, "big") % 0xFFFF


class Capture:
    def __init__(self, path):
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101))
        self.microseconds = 1_700_000_000_000_000
        self.packets = 0

    def rest(self):
        """Time passes between flows, so that the sensor's tables need to hold only a few at once."""
        self.microseconds += 100_000

    def close(self):
        self.file.close()

    def frame(self, data):
        self.microseconds += 20
        seconds, rest = divmod(self.microseconds, 1_000_000)
        self.file.write(struct.pack("<IIII", seconds, rest, len(data), len(data)) + data)
        self.packets += 1

    def ip(self, protocol, source, destination, payload):
        if len(source) == 16:
            self.frame(struct.pack(">IHBB16s16s", 6 << 28, len(payload), 58 if protocol == 1 else protocol, 64, source, destination) + payload)
            return
        header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), self.packets & 0xFFFF, 0x4000, 64, protocol, 0, source, destination)
        self.frame(header[:10] + struct.pack(">H", checksum(header)) + header[12:] + payload)

    @staticmethod
    def summed(protocol, source, destination, payload, at):
        """The payload with its checksum at `at`, over the pseudo header (RFC 768, RFC 9293 3.1, RFC 8200 8.1)."""
        pseudo = source + destination + struct.pack(">II", len(payload), protocol)
        return payload[:at] + struct.pack(">H", checksum(pseudo + payload)) + payload[at + 2:]

    def udp(self, ends, messages):
        for way, data in messages:
            source, sport, destination, dport = ends if way == TO_SERVER else (ends[2], ends[3], ends[0], ends[1])
            for at in range(0, max(1, len(data)), 60000):
                part = data[at:at + 60000]
                self.ip(17, source, destination, self.summed(17, source, destination, struct.pack(">HHHH", sport, dport, 8 + len(part), 0) + part, 6))

    def icmp(self, ends, messages):
        for way, data in messages:
            source, destination = (ends[0], ends[2]) if way == TO_SERVER else (ends[2], ends[0])
            self.ip(1, source, destination, data[:2] + struct.pack(">H", checksum(data)) + data[4:])

    def tcp(self, ends, messages, closes=True):
        """A whole session: handshake, each message acknowledged, the end."""
        sequence = [1000, 5000]
        acknowledged = [0, 0]

        def send(way, flags, data=b""):
            source, sport, destination, dport = ends if way == TO_SERVER else (ends[2], ends[3], ends[0], ends[1])
            ack = sequence[1 - way] if flags & 0x10 else 0
            segment = struct.pack(">HHIIBBHHH", sport, dport, sequence[way], ack, 0x50, flags, 65000, 0, 0) + data
            self.ip(6, source, destination, self.summed(6, source, destination, segment, 16))
            sequence[way] += len(data) + (1 if flags & 3 else 0)
            acknowledged[way] = ack

        send(TO_SERVER, 0x02)
        send(TO_CLIENT, 0x12)
        send(TO_SERVER, 0x10)
        for way, data in messages:
            for at in range(0, len(data), SEGMENT):
                send(way, 0x18, data[at:at + SEGMENT])
                send(1 - way, 0x10)
        if closes:
            send(TO_SERVER, 0x11)
            send(TO_CLIENT, 0x11)
            send(TO_SERVER, 0x10)
