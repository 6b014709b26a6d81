#!/usr/bin/env python3
"""Holds every #include of the rooms against the arrows that their CMakeLists.txt declare.

usage: check_arrows.py SOURCE_ROOT ROOMS_TXT      (a line of rooms.txt: "room: used room ...")
"""
import pathlib, re, sys


def main():
    root, rooms = pathlib.Path(sys.argv[1]), {}
    for line in open(sys.argv[2]):
        room, _, used = line.strip().partition(":")
        if room:
            rooms[room] = set(used.split())
    wrong = []
    folders = {p.parent.relative_to(root).as_posix() for top in ("capture", "detect", "coord", "appliance")
               for p in (root / top).rglob("*") if p.suffix in (".hpp", ".cpp") and "node_modules" not in p.parts}
    for folder in sorted(folders - rooms.keys()):
        wrong.append(f"{folder}: has sources but its CMakeLists.txt declares no room")
    for room, used in sorted(rooms.items()):
        if room.startswith("capture/") and any(u.startswith(("detect/", "coord/")) for u in used):
            wrong.append(f"{room}: capture knows nothing of detect or coord")
        if room.startswith("detect/") and any(u.startswith("coord/") for u in used):
            wrong.append(f"{room}: no arrow points from detect to coord")
        for path in sorted((root / room).iterdir()):
            if path.suffix not in (".hpp", ".cpp"):
                continue
            for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                found = re.match(r'\s*#\s*include\s*["<]((?:capture|detect|coord|appliance)/[^">]+)[">]', text)
                if not found:
                    if re.match(r'\s*#\s*include\s*"\.', text):
                        wrong.append(f"{path.relative_to(root)}:{number}: include by the full path from the root")
                    continue
                to = found[1].rsplit("/", 1)[0]
                # main.cpp builds the program from the parts its cresset_program() links
                if to != room and to not in used:
                    wrong.append(f"{path.relative_to(root)}:{number}: {room} may not include {to}")
    print("\n".join(wrong) or f"{len(rooms)} rooms, every include follows an arrow")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
