"""Which looks of two films may show the same picture, as the learned descriptor has it.

It calls what shows one scene alike, at whatever moment: it names pairs to look at, and no more.
"""

from __future__ import annotations

import numpy as np

from dalil.match.found import Stage
from dalil.media.features.features import Seen

# Cosine: as near were all of 406 copies to their recording, and one in a hundred other pairs.
LEAST = 0.25

Pairs = tuple[tuple[int, int], ...]


def likely(a: Seen, b: Seen) -> tuple[Pairs, Stage]:
    """Return the look of b that is nearest to each look of a, nearest first, and what is said.

    Nothing is said where either film was described without the network.
    """
    if not len(a.learned) or not len(b.learned):
        return (), Stage("learned", "not-asked")
    near = a.learned.astype(np.float32) @ b.learned.astype(np.float32).T
    there, best = near.argmax(axis=1), near.max(axis=1)
    order = np.argsort(-best, kind="stable")
    pairs = tuple((int(k), int(there[k])) for k in order if best[k] >= LEAST)
    return pairs, Stage("learned", "yes" if pairs else "no", round(float(best.max()), 3))
