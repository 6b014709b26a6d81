#!/usr/bin/env python3
"""Two servers share streams; each is killed with SIGKILL again and again in the middle. In the end each one's copy of the other's stream
equals the original, entry by entry and byte by byte.

usage: federation_kill.py NODE [--entries N] [--kills N]
"""
import argparse, os, pathlib, random, shutil, signal, socket, subprocess, sys, tempfile, threading


class Node:
    def __init__(self, binary, folder, arguments):
        self.binary, self.folder, self.arguments = binary, folder, arguments
        self.process, self.done = None, threading.Event()

    def start(self):
        self.done.clear()
        self.process = subprocess.Popen([self.binary, "run", self.folder, *self.arguments], stdout=subprocess.PIPE, text=True)
        running = threading.Event()
        threading.Thread(target=self.listen, args=(self.process, running), daemon=True).start()
        if not running.wait(120):
            sys.exit(f"{self.folder}: did not start")

    def listen(self, process, running):
        for line in process.stdout:
            running.set()
            if line.strip() == "done":
                self.done.set()

    def end(self, how):
        self.process.send_signal(how)
        self.process.wait(60)


def dumped(binary, folder):
    lines = subprocess.run([binary, "dump", folder], check=True, capture_output=True, text=True).stdout.splitlines()
    return ([line[4:] for line in lines if line.startswith("out ")], [line[3:] for line in lines if line.startswith("in ")])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("node")
    parser.add_argument("--entries", type=int, default=300)
    parser.add_argument("--kills", type=int, default=int(os.environ.get("CRESSET_KILLS", "4")))
    given = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="cresset-kill-"))
    os.chmod(work, 0o755)
    nodes = []
    try:
        north, south = str(work / "n"), str(work / "s")
        for folder, name in ((north, "north-cert"), (south, "south-cert")):
            subprocess.run([given.node, "init", folder, name], check=True)
        subprocess.run([given.node, "pin", north, south + "/identity/record"], check=True)
        subprocess.run([given.node, "pin", south, north + "/identity/record"], check=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            endpoint = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        nodes = [Node(given.node, south, [str(given.entries), endpoint, "-"]), Node(given.node, north, [str(given.entries), "-", endpoint])]
        for node in nodes:
            node.start()
        dice = random.Random(1)
        for kill in range(given.kills):
            victim = nodes[kill % 2]
            threading.Event().wait(dice.uniform(0.2, 1.5))
            victim.end(signal.SIGKILL)
            victim.start()
        for node in nodes:
            if not node.done.wait(180):
                sys.exit(f"{node.folder}: the streams never became whole")
            node.end(signal.SIGTERM)
        north_out, north_in = dumped(given.node, north)
        south_out, south_in = dumped(given.node, south)
        if len(north_out) != given.entries or north_out != south_in or south_out != north_in:
            sys.exit(f"the copies differ: {len(north_out)} sent, {len(south_in)} held; {len(south_out)} sent, {len(north_in)} held")
        print(f"{given.kills} kills, {len(north_out)} + {len(south_out)} entries, both copies equal byte for byte")
    finally:
        for node in nodes:
            if node.process and node.process.poll() is None:
                node.end(signal.SIGKILL)
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
