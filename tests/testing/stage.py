"""A bash whose dangerous programs are stubs that write down the words they are started with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

TOOLS = [
    "awk",
    "base32",
    "base64",
    "bash",
    "cat",
    "chmod",
    "cp",
    "cut",
    "env",
    "find",
    "head",
    "ionice",
    "mv",
    "nice",
    "nohup",
    "openssl",
    "perl",
    "python3",
    "rev",
    "sed",
    "setsid",
    "sleep",
    "sort",
    "stdbuf",
    "tac",
    "tail",
    "tee",
    "timeout",
    "tr",
    "xargs",
    "xxd",
]
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]


class Stage:
    """A folder with a home, harmless tools, and stubs; nothing else is on the path."""

    def __init__(self, folder: Path, stubs: list[str]) -> None:
        self.home, self._bin, self._record = folder / "home", folder / "bin", folder / "record"
        self.home.mkdir()
        self._bin.mkdir()
        for tool in TOOLS:
            place = sys.executable if tool == "python3" else shutil.which(tool)
            (self._bin / tool).symlink_to(os.path.realpath(str(place)))
        (self._bin / "sh").symlink_to(os.path.realpath(str(shutil.which("bash"))))
        for name in stubs:
            stub = self._bin / name
            stub.write_text(f"#!/bin/sh\nprintf '%s\\0' {name} \"$@\" '' >> '{self._record}'\n")
            stub.chmod(0o755)

    def started(self, text: str) -> list[tuple[str, ...]]:
        """Give a text to bash and return the words that stubs were started with."""
        self._record.unlink(missing_ok=True)
        subprocess.run(
            [str(self._bin / "bash"), "-c", text],
            cwd=self.home,
            env={"PATH": str(self._bin), "HOME": str(self.home)},
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=30,
            check=False,
        )
        if not self._record.exists():
            return []
        found: list[tuple[str, ...]] = []
        words: list[str] = []
        for word in self._record.read_text().split("\0")[:-1]:
            if word:
                words.append(word)
            else:
                found.append(tuple(words))
                words = []
        return found
