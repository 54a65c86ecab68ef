"""A made-up survey of one benchmark, whose answers are known: what a test says that tables print, and nothing else."""

import dataclasses


def made(good, printed, *, kinds=(), high="100", direction="higher", tier="primary", backbones=(), seeds="", spread=""):
    """Return a survey of one benchmark: `printed` says of each table its protocol and the value of each method.

    `kinds` says of methods of what kind the contradiction of all tables is that print them, `backbones` on what a
    table ran if not on the usual one.
    """
    named = dataclasses.replace(good.benchmark("tinyref"), range_high=high, direction=direction)
    (origin,) = [o for o in good.origins if o.origin == "grounder-table3"]
    (number,) = [n for n in good.results if n.origin == "grounder-table3"]
    (said,) = good.contradictions
    (protocol, *_) = good.protocols
    ran_on = dict(backbones)
    origins = tuple(
        dataclasses.replace(origin, origin=name, protocol=where, read_in=tier) for name, (where, _) in printed.items()
    )
    results = tuple(
        dataclasses.replace(
            number,
            origin=name,
            method=method,
            method_key="",
            value=value,
            seeds=seeds,
            spread=spread,
            backbone=ran_on.get(name, number.backbone),
        )
        for name, (_, values) in printed.items()
        for method, value in values.items()
    )
    recorded = tuple(
        dataclasses.replace(
            said,
            id=method.lower(),
            method=method,
            backbone=number.backbone,
            benchmark="tinyref",
            values=tuple(f"{n.origin}={n.value}" for n in results if n.method == method),
            kind=kind,
            right="",
        )
        for method, kind in dict(kinds).items()
    )
    return dataclasses.replace(
        good,
        benchmarks=(named,),
        origins=origins,
        results=results,
        contradictions=recorded,
        protocols=tuple(
            dataclasses.replace(protocol, protocol=p, name=p.upper())
            for p in dict.fromkeys(o.protocol for o in origins)
        ),
    )
