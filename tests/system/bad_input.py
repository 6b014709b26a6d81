#!/usr/bin/env python3
"""What an operator gets wrong is answered with one clear line that names the thing, and an exit code that is not 0."""
import pathlib
from support.programs import *

folder = pathlib.Path(tempfile.mkdtemp())
capture = captures()[0]
good = "alert ip any any -> any any (msg:\"x\"; sid:1;)\n"


def refused(arguments, names, code=1, rules=good):
    _, text = sensor(arguments, rules, expect=code)
    last = text.strip().splitlines()[-1]
    for name in names:
        check(name in last, f"'{name}' is not named in: {last}")


try:
    refused(["-r", folder / "missing.pcap"], ["missing.pcap"])
    (folder / "text.pcap").write_text("this is no capture\n" * 10)
    refused(["-r", folder / "text.pcap"], ["text.pcap"])
    refused(["-r", capture, "--set", "stream.midstream=perhaps"], ["stream.midstream", "perhaps", "yes or no"])
    refused(["-r", capture, "--set", "detect.plan=fast"], ["detect.plan", "naive"])
    refused(["-r", capture, "-c", folder / "none.yaml"], ["none.yaml"])
    (folder / "bad.yaml").write_text("stream: [\n")
    refused(["-r", capture, "-c", folder / "bad.yaml"], ["bad.yaml:"])
    refused(["-i", "nosuch0"], ["nosuch0"])
    refused(["-r", capture, "-S", folder / "none.rules"], ["none.rules"])
    refused(["-r", capture, "--strict-rules"], ["--strict-rules"], rules=good + "alert tcp any any -> any any (nonsense:1; sid:2;)\n")
    refused(["-r", capture, "--coordinator", "127.0.0.1:1"], ["tcp://"])
    refused(["-r", capture, "--coordinator", "tcp://127.0.0.1:1"], ["coordinator.key"])
    refused([], ["-r", "-i", "--dpdk"], code=2)

    # a rule that cannot be read costs itself alone, and says where
    events, text = sensor(["-r", capture], good + "alert tcp any any -> any any (content:\"a\"; dsize:x; sid:2;)\n")
    check("test.rules:2:" in text, f"no place of the refused rule in:\n{text}")
    check(alerts(events), "the good rule did not alert")

    # a capture cut off in the middle gives its whole packets, then says where it ends
    whole = max(captures(), key=lambda p: p.stat().st_size).read_bytes()
    (folder / "cut.pcap").write_bytes(whole[:len(whole) // 2 + 7])
    events, text = sensor(["-r", folder / "cut.pcap"], good)
    check("truncated" in text or "cut" in text.replace("cut.pcap", ""), f"nothing said of the truncated capture:\n{text}")
    check(closes(events)["received"] > 0, "no packet of the truncated capture")

    # a log that cannot be written
    (folder / "file").write_text("")
    _, text = sensor(["-r", capture], good, folder=folder / "file", expect=1)
    check("file" in text.splitlines()[-1], text)
finally:
    shutil.rmtree(folder)
print("every mistake was named")
