"""The retry decorator that the first pipelines used, and what it does in every case.

Prints one line for each case: attempts, delay, which attempts fail (as bits, the first
attempt is the lowest), the number of calls, the waits, and the result.
"""

import itertools
import time


def retry(max_attempts, delay):
    def decorate(function):
        def wrapper(*args):
            for attempt in range(1, max_attempts + 1):
                try:
                    return function(*args)
                except Exception:
                    if attempt == max_attempts:
                        raise
                    time.sleep(delay * 2**attempt)

        return wrapper

    return decorate


def case(max_attempts, delay, failures):
    waits = []
    calls = itertools.count(1)
    time.sleep = waits.append

    @retry(max_attempts, delay)
    def stage():
        call = next(calls)
        if failures >> (call - 1) & 1:
            raise ValueError(call)
        return call

    try:
        result = f"ok {stage()}"
    except ValueError as error:
        result = f"error {error.args[0]}"
    waits = ",".join(str(round(wait * 1000)) for wait in waits)
    print(max_attempts, delay, failures, next(calls) - 1, waits or "none", result)


for attempts in range(1, 7):
    for seconds in (0, 0.5, 1, 2):
        for pattern in range(2**attempts):
            case(attempts, seconds, pattern)
