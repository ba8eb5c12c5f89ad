"""One thread for learning: on a busy machine more of them wait for each other.

A fit of 0.16 s took 4 to 8 s with two OpenMP threads beside other work (scikit-learn
issues 15078, 30662). Workers are started with OMP_NUM_THREADS=1; this holds elsewhere too.
"""

from contextlib import AbstractContextManager


def one_thread() -> AbstractContextManager[object]:
    """This will keep BLAS and OpenMP to one thread inside a `with` block."""
    # Slow to import, and the web processes never fit. Threads of libraries that are not
    # loaded yet cannot be held back, so what uses them is loaded first.
    import sklearn.ensemble  # noqa: F401, PLC0415
    from threadpoolctl import (  # type: ignore[import-untyped]  # noqa: PLC0415
        threadpool_limits,
    )

    limits: AbstractContextManager[object] = threadpool_limits(limits=1)
    return limits
