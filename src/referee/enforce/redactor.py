"""Streams for those who hand them on: pulled through a generator, or pushed piece by piece.

Rule 1: the source is asked for a piece when the consumer asks for one; neither waits for more than it needs.
Rule 2: a consumer that stops ends the source, and the decision about what it took is recorded.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Generator, Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from referee.enforce.gather import drive, drive_async

if TYPE_CHECKING:
    from referee.enforce.streams import Passing


def passed(passing: Passing, chunks: Iterable[Any]) -> Generator[Any, None, Any]:
    """Hand on what may leave of a stream; return what a generator returned.

    Raises:
        Refused: nothing more may leave.
    """
    source: Iterator[Any] = iter(chunks)
    value = None
    try:
        while True:
            try:
                chunk = next(source)
            except StopIteration as stop:
                value = stop.value
                break
            yield from drive(passing.take(chunk), passing.answer)
        *rest, returned = drive(passing.end(value), passing.answer)
        yield from rest
        return returned
    finally:
        passing.close()
        if inspect.isgenerator(source):
            source.close()


async def passed_async(passing: Passing, chunks: AsyncIterable[Any] | Iterable[Any]) -> AsyncGenerator[Any, None]:
    """Hand on what may leave of a stream.

    Raises:
        Refused: nothing more may leave.
    """
    source: AsyncIterator[Any] = _asynchronous(chunks)
    try:
        async for chunk in source:
            for member in await drive_async(passing.take(chunk), passing.answer):
                yield member
        for member in (await drive_async(passing.end(), passing.answer))[:-1]:
            yield member
    finally:
        passing.close()
        if inspect.isasyncgen(source):
            await source.aclose()


def _asynchronous(chunks: AsyncIterable[Any] | Iterable[Any]) -> AsyncIterator[Any]:
    return chunks.__aiter__() if isinstance(chunks, AsyncIterable) else _each(chunks)


async def _each(chunks: Iterable[Any]) -> AsyncGenerator[Any, None]:
    source = iter(chunks)
    try:
        for chunk in source:
            yield chunk
    finally:
        if inspect.isgenerator(source):
            source.close()


class Redactor:
    """A text that is pushed piece by piece. In a ``with`` block, a text that was not finished is recorded as it is."""

    def __init__(self, passing: Passing) -> None:
        self._passing = passing

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def feed(self, chunk: Any) -> Any:
        """Take a piece of a text, or of bytes; return what may leave now, perhaps nothing.

        Raises:
            Refused: nothing more may leave.
        """
        return _joined(drive(self._passing.take(chunk), self._passing.answer), chunk)

    def finish(self) -> Any:
        """Take the end; return the rest.

        Raises:
            Refused: it may not leave.
        """
        return _joined(drive(self._passing.end(), self._passing.answer)[:-1], "")

    def close(self) -> None:
        """End a text that was not finished: what is held back is forgotten."""
        self._passing.close()


class AsyncRedactor:
    """As ``Redactor``, awaited, in an ``async with`` block."""

    def __init__(self, passing: Passing) -> None:
        self._passing = passing

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._passing.close()

    async def feed(self, chunk: Any) -> Any:
        """As ``Redactor.feed``."""
        return _joined(await drive_async(self._passing.take(chunk), self._passing.answer), chunk)

    async def finish(self) -> Any:
        """As ``Redactor.finish``."""
        return _joined((await drive_async(self._passing.end(), self._passing.answer))[:-1], "")


def _joined(parts: list[Any], like: Any) -> Any:
    """Join the parts of a text; what is no text comes alone."""
    if not parts:
        return b"" if isinstance(like, (bytes, bytearray, memoryview)) else ""
    return type(parts[0])().join(parts) if isinstance(parts[0], (str, bytes)) else parts[0]
