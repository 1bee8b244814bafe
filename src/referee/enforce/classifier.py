"""Somebody's classifier behind HTTP, as a scanner: ``Policy.load(..., scanners={"injection": HttpClassifier(...)})``.

Rule 1: it answers before the deadline or not at all: an answer that is late, broken or too long raises, and the fact has failed.
Rule 2: all strings of a request go in one question, and no more than ``at_once`` questions are open at a time.
Rule 3: redirects are not followed, and an error never repeats what was sent or received.

The question is ``{"inputs": ["text", ...]}``. The answer has one entry a text, in that order: ``{"label": "INJECTION", "score": 0.98}``
or a list of such, as text-embeddings-inference answers on ``/predict``. Another form is read by the function given as ``read``.
"""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from referee.model.facts import Finding
from referee.model.value import Digits
from referee.scanners.protocol import Hit, scan_strings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from referee.scanners.protocol import Scanner

LARGEST_ANSWER: Final = 1 << 22
LARGEST_QUESTION: Final = 1 << 24
HARMLESS: Final = frozenset({"safe", "benign", "legit", "label_0", "negative", "normal", "jailbreak_negative"})
"""Labels that say that nothing was found, in lower case."""


class HttpClassifier:
    """A scanner that asks a service; ``beside`` is a scanner whose findings count too.

    ``deadline`` is in seconds and holds for all strings of a request together.
    """

    def __init__(
        self,
        url: str,
        *,
        name: str = "injection",
        kind: str = "model",
        beside: Scanner | None = None,
        deadline: float = 2.0,
        at_once: int = 8,
        headers: Mapping[str, str] | None = None,
        read: Callable[[Any], Sequence[float]] | None = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("a classifier needs an http or https URL")
        self.name = name
        self._kind = kind
        self._beside = beside
        self._deadline = deadline
        self._open = BoundedSemaphore(at_once)
        self._headers = {"Content-Type": "application/json", **(headers or {})}
        self._read = read or scores
        self._parts = parts

    def scan(self, text: str) -> list[Hit]:
        """Ask about one text.

        Raises:
            TimeoutError: there was no answer in time.
            ConnectionError: the service could not be asked, or its answer is not one.
        """
        found = self.scan_request([("text", text, False)])
        return sorted(Hit(one.start, one.end, one.kind, one.score) for one in found)

    def scan_request(self, strings: list[tuple[str, str, bool]]) -> tuple[Finding, ...]:
        """Ask about all strings of a request at once.

        Raises:
            TimeoutError: there was no answer in time.
            ConnectionError: the service could not be asked, or its answer is not one.
        """
        beside = () if self._beside is None else scan_strings(self._beside, strings)
        asked = [string for string in strings if string[1].strip() and not isinstance(string[1], Digits)]
        if not asked:
            return beside
        found = self._answers([text for _, text, _ in asked])
        return beside + tuple(
            Finding(self.name, self._kind, path, 0, len(text), score, key)
            for (path, text, key), score in zip(asked, found, strict=True)
            if score > 0
        )

    def _answers(self, texts: list[str]) -> list[float]:
        body = json.dumps({"inputs": texts}).encode()
        if len(body) > LARGEST_QUESTION:
            raise ConnectionError("the classifier cannot be asked about so much text")
        end = monotonic() + self._deadline
        if not self._open.acquire(timeout=self._deadline):
            raise TimeoutError("too many questions to the classifier are open")
        raw = self._ask(body, max(end - monotonic(), 0.001))
        try:
            found = [min(max(float(score), 0.0), 1.0) for score in self._read(json.loads(raw))]
        except Exception:  # noqa: BLE001 - `read` is anybody's, and the answer is not repeated
            raise ConnectionError("the classifier's answer is of another form") from None
        if len(found) != len(texts) or any(score != score for score in found):  # noqa: PLR0124 - not a number
            raise ConnectionError("the classifier's answer is of another form")
        return found

    def _ask(self, body: bytes, seconds: float) -> bytes:
        """Ask in a thread, which is cut off when the time is over."""
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        connection = kind(cast("str", self._parts.hostname), self._parts.port, timeout=seconds)
        answers: SimpleQueue[bytes | None] = SimpleQueue()
        Thread(target=self._exchange, args=(connection, body, answers), daemon=True).start()
        try:
            answer = answers.get(timeout=seconds)
        except Empty:
            _cut(connection)
            raise TimeoutError("the classifier did not answer in time") from None
        if answer is None:
            raise ConnectionError("the classifier could not be asked")
        return answer

    def _exchange(self, connection: HTTPConnection, body: bytes, answers: SimpleQueue[bytes | None]) -> None:
        answer = None
        try:
            target = (self._parts.path or "/") + (f"?{self._parts.query}" if self._parts.query else "")
            connection.request("POST", target, body, self._headers)
            response = connection.getresponse()
            raw = response.read(LARGEST_ANSWER + 1)
            if response.status == 200 and len(raw) <= LARGEST_ANSWER:
                answer = raw
        except (OSError, HTTPException, ValueError):
            answer = None
        finally:
            connection.close()
            self._open.release()
            answers.put(answer)


def scores(answer: Any) -> list[float]:
    """Read an answer as text-embeddings-inference gives it: a text is as bad as its worst label that is not a harmless one.

    >>> scores([{"label": "INJECTION", "score": 0.9}, [{"label": "SAFE", "score": 0.8}, {"label": "JAILBREAK", "score": 0.2}]])
    [0.9, 0.2]
    """
    return [
        max((0.0 if str(one["label"]).lower() in HARMLESS else float(one["score"]) for one in labels), default=0.0)
        for labels in (entry if isinstance(entry, list) else [entry] for entry in answer)
    ]


def _cut(connection: HTTPConnection) -> None:
    """End what the other thread waits for."""
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(2)
        except OSError:
            return
