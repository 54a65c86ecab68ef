"""Replay what a step asks for through the rules of PyTorch's caching allocator: what it reserves."""

from bisect import bisect_left, insort
from collections.abc import Iterable

MIB = 1 << 20
Event = tuple[int, int]  # the number of a storage, and its bytes: taken if above zero, given back if below


class Block:
    """A piece of a segment, with its neighbours."""

    count = 0

    def __init__(self, size: int, *, small: bool) -> None:
        Block.count += 1
        self.size, self.small, self.id = size, small, Block.count
        self.before: Block | None = None
        self.after: Block | None = None
        self.free = True


class Allocator:
    """Segments of 2 MiB for what takes up to 1, of 20 MiB for up to 10, else of their own; the best fit is split."""

    def __init__(self) -> None:
        self.pools: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
        self.blocks: dict[int, Block] = {}
        self.reserved = 0

    def take(self, size: int) -> Block:
        """Return a block of at least so many bytes."""
        small = size <= MIB
        pool = self.pools[small]
        at = bisect_left(pool, (size, 0))
        if at == len(pool):
            segment = 2 * MIB if small else 20 * MIB if size < 10 * MIB else -(-size // (2 * MIB)) * 2 * MIB
            self.reserved += segment
            block = Block(segment, small=small)
        else:
            block = self.blocks.pop(pool.pop(at)[1])
        rest = block.size - size
        if rest >= 512 if small else rest > MIB:
            other = Block(rest, small=small)
            other.before, other.after = block, block.after
            if block.after:
                block.after.before = other
            block.after, block.size = other, size
            self._offer(other)
        block.free = False
        return block

    def give(self, block: Block) -> None:
        """Take a block back, and join it with free neighbours."""
        left, right = block.before, block.after
        if left is not None and left.free:
            self._withdraw(left)
            left.size += block.size
            left.after = right
            if right is not None:
                right.before = left
            block = left
        if right is not None and right.free:
            self._withdraw(right)
            block.size += right.size
            block.after = right.after
            if right.after is not None:
                right.after.before = block
        self._offer(block)

    def _offer(self, block: Block) -> None:
        block.free = True
        insort(self.pools[block.small], (block.size, block.id))
        self.blocks[block.id] = block

    def _withdraw(self, block: Block) -> None:
        pool = self.pools[block.small]
        del pool[bisect_left(pool, (block.size, block.id))]
        del self.blocks[block.id]


def reserved(held: Iterable[int], steps: Iterable[Iterable[Event]]) -> tuple[int, int]:
    """Return the bytes reserved for what is held throughout, and those reserved after all steps."""
    allocator = Allocator()
    for size in held:
        allocator.take(size)
    before = allocator.reserved
    for step in steps:
        live: dict[int, Block] = {}
        for name, size in step:
            if size > 0:
                live[name] = allocator.take(size)
            elif name in live:
                allocator.give(live.pop(name))
        for block in live.values():
            allocator.give(block)
    return before, allocator.reserved
