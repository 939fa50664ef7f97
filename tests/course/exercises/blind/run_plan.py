import numpy as np


def right_1(plan, fetch, feed):
    """Recursion with a memory, so that each node is computed once."""
    values = dict(feed)
    def value(name):
        if name not in values:
            if name not in plan:
                raise KeyError(name)
            function, arguments = plan[name]
            values[name] = function(*[value(argument) for argument in arguments])
        return values[name]
    return value(fetch)


def wrong_1(plan, fetch, feed):
    """A fed value counts only for placeholders: a node of the plan is always computed."""
    if fetch in plan:
        function, arguments = plan[fetch]
        return function(*(wrong_1(plan, name, feed) for name in arguments))
    return feed[fetch]


def wrong_2(plan, fetch, feed):
    """Computes the nodes in the order in which the plan names them."""
    values = dict(feed)
    for name, (function, arguments) in plan.items():
        if name not in values:
            values[name] = function(*[values[a] for a in arguments])
        if name == fetch:
            break
    return values[fetch]


def wrong_3(plan, fetch, feed):
    """Writes the results into the caller's feed, so that the next run finds them there."""
    if fetch in feed:
        return feed[fetch]
    function, arguments = plan[fetch]
    feed[fetch] = function(*[wrong_3(plan, name, feed) for name in arguments])
    return feed[fetch]
