"""Asks FollowTheMoney's own model what is wrong with entities (by id, JSON on standard input).

Run by the Python beside the program `ftm`, where that library lives apart.
"""

import json
import sys

from followthemoney import model


def faults(entities):
    """Return what is wrong, property by property."""
    found = []
    for each in entities.values():
        schema = model.get(each["schema"])
        if schema is None or schema.abstract:
            found.append(f"{each['schema']} is no schema")
            continue
        found += [
            f"{schema.name}.{n} is missing" for n in schema.required if n not in each["properties"]
        ]
        for name, values in each["properties"].items():
            prop = schema.get(name)
            if prop is None or prop.stub:
                found.append(f"{schema.name} has no {name}")
                continue
            for value in values:
                if not prop.type.validate(value):
                    found.append(f"{schema.name}.{name}: {value!r}")
                elif prop.range is not None:
                    other = entities.get(value)
                    if other is None or not model.get(other["schema"]).is_a(prop.range):
                        found.append(f"{schema.name}.{name} leads to {other and other['schema']}")
    return found


json.dump(faults(json.load(sys.stdin)), sys.stdout)
